"""A message put right before it is read, and bare replies known without a model."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.nlu.bare import is_bare_answer
from assistant.dialogue.nlu.repair import repair
from assistant.dialogue.nlu.spelling import slips, spell


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("u r gr8", "you are great"),
        ("want 2 talk 2 sum1", "want to talk to someone"),
        ("ring me after 2", "ring me after 2"),
        ("I hav 4 kids", "i have 4 kids"),
        ("Cannae get oot the hoose", "can't get out the house"),
        ("I\u2019m sooooo lonley", "i'm soo lonely"),
        ("cos im skint", "because i'm skint"),
        ("greif suport group", "grief support group"),
        ("need ID?", "need id ?"),
        ("im ill", "i'm ill"),
        ("7", "7"),
        ("", ""),
    ],
)
def test_repair(typed: str, meant: str) -> None:
    assert repair(typed) == meant


@pytest.mark.parametrize("word", ["viola", "pensioner", "lu3", "conversational", "gp", "Ł\u00f3dź", "x" * 90])
def test_words_left_as_they_are(word: str) -> None:
    assert spell(word) == word


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("anxeity", "anxiety"), ("feelin", "feeling"), ("taht", "that"), ("perscription", "prescription")],
)
def test_words_put_right(typed: str, meant: str) -> None:
    assert spell(typed) == meant


def test_slips_counts_a_swap_as_one() -> None:
    assert slips("taht", "that") == 1
    assert slips("lonley", "lonely") == 1
    assert slips("grief", "grief") == 0
    assert slips("cat", "") == 3


@given(st.text(max_size=200))
def test_any_text_can_be_repaired(text: str) -> None:
    once = repair(text)
    assert once == once.lower() or not once.isascii()
    assert len(once.split()) <= 4 * max(1, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "LU3",
        "lu4 9",
        "LU1 3QW",
        "7",
        "about a 6",
        "3 or 4",
        "7/10",
        "8 out of 10",
        "I'd say seven",
        "im in LU2",
    ],
)
def test_bare_answers(text: str) -> None:
    assert is_bare_answer(text)


@pytest.mark.parametrize(
    "text", ["m8", "b4", "yes", "stop", "lu3 food bank", "7 kids and no money", "", "the second one"]
)
def test_not_bare_answers(text: str) -> None:
    assert not is_bare_answer(text)
