"""The questions on the way to a person: consent, a time, what about, a name, a number, and whether it is a safe one."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import Reading
from actions.say import Choice, say
from actions.stepped_form import NOT_NEEDED, SKIPPED, SteppedForm
from actions.surroundings import CallTime, surroundings

STEPS = ("handover_consent", "callback_time", "call_purpose", "person_name", "contact_number", "safe_to_text")
LONDON = ZoneInfo("Europe/London")
_A_NUMBER = re.compile(r"(?:\+44|\b0)[\d ()-]{9,14}")
_NEVER_MIND = re.compile(r"(?:oh )?(?:forget (?:it|that)|never ?mind|leave it|i (?:have |'ve )?changed my mind|on second thoughts)\b")
_NO_NAME = re.compile(r"(?:no|none|no name|nobody|no thanks?|anonymous|anyone|rather not|prefer not|i'?d rather not|don'?t)\b")
FOR_A_CALL = ("callback_time", "call_purpose", "contact_number", "safe_to_text")


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
        if step == "safe_to_text" and slots.get("contact_number") in (SKIPPED, NOT_NEEDED):
            return False
        return slots.get("handover_kind") == "callback" if step in FOR_A_CALL else True

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """Times and numbers whenever they are told; the rest when asked."""
        if step == "callback_time":
            if asked and message.answer == "any":
                return SKIPPED
            return read_time(message, asked or bool(slots.get("callback_time")))
        if step == "contact_number":
            return told_number(message) or (surroundings().valid_mobile(message.words) if asked else None)
        if not asked:
            return None
        if step == "handover_consent":
            return consent(message)
        if step == "safe_to_text":
            return {"affirm": "yes", "deny": "ring_only"}.get(message.intent) or message.answer or safe(message)
        if message.is_choice:
            return message.answer
        if step == "person_name":
            return read_name(message)
        return message.words[:200] if message.intent not in ("skip", "deny") else None

    def answers(self, asked: str, message: Reading, slots: dict[str, Any]) -> dict[str, Any]:
        """'Move it to Tuesday' in the middle is a time, whatever is asked just now."""
        if message.intent in ("manage_appointment", "book_callback") and asked != "callback_time" and not message.is_choice:
            time = read_time(message, asked=True) if slots.get("handover_kind") == "callback" else None
            if time and slots.get("callback_time"):
                return {"callback_time": time}
        return super().answers(asked, message, slots)

    def heard(
        self, dispatcher: CollectingDispatcher, asked: str, given: dict[str, Any], slots: dict[str, Any]
    ) -> None:
        """A time told while something else was asked is said back."""
        time = given.get("callback_time")
        if asked != "callback_time" and time not in (None, SKIPPED, NOT_NEEDED):
            label = next((t.label for t in surroundings().call_times(day=str(time)[:10], limit=40)
                          if t.starts_at.isoformat() == time), "")  # fmt: skip
            if label:
                say(dispatcher, "utter_noted", noted=label)

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

    def take(
        self, dispatcher: CollectingDispatcher, asked: str, given: dict[str, Any], slots: dict[str, Any]
    ) -> list[EventType]:
        """A diary without a free time asks for none: the team rings when it can."""
        events = super().take(dispatcher, asked, given, slots)
        if events[-1]["value"] != "callback_time" or surroundings().call_times(limit=1):
            return events
        say(dispatcher, "utter_no_call_times")
        return self.next_question({**slots, "callback_time": SKIPPED}, [*events, SlotSet("callback_time", SKIPPED)])

    def not_followed(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """A time that is not free and a number that cannot be rung are said to be so; a trouble told is heard."""
        if asked == "callback_time" and told_time(message):
            say(dispatcher, "utter_no_time_then")
            return self.stay(asked)
        if asked == "callback_time" and message.intent in ("deny", "reject_results", "more_results"):
            say(dispatcher, "utter_say_a_time")
            return self.stay(asked)
        if asked == "contact_number" and message.intent == "deny":
            return self.take(dispatcher, asked, {asked: SKIPPED}, slots)
        if asked == "contact_number" and any(c.isdigit() for c in message.words) and not int(slots.get("misses") or 0):
            say(dispatcher, "utter_number_not_usable")
            return self.stay(asked, 1)
        if message.intent == "deny" and asked in ("call_purpose", "person_name"):
            return self.take(dispatcher, asked, {asked: SKIPPED}, slots)
        if message.intent == "describe_need" and message.words:
            say(dispatcher, "utter_heard_for_navigator")
            return [SlotSet("call_purpose", slots.get("call_purpose") or message.words[:200]), *self.stay(asked)]
        return super().not_followed(dispatcher, asked, message, slots)


def told_number(message: Reading) -> str | None:
    """A number that can be rung, wherever in the words it stands, as E.164."""
    told = [message.first("phone"), *_A_NUMBER.findall(message.words)]
    return next((number for number in map(surroundings().valid_mobile, filter(None, told)) if number), None)


def consent(message: Reading) -> str | None:
    """yes, no, or 'callback' for a person who would rather be rung."""
    if message.answer in ("yes", "no", "callback"):
        return message.answer
    if message.intent in ("affirm", "talk_to_human"):
        return "yes"
    if message.intent == "book_callback":
        return "callback"
    if message.intent in ("deny", "skip", "stop_messages") or _NEVER_MIND.match(message.words.lower()):
        return "no"
    return None


def safe(message: Reading) -> str | None:
    """'Text only' and 'just ring me' in other words."""
    words = message.words.lower()
    if "text" in words and "only" in words:
        return "text_only"
    return "ring_only" if "ring" in words or "call" in words else None


def read_name(message: Reading) -> str | None:
    """The name as typed, without 'my name is'; None for a refusal."""
    if message.intent in ("skip", "deny") and not message.first("name"):
        return None
    words = message.first("name") or message.words
    if _NO_NAME.match(words.lower()):
        return SKIPPED
    lowered = words.lower()
    for lead in ("my name is ", "my names ", "i'm ", "im ", "it's ", "its ", "call me ", "i am ", "name is "):
        if lowered.startswith(lead):
            words = words[len(lead):]
            break
    words = " ".join(words.split())[:80].strip(" .,!")
    return words or None


def told_time(message: Reading) -> bool:
    """Whether a day, a part of it or a time is named."""
    pressed = bool(message.answer and "T" in message.answer)
    return pressed or any(kind in message.entities for kind in ("date", "day", "part_of_day", "time"))


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
        times = [t for t in times if spoken_hour(t) >= str(clock_time)] or times
    return times[0].starts_at.isoformat() if times else None


def spoken_hour(time: CallTime) -> str:
    """HH:MM as a clock on a wall in England shows it."""
    return time.starts_at.astimezone(LONDON).strftime("%H:%M")


class ActionAskConsent(Action):
    """What will happen and what will be shared, then one question; after a detour the question alone."""

    def name(self) -> str:
        """Rasa's name: the question of the first step."""
        return "action_ask_handover_form_handover_consent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Different words for now and for later."""
        kind, told = tracker.get_slot("handover_kind"), tracker.get_slot("consent_told")
        if told == "told":
            say(dispatcher, "utter_consent_now_again" if kind == "now" else "utter_consent_callback_again")
        elif kind == "now":
            say(dispatcher, "utter_consent_now")
        else:
            say(dispatcher, "utter_consent_call" if told == "asked_for_a_call" else "utter_consent_callback")
        return [SlotSet("consent_told", "told")]


class ActionAskCallbackTime(Action):
    """Real free times from the diary."""

    def name(self) -> str:
        """Rasa's name: the question of the time."""
        return "action_ask_handover_form_callback_time"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Four to pick from; any other day or time can be typed."""
        say(dispatcher, "utter_pick_time", choices=time_choices(surroundings().call_times(limit=4)))
        return []


def time_choices(times: list[CallTime]) -> list[Choice]:
    """A choice for each time."""
    return [(t.label, f'/answer{{"answer":"{t.starts_at.isoformat()}","step":"callback_time"}}') for t in times]
