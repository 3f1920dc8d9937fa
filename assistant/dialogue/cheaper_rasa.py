"""Places where Rasa pays much for little: what it does there is done by a shorter way, or was never looked at.

A question took it some three milliseconds beside the reading of the message, of which these leave about one.
tests/dialogue/test_cheaper_rasa.py holds each beside the stock one.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Iterable
from functools import lru_cache
from types import ModuleType, SimpleNamespace
from typing import Any

import rasa.core.actions.action
import rasa.core.policies.ensemble
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.engine.graph
from rasa.core.actions.action import Action, ActionExtractSlots, ActionListen
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

_STOCK_IS_EMPTY, _STOCK_EXTRACT, _STOCK_RESOLVE = Domain.is_empty, ActionExtractSlots.run, Event.resolve_by_type
_STOCK_APPLIED = DialogueStateTracker.applied_events
_STOCK_DEFAULT_ACTIONS = rasa.core.actions.action.default_actions
_STOCK_RUN_ACTION, _STOCK_UPDATE_SESSION = MessageProcessor._run_action, MessageProcessor._update_tracker_session
_STOCK_RUN_EXTRACT_SLOTS = MessageProcessor.run_action_extract_slots
_REVERTING = frozenset({Restarted, ActionReverted, UserUtteranceReverted})


class InOrderRunner(DaskGraphRunner):
    """Runs the nodes one after another; dask's scheduler, made for clusters, cost more than most of the nodes."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """As the stock runner: the targets' outputs by name."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if not hasattr(self, "_orders"):
            self._orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}
        if wanted not in self._orders:
            self._orders[wanted] = self._in_order(list(wanted))
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, parents in self._orders[wanted]:
            done[name] = self._instantiated_nodes[name](*(done.get(parent, parent) for parent in parents))
        return dict(done[name] for name in wanted)

    def _in_order(self, targets: list[str]) -> list[tuple[str, list[str]]]:
        """Every node needed for the targets, each after the nodes it takes from."""
        schema = self._graph_schema.minimal_graph_schema(targets)
        parents = {name: list(node.needs.values()) for name, node in schema.nodes.items()}
        order: dict[str, list[str]] = {}

        def visit(name: str) -> None:
            if name in parents and name not in order:
                for parent in parents[name]:
                    visit(parent)
                order[name] = parents[name]

        for name in parents:
            visit(name)
        return list(order.items())


def copy_slot(slot: Slot) -> Slot:
    """A slot with the same attributes, as `copy.copy` makes it by a longer way (a turn copies some hundreds)."""
    made = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made


def copy_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A tracker in the same state; stock, a new one is made and all events are played to it again, for every action."""
    made = object.__new__(type(tracker))
    made.__dict__.update(tracker.__dict__)
    made.events = tracker.events.copy()
    made.slots = type(tracker.slots)()
    made.slots.update((name, copy_slot(slot)) for name, slot in tracker.slots.items())
    made.active_loop = copy.copy(tracker.active_loop)
    return made


def applied_events(tracker: DialogueStateTracker) -> list[Event]:
    """As stock; where nothing was reverted and no form was open, all since the session began, without asking of each."""
    applied: list[Event] = []
    for event in tracker.events:
        kind = type(event)
        if kind in _REVERTING or (kind is ActiveLoop and event.name):
            stock: list[Event] = _STOCK_APPLIED(tracker)
            return stock
        if kind is SessionStarted:
            applied = []
        else:
            applied.append(event)
    return applied


def is_empty(domain: Domain) -> bool:
    """Whether the domain says nothing; stock, two domains are written out for every message to find that out."""
    if "_is_empty" not in domain.__dict__:
        domain._is_empty = _STOCK_IS_EMPTY(domain)
    return bool(domain._is_empty)


def fills_slots(domain: Domain) -> bool:
    """Whether any slot is filled by Rasa itself: by another mapping than `custom`, or by a custom action's."""
    if "_fills_slots" not in domain.__dict__:
        mappings = [mapping for slot in domain.slots for mapping in slot.mappings]
        domain._fills_slots = any(mapping.get("type") != "custom" or mapping.get("action") for mapping in mappings)
    return bool(domain._fills_slots)


