"""The check-in read back in plain words, and the choices that correct a part of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.say import Choice, listed, say
from actions.stepped_form import NOT_NEEDED, SKIPPED
from actions.surroundings import surroundings
from actions.wishes import NEED_WORDS

SUMMARY_LINES = {"where": "Near", "when": "When", "cost": "Cost", "travel": "Getting there",
                 "access_needs": "Access and language", "company": "Who with"}  # fmt: skip
SPOKEN = {"with_someone": "with someone", "alone": "on your own", "free": "free only", "low": "a small cost is fine",
          "any": "no preference", "no": "nothing needed", "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday",
          "thu": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday", "morning": "mornings",
          "afternoon": "afternoons", "evening": "evenings", "home": "at home or online", "True": "online",
          "creche": "childcare", "bsl": "BSL"}  # fmt: skip
LABELS = {"what_matters": "What matters", "where": "Where", "when": "When", "cost": "Cost", "travel": "Getting there",
          "access_needs": "Access or language", "company": "Who with"}  # fmt: skip


def spoken(value: Any) -> str:
    """A stored wish in plain words."""
    parts = [(part[:4] if part.startswith("not ") else "", part.removeprefix("not ")) for part in str(value).split(", ")]
    return ", ".join(dict.fromkeys(lead + SPOKEN.get(part, part.replace("_", " ")) for lead, part in parts))  # BSL is access and a language


def change_choices() -> list[Choice]:
    """One choice for each part of the summary."""
    return [(label, f'/go_back{{"step":"{step}"}}') for step, label in LABELS.items()]


def summary_of(slots: dict[str, Any]) -> str:
    """A line for each thing that was told; what was skipped is not held up to the person."""
    needs = listed([NEED_WORDS[n] for n in slots.get("needs") or []]) or str(slots.get("what_matters") or "")
    answers = {**{step: slots.get(step) for step in SUMMARY_LINES}, "access_needs": access_of(slots)}
    lines = [("What matters", needs), *((label, answers[step]) for step, label in SUMMARY_LINES.items())]
    told = [f"{label}: {spoken(v)}" for label, v in lines if v not in (None, "", SKIPPED, NOT_NEEDED)]
    return "\n".join(f"- {line}" for line in told) or "- nothing yet, that is fine"


def access_of(slots: dict[str, Any]) -> str | None:
    """The answer, with what was told in passing: a bad hip, a stick, the bus."""
    answer, wishes = slots.get("access_needs"), slots.get("wishes") or {}
    given = [] if answer in (None, "no", SKIPPED, NOT_NEEDED) else [str(answer)]
    passing = [told for told in (*(wishes.get("access") or ()), *(wishes.get("moves") or ())) if told not in ", ".join(given)]
    return ", ".join([*given, *passing]) or answer


class ActionAskSummaryOk(Action):
    """Reads the check-in back."""

    def name(self) -> str:
        """Rasa's name: the question of the last step."""
        return "action_ask_check_in_form_summary_ok"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The summary, and one question: is it right? After a no: which part to change."""
        if tracker.get_slot("changing") == surroundings().turn:
            say(dispatcher, "utter_what_to_change", choices=change_choices())
            return []
        say(dispatcher, "utter_summary", summary=summary_of(tracker.slots))
        return []
