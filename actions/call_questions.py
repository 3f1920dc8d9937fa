"""The questions of the handover form that are put in different words by what is known."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.call_times import shown_times
from actions.not_by_phone import WRITTEN
from actions.say import Choice, say
from actions.surroundings import CallTime, surroundings


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
        if kind == WRITTEN:
            say(dispatcher, "utter_consent_written_again" if told == "told" else "utter_consent_written")
        elif told == "told":
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
        """Those that come near to what was told, else four to pick from; any other day or time can be typed."""
        offer = tracker.get_slot("offer")
        near = shown_times(offer)
        if near:
            say(dispatcher, f"utter_pick_{offer['how']}", choices=time_choices(near), when=near[0].label)
        else:
            say(dispatcher, "utter_pick_time", choices=time_choices(surroundings().call_times(limit=4)))
        return []


class ActionAskSafeToText(Action):
    """A landline is not texted: there only a message may be left."""

    def name(self) -> str:
        """Rasa's name: the question of the last step."""
        return "action_ask_handover_form_safe_to_text"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """By the number just given."""
        mobile = surroundings().can_be_texted(str(tracker.get_slot("contact_number") or ""))
        say(dispatcher, "utter_ask_safe_to_text" if mobile else "utter_ask_safe_to_leave_message")
        return []


def time_choices(times: list[CallTime]) -> list[Choice]:
    """A choice for each time."""
    return [(t.label, f'/answer{{"answer":"{t.starts_at.isoformat()}","step":"callback_time"}}') for t in times]
