"""The light needs check-in: what matters, how it could suit, optional wellbeing questions, a summary to correct."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import Reading
from actions.say import listed, say
from actions.stepped_form import SKIPPED, SteppedForm
from actions.summary import spoken
from actions.surroundings import surroundings
from actions.wellbeing import LONELINESS, ONS4, read_lonely, read_score
from actions.wishes import NEED_WORDS, add_wishes

WISH_STEPS = {
    "where": ("place",),
    "when": ("day", "part_of_day", "time", "day_not"),
    "cost": ("cost",),
    "travel": ("travel", "online"),
    "access_needs": ("access", "language", "audience"),
    "company": ("company",),
}
# At the summary these agree; as a first word of something longer they do not.
THAT_IS_IT = re.compile(r"(?:yes,? )?that'?s (?:it|right|all|correct|fine|me|the lot)\W*$")
STEPS = ("what_matters", *WISH_STEPS, "wellbeing_offer", *ONS4, *LONELINESS, "summary_ok")
PLAINLY_NO = 0.85
YES = ("affirm",)
NO = ("deny", "skip")
WORDS_OF_AN_ANSWER = 0.4
_OUTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\b")
TELLS_NEEDS = ("describe_need", "find_service")
NO_PREFERENCE = {"where": SKIPPED, "when": "any", "cost": "any", "travel": SKIPPED, "access_needs": "no", "company": "any"}


class ValidateCheckInForm(SteppedForm):
    """Reads answers of the check-in."""

    form = "check_in_form"
    steps = STEPS
    free_text = frozenset({"what_matters"})
    stays_with = frozenset({"find_service", "describe_need", "start_check_in"})

    def needed(self, step: str, slots: dict[str, Any]) -> bool:
        """The wellbeing questions only when they were welcome."""
        return slots.get("wellbeing_offer") == "yes" if step in ONS4 or step in LONELINESS else True

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """Wishes by their entities whenever they are told; the rest only when asked."""
        if step == "what_matters":
            return read_what_matters(message, asked)
        if step in WISH_STEPS:
            return read_wish(step, message, slots, asked)
        if not asked:
            return None
        if step in ONS4:
            return read_score(message)
        if step in LONELINESS:
            return read_lonely(step, message)
        if message.answer in ("yes", "no"):
            return message.answer if step == "wellbeing_offer" or message.answer == "yes" else None
        if step == "wellbeing_offer":
            return "yes" if message.intent in YES else "no" if message.intent in NO else None
        if THAT_IS_IT.match(message.words.lower()):
            return "yes"
        return "yes" if message.intent in (*YES, "more_results") and not message.needs else None

    def steps_aside(self, asked: str, message: Reading) -> bool:
        """'No, she wants company, not exercise' puts something right; only a plain no ends the check-in."""
        putting_right = message.is_correction or message.has_wishes or "not_wanted" in message.entities
        if message.intent == "decline_programme" and putting_right and message.confidence < PLAINLY_NO:
            return False
        return super().steps_aside(asked, message)

    def reopened(self, step: str, slots: dict[str, Any]) -> list[EventType]:
        """Asked again, what matters and the wishes begin from nothing."""
        return reopened(step, slots)

    def heard(
        self, dispatcher: CollectingDispatcher, asked: str, given: dict[str, Any], slots: dict[str, Any]
    ) -> None:
        """What was told for another question is said back, so that nobody wonders whether it was heard."""
        others = [spoken(given[step]) for step in given if step != asked and step in WISH_STEPS]
        if others and asked != "what_matters":  # after a long story the summary says it all
            say(dispatcher, "utter_noted", noted=listed(others))

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Let the steps read the message, then gather the needs and wishes in it."""
        events = await super().run(dispatcher, tracker, domain)
        message, asked = Reading(tracker), tracker.get_slot("requested_slot")
        if not events or not asked or (message.step and message.step not in STEPS):
            return events
        set_now = {e["name"]: e["value"] for e in events if e.get("event") == "slot"}
        held = {**tracker.slots, **set_now}
        extra: list[EventType] = []
        before = dict(held.get("wishes") or {})
        for kind in WISH_STEPS.get(message.step or "", ()):  # a choice pressed anew takes the place of the old one
            before.pop(kind, None)
        wishes = add_wishes(before, message)
        if asked == "where" and message.words and "place" not in message.entities and set_now.get("where") not in (None, SKIPPED):
            wishes["place"] = outcode_in(message.words) or str(set_now["where"])  # 'she lives in LU3', when asked
        if wishes != (held.get("wishes") or {}):
            extra.append(SlotSet("wishes", wishes))
        needs = new_needs(message, asked, list(held.get("needs") or []))
        if needs is not None:
            extra += [SlotSet("needs", needs), SlotSet("read_back", surroundings().turn)]
            say(dispatcher, "utter_needs_heard", needs=listed([NEED_WORDS[n] for n in needs]))
        return [*events, *extra]

    def not_followed(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """A need told in the middle is taken, and the question stays; 'no' is to what was read back, or no wish."""
        if message.needs and (message.intent in TELLS_NEEDS or message.is_correction):
            return self.stay(asked)
        if message.intent in ("deny", "reject_results") or message.answer == "no":
            if asked == "summary_ok":  # its question asks what to change instead
                return [SlotSet("changing", surroundings().turn), *self.stay(asked)]
            if slots.get("read_back") == surroundings().turn - 1:
                say(dispatcher, "utter_got_it_wrong")
                events = [SlotSet("what_matters", None), *self.reopened("what_matters", slots)]
                return self.next_question({**slots, "what_matters": None}, events)
            if asked in NO_PREFERENCE:
                return self.take(dispatcher, asked, {asked: NO_PREFERENCE[asked]}, slots)
        if asked == "summary_ok" and (message.needs or message.has_wishes):
            return self.stay(asked)
        return super().not_followed(dispatcher, asked, message, slots)


def read_what_matters(message: Reading, asked: bool) -> str | None:
    """Free words, when asked; out of turn the needs alone are gathered."""
    if not asked:
        return None
    if message.is_choice:
        return message.answer
    return None if message.intent in ("skip", "deny", "affirm") else message.words or None


def read_wish(step: str, message: Reading, slots: dict[str, Any], asked: bool) -> str | None:
    """A wish as a short text: the entity told, the choice pressed, or the words when it was asked."""
    if message.step not in (None, step):
        return None
    if asked and message.answer is not None:
        return str(message.answer)
    told = [f"not {v}" if kind == "day_not" else str(v) for kind in WISH_STEPS[step] for v in message.entities.get(kind, [])]
    if told and not (step == "company" and message.intent == "talk_to_human" and not message.tells_wish):
        return ", ".join(told)
    elsewhere = message.has_wishes
    if asked and message.no_matter and not elsewhere:
        return NO_PREFERENCE[step]
    if not asked or elsewhere or message.is_correction and message.needs:
        return None
    if message.intent == "deny" and step in ("access_needs", "cost", "travel"):
        return NO_PREFERENCE[step]
    if message.intent == "affirm" and step == "company":
        return "with_someone"
    if message.words and message.intent in ("answer", "nlu_fallback") and message.confidence >= WORDS_OF_AN_ANSWER:
        return message.words[:200]
    if message.words and message.intent == "describe_need" and step in ("travel", "access_needs"):
        return message.words[:200]
    return None


def outcode_in(words: str) -> str | None:
    """The first half of a postcode, wherever in the words it stands."""
    found = _OUTCODE.search(words)
    return found[0].upper() if found else None


def new_needs(message: Reading, asked: str, held: list[str]) -> list[str] | None:
    """The needs after this message, or None when it adds none. A way of taking part ('step free') is no need."""
    if not message.needs:
        return None
    if message.is_correction and message.intent in (*TELLS_NEEDS, "deny", "go_back"):
        return message.needs if message.needs != held else None  # 'no, it is about money'
    constraint = asked != "what_matters" and message.has_wishes
    if asked != "what_matters" and (message.intent not in TELLS_NEEDS or constraint):
        return None
    new = [need for need in message.needs if need not in held]
    return held + new if new else None


def reopened(step: str, slots: dict[str, Any]) -> list[EventType]:
    """What followed from a step's old answer is dropped: needs of what matters, the wishes of a wish."""
    if step == "what_matters":
        return [SlotSet("needs", []), SlotSet("search_words", None)]
    wishes = dict(slots.get("wishes") or {})
    kept = {key: value for key, value in wishes.items() if key not in WISH_STEPS.get(step, ())}
    return [SlotSet("wishes", kept)] if kept != wishes else []
