"""Handing over to a person: what happens when somebody asks for one, and what is done when it was agreed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.about_the_call import asks_if_there, elsewhere
from actions.beside_the_wish import WISHES_FOR_A_PERSON, kept
from actions.call_times import Fit, find_time, tells_time, wanted_time
from actions.calls import EMPTY
from actions.contact_details import told_number
from actions.not_by_phone import WRITTEN, known_to_be_deaf, not_to_be_rung
from actions.reading import Reading
from actions.say import Choice, listed, offering, say
from actions.stepped_form import SKIPPED, leave_form
from actions.suggestions import on_screen, search_anew
from actions.surroundings import BookedCall, surroundings
from actions.told_needs import condole
from actions.wishes import NEED_WORDS

SHORT = 6  # words
LONGEST_PURPOSE = 150  # of callbacks.purpose's 200
CANCEL = ("Cancel the call", '/manage_appointment{"appointment":"cancel"}')
OF_A_MEETING = {
    "utter_call_stands": "utter_meeting_stands", "utter_call_stands_nobody_here": "utter_meeting_stands",
    "utter_call_kept": "utter_meeting_stands", "utter_call_cancelled": "utter_meeting_cancelled",
    "utter_cannot_make_call": "utter_cannot_make_meeting",
}  # fmt: skip
GO_ON = [("Yes, go on", "/start_check_in"), ("Not now", '/answer{"answer":"no","step":"offer"}')]


class ActionBeginHandover(Action):
    """From any wording, anywhere: a person, please."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_begin_handover"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Decide queue or call, fill in what is known, hand over to the form."""
        message = Reading(tracker)
        of_services = message.tells_wish or (message.has_wishes and not message.to_a_person and len(message.words.split()) <= SHORT)
        if of_services and message.intent == "book_callback" and on_screen(tracker.slots):
            return search_anew(dispatcher, tracker)  # 'only on Wednesdays', of the services just shown
        return begin_handover(dispatcher, tracker)


def begin_handover(dispatcher: CollectingDispatcher, tracker: Tracker, *, call: bool = False) -> list[EventType]:
    """Events that start the handover; `call`: it is a call that was agreed to, also when somebody is there to chat."""
    here, message = surroundings(), Reading(tracker)
    there, wants_call = here.navigator_is_there(), call or message.intent == "book_callback" or tells_time(message)
    if here.state == "waiting" and not wants_call:
        say(dispatcher, "utter_already_waiting", choices=waiting_choices(), place=here.queue_place())
        return [*leave_form(), SlotSet("offer", None)]
    if asks_if_there(message.words, here):
        say(dispatcher, "utter_navigator_has_left")
    booked = here.booked_call()
    if booked and (wants_call or not there):
        if tells_time(message) and not elsewhere(message.words):
            return change_call(dispatcher, message, booked)
        say_of(dispatcher, "utter_call_stands" if wants_call else "utter_call_stands_nobody_here", booked)
        return [*leave_form()]
    if here.no_capture and not there:
        say(dispatcher, "utter_person_without_details")
        return [*leave_form()]
    no_phone = not_to_be_rung(message.words) or known_to_be_deaf(tracker.get_slot("wishes"))
    kind = "now" if there and not wants_call else WRITTEN if no_phone and not tells_time(message) else "callback"
    if kind != "now" and here.by_referral_only:  # a person who is there is still to be talked to
        say(dispatcher, "utter_by_referral")
        return [*leave_form(), SlotSet("offer", None)]
    if kind != "now":
        here.record("callback_requested")
    number = None if here.no_capture else told_number(message)
    if number and not here.contact_number and kind != WRITTEN:
        here.set_person(contact_number=number, safe_to_ring=True)  # given to be rung on
    fit = time_told(message) if kind == "callback" else Fit()
    needs = kept(message.words, message.needs, tracker.slots) if message.intent in WISHES_FOR_A_PERSON else []
    if needs and not condole(dispatcher, message, tracker.get_slot("needs")):
        say(dispatcher, "utter_heard")
    slots = {**tracker.slots, **{event["name"]: event["value"] for event in needs}}
    known = {
        "person_name": here.person_name,
        "contact_number": (here.contact_number if here.channel == "sms" else None) if kind == WRITTEN else here.contact_number or number,
        "safe_to_text": None if here.safe_to_text is None else "yes" if here.safe_to_text else "no",
    }
    return [
        *leave_form(),
        SlotSet("misses", 0),
        SlotSet("handover_kind", kind),
        SlotSet("handover_consent", None),
        SlotSet("consent_told", "asked_for_a_call" if wants_call else None),
        SlotSet("callback_time", fit.exact_at),
        SlotSet("offer", None),
        *fit.offered(),  # shown when the time is asked
        *needs,
        SlotSet("call_purpose", purpose_of(slots)),
        *(SlotSet(step, value) for step, value in known.items()),
        FollowupAction("handover_form"),
    ]


def purpose_of(slots: dict[str, Any]) -> str | None:
    """What the call is about, from what was told: the needs in plain words, else the person's own."""
    if slots.get("needs"):
        return listed([NEED_WORDS[need] for need in slots["needs"][:4]])
    words = slots.get("what_matters")
    return shortened(str(words)) if words not in EMPTY else None


