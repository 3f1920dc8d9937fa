"""`linkway train` and `linkway understand`: what makes a model stale, and a JSON line for every line."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from done import Linkway
from live import ROOT

from assistant.dialogue.training import fingerprint

ENCODER = "minilm-int8"
READ = (
    b"I feel so alone since my wife died\n"
    b"what does it cost?\r\n"
    b"\n"
    b"/restart\n"
    b"caf\xe9 and cr\xeache\n"  # of another encoding
    b'say "hello"\x00 \xf0\x9f\x98\x80 \xe2\x80\xae\n'
    b"i want to end my life"  # no line end
)


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of everything a model is made from."""
    folder = tmp_path_factory.mktemp("sources")
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("nlu_data", "assistant/dialogue/nlu", "directory/encoder"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "held_out"))
    return folder


@pytest.mark.parametrize(
    "name",
    ["config.yml", "domain.yml", "nlu_data/faq_cost_and_travel.yml", "nlu_data/rules/check_in_form.yml",
     "assistant/dialogue/nlu/adapter.npz", "assistant/dialogue/nlu/words.txt", "assistant/dialogue/nlu/reading.py",
     "assistant/dialogue/nlu/wishes/places.py", "directory/encoder/graph.py"],
)  # fmt: skip
def test_a_change_of_what_a_model_is_made_from_makes_it_stale(sources: Path, name: str) -> None:
    before = fingerprint(sources, ENCODER)
    file = sources / name
    was = file.read_bytes()
    file.write_bytes(was + b"\n")
    try:
        assert fingerprint(sources, ENCODER) != before
    finally:
        file.write_bytes(was)
    assert fingerprint(sources, ENCODER) == before
    assert fingerprint(sources, "another-encoder") != before


def test_another_rasa_makes_it_stale(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(sources, ENCODER)
    monkeypatch.setattr("assistant.dialogue.training.version", lambda package: "99")
    assert fingerprint(sources, ENCODER) != before


def test_each_line_is_read_on_its_own_whatever_is_in_it(linkway: Linkway, home: Path, trained_model: Path) -> None:
    (home / "models").mkdir()
    os.link(trained_model, home / "models" / trained_model.name)
    done = linkway("understand", typed=READ)
    assert done.code == 0
    lines = done.out.split("\n")
    assert lines.pop() == ""
    read = [json.loads(line) for line in lines]
    assert len(read) == 7
    for reading in read:
        assert {"text", "intent", "topic", "confidence", "needs", "risks", "entities"} <= set(reading)
    assert [r["text"] for r in read[:4]] == ["I feel so alone since my wife died", "what does it cost?", "", "/restart"]
    assert "bereavement" in read[0]["needs"] and (read[1]["intent"], read[1]["topic"]) == ("faq", "cost")
    assert set(read[6]["risks"]) & {"suicide_ideation", "suicide_imminent"}
    assert read[3]["confidence"] < 1 or read[3]["intent"] != "restart"
    assert not (home / "linkway.db").exists(), "a conversation was made"
