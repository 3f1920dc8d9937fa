"""What the bot last offered with a question, so that a 'yes' or a 'no' is to that and to nothing older."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.appointments import ActionManageAppointment, ActionStopMessages, report_no_contact
from actions.beginning import begin_check_in
from actions.handover import begin_handover
from actions.reading import Reading
from actions.saved_list import share
from actions.say import offer_open, say
from actions.suggestions import suggest
from actions.surroundings import surroundings


class ActionPickUpOffer(Action):
    """'Yes' or 'no' outside a form: to whatever was offered with the message before."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_pick_up_offer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """No offer open: a kind word and the ways on."""
        kind, message = offer_open(tracker.get_slot("offer")), Reading(tracker)
        done = [SlotSet("offer", None)]
        if message.intent != "affirm" and message.answer != "yes":
            say(dispatcher, "utter_still_waiting" if surroundings().state == "waiting" else "utter_that_is_fine")
            return done
        if kind in ("start_check_in", "resume_check_in", "find_service"):
            return [*begin_check_in(dispatcher, tracker), *done]
        if kind in ("talk_to_human", "book_callback"):
            return [*done, *begin_handover(dispatcher, tracker, call=kind == "book_callback")]
        if kind == "report_no_contact":
            return [*done, *report_no_contact(dispatcher, tracker)]
        if kind == "manage_appointment":
            return [*done, *await ActionManageAppointment().run(dispatcher, tracker, domain)]
        if kind == "stop_texts":
            return [*done, *await ActionStopMessages().run(dispatcher, tracker, domain)]
        if kind == "share_list":
            return [*done, *share(dispatcher)]
        if kind == "more_results":
            return [*done, *suggest(dispatcher, dict(tracker.slots), more=True)]
        if kind == "pick_one":
            say(dispatcher, "utter_which_of_these", choices=[tuple(c) for c in (tracker.get_slot("offer") or {})["choices"]])
            return done
        say(dispatcher, "utter_what_next")
        return done