def shortened(words: str) -> str:
    """To LONGEST_PURPOSE characters, at a word's end."""
    words = " ".join(words.split())
    return words if len(words) <= LONGEST_PURPOSE else f"{words[:LONGEST_PURPOSE].rsplit(' ', 1)[0]}..."


def time_told(message: Reading, booked: BookedCall | None = None) -> Fit:
    """The free time the words name, or those near it; '10am' with a call booked is ten on the day of that call."""
    if message.answer and "T" in message.answer:  # one of the times offered, pressed after the talk went elsewhere
        free = surroundings().call_times(limit=500, every=True)
        return Fit(exact=next((time for time in free if time.starts_at.isoformat() == message.answer), None))
    wanted = wanted_time(message)
    return find_time(wanted, booked.starts_at if booked else None) if wanted else Fit()


def change_call(dispatcher: CollectingDispatcher, message: Reading, booked: BookedCall) -> list[EventType]:
    """Only the time is asked again; the rest is known. A free time told with it is taken at once, and no other one is."""
    here, fit = surroundings(), time_told(message, booked)
    moved = here.book_call(fit.exact.starts_at, booked.purpose) if fit.exact else None
    if moved:
        confirm(dispatcher, moved)
        return [*leave_form()]
    if tells_time(message) and not fit.near:
        say(dispatcher, "utter_no_time_then")
    safe = None if here.safe_to_text is None else "yes" if here.safe_to_text else "no"
    return [
        *leave_form(),
        SlotSet("misses", 0),
        SlotSet("handover_kind", "callback"),
        SlotSet("handover_consent", "yes"),
        SlotSet("call_purpose", booked.purpose),
        SlotSet("person_name", here.person_name or SKIPPED),
        SlotSet("contact_number", here.contact_number),
        SlotSet("safe_to_text", safe or SKIPPED),
        SlotSet("callback_time", None),
        SlotSet("offer", None),
        *fit.offered(),
        FollowupAction("handover_form"),
    ]


class ActionSubmitHandover(Action):
    """Does what was agreed, and only then says so."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_submit_handover"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Queue, call, or kindly nothing."""
        slots, here = tracker.slots, surroundings()
        if slots.get("handover_consent") not in ("yes", "callback"):
            if booked := here.booked_call():
                say_of(dispatcher, "utter_call_kept", booked)
                return [SlotSet("offer", None)]
            if slots.get("check_in_paused"):
                say(dispatcher, "utter_no_handover_go_on", choices=GO_ON)
                return offering("resume_check_in")
            say(dispatcher, "utter_no_handover")
            return [SlotSet("offer", None)]
        if slots.get("handover_kind") == "now":
            place = here.request_handoff(reason=str(slots.get("call_purpose") or ""))
            say(dispatcher, "utter_in_queue", choices=waiting_choices(), place=place)
            return [SlotSet("offer", None)]
        if slots.get("handover_kind") == WRITTEN:
            return reach_in_writing(dispatcher, slots)
        return book(dispatcher, slots)


