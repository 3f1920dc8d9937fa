"""Rasa's RulePolicy, asking the same of fewer rules: three quarters of a turn's processor time went into matching.

Stock, every one of some two hundred rules is tried against every state of the whole conversation, twice a prediction
(once for rules on the user's text, of which there are none), and the states are formatted for a debug line. The
answers here are the same; tests/dialogue/test_quick_rules.py holds them side by side.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from rasa.core.policies.rule_policy import RULES, RulePolicy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

Ending = tuple[Any, Any]  # the action before, and the intent, of a rule's last state; None where it does not say


class Endings:
    """Rules by how they end, which rules most of them out at once."""

    def __init__(self, lookup: dict[str, str]) -> None:
        """Read each rule's states once."""
        self.by_ending: dict[Ending, list[str]] = defaultdict(list)
        self.longest, self.on_text = 0, False
        for key in lookup:
            states = json.loads(key)
            self.longest = max(self.longest, len(states))
            self.on_text = self.on_text or any(TEXT in state.get(USER, {}) for state in states)
            self.by_ending[ending_of(states[-1])].append(key)

    def possible(self, state: State) -> dict[str, str]:
        """The rules that may apply now: those that end as it stands, or leave part of it open."""
        action, intent = ending_of(state)
        found = {key: key for ending in ((action, intent), (action, None)) for key in self.by_ending.get(ending, ())}
        if action is None:  # the start of a conversation: only rules that begin there are told apart by the stock code
            found |= {key: key for ending, keys in self.by_ending.items() if ending[0] is None for key in keys}
        return found


def ending_of(state: dict[str, Any]) -> Ending:
    """The action before and the intent of a state."""
    return (state.get(PREVIOUS_ACTION) or {}).get(ACTION_NAME), (state.get(USER) or {}).get(INTENT)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class QuickRulePolicy(RulePolicy):
    """Trains and decides as RulePolicy does; a trained one decides quicker."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Quick only with rules that no longer change: a loaded policy is given its lookup."""
        super().__init__(*args, **kwargs)
        self._trained = bool(kwargs.get("lookup"))
        self._endings: dict[int, Endings] = {}

    def _endings_of(self, lookup: dict[str, str]) -> Endings:
        if id(lookup) not in self._endings:
            self._endings[id(lookup)] = Endings(lookup)
        return self._endings[id(lookup)]

    def _find_action_from_rules(
        self, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        """Nothing is looked for by the user's text when no rule names one."""
        if self._trained and use_text_for_last_user_input and not self._endings_of(self.lookup[RULES]).on_text:
            return None, None, False
        found: tuple[str | None, str | None, bool] = super()._find_action_from_rules(
            tracker, domain, use_text_for_last_user_input
        )
        return found

    def _get_possible_keys(self, lookup: dict[str, str], states: list[State]) -> set[str]:
        """As stock, among the rules that end as the conversation stands."""
        if self._trained and states:
            lookup = self._endings_of(lookup).possible(states[-1])
        found: set[str] = super()._get_possible_keys(lookup, states)
        return found

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        """The states that the longest rule can see; a rule says nothing of what lies further back."""
        if not self._trained:
            whole: list[State] = super()._prediction_states(tracker, domain, use_text_for_last_user_input, rule_only_data)
            return whole
        longest = max(self._endings_of(rules).longest for rules in self.lookup.values() if isinstance(rules, dict))
        states = recent_states(tracker, domain, longest + 1)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
        return states

    def format_tracker_states(self, states: list[State]) -> str:
        """Only for a debug line, which would be written out whether or not anybody reads it."""
        return f"{len(states)} states"


def recent_states(tracker: DialogueStateTracker, domain: Domain, wanted: int) -> list[State]:
    """The last `wanted` states of a conversation, the present one last, as Rasa's featurizer makes them."""
    applied = tracker.applied_events()
    actions = [place for place, event in enumerate(applied) if isinstance(event, ActionExecuted)]
    first = actions[-(wanted - 1)] if len(actions) >= wanted else 0
    # Slots that no rule can name are neither copied nor replayed.
    telling = {name: slot for name, slot in tracker.slots.items() if slot.has_features()}
    replay = DialogueStateTracker(tracker.sender_id, telling.values(), is_rule_tracker=tracker.is_rule_tracker)
    states = []
    for place, event in enumerate(applied):
        if place >= first and isinstance(event, ActionExecuted):
            states.append(state_now(replay, domain))
        if not isinstance(event, SlotSet) or event.key in telling:
            replay.update(event)
    states.append(state_now(replay, domain))
    return states


def state_now(tracker: DialogueStateTracker, domain: Domain) -> State:
    """A state without its empty parts."""
    state = domain.get_active_state(tracker)
    return {kind: part for kind, part in state.items() if part}



