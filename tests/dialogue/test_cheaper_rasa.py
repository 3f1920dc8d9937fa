"""Each shorter way of assistant/dialogue/cheaper_rasa.py comes to what Rasa's own comes to."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from assistant.dialogue import cheaper_rasa as cheaper
from assistant.dialogue.light import stand_in_for_tensorflow

stand_in_for_tensorflow()

from rasa.core.actions.action import ActionExtractSlots  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import (  # noqa: E402
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

DOMAIN = """
version: "3.1"
intents: [faq, greet]
slots:
  where: {type: text, mappings: [{type: %s}]}
  needs: {type: list, influence_conversation: false, mappings: [{type: custom}]}
forms: {check_in_form: {required_slots: [where]}}
"""
ASKED = UserUttered("is it free", {"name": "faq", "confidence": 1.0})
BEGUN: list[Event] = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen"), ASKED]
HISTORIES: dict[str, list[Event]] = {
    "nothing yet": [],
    "a question": [*BEGUN, ActionExecuted("action_answer_topic"), BotUttered("Yes."), ActionExecuted("action_listen")],
    "a second session": [*BEGUN, *BEGUN, SlotSet("where", "LU3")],
    "a form": [*BEGUN, ActionExecuted("check_in_form"), ActiveLoop("check_in_form"), SlotSet("requested_slot", "where"),
               ActionExecuted("action_listen"), ASKED, ActionExecuted("check_in_form"), SlotSet("where", "LU3"),
               ActiveLoop(None), LoopInterrupted(True)],
    "a form set aside": [*BEGUN, ActiveLoop(None), ActionExecuted("action_listen")],
    "an action taken back": [*BEGUN, ActionExecuted("utter_greet"), ActionReverted()],
    "a message taken back": [*BEGUN, UserUtteranceReverted()],
    "a restart": [*BEGUN, SlotSet("needs", ["money"]), Restarted(), ActionExecuted("action_listen")],
    "slots wiped": [*BEGUN, SlotSet("needs", ["money"]), AllSlotsReset(), FollowupAction("utter_greet"), ConversationPaused()],
}  # fmt: skip


def domain(mapping: str = "custom") -> Domain:
    """Two slots; the first filled by `mapping`."""
    return Domain.from_yaml(DOMAIN % mapping)


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    """All that a tracker knows."""
    return {
        **{name: value for name, value in tracker.__dict__.items() if name not in ("events", "slots", "active_loop")},
        "events": list(tracker.events),
        "slots": {name: slot.__dict__ for name, slot in tracker.slots.items()},
        "loop": copy.copy(tracker.active_loop).__dict__ if tracker.active_loop else None,
    }


@pytest.fixture(params=HISTORIES)
def tracker(request: pytest.FixtureRequest) -> DialogueStateTracker:
    """A tracker with one of the histories."""
    return DialogueStateTracker.from_events("someone", evts=HISTORIES[request.param], slots=domain().slots)


def test_a_copy_is_in_the_same_state(tracker: DialogueStateTracker) -> None:
    stock = tracker.travel_back_in_time(float("inf"))
    assert state(cheaper.copy_tracker(tracker)) == state(stock)


def test_what_happens_to_a_copy_does_not_happen_to_the_first(tracker: DialogueStateTracker) -> None:
    before = copy.deepcopy(state(tracker))
    made = cheaper.copy_tracker(tracker)
    for event in (SlotSet("where", "elsewhere"), ActiveLoop("check_in_form"), LoopInterrupted(True), ASKED):
        made.update(event)
    assert state(tracker)["slots"] == before["slots"] and state(tracker)["loop"] == before["loop"]
    assert len(tracker.events) == len(before["events"]) and tracker.latest_action == before["latest_action"]


def test_the_events_that_count_are_the_same(tracker: DialogueStateTracker) -> None:
    assert cheaper.applied_events(tracker) == cheaper._STOCK_APPLIED(tracker)


@pytest.mark.parametrize("made", [Domain.empty(), domain()])
def test_an_empty_domain_is_known(made: Domain) -> None:
    stock = cheaper._STOCK_IS_EMPTY(made)
    assert [cheaper.is_empty(made), cheaper.is_empty(made)] == [stock, stock]


@pytest.mark.parametrize("mapping", ["custom", "from_text", "from_intent, value: here"])
async def test_slots_are_filled_where_rasa_fills_them(mapping: str) -> None:
    here = domain(mapping)
    tracker = DialogueStateTracker.from_events("someone", evts=BEGUN, slots=here.slots)
    action, channel = ActionExtractSlots(None), CollectingOutputChannel()
    found = [await run(action, channel, None, tracker, here) for run in (cheaper.extract_slots, cheaper._STOCK_EXTRACT)]
    assert found[0] == found[1]
    assert bool(found[0]) == (mapping != "custom") == cheaper.fills_slots(here)


@pytest.mark.parametrize("name", ["user", "bot", "action", "slot", "session_started", "topic"])
def test_an_events_class_is_found_by_its_name(name: str) -> None:
    assert cheaper.resolve_by_type(name) is cheaper._STOCK_RESOLVE(name)


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(ValueError, match="Unknown event"):
        cheaper.resolve_by_type("no such thing")