def reach_in_writing(dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> list[EventType]:
    """A task for the team that says not to ring, and where this person can be written to."""
    address, purpose = slots.get("contact_number"), "" if slots.get("call_purpose") in EMPTY else shortened(str(slots.get("call_purpose")))
    reached = [] if address in EMPTY else [f"Can be reached at {number_in_words(str(address))}."]
    about = [f"About: {purpose}."] if purpose else []
    surroundings().ask_for_call(" ".join(["Not by phone: text, email or meet.", *reached, *about]))
    if reached:
        say(dispatcher, "utter_will_write", contact=number_in_words(str(address)))
    else:
        say(dispatcher, "utter_will_write_nowhere")
    return [SlotSet("offer", None)]


def book(dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> list[EventType]:
    """Book the call; a time that has just gone offers others."""
    here, chosen = surroundings(), slots.get("callback_time")
    purpose = "" if slots.get("call_purpose") in EMPTY else shortened(str(slots.get("call_purpose")))
    if not here.contact_number:
        here.ask_for_call(f"Would like to be contacted but gave no number. {purpose}".strip())
        say(dispatcher, "utter_no_number_given")
        return [SlotSet("offer", None)]
    if chosen in EMPTY:
        here.ask_for_call(f"Would like a call; no time picked. {purpose}".strip())
        say(dispatcher, "utter_call_without_time")
        return [SlotSet("offer", None)]
    booked = here.book_call(datetime.fromisoformat(str(chosen)), purpose or "what could help you")
    if booked is None:
        say(dispatcher, "utter_time_gone")
        return [SlotSet("callback_time", None), SlotSet("offer", None), FollowupAction("handover_form")]
    here.set_person(safe_to_ring=True)  # they asked to be rung, and the confirmation names the number
    here.take_back_call_request("a time was booked since")
    here.leave_queue()  # a call that is booked takes the place of waiting
    confirm(dispatcher, booked, more_follows=bool(slots.get("check_in_paused")))
    if not slots.get("check_in_paused"):
        return [SlotSet("offer", None)]
    say(dispatcher, "utter_shall_we_go_on", choices=[*call_choices(), *GO_ON])
    return offering("resume_check_in")


def confirm(dispatcher: CollectingDispatcher, booked: BookedCall, more_follows: bool = False) -> None:
    """Day, date, time, number or place, name, what it is for and its calendar file; choices stand under what follows, if anything."""
    here, words = surroundings(), "utter_meeting_booked" if booked.kind == "meeting" else "utter_call_booked"
    say(dispatcher, words, choices=None if more_follows else call_choices(), when=booked.label, navigator=booked.navigator,
        number=number_in_words(here.contact_number or ""), purpose=booked.purpose, place=booked.place or "reception",
        calendar=here.calendar_link(booked.id))  # fmt: skip


def say_of(dispatcher: CollectingDispatcher, words: str, booked: BookedCall, choices: list[Choice] | None = None) -> None:
    """Something of what is booked, in the words for a call or for a meeting; its choices beside it."""
    words = OF_A_MEETING.get(words, words) if booked.kind == "meeting" else words
    say(dispatcher, words, choices=choices or call_choices(), when=booked.label, navigator=booked.navigator,
        place=booked.place or "reception")  # fmt: skip


def number_in_words(number: str) -> str:
    """'07700 900123', as people here write it."""
    home = f"0{number[3:]}" if number.startswith("+44") else number
    return f"{home[:5]} {home[5:]}" if len(home) == 11 else home


def call_choices() -> list[Choice]:
    """What can be done with a call that stands."""
    return [("Change the time", '/manage_appointment{"appointment":"change"}'), CANCEL]


def waiting_choices() -> list[Choice]:
    """What can be done while waiting."""
    return [("Stop waiting", '/answer{"answer":"leave_queue","step":"queue"}'), ("Book a call", "/book_callback")]
