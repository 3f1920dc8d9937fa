"""Handing over to a person: now when somebody is there, else a call at a time the person picks. Consent first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import Reading
from actions.say import Choice, say
from actions.stepped_form import NOT_NEEDED, SKIPPED, SteppedForm, leave_form
from actions.surroundings import BookedCall, CallTime, surroundings

STEPS = ("handover_consent", "callback_time", "call_purpose", "person_name", "contact_number", "safe_to_text")
NEEDED_FOR_A_CALL = ("callback_time", "contact_number", "safe_to_text")


class ValidateHandoverForm(SteppedForm):
    """Reads the answers on the way to a person."""

    form = "handover_form"
    steps = STEPS
    free_text = frozenset({"call_purpose", "person_name"})
    stays_with = frozenset({"book_callback", "talk_to_human"})

    def needed(self, step: str, slots: dict[str, Any]) -> bool:
        """A queue place needs a name at most; a call needs a time, a number and whether it is a safe one."""
        if slots.get("handover_consent") == "no":
            return False
        if step in ("person_name", "contact_number") and surroundings().no_capture:
            return False  # said to be under 16: no name and no number are taken
        kind = slots.get("handover_kind")
        if step in (*NEEDED_FOR_A_CALL, "call_purpose"):
            return kind == "callback"
        return True

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """Times and numbers whenever they are told; the rest when asked."""
        if step == "callback_time":
            return read_time(message, asked)
        if step == "contact_number":
            told = message.first("phone") or (message.words if asked else None)
            return surroundings().valid_mobile(str(told)) if told else None
        if not asked:
            return None
        if step == "handover_consent":
            return consent(message)
        if step == "safe_to_text":
            return {"affirm": "yes", "deny": "no"}.get(message.intent) or message.answer
        if message.is_choice:
            return message.answer
        if step == "person_name":
            return read_name(message)
        return message.words[:200] if message.intent not in ("skip", "deny") else None

    def keep(self, step: str, value: Any, slots: dict[str, Any]) -> list[EventType]:
        """What concerns the person is kept at once, so that a dropped line loses nothing."""
        here = surroundings()
        if step in ("person_name", "contact_number") and value not in (SKIPPED, NOT_NEEDED):
            here.set_person(**{step: value})
        if step == "safe_to_text" and value in ("yes", "no", "text_only", "ring_only"):
            here.set_person(safe_to_text=value in ("yes", "text_only"), safe_to_leave_message=value == "yes")
        if step == "handover_consent" and value == "callback":
            return [SlotSet("handover_kind", "callback")]
        return []

    def not_followed(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """A number that cannot be rung says what one looks like."""
        if asked == "contact_number" and not int(slots.get("misses") or 0):
            say(dispatcher, "utter_number_not_usable")
            return [SlotSet("misses", 1), SlotSet("requested_slot", asked)]
        return super().not_followed(dispatcher, asked, message, slots)


def consent(message: Reading) -> str | None:
    """yes, no, or 'callback' for a person who would rather be rung."""
    if message.answer in ("yes", "no", "callback"):
        return message.answer
    if message.intent in ("affirm", "talk_to_human"):
        return "yes"
    if message.intent == "book_callback":
        return "callback"
    return "no" if message.intent in ("deny", "skip", "decline_programme") else None


def read_name(message: Reading) -> str | None:
    """The name as typed, without 'my name is'."""
    words = message.first("name") or message.words
    lowered = words.lower()
    for lead in ("my name is ", "my names ", "i'm ", "im ", "it's ", "its ", "call me ", "i am ", "name is "):
        if lowered.startswith(lead):
            words = words[len(lead):]
            break
    words = " ".join(words.split())[:80].strip(" .,!")
    return words or None


def read_time(message: Reading, asked: bool) -> str | None:
    """An offered time pressed, or the first free one on the day and part of day told; ISO 8601."""
    if message.answer and "T" in message.answer:
        return message.answer
    day, part = message.first("date") or message.first("day"), message.first("part_of_day")
    clock_time = message.first("time")
    if not (day or part or clock_time) or (not asked and message.intent != "book_callback"):
        return None
    times = surroundings().call_times(day=day, part=part, limit=40)
    if clock_time:
        times = [t for t in times if t.starts_at.strftime("%H:%M") >= str(clock_time)] or times
    return times[0].starts_at.isoformat() if times else None


class ActionBeginHandover(Action):
    """From any wording, anywhere: a person, please."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_begin_handover"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Decide queue or call, fill in what is known, hand over to the form."""
        return begin_handover(dispatcher, tracker)


def begin_handover(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Events that start the handover."""
    here, message = surroundings(), Reading(tracker)
    if here.state == "waiting" and message.intent != "book_callback":
        say(dispatcher, "utter_already_waiting", choices=[("Stop waiting", "/deny")])
        return [SlotSet("offer", {"kind": "leave_queue"})]
    booked = here.booked_call()
    if booked and message.intent == "talk_to_human" and not here.navigator_is_there():
        say(dispatcher, "utter_call_stands", choices=call_choices(), when=booked.label, navigator=booked.navigator)
        return [*leave_form()]
    if here.no_capture and not here.navigator_is_there():
        say(dispatcher, "utter_person_without_details")
        return [*leave_form()]
    kind = "now" if here.navigator_is_there() and message.intent != "book_callback" else "callback"
    if kind == "callback":
        here.record("callback_requested")
    known = {
        "person_name": here.person_name,
        "contact_number": here.contact_number,
        "safe_to_text": None if here.safe_to_text is None else "yes" if here.safe_to_text else "no",
    }
    purpose = tracker.get_slot("what_matters")
    told = read_time(message, asked=False) if kind == "callback" else None
    return [
        *leave_form(),
        SlotSet("misses", 0),
        SlotSet("handover_kind", kind),
        SlotSet("handover_consent", None),
        SlotSet("callback_time", told),
        SlotSet("call_purpose", purpose if purpose not in (None, SKIPPED, NOT_NEEDED) else None),
        *(SlotSet(step, value) for step, value in known.items()),
        SlotSet("check_in_paused", tracker.active_loop_name == "check_in_form"),
        FollowupAction("handover_form"),
    ]


