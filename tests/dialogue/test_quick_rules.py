"""QuickRulePolicy and RulePolicy, side by side: the same action, the same rule, at every step of whole conversations."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.dialogue.light import stand_in_for_tensorflow

stand_in_for_tensorflow()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[RulePolicy, RulePolicy, Domain]:
    """Stock and quick, loaded from one training on the project's own domain and rules."""
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.core.generator import TrainingDataGenerator
    from rasa.shared.importers.rasa import RasaFileImporter

    from assistant.dialogue.quick_rules import QuickRulePolicy

    importer = RasaFileImporter(None, str(ROOT / "domain.yml"), [str(ROOT / "nlu_data" / "rules")])
    domain = importer.get_domain()
    trackers = TrainingDataGenerator(importer.get_stories(), domain).generate()
    storage, resource = LocalModelStorage(tmp_path_factory.mktemp("policy")), Resource("rules")
    context = ExecutionContext(GraphSchema({}), None)
    config = {**RulePolicy.get_default_config(), "restrict_rules": True, "core_fallback_action_name": "action_not_understood"}
    RulePolicy.create(config, storage, resource, context).train(trackers, domain)
    stock = RulePolicy.load(config, storage, resource, context)
    quick = QuickRulePolicy.load(config, storage, resource, context)
    assert isinstance(quick, QuickRulePolicy)
    return stock, quick, domain


def wander(domain: Domain, chance: random.Random, turns: int) -> list[DialogueStateTracker]:
    """A conversation put together at random, as it stood before each decision: forms begun, interrupted and left."""
    tracker = DialogueStateTracker("somebody", domain.slots)
    intents = sorted(set(domain.intents) - {"back", "restart", "session_start", "out_of_scope"} | {"out_of_scope"})
    forms, seen = list(domain.forms), []

    def before_a_decision() -> None:
        seen.append(tracker.copy())

    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(ActionExecuted("action_listen"))
    for _ in range(turns):
        intent = chance.choice(intents)
        tracker.update(UserUttered("words", {"name": intent, "confidence": 1.0}, []))
        before_a_decision()
        loop = tracker.active_loop_name
        if loop is None and chance.random() < 0.3:
            loop = chance.choice(forms)
            tracker.update(ActionExecuted(loop))
            tracker.update(ActiveLoop(loop))
            tracker.update(SlotSet("requested_slot", chance.choice(list(domain.forms[loop]["required_slots"]))))
        elif loop is not None and chance.random() < 0.3:
            tracker.update(ActionExecuted(loop))
            tracker.update(ActiveLoop(None))
            tracker.update(SlotSet("requested_slot", None))
        elif loop is not None and chance.random() < 0.5:
            tracker.update(ActionExecuted(loop))
        else:
            tracker.update(ActionExecuted(chance.choice(["action_answer_topic", "utter_thank", "utter_greet"])))
        before_a_decision()
        tracker.update(ActionExecuted("action_listen"))
    return seen


@pytest.mark.parametrize("seed", range(12))
def test_the_same_is_decided_at_every_step(trained: tuple[RulePolicy, RulePolicy, Domain], seed: int) -> None:
    """Action, rule and 'returning from an unhappy path' for both ways of asking."""
    stock, quick, domain = trained
    decided = set()
    for tracker in wander(domain, random.Random(seed), turns=25):
        for by_text in (True, False):
            wanted = stock._find_action_from_rules(tracker, domain, by_text)
            found = quick._find_action_from_rules(tracker, domain, by_text)
            if wanted[0] is None:  # no rule: the second part only names the state
                assert (found[0], found[2]) == (None, wanted[2])
            else:
                assert found == wanted
                decided.add(wanted[0])
    assert len(decided) > 5  # else the test would say nothing


def test_a_slot_copied_the_short_way_is_the_same_slot() -> None:
    """Same kind, same attributes, not the same object."""
    import copy

    from assistant.dialogue.cheaper_rasa import copy_slot

    slot = next(iter(Domain.load(str(ROOT / "domain.yml")).slots))
    made = copy_slot(slot)
    assert made is not slot and type(made) is type(slot)
    assert made.__dict__ == copy.copy(slot).__dict__


def test_the_graph_in_order_gives_what_the_scheduler_gave() -> None:
    """A node runs after all it takes from, and the targets come back by name."""
    from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
    from rasa.engine.runner.dask import DaskGraphRunner

    from assistant.dialogue.cheaper_rasa import InOrderRunner

    class Adds(GraphComponent):
        """Adds one to what it is given."""

        @classmethod
        def create(cls, config, model_storage, resource, execution_context):  # type: ignore[no-untyped-def]
            return cls()

        def add(self, number: int, other: int = 0) -> int:
            return number + other + 1

    def node(needs: dict[str, str], target: bool = False) -> SchemaNode:
        return SchemaNode(needs=needs, uses=Adds, constructor_name="create", fn="add", config={}, is_target=target)

    schema = GraphSchema({"last": node({"number": "b", "other": "a"}, True), "b": node({"number": "a"}),
                          "a": node({"number": "given"})})  # fmt: skip
    context = ExecutionContext(schema, None)
    outputs = [runner(schema, None, context).run({"given": 1}) for runner in (DaskGraphRunner, InOrderRunner)]
    assert outputs[0] == outputs[1] == {"last": 6}