async def extract_slots(
    action: ActionExtractSlots,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """As stock; where no slot is Rasa's to fill, only what may validate them is asked."""
    if fills_slots(domain):
        found: list[Event] = await _STOCK_EXTRACT(action, output_channel, nlg, tracker, domain)
        return found
    validated: list[Event] = await action._execute_validation_action([], output_channel, nlg, tracker, domain)
    return validated


@lru_cache(maxsize=256)
def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event's name; stock, all there are are gone through for each event."""
    found: type[Event] | None = _STOCK_RESOLVE(type_name, default)
    return found


class Hushed:
    """In place of Rasa's own loggers: their debug lines are put together, with copies of events, and read by nobody here."""

    def __init__(self, logger: Any) -> None:
        """Everything but debug goes to `logger`."""
        self._logger = logger

    def debug(self, *_: Any, **__: Any) -> None:
        """Nothing."""

    def __getattr__(self, name: str) -> Any:
        """As the logger has it."""
        return getattr(self._logger, name)


def hush(modules: Iterable[ModuleType]) -> None:
    """Rasa's loggers say nothing at debug level; structlog made each line anew to find that it is not wanted."""
    for module in modules:
        for name in ("structlogger", "logger"):
            logger = getattr(module, name, None)
            if logger is not None and not isinstance(logger, Hushed):
                setattr(module, name, Hushed(logger))


async def run_action(
    processor: MessageProcessor,
    action: Action,
    tracker: DialogueStateTracker,
    output_channel: OutputChannel,
    nlg: NaturalLanguageGenerator,
    prediction: PolicyPrediction,
) -> bool:
    """As stock; waiting for the next message needs no second tracker to run in, and does nothing that could fail."""
    if type(action) is not ActionListen:
        going_on: bool = await _STOCK_RUN_ACTION(processor, action, tracker, output_channel, nlg, prediction)
        return going_on
    processor._log_action_on_tracker(tracker, action, [], prediction)
    return False


async def update_session(
    processor: MessageProcessor, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict[str, Any] | None = None
) -> None:
    """As stock; where the last thing that counts is a message of this session, only its time is looked at."""
    lasts = processor.domain.session_config
    for event in reversed(tracker.events):
        kind = type(event)
        if kind in _REVERTING or kind is SessionStarted:
            break
        if kind is UserUttered:
            if lasts.are_sessions_enabled() and (time.time() - event.timestamp) / 60 > lasts.session_expiration_time:
                break
            return
    await _STOCK_UPDATE_SESSION(processor, tracker, output_channel, metadata)


async def run_extract_slots(
    processor: MessageProcessor, output_channel: OutputChannel, tracker: DialogueStateTracker
) -> DialogueStateTracker:
    """As stock; nothing where no slot is Rasa's to fill and no action of ours validates what it filled."""
    if not fills_slots(processor.domain) and ACTION_VALIDATE_SLOT_MAPPINGS not in processor.domain.user_actions:
        return tracker
    return await _STOCK_RUN_EXTRACT_SLOTS(processor, output_channel, tracker)


def default_actions(action_endpoint: EndpointConfig | None = None) -> list[Action]:
    """Rasa's own actions, which keep nothing; stock, all are made anew for each that is looked for, three times a message."""
    if action_endpoint is None:
        return list(_STOCK_DEFAULT_ACTIONS())
    if "default_actions" not in action_endpoint.__dict__:
        action_endpoint.__dict__["default_actions"] = list(_STOCK_DEFAULT_ACTIONS(action_endpoint))
    return list(action_endpoint.__dict__["default_actions"])


def make_rasa_cheaper() -> None:
    """Put all of them in place of Rasa's own, before a model is loaded."""
    Slot.__copy__ = copy_slot
    DialogueStateTracker.copy = copy_tracker
    DialogueStateTracker.applied_events = applied_events
    Domain.is_empty = is_empty
    ActionExtractSlots.run = extract_slots
    Event.resolve_by_type = staticmethod(resolve_by_type)
    rasa.core.processor.DaskGraphRunner = InOrderRunner
    # The processor copies only what it hands to debug lines, which nobody reads here; so with the values of all slots.
    rasa.core.processor.copy = SimpleNamespace(deepcopy=lambda value: value)
    MessageProcessor._log_slots = staticmethod(lambda tracker: None)
    MessageProcessor._run_action = run_action
    MessageProcessor._update_tracker_session = update_session
    MessageProcessor.run_action_extract_slots = run_extract_slots
    rasa.core.actions.action.default_actions = default_actions
    hush((rasa.core.processor, rasa.core.policies.rule_policy, rasa.core.policies.ensemble, rasa.core.actions.action, rasa.engine.graph))
