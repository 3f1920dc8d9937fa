"""Going back, skipping, repeating, starting again and leaving a form, wherever the person is."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.check_in import STEPS as CHECK_IN_STEPS
from actions.check_in import change_choices
from actions.reading import Reading
from actions.say import say
from actions.stepped_form import leave_form
from actions.suggestions import suggest
from actions.surroundings import surroundings
from actions.wishes import add_wishes


class ActionLeaveForm(Action):
    """Closes the active form; remembers a check-in that was cut short."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_leave_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The answers stay, so that it can be taken up again."""
        paused = tracker.active_loop_name == "check_in_form"
        return [*leave_form(), SlotSet("check_in_paused", paused or tracker.get_slot("check_in_paused"))]


class ActionGoBack(Action):
    """'Change what I said' outside the check-in: opens that part again."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_go_back"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """A named part, or a choice of parts, or a correction in the words themselves."""
        message, slots = Reading(tracker), dict(tracker.slots)
        step = message.first("step")
        if step in CHECK_IN_STEPS:
            return [SlotSet(str(step), None), SlotSet("summary_ok", None), FollowupAction("check_in_form")]
        wishes = add_wishes(slots.get("wishes"), message)
        if wishes != (slots.get("wishes") or {}) and slots.get("shown"):
            return [SlotSet("wishes", wishes), *suggest(dispatcher, {**slots, "wishes": wishes})]
        if not slots.get("what_matters"):
            say(dispatcher, "utter_nothing_to_go_back_to")
            return []
        say(dispatcher, "utter_what_to_change", choices=change_choices(slots))
        return []


class ActionSkipAhead(Action):
    """A bare reply with no question open: a place or a day still narrows the search; else the ways on."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_skip_ahead"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """'LU3' after a list means: nearer to there."""
        message, slots = Reading(tracker), dict(tracker.slots)
        if slots.get("shown") and message.first("position") and message.intent == "answer":
            return [FollowupAction("action_service_detail")]
        wishes = add_wishes(slots.get("wishes"), message)
        changed = wishes != (slots.get("wishes") or {})
        if changed and (slots.get("shown") or slots.get("needs")):
            return [SlotSet("wishes", wishes), *suggest(dispatcher, {**slots, "wishes": wishes})]
        say(dispatcher, "utter_what_next")
        return [SlotSet("wishes", wishes)] if changed else []


class ActionRepeat(Action):
    """Says the last thing again."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_repeat"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """The last topic, or in short what can be done here."""
        if tracker.get_slot("last_topic"):
            return [FollowupAction("action_answer_again")]
        say(dispatcher, "utter_nothing_to_repeat")
        return []


class ActionAnswerAgain(Action):
    """The last topic once more, in its other words."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_answer_again"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Variants turn by themselves, so this is another wording."""
        answer = surroundings().answer(str(tracker.get_slot("last_topic")))
        dispatcher.utter_message(text=answer.text)
        return []


class ActionStartAgain(Action):
    """A fresh start: slots are emptied, the record of the conversation stays."""

    def name(self) -> str:
        """Rasa's name."""
        return "action_start_again"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Contact details stay: they were given for calls, not for this round of questions."""
        keep = {"person_name", "contact_number", "safe_to_text"}
        say(dispatcher, "utter_starting_again")
        say(dispatcher, "utter_what_next")
        return [*leave_form(), *(SlotSet(slot, None) for slot in tracker.slots if slot not in keep)]
