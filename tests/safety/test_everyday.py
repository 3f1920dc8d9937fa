"""Answers made of days, times and fares alone: no classifier reads danger into them, and nothing dangerous hides among them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from assistant.safety.everyday import is_everyday
from assistant.safety.normalise import normalise
from assistant.safety.screen import ScreenContext, by_patterns, register_classifier, screen
from assistant.safety.tiers import ORDER

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = ["not today", "Not today. Next week. Tuesday", "saturdays my sister comes", "on the bus", "free only please", "lift from my son",
           "after 2pm", "LU2 please", "just round the corner", "bus or walk", "not Fridays", "a pound or two", "with a friend"]  # fmt: skip
NO_ANSWERS = ["I can't go on", "no more", "not any more", "I want to go", "the train", "no one", "I'm 14", "on the bus, he hit me", "not now I took them all",
              "want to end it today", "before i go"]  # fmt: skip


@pytest.fixture
def alarmed() -> Iterator[None]:
    """A classifier that takes every message for an emergency."""

    def cries(_: str) -> Mapping[str, float]:
        return dict.fromkeys((*ORDER, "any"), 5.0)

    register_classifier(cries)
    yield
    register_classifier(None)


@pytest.mark.usefixtures("alarmed")
@pytest.mark.parametrize("text", ANSWERS)
def test_a_day_or_a_fare_is_an_answer(text: str) -> None:
    assert screen(text).risks == []


@pytest.mark.usefixtures("alarmed")
@pytest.mark.parametrize("text", NO_ANSWERS)
def test_anything_else_is_read_by_the_whole_screen(text: str) -> None:
    assert screen(text).risks


@pytest.mark.usefixtures("alarmed")
@pytest.mark.parametrize("context", [ScreenContext("suicide"), ScreenContext(shown=frozenset({"suicide_ideation"})), ScreenContext(shown=frozenset({"medical_emergency"}))])
def test_after_a_danger_to_life_every_word_counts(context: ScreenContext) -> None:
    assert screen("not today", context).risks


def test_no_message_known_to_call_for_help_is_one() -> None:
    lines = [row for file in sorted((ROOT / "nlu_data" / "safety").glob("*.tsv"))
             for row in csv.DictReader(file.open(encoding="utf-8"), delimiter="\t", quoting=csv.QUOTE_NONE)]  # fmt: skip
    assert len(lines) > 5000
    assert [row for row in lines if row["risks"] != "none" and is_everyday(normalise(row["message"]).text, ())] == []


@pytest.mark.parametrize("question", ["number", None])
@pytest.mark.parametrize("text", ["im 14", "I'm 9", "I am only 12"])
def test_an_age_beside_a_list_of_choices_is_an_age(question: str | None, text: str) -> None:
    assert "under_16" in by_patterns(text, ScreenContext(question=question))[0]


def test_a_score_is_no_age_and_a_mover_is_not_turned_out() -> None:
    assert not by_patterns("I'm a 7", ScreenContext(question="scale"))[0] and not by_patterns("I'm 7", ScreenContext(question="scale"))[0]
    assert not by_patterns("since my brother moved out she just sits at home", None)[0]
    assert by_patterns("they moved me out of my flat and now i have nowhere", None)[0]
