"""What config.yml, domain.yml and the rules must keep to: sections 1c, 1d and 2 of facts/rasa.md."""

from __future__ import annotations

import ast
import importlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import GraphComponent
from rasa.shared.nlu.training_data.message import Message
from trap_house import ENCODER, ROOT, Trial, at_home, sources, workshop

from assistant.dialogue.nlu.sentence_embeddings import SentenceEmbeddings
from assistant.dialogue.training import TrainingFailed, fingerprint, train

CONFIG: dict[str, Any] = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
FILES = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "nlu_data").rglob("*.yml"))]
RULES: list[dict[str, Any]] = [rule for file in FILES for rule in file.get("rules", [])]


def names(rule: dict[str, Any], kind: str) -> list[str]:
    """The intents or actions of a rule, in order."""
    return [str(step[kind]) for step in rule["steps"] if kind in step]


def named(dotted: str) -> type:
    """The class that config.yml names."""
    module, _, component = dotted.rpartition(".")
    found: type = getattr(importlib.import_module(module), component)
    return found


def test_no_part_of_the_model_is_tensorflows() -> None:
    """1d, 2: rules suffice, and TF 2.12 has an open CVE: train no TF model."""
    assert CONFIG["policies"]
    for policy in CONFIG["policies"]:
        assert policy["name"] == "RulePolicy" or issubclass(named(policy["name"]), RulePolicy)
    parts = [part["name"] for part in CONFIG["pipeline"]]
    assert [name for name in parts if not name.startswith("assistant.dialogue.nlu.")] == ["FallbackClassifier"]


def test_components_are_named_where_they_are() -> None:
    """1c: a model stores the dotted path, and a moved module breaks it (GraphSchemaException)."""
    dotted = [part["name"] for part in (*CONFIG["pipeline"], *CONFIG["policies"]) if "." in part["name"]]
    assert dotted and all(issubclass(named(name), GraphComponent) for name in dotted)


def test_a_model_of_other_files_is_not_taken_for_this_one(tmp_path: Path) -> None:
    """1c: whatever a model is made of gives it another name, so that a moved component is trained anew."""
    sources(tmp_path, each=1)
    for folder in ("assistant/dialogue/nlu", "directory/encoder"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    seen = {fingerprint(tmp_path, ENCODER), fingerprint(tmp_path, "another")}
    rules, reader = tmp_path / "nlu_data/rules/outside_forms.yml", tmp_path / "assistant/dialogue/nlu/reader.py"
    for file in (tmp_path / "config.yml", tmp_path / "domain.yml", rules, reader):
        file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        seen.add(fingerprint(tmp_path, ENCODER))
    for name in ("adapter.npz", "words.txt"):  # the reader is trained on what these make of a message
        with (reader.parent / name).open("ab") as changed:
            changed.write(b"changed")
        seen.add(fingerprint(tmp_path, ENCODER))
    reader.rename(reader.with_name("moved.py"))
    seen.add(fingerprint(tmp_path, ENCODER))
    assert len(seen) == 9


def test_vectors_are_long_enough_for_the_classifier_even_of_nothing(trial: Trial) -> None:
    """1c: on unit vectors LogisticRegression gives 0.3 to everything; multiply by 6 to 10, empty text too."""
    messages = [Message(data={"text": text}) for text in ("i sit in all day", "", "?")]
    with at_home(workshop()):
        SentenceEmbeddings(SentenceEmbeddings.get_default_config(), "SentenceEmbeddings").process(messages)
    lengths = [float(np.linalg.norm(message.features[0].features)) for message in messages]
    assert all(6 <= length <= 10.01 for length in lengths)


def test_rules_that_contradict_each_other_fail_the_training(tmp_path: Path) -> None:
    """2 (rasa#10286): conflicts show only in training, so training must fail and not warn."""
    sources(tmp_path, each=1)
    wrong = {"version": "3.1", "rules": [{"rule": "thank otherwise", "steps": [{"intent": "thank"}, {"action": "utter_greet"}]}]}
    (tmp_path / "nlu_data/rules/wrong.yml").write_text(yaml.safe_dump(wrong), encoding="utf-8")
    with at_home(workshop()), pytest.raises(TrainingFailed, match="thank"):
        train(tmp_path, tmp_path / "models", ENCODER)
    assert list((tmp_path / "models").iterdir()) == []


def test_rules_only_and_one_message_a_rule() -> None:
    """2 (rasa#6861): one user turn a rule, and no stories beside them."""
    assert RULES and not any("stories" in file for file in FILES)
    assert [rule["rule"] for rule in RULES if len(names(rule, "intent")) > 1] == []


def test_a_hundred_answers_are_one_intent_and_one_rule() -> None:
    """2 (rasa#10703): RulePolicy slows down with thousands of rules; answers are data."""
    intents = [next(iter(intent)) for intent in DOMAIN["intents"]]
    assert [intent for intent in intents if intent.startswith("faq")] == ["faq"]
    assert not any(response.startswith("utter_faq") for response in DOMAIN["responses"])
    assert len(RULES) < 400


def test_no_later_step_confirms_what_an_action_did() -> None:
    """1b.3: 'Thanks, saved' as a rule's own step is said although the action failed."""
    confirming = []
    for rule in RULES:
        actions = names(rule, "action")
        for before, after in zip(actions, actions[1:]):
            if before.startswith("action_") and before != "action_leave_form" and after.startswith("utter_"):
                confirming.append(rule["rule"])
    assert confirming == []


def test_no_slot_fills_itself_from_a_message() -> None:
    """2 (rasa#10219, rasa#10259): from_text fills every slot; ours are filled by the form's own reading alone."""
    slots = DOMAIN["slots"]
    assert {name for name, slot in slots.items() if slot["mappings"] != [{"type": "custom"}]} == set()
    assert {name for name, slot in slots.items() if slot["influence_conversation"]} == set()


def test_sessions_outlast_a_late_answer_but_end() -> None:
    """1d, 2: an hour drops the form, 0 never ends and grows (rasa#6334): days, with the answers carried over."""
    session = DOMAIN["session_config"]
    assert 3 * 24 * 60 <= session["session_expiration_time"] <= 30 * 24 * 60
    assert session["carry_over_slots_to_new_session"] is True


def test_rasas_own_names_are_not_ours() -> None:
    """2: Rasa acts by itself on the intents restart, back and session_start."""
    intents = {next(iter(intent)) for intent in DOMAIN["intents"]}
    assert not intents & {"restart", "back", "session_start"}
    assert "start_again" in intents


def test_no_timer_lives_in_rasas_memory() -> None:
    """1e: reminders live in one process's memory and die with it; our timers are rows."""
    used = set()
    for file in [*(ROOT / "actions").rglob("*.py"), *(ROOT / "assistant").rglob("*.py")]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        used |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert "SlotSet" in used
    assert not used & {"ReminderScheduled", "ReminderCancelled", "ConversationPaused", "ConversationResumed"}


async def test_places_are_found_by_the_directory_and_not_by_a_regex_of_thousands(trial: Trial) -> None:
    """2: RegexEntityExtractor takes 10 ms at 20,000 terms, and 0.57 s at its first use."""
    parse = await trial.dialogue._agent.parse_message("something near LU3 please")
    places = [entity for entity in parse["entities"] if entity["entity"] == "place"]
    assert [(place["value"], place["extractor"]) for place in places] == [("LU3", "WishExtractor")]
