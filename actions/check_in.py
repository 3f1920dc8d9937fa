"""The light needs check-in: what matters, how it could suit, optional wellbeing questions, a summary to correct."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import Reading
from actions.say import listed, say
from actions.stepped_form import NOT_NEEDED, SKIPPED, SteppedForm, leave_form
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
STEPS = ("what_matters", *WISH_STEPS, "wellbeing_offer", *ONS4, *LONELINESS, "summary_ok")
YES = ("affirm",)
NO = ("deny", "skip")


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
            return self.read_what_matters(message, asked)
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
        return "yes" if message.intent in (*YES, "find_service", "more_results") else None

    @staticmethod
    def read_what_matters(message: Reading, asked: bool) -> str | None:
        """Free words; out of turn only when they tell a need."""
        if message.is_choice:
            return message.answer if asked else None
        if asked and message.intent not in ("skip", "deny", "affirm"):
            return message.words or None
        return None

    def keep(self, step: str, value: Any, slots: dict[str, Any]) -> list[EventType]:
        """Needs and wishes are gathered from the whole message by `run`; nothing more per step."""
        return []

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Gather needs and wishes of any message first, then let the steps read it."""
        events = await super().run(dispatcher, tracker, domain)
        message = Reading(tracker)
        if not events or not tracker.get_slot("requested_slot"):
            return events
        extra: list[EventType] = []
        wishes = add_wishes(tracker.get_slot("wishes"), message)
        if wishes != (tracker.get_slot("wishes") or {}):
            extra.append(SlotSet("wishes", wishes))
        needs = list(tracker.get_slot("needs") or [])
        new = [n for n in message.needs if n not in needs] if message.intent in ("describe_need", "find_service") else []
        asked = tracker.get_slot("requested_slot")
        if asked == "what_matters" and message.needs:
            new = [n for n in message.needs if n not in needs]
        if new:
            extra.append(SlotSet("needs", needs + new))
            say(dispatcher, "utter_needs_heard", needs=listed([NEED_WORDS[n] for n in needs + new]))
        return [*events, *extra]

    def not_followed(
        self, dispatcher: CollectingDispatcher, asked: str, message: Reading, slots: dict[str, Any]
    ) -> list[EventType]:
        """A need told in the middle is taken, and the question stays; 'no' at the summary asks what to change."""
        if message.needs and message.intent in ("describe_need", "find_service"):
            return [SlotSet("requested_slot", asked), SlotSet("misses", 0)]
        if asked in ("where", "when", "company", "summary_ok") and message.intent in ("deny", "reject_results"):
            say(dispatcher, "utter_what_to_change", choices=change_choices(slots))
            return [SlotSet("requested_slot", asked), SlotSet("misses", 0)]
        return super().not_followed(dispatcher, asked, message, slots)


def read_wish(step: str, message: Reading, slots: dict[str, Any], asked: bool) -> str | None:
    """A wish as a short text: the entity told, the choice pressed, or the words when it was asked."""
    if asked and message.answer is not None:
        return str(message.answer)
    told = [f"not {v}" if kind == "day_not" else str(v) for kind in WISH_STEPS[step] for v in message.entities.get(kind, [])]
    if told:
        return ", ".join(told)
    if asked and message.intent in ("deny",) and step in ("access_needs", "cost", "travel"):
        return "no"
    if asked and message.intent in ("affirm",) and step == "company":
        return "with_someone"
    if asked and message.words and message.intent in ("answer", "describe_need", "nlu_fallback"):
        return message.words[:200]
    return None


def change_choices(slots: dict[str, Any]) -> list[tuple[str, str]]:
    """One choice for each part of the summary."""
    labels = {"what_matters": "What matters", "where": "Where", "when": "When", "cost": "Cost",
              "travel": "Getting there", "access_needs": "Access or language", "company": "Who with"}  # fmt: skip
    return [(label, f'/go_back{{"step":"{step}"}}') for step, label in labels.items()]


class ActionBeginCheckIn(Action):
    """Starts the check-in, with everything the person has said already filled in."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_begin_check_in"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Explain in one line, fill in what is known, hand over to the form."""
        return begin_check_in(dispatcher, tracker)


def begin_check_in(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """Events that start the check-in from whatever was just said."""
    message, slots = Reading(tracker), dict(tracker.slots)
    wishes = add_wishes(slots.get("wishes"), message)
    needs = list(dict.fromkeys([*(slots.get("needs") or []), *message.needs]))
    events: list[EventType] = [*leave_form(), SlotSet("wishes", wishes), SlotSet("needs", needs), SlotSet("misses", 0)]
    resumed = any(slots.get(step) not in (None, NOT_NEEDED) for step in STEPS)
    if message.intent == "describe_need" and message.words:
        before = slots.get("what_matters")
        told = f"{before} {message.words}" if before and before != SKIPPED else message.words
        events.append(SlotSet("what_matters", told[:1000]))
    elif slots.get("what_matters") is None and needs:
        events.append(SlotSet("what_matters", listed([NEED_WORDS[n] for n in needs])))
    for step, kinds in WISH_STEPS.items():
        told_wishes = [wishes[k] for k in kinds if wishes.get(k)]
        if slots.get(step) is None and told_wishes:
            flat = [str(x) for v in told_wishes for x in (v if isinstance(v, list) else [v])]
            flat = [f"not {x}" if x in (wishes.get("day_not") or ()) else x for x in flat]
            events.append(SlotSet(step, ", ".join(flat)))
    events.append(SlotSet("summary_ok", None))
    if not resumed:
        surroundings().record("check_in_started")
        say(dispatcher, "utter_check_in_begins")
    if needs:
        say(dispatcher, "utter_needs_heard", needs=listed([NEED_WORDS[n] for n in needs]))
    return [*events, FollowupAction("check_in_form")]


class ActionAskSummaryOk(Action):
    """Reads the check-in back."""

    def name(self) -> str:
        """Rasa's name: the question of the last step."""
        return "action_ask_check_in_form_summary_ok"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The summary, and one question: is it right?"""
        slots = tracker.slots
        needs = listed([NEED_WORDS[n] for n in slots.get("needs") or []]) or str(slots.get("what_matters") or "")
        lines = [("What matters", needs), *((label, slots.get(step)) for step, label in SUMMARY_LINES.items())]
        told = [f"{label}: {spoken(v)}" for label, v in lines if v not in (None, "", SKIPPED, NOT_NEEDED)]
        say(dispatcher, "utter_summary", summary="\n".join(f"- {line}" for line in told) or "- nothing yet, that is fine")
        return []


SUMMARY_LINES = {"where": "Near", "when": "When", "cost": "Cost", "travel": "Getting there",
                 "access_needs": "Access and language", "company": "Who with"}  # fmt: skip
SPOKEN = {"with_someone": "with someone", "alone": "on my own", "free": "free only", "low": "a small cost is fine",
          "any": "no preference", "no": "nothing needed", "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday",
          "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}  # fmt: skip


def spoken(value: Any) -> str:
    """A stored wish in plain words."""
    parts = [(part[:4] if part.startswith("not ") else "", part.removeprefix("not ")) for part in str(value).split(", ")]
    return ", ".join(lead + SPOKEN.get(part, part.replace("_", " ")) for lead, part in parts)