class ActionAskConsent(Action):
    """What will happen and what will be shared, then one question."""

    def name(self) -> str:
        """Rasa's name: the question of the first step."""
        return "action_ask_handover_form_handover_consent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Different words for now and for later."""
        if tracker.get_slot("handover_kind") == "now":
            say(dispatcher, "utter_consent_now")
        else:
            say(dispatcher, "utter_consent_callback")
        return []


class ActionAskCallbackTime(Action):
    """Real free times from the diary."""

    def name(self) -> str:
        """Rasa's name: the question of the time."""
        return "action_ask_handover_form_callback_time"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Four to pick from; any other day or time can be typed."""
        times = surroundings().call_times(limit=4)
        if not times:
            say(dispatcher, "utter_no_call_times")
            return [SlotSet("callback_time", SKIPPED)]
        say(dispatcher, "utter_pick_time", choices=time_choices(times))
        return []


def time_choices(times: list[CallTime]) -> list[Choice]:
    """A choice for each time."""
    return [(t.label, f'/answer{{"answer":"{t.starts_at.isoformat()}"}}') for t in times]


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
        if slots.get("handover_consent") != "yes" and slots.get("handover_consent") != "callback":
            say(dispatcher, "utter_no_handover")
            return [SlotSet("offer", None)]
        if slots.get("handover_kind") == "now":
            place = here.request_handoff(reason=str(slots.get("call_purpose") or ""))
            say(dispatcher, "utter_in_queue", choices=[("Stop waiting", "/deny")], place=place)
            return [SlotSet("offer", {"kind": "leave_queue"})]
        return book(dispatcher, slots)


def book(dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> list[EventType]:
    """Book the call; a time that has just gone offers others."""
    here, chosen = surroundings(), slots.get("callback_time")
    purpose = str(slots.get("call_purpose") or "")
    purpose = "" if purpose in (SKIPPED, NOT_NEEDED) else purpose
    if not here.contact_number:
        here.add_task("message", f"Would like to be contacted but gave no number. {purpose}".strip())
        say(dispatcher, "utter_no_number_given")
        return []
    if chosen in (None, SKIPPED, NOT_NEEDED):
        here.add_task("message", f"Would like a call; no time picked. {purpose}".strip())
        say(dispatcher, "utter_call_without_time")
        return []
    booked = here.book_call(datetime.fromisoformat(str(chosen)), purpose or "a first talk about what could help")
    if booked is None:
        say(dispatcher, "utter_time_gone")
        return [SlotSet("callback_time", None), FollowupAction("handover_form")]
    here.leave_queue()  # a call that is booked takes the place of waiting
    confirm(dispatcher, booked)
    return [SlotSet("offer", {"kind": "resume_check_in"} if slots.get("check_in_paused") else None)]


def confirm(dispatcher: CollectingDispatcher, booked: BookedCall) -> None:
    """Day, date, time, number, name, and what the call is for."""
    here = surroundings()
    say(dispatcher, "utter_call_booked", choices=call_choices(), when=booked.label, navigator=booked.navigator,
        number=here.contact_number or "", purpose=booked.purpose)  # fmt: skip


def call_choices() -> list[Choice]:
    """What can be done with a call that stands."""
    return [("Change the time", '/manage_appointment{"appointment":"change"}'),
            ("Cancel the call", '/manage_appointment{"appointment":"cancel"}')]  # fmt: skip
