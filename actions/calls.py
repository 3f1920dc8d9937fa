"""The questions on the way to a person: consent, a time, what about, a name, a number, and whether it is a safe one."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.call_times import MOST_SHOWN, PICK_A_TIME, Fit, find_time, shown_times, tells_time, wanted_time
from actions.contact_details import number_in, read_name, safe, tries_a_number
from actions.not_by_phone import WRITTEN, address_in, not_to_be_rung, what_is_safe
from actions.other_time import asked_time
from actions.reading import Reading
from actions.say import offering, say, say_text
from actions.stepped_form import CERTAIN, NOT_NEEDED, SKIPPED, SteppedForm
from actions.surroundings import surroundings

STEPS = ("handover_consent", "callback_time", "call_purpose", "person_name", "contact_number", "safe_to_text")
EMPTY = (None, "", SKIPPED, NOT_NEEDED)
FOR_A_CALL = ("callback_time", "call_purpose", "contact_number", "safe_to_text")
REFUSALS = ("decline_programme", "stop_taking_part")
PLAINLY_NO = 0.8
TELLS_A_TROUBLE = ("describe_need", "clinical_question", "surgery_admin")
_NEVER_MIND = re.compile(r"(?:oh )?(?:forget (?:it|that)|never ?mind|leave it|i (?:have |'ve )?changed my mind|on second thoughts)\b")
_BACKS_OUT = re.compile(
    r"(?:(?:no|oh|actually|sorry|ok)\W+)*(?:forget (?:it|that|about it)|never ?mind|on second thoughts|not (?:just |right )?now|maybe (?:later|not)|"
    r"i(?: have|'ve)? changed my mind|(?:i )?(?:really )?(?:do not|don'?t|dont|no longer) (?:want|need) (?:it|this|that|one|to do (?:it|this|that))"
    r"(?: at all)?(?: any ?more| now| after all)?|i (?:would|'d) rather not(?: do (?:it|this))?)(?: thanks| thank you)?\W*$"
)
_REFUSING = re.compile(r"\b(?:do not|don'?t|no longer|not) (?:want|need|interested|for me)\b|\bleave me alone\b|\bno thank")
_OF_THE_TIME = re.compile(r"\b(?:times?|days?|dates?|weeks?|months?|later|earlier|tomorrow|busy|another|whenever|mind)\b")
_OTHER_TIME = re.compile(
    r"\b(?:chang\w+ my mind|change|different|another|other|wrong|new)\b[^.?!]*\b(?:time|day|date|slot)s?\b|"
    r"\b(?:time|day|date)\b[^.?!]*\b(?:no good|won'?t (?:do|work)|does ?n'?t (?:work|suit)|is wrong)\b"
)


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
        if step == "contact_number" and slots.get("handover_kind") == WRITTEN:
            return True
        return slots.get("handover_kind") == "callback" if step in FOR_A_CALL else True

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """Times and numbers whenever they are told; the rest when asked."""
        if step == "callback_time":
            if asked:  # typed ones were read before: see of_the_time
                return message.answer if message.is_choice else None
            return told_with(message).exact_at if message.intent == "book_callback" else None
        if step == "contact_number" and slots.get("handover_kind") == WRITTEN:
            return address_in(message)
        if step == "contact_number":
            return number_in(message) or (surroundings().valid_number(message.words) if asked else None)
        if not asked:
            return None
        if step == "handover_consent":
            return consent(message)
        if step == "safe_to_text":
            told = None if message.is_choice else what_is_safe(message, slots.get("contact_number"))
            return told or {"affirm": "yes", "deny": "ring_only"}.get(message.intent) or message.answer or safe(message)
        if message.is_choice:
            return message.answer
        if step == "person_name":
            return read_name(message)
        return message.words[:200] if message.intent not in ("skip", "deny") else None

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """What is said of the time comes first, also when the form has gone past it."""
        slots, message = dict(tracker.slots), Reading(tracker)
        asked = slots.get("requested_slot")
        if asked and not message.is_choice and backs_out(asked, message):
            return self.take(dispatcher, asked, {"handover_consent": "no"}, slots)
        if asked == "handover_consent" and slots.get("handover_kind") == WRITTEN and (told := address_in(message)) and message.intent != "deny":
            return self.take(dispatcher, asked, {"handover_consent": "yes", "contact_number": told}, slots)  # asked whether, they say where
        if asked and not message.is_choice and slots.get("handover_kind") == "callback":
            if not_to_be_rung(message.words) and not surroundings().booked_call():
                return self.written_instead(dispatcher, asked, message, slots)
            if asked != "safe_to_text" and slots.get("safe_to_text") is None and (safely := what_is_safe(message, slots.get("contact_number"))):
                return self.only_ring(dispatcher, asked, message, safely, slots)
            events = self.of_the_time(dispatcher, asked, message, slots)
            if events is not None:
                return events
        events = await super().run(dispatcher, tracker, domain)
        if not events and asked and not message.is_choice and slots.get("handover_kind") == "callback":
            events = self.of_this_call(dispatcher, asked, message, slots)
        going_on = events and events[-1].get("name") == "requested_slot" and events[-1].get("value") == "callback_time"
        if asked != "handover_consent" or not going_on or not tells_time(message):
            return events
        fit = told_with(message)  # 'yes, Tuesday at 2'
        if fit.exact is None:
            return [*fit.offered(), *events]
        say(dispatcher, "utter_noted", noted=fit.exact.label)
        known = {**slots, **{e["name"]: e["value"] for e in events if e.get("event") == "slot"}, "callback_time": fit.exact_at}
        return self.next_question(known, [*events, SlotSet("callback_time", fit.exact_at)])

    def written_instead(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """No call then: the same consent, and where to write. A time or a number to ring is not asked for any more."""
        told = address_in(message)
        given = {"contact_number": told} if told else {}
        agreed = slots.get("handover_consent") in ("yes", "callback")
        slots = {**slots, "handover_kind": WRITTEN, "callback_time": None, "contact_number": None}
        switch = [SlotSet("handover_kind", WRITTEN), SlotSet("callback_time", None), SlotSet("contact_number", None),
                  SlotSet("offer", None), SlotSet("consent_told", "told" if agreed else None)]  # fmt: skip
        return [*switch, *self.take(dispatcher, asked, given, slots)]

    def only_ring(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, safely: str, slots: dict[str, Any]
    ) -> list[EventType]:
        """'No texts and no messages', said early: kept at once, beside whatever else the words answer."""
        say(dispatcher, "utter_noted", noted="no texts and no messages, only a call" if safely == "ring_only" else "texts only, no messages")
        timed = self.of_the_time(dispatcher, asked, message, slots) if tells_time(message) else None
        kept = [SlotSet("safe_to_text", safely), *self.keep("safe_to_text", safely, slots)]
        return [*kept, *(timed if timed is not None else self.stay(asked))]

    def of_the_time(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType] | None:
        """A time told, or that another is wanted; None where the message is about something else."""
        words, at_it, before = message.words.lower(), asked == "callback_time", slots.get("callback_time")
        number = {"contact_number": told} if (told := number_in(message)) else {}  # 'Tuesday at 2, my number is ...'
        if not at_it and ((before in EMPTY and asked != "handover_consent") or not moves_it(asked, message)):
            return None
        if at_it and message.intent == "affirm" and not tells_time(message):
            return self.yes_to_times(dispatcher, number, slots)
        if message.intent in TELLS_A_TROUBLE and message.confidence >= PLAINLY_NO:
            return None
        wanted = wanted_time(message, bare=at_it)
        if wanted is not None and wanted.whenever and (message.is_question or len(words.split()) > 8):
            wanted = None
        if wanted is None:
            unclear = message.intent in REFUSALS and not refuses(message)
            if not unclear and not _OTHER_TIME.search(words):
                return None
            return self.another_time(dispatcher, slots)
        standing = standing_time(slots, picking=bool(wanted.clock or wanted.part) and not wanted.days)
        given_up = (slots.get("offer") or {}).get("instead_of") if wanted.days or wanted.same_time else None
        fit = find_time(wanted, standing or (datetime.fromisoformat(given_up) if given_up else None))
        if fit.exact is None:
            if not fit.near:
                return None
            kept = [SlotSet("contact_number", told), *self.keep("contact_number", told, slots)] if told else []
            return [*kept, SlotSet("callback_time", None), *fit.offered(), *self.stay("callback_time" if before not in EMPTY or at_it else asked)]
        if message.intent == "faq" and message.topic and message.confidence >= CERTAIN and not at_it:
            say_text(dispatcher, surroundings().answer(message.topic).text, custom={"topic": message.topic})
        return self.take(dispatcher, asked, {"callback_time": fit.exact_at, **number}, slots)

    def another_time(self, dispatcher: CollectingDispatcher, slots: dict[str, Any]) -> list[EventType]:
        """The time is asked again; what it was is remembered, for 'same time on Friday'."""
        before = slots.get("callback_time")
        say(dispatcher, "utter_say_a_time")
        offer = offering(PICK_A_TIME, how="these", times=[], instead_of=before) if before not in EMPTY else [SlotSet("offer", None)]
        return [SlotSet("callback_time", None), *offer, *self.stay("callback_time")]

    def yes_to_times(
        self, dispatcher: CollectingDispatcher, number: dict[str, Any], slots: dict[str, Any]
    ) -> list[EventType]:
        """'Yes' to one time takes it; to a list it may mean any of them, so the first is put by itself."""
        offer = slots.get("offer") or {}
        shown = shown_times(offer) or surroundings().call_times(limit=MOST_SHOWN)
        if shown and offer.get("kind") == PICK_A_TIME and (len(shown) == 1 or offer["how"].startswith("first")):
            return self.take(dispatcher, "callback_time", {"callback_time": shown[0].starts_at.isoformat(), **number}, slots)
        return [*Fit(near=shown, how="first_of_these").offered(), *self.stay("callback_time")]

    def of_this_call(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """'What time was it', 'can I change it', said of the call being set up: none is in the diary to be looked for yet."""
        wanted, booked = message.first("appointment"), surroundings().booked_call()
        if message.intent != "manage_appointment" or wanted == "cancel":
            return []
        if wanted in ("change", "cannot") or (booked and slots.get("callback_time") in EMPTY):
            return self.another_time(dispatcher, slots)
        if label := label_of(slots.get("callback_time")):
            say(dispatcher, "utter_noted", noted=label)
            return self.stay(asked)
        return self.not_followed(dispatcher, asked, message, slots)

    def steps_aside(self, asked: str, message: Reading) -> bool:
        """Of a call that is being set up only a plain no ends it; figures are a number where one was asked for."""
        if message.intent in REFUSALS and not refuses(message):
            return False
        if asked == "contact_number" and tries_a_number(message):
            return False
        return super().steps_aside(asked, message)

    def heard(
        self, dispatcher: CollectingDispatcher, asked: str, given: dict[str, Any], slots: dict[str, Any]
    ) -> None:
        """A time is said back, unless the booking says it next; one told with the wish for a call once the call is agreed."""
        agreed = given.get("handover_consent") in ("yes", "callback")
        label = label_of(given.get("callback_time") or (slots.get("callback_time") if agreed else None))
        if label and self.next_question(dict(slots), [])[-1]["value"]:
            say(dispatcher, "utter_noted", noted=label)

    def keep(self, step: str, value: Any, slots: dict[str, Any]) -> list[EventType]:
        """What concerns the person is kept at once, so that a dropped line loses nothing."""
        here = surroundings()
        if step == "contact_number" and slots.get("handover_kind") == WRITTEN:
            if here.can_be_texted(str(value)):
                here.set_person(contact_number=value, safe_to_ring=False, safe_to_text=True, safe_to_leave_message=False)
            return []
        another = step == "contact_number" and here.contact_number not in (None, value)
        if step in ("person_name", "contact_number") and value not in (SKIPPED, NOT_NEEDED):
            here.set_person(**{step: value}, **({"safe_to_ring": True} if step == "contact_number" else {}))
            if another:  # what was safe with the old number is not known of the new one
                here.set_person(safe_to_text=None, safe_to_leave_message=None)
                return [SlotSet("safe_to_text", None)]
        if step == "safe_to_text" and value in ("yes", "no", "text_only", "message_only", "ring_only"):
            mobile = here.can_be_texted(str(slots.get("contact_number")))
            here.set_person(safe_to_text=mobile and value in ("yes", "text_only"),
                            safe_to_leave_message=value in ("yes", "message_only"))  # fmt: skip
        if step == "handover_consent" and value == "callback":
            return [SlotSet("handover_kind", "callback")]
        return [SlotSet("offer", None)] if step == "callback_time" else []

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
        """A number that cannot be rung is said to be so; what is no name is asked about once; a trouble told is heard."""
        if asked == "callback_time" and message.intent in ("deny", "reject_results", "more_results"):
            say(dispatcher, "utter_say_a_time")
            return [SlotSet("offer", None), *self.stay(asked)]
        told_figures = tries_a_number(message) or (any(c.isdigit() for c in message.words) and message.intent != "deny")
        if asked == "contact_number" and told_figures and not int(slots.get("misses") or 0):
            say(dispatcher, "utter_number_not_usable")
            return self.stay(asked, 1)
        if asked in ("contact_number", "call_purpose", "person_name") and message.intent == "deny":
            return self.take(dispatcher, asked, {asked: SKIPPED}, slots)
        if message.intent == "describe_need" and message.words:
            say(dispatcher, "utter_heard_for_navigator")
            return [SlotSet("call_purpose", slots.get("call_purpose") or message.words[:200]), *self.stay(asked)]
        if asked == "person_name" and message.words and not int(slots.get("misses") or 0):
            say(dispatcher, "utter_name_again")
            return self.stay(asked, 1)
        return super().not_followed(dispatcher, asked, message, slots)


def told_with(message: Reading) -> Fit:
    """The time told along with something else."""
    wanted = wanted_time(message)
    return find_time(wanted) if wanted else Fit()


def standing_time(slots: dict[str, Any], picking: bool) -> datetime | None:
    """What '10am' or 'later' goes by: the time picked, the call that is booked, or (`picking`) the one day on the screen."""
    if slots.get("callback_time") not in EMPTY:
        return datetime.fromisoformat(str(slots["callback_time"]))
    shown = shown_times(slots.get("offer")) if picking else []
    if shown and len({time.starts_at.date() for time in shown}) == 1:
        return shown[0].starts_at
    booked = surroundings().booked_call()
    return booked.starts_at if booked else None


def label_of(time: Any) -> str:
    """A free time as a person says it; '' for none."""
    if time in EMPTY:
        return ""
    return next((t.label for t in surroundings().call_times(limit=500, every=True) if t.starts_at.isoformat() == time), "")


def moves_it(asked: str, message: Reading) -> bool:
    """'Make it Friday morning', 'I changed my mind about the time', said when something else is asked."""
    words = message.words.lower()
    by_intent = message.intent in ("manage_appointment", "book_callback") and asked not in ValidateHandoverForm.free_text
    return bool(_OTHER_TIME.search(words) or asked_time(words)) or (tells_time(message) and by_intent)


def backs_out(asked: str, message: Reading) -> bool:
    """'Never mind', 'I don't want it any more': no call then, and no refusal of anything else. A name may be kept back."""
    if asked in ("person_name", "contact_number", "safe_to_text") and message.intent == "skip":
        return False
    return bool(_BACKS_OUT.match(message.words.lower()))


def refuses(message: Reading) -> bool:
    """A no to the programme that is plainly one, and not about the time of the call."""
    words = message.words.lower()
    plainly = message.confidence >= PLAINLY_NO or bool(_REFUSING.search(words))
    return message.is_choice or (plainly and not _OF_THE_TIME.search(words))


def consent(message: Reading) -> str | None:
    """yes, no, or 'callback' for a person who would rather be rung."""
    if message.answer in ("yes", "no", "callback"):
        return message.answer
    if message.intent in ("affirm", "talk_to_human"):
        return "yes"
    if message.intent == "book_callback":
        return "callback"
    if message.intent in ("deny", "skip", "stop_messages") or _NEVER_MIND.match(message.words.lower()):
        return None if _OTHER_TIME.search(message.words.lower()) else "no"
    return "no" if message.intent in REFUSALS and not refuses(message) else None
