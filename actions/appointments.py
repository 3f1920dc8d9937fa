"""A call already booked: what it is, change it, cancel it. And what people tell us of calls and services."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.about_the_call import elsewhere
from actions.about_what_is_shown import takes_off
from actions.call_times import tells_time
from actions.handover import CANCEL, begin_handover, change_call, say_of
from actions.reading import Reading
from actions.saved_list import ActionChooseService
from actions.say import offer_open, offering, say
from actions.stepped_form import leave_form
from actions.surroundings import surroundings

_TEXTS = r"(?:texts?|texting|txts?|txting|texs?|messages?|messaging|msgs?|sms)"
# Wanting the texts to end, and nothing else: 'stop it', said in anger, may mean anything.
_CLEARLY_STOP = re.compile(
    rf"\b(?:stop|no more|end|cancel|quit|turn off|switch off|enough(?: of)?|(?:do not|don'?t|dont|dnt) (?:want|send)|never)\b(?:\W+[\w']+){{0,4}}?\W+{_TEXTS}\b"
    rf"|\b(?:do not|don'?t|dont|dnt|never) (?:ever )?(?:text|txt|message) me\b|\b{_TEXTS}\b(?:\W+[\w']+){{0,3}}\W+(?:to stop|off)\b"
    r"|\bunsubscribe|\bopt(?:ing)?(?: me)?[ -]out\b|\btake me off\b",
    re.IGNORECASE,
)
STOP_OR_KEEP = [("Yes, stop them", "/stop_messages"), ("No, keep them", '/answer{"answer":"no","step":"offer"}')]


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
            return no_call(dispatcher, tracker)
        if wanted == "cancel":
            here.cancel_call()
            say_of(dispatcher, "utter_call_cancelled", booked, [("Book another time", "/book_callback")])
            return []
        moved = wanted != "check" and tells_time(message) and not message.is_choice and not elsewhere(message.words)
        if wanted == "change" or moved:
            return change_call(dispatcher, message, booked)
        words = "utter_cannot_make_call" if wanted == "cannot" else "utter_call_stands"
        say_of(dispatcher, words, booked)
        return []


def no_call(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Nothing is in the diary: a request that waits for the team is told of or taken back; else what there is to do."""
    here, message = surroundings(), Reading(tracker)
    wanted, left = message.first("appointment"), tracker.get_slot("left_form") or {}
    asked_for = here.call_asked_for()
    if asked_for and wanted == "cancel":
        here.take_back_call_request("taken back by the person")
        say(dispatcher, "utter_request_taken_back")
        return []
    if wanted == "cancel" and left == {"form": "handover_form", "turn": here.turn}:
        say(dispatcher, "utter_no_handover")
        return []
    if (asked_for or here.had_call()) and tells_time(message) and wanted != "check":
        return begin_handover(dispatcher, tracker, call=True)
    if asked_for:
        known = "utter_call_asked_for" if here.contact_number else "utter_number_asked_for"
        say(dispatcher, known, choices=[("Pick a time for a call", "/book_callback"), CANCEL])
        return []
    if message.words and not here.had_call():
        here.add_task("appointment", message.words)
        say(dispatcher, "utter_no_call_booked", choices=[("Book a call", "/book_callback")])
        return []
    say(dispatcher, "utter_no_call_now" if here.had_call() else "utter_no_call_to_change", choices=[("Book a call", "/book_callback")])
    return offering("book_callback")


class ActionReportNoContact(Action):
    """Nobody got back: say sorry, pass it on, offer a person. People are lost here (Pescheny 2018)."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_report_no_contact"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """A task for the team, at once."""
        return report_no_contact(dispatcher, tracker)


def report_no_contact(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Passed on. In the middle of a form its own question follows, so none is asked here."""
    surroundings().add_task("no_contact", Reading(tracker).words or "Says nobody has been in touch")
    say(dispatcher, "utter_no_contact_passed_on")
    if tracker.active_loop_name:
        return []
    say(dispatcher, "utter_call_about_it",
        choices=[("Pick a time for a call", "/book_callback"), ("No, that is all", '/answer{"answer":"no","step":"offer"}')])  # fmt: skip
    return offering("book_callback")


class ActionGiveFeedback(Action):
    """Praise and complaints go to the team in the person's own words."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_give_feedback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Passed on, with the way to complain; a choice alone asks for the words."""
        words = Reading(tracker).words
        if not words:
            say(dispatcher, "utter_ask_feedback")
            return []
        surroundings().add_task("feedback", words)
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
        """STOP and START as whole messages never reach Rasa; this is the same wish in other words.

        Texts end for good here, so words that may mean something else are asked about first.
        """
        if Reading(tracker).first("share"):  # 'text me the list' has been read as a wish about texts
            return await ActionChooseService().run(dispatcher, tracker, domain)
        if takes_off(Reading(tracker).words) and surroundings().saved():
            return await ActionChooseService().run(dispatcher, tracker, domain)
        start = Reading(tracker).intent == "start_messages"
        if not surroundings().contact_number:
            say(dispatcher, "utter_no_texts_go_out")
            return []
        if not start and not means_stop(tracker):
            if tracker.active_loop_name:  # the form asks its own question
                say(dispatcher, "utter_stop_texts_how")
                return []
            say(dispatcher, "utter_stop_texts_sure", choices=STOP_OR_KEEP)
            return offering("stop_texts")
        surroundings().stop_texts(not start)
        say(dispatcher, "utter_texts_on" if start else "utter_texts_off")
        return [] if start else leave_form()


def means_stop(tracker: Tracker) -> bool:
    """Whether the texts are clearly what should end: said so, pressed, or said again when asked."""
    message = Reading(tracker)
    if message.is_choice or offer_open(tracker.get_slot("offer")) == "stop_texts":
        return True
    return bool(_CLEARLY_STOP.search(message.words))
