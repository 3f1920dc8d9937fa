"""Each shorter way of assistant/dialogue/cheaper_rasa.py comes to what Rasa's own comes to."""

from __future__ import annotations

import copy
import logging
import time
from typing import Any

import pytest

from assistant.dialogue import cheaper_rasa as cheaper
from assistant.dialogue.light import stand_in_for_tensorflow

stand_in_for_tensorflow()

from rasa.core.actions.action import ActionExtractSlots, ActionListen  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel  # noqa: E402
from rasa.core.policies.policy import PolicyPrediction  # noqa: E402
from rasa.core.processor import MessageProcessor  # noqa: E402
from rasa.shared.core.constants import ACTION_LISTEN_NAME  # noqa: E402
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
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

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


class Processor:
    """What the two parts of Rasa's processor touch, remembering the actions it ran."""

    def __init__(self, sessions: dict[str, Any]) -> None:
        self.domain = Domain.from_yaml(DOMAIN % "custom" + f"session_config: {sessions}\n")
        self.nlg, self.ran = None, []

    def _has_session_expired(self, tracker: DialogueStateTracker) -> bool:
        return bool(MessageProcessor._has_session_expired(self, tracker))

    def _get_action(self, name: str) -> str:
        return name

    async def _run_action(self, action: Any, **_: Any) -> None:
        self.ran.append(action)


@pytest.mark.parametrize("minutes_ago", [1, 100])
@pytest.mark.parametrize("expires", [0, 60])
async def test_a_session_begins_anew_when_stock_begins_it(
    tracker: DialogueStateTracker, minutes_ago: int, expires: int
) -> None:
    for event in tracker.events:
        event.timestamp = time.time() - 60 * minutes_ago
    sessions = {"session_expiration_time": expires, "carry_over_slots_to_new_session": True}
    stock, ours = Processor(sessions), Processor(sessions)
    await cheaper._STOCK_UPDATE_SESSION(stock, tracker, CollectingOutputChannel())
    await cheaper.update_session(ours, tracker, CollectingOutputChannel())
    assert ours.ran == stock.ran


async def test_listening_leaves_the_tracker_as_stock_leaves_it(tracker: DialogueStateTracker) -> None:
    prediction = PolicyPrediction.for_action_name(domain(), ACTION_LISTEN_NAME, "a policy")
    left = []
    for run in (cheaper._STOCK_RUN_ACTION, cheaper.run_action):
        processor = MessageProcessor.__new__(MessageProcessor)
        processor.domain = domain()
        mine = cheaper.copy_tracker(tracker)
        assert await run(processor, ActionListen(), mine, CollectingOutputChannel(), None, prediction) is False
        mine.events[-1].timestamp = 0.0
        left.append(state(mine))
    assert left[0] == left[1]


def test_rasas_own_actions_are_made_once_an_endpoint() -> None:
    endpoint = EndpointConfig("http://somewhere")
    made = cheaper.default_actions(endpoint)
    assert [action.name() for action in made] == [action.name() for action in cheaper._STOCK_DEFAULT_ACTIONS(endpoint)]
    assert all(one is other for one, other in zip(made, cheaper.default_actions(endpoint)))


def test_a_hushed_logger_says_all_but_debug(caplog: pytest.LogCaptureFixture) -> None:
    hushed = cheaper.Hushed(logging.getLogger("a logger nobody has set up"))
    with caplog.at_level(logging.DEBUG):
        hushed.debug("a patient's words")
        hushed.warning("a fault")
    assert [record.getMessage() for record in caplog.records] == ["a fault"]
