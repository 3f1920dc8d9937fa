"""Saying no: accepted in one kind sentence, the reason asked once and optional, a record made, the door left open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.reading import Reading
from actions.say import say
from actions.stepped_form import NOT_NEEDED, SKIPPED, SteppedForm, leave_form
from actions.surroundings import surroundings

ABOUT_YOU = ("age_band", "sex", "ethnicity", "decline_outcode")
STEPS = ("decline_reason", "decline_more", *ABOUT_YOU)


class ValidateDeclineForm(SteppedForm):
    """Reads the reason and, if the person likes, four things for the statistics."""

    form = "decline_form"
    steps = STEPS
    free_text = frozenset({"decline_reason"})
    stays_with = frozenset({"decline_programme", "stop_taking_part", "goodbye", "thank"})

    def needed(self, step: str, slots: dict[str, Any]) -> bool:
        """The four only after a yes."""
        return step not in ABOUT_YOU or slots.get("decline_more") == "yes"

    def read(self, step: str, message: Reading, slots: dict[str, Any], asked: bool) -> Any:
        """A pressed choice, a reason recognised, or the words."""
        if not asked:
            return None
        if message.intent in ("goodbye", "thank") and step in ("decline_reason", "decline_more"):
            return "prefer_not_to_say" if step == "decline_reason" else "no"
        if message.answer is not None:
            return message.answer
        if step == "decline_reason":
            if message.intent in ("deny", "skip"):
                return "prefer_not_to_say"
            return message.reason or ("other" if message.words else None)
        if step == "decline_more":
            return {"affirm": "yes", "deny": "no", "skip": "no"}.get(message.intent)
        if message.intent in ("deny", "skip"):
            return SKIPPED
        if step == "decline_outcode":
            return str(message.first("place") or "").split(" ")[0][:4] or None
        return None

    def keep(self, step: str, value: Any, slots: dict[str, Any]) -> list[EventType]:
        """Into the record as soon as it is told."""
        if step in (*ABOUT_YOU, "decline_reason") and value not in (SKIPPED, NOT_NEEDED):
            surroundings().record_decline(**{step.replace("decline_", ""): value})
        return []


class ActionBeginDecline(Action):
    """Accepts the no, makes the record, then asks why, once."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_begin_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The stage is where in the conversation the person said no."""
        message, here = Reading(tracker), surroundings()
        stopping = message.intent == "stop_taking_part"
        here.record_decline(stage=stage_of(tracker, stopping), reason=message.reason)
        here.record("disengaged" if stopping else "declined", reason=message.reason or "")
        if here.state == "waiting":
            here.leave_queue()
        say(dispatcher, "utter_stopping_accepted" if stopping else "utter_decline_accepted")
        events = [*leave_form(), SlotSet("misses", 0), SlotSet("decline_stage", "stop" if stopping else "no")]
        if message.reason:
            # The reason was told: asking again would be pressing. The door stays open, nothing more is asked.
            say(dispatcher, "utter_decline_done")
            return events
        return [*events, *(SlotSet(step, None) for step in STEPS), FollowupAction("decline_form")]


def stage_of(tracker: Tracker, stopping: bool) -> str:
    """Where the no was said."""
    if stopping:
        return "taking_part"
    if tracker.active_loop_name:
        return str(tracker.active_loop_name).replace("_form", "")
    return "suggestions" if tracker.get_slot("shown") else "offer"


class ActionSubmitDecline(Action):
    """Thanks, and the door left open."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_submit_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Nothing more is asked."""
        say(dispatcher, "utter_decline_done")
        return []
