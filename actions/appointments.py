"""A call already booked: what it is, change it, cancel it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.check_in import begin_check_in
from actions.handover import begin_handover, call_choices, read_time
from actions.reading import Reading
from actions.say import say
from actions.stepped_form import leave_form
from actions.surroundings import surroundings


class ActionManageAppointment(Action):
    """Cancel and change work on the call in the diary; anything else is passed to the team."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_manage_appointment"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """What is wanted comes from a choice or from the words."""
        here, message = surroundings(), Reading(tracker)
        booked, wanted = here.booked_call(), message.first("appointment")
        if booked is None:
            here.add_task("appointment", message.words or "Asked about an appointment")
            say(dispatcher, "utter_no_call_booked", choices=[("Book a call", "/book_callback")])
            return []
        if wanted == "cancel":
            here.cancel_call()
            say(dispatcher, "utter_call_cancelled", choices=[("Book another time", "/book_callback")],
                when=booked.label)  # fmt: skip
            return []
        if wanted == "change":
            return self.change(dispatcher, tracker, message, booked.purpose)
        say(dispatcher, "utter_call_stands", choices=call_choices(), when=booked.label, navigator=booked.navigator)
        return []

    @staticmethod
    def change(
        dispatcher: CollectingDispatcher, tracker: Tracker, message: Reading, purpose: str
    ) -> list[EventType]:
        """Only the time is asked again; the rest is known."""
        here = surroundings()
        return [
            *leave_form(),
            SlotSet("misses", 0),
            SlotSet("handover_kind", "callback"),
            SlotSet("handover_consent", "yes"),
            SlotSet("call_purpose", purpose),
            SlotSet("person_name", here.person_name or "skipped"),
            SlotSet("contact_number", here.contact_number),
            SlotSet("safe_to_text", "yes" if here.safe_to_text else "no"),
            SlotSet("callback_time", read_time(message, asked=True) if not message.is_choice else None),
            FollowupAction("handover_form"),
        ]


class ActionReportNoContact(Action):
    """Nobody got back: say sorry, pass it on, offer a person. People are lost here (Pescheny 2018)."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_report_no_contact"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """A task for the team, at once."""
        message = Reading(tracker)
        surroundings().add_task("no_contact", message.words or "Says nobody has been in touch")
        say(dispatcher, "utter_no_contact_passed_on",
            choices=[("Pick a time for a call", "/book_callback"), ("No, that is all", "/deny")])  # fmt: skip
        return [SlotSet("offer", {"kind": "book_callback"})]


class ActionGiveFeedback(Action):
    """Praise and complaints go to the team in the person's own words."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_give_feedback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Passed on, with the way to complain."""
        surroundings().add_task("feedback", Reading(tracker).words or "Left feedback")
        say(dispatcher, "utter_feedback_passed_on")
        return []


class ActionStopMessages(Action):
    """No more texts, or texts again."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_stop_messages"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """STOP and START as whole messages never reach Rasa; this is the same wish in other words."""
        start = Reading(tracker).intent == "start_messages"
        surroundings().stop_texts(not start)
        say(dispatcher, "utter_texts_on" if start else "utter_texts_off")
        return []


class ActionPickUpOffer(Action):
    """'Yes' or 'no' outside a form: to whatever was offered last."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_pick_up_offer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """No offer open: a kind word and the ways on."""
        offer = tracker.get_slot("offer") or {}
        kind, yes = offer.get("kind"), Reading(tracker).intent == "affirm"
        done = [SlotSet("offer", None)]
        if kind == "leave_queue" and not yes:
            surroundings().leave_queue()
            say(dispatcher, "utter_left_queue")
            return done
        if not yes:
            say(dispatcher, "utter_that_is_fine")
            return done
        if kind in ("start_check_in", "resume_check_in", "find_service"):
            return [*begin_check_in(dispatcher, tracker), *done]
        if kind in ("talk_to_human", "book_callback"):
            return [*begin_handover(dispatcher, tracker), *done]
        if kind == "report_no_contact":
            return [*done, FollowupAction("action_report_no_contact")]
        if kind == "manage_appointment":
            return [*done, FollowupAction("action_manage_appointment")]
        say(dispatcher, "utter_what_next")
        return done
