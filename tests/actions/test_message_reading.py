"""actions/reading.py: questions, corrections, wishes and late choices told apart."""

from __future__ import annotations

import pytest
from told import told


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("is it free?", True),
        ("how do i get there", True),
        ("so what happens then", True),
        ("its all in my head isnt it", True),
        ("free please", False),
        ("on my own", False),
        ("when my son is at school", True),
        ("/faq", False),
    ],
)
def test_a_question(text: str, asks: bool) -> None:
    """By its mark, its first words or its last."""
    assert told(text).is_question is asks


@pytest.mark.parametrize("text", ["no, LU3 not LU2", "actually evenings", "Sorry I meant Tuesday", "make it friday"])
def test_a_correction(text: str) -> None:
    """Puts right what was said before."""
    assert told(text).is_correction


@pytest.mark.parametrize("text", ["LU3", "nothing special", "north of town", "evenings please"])
def test_no_correction(text: str) -> None:
    """Plain answers, and words that only begin alike."""
    assert not told(text).is_correction


@pytest.mark.parametrize("text", ["I don't mind", "not bothered", "either", "dont really mind", "any", "none"])
def test_it_does_not_matter(text: str) -> None:
    """An answer to how something should be."""
    assert told(text).no_matter


@pytest.mark.parametrize("text", ["I mind a lot", "any chance of a call from somebody about the bus", "anyone there"])
def test_it_does_matter(text: str) -> None:
    """Words that only begin like it."""
    assert not told(text).no_matter


def test_a_few_words_with_a_wish_are_an_answer() -> None:
    """'free please' is one even where the classifier sees a question; a wish to talk to somebody is not."""
    assert told("free please", "faq", entities={"cost": "free"}).tells_wish
    assert not told("is it free", "faq", entities={"cost": "free"}).tells_wish
    assert not told("talk with someone", "talk_to_human", entities={"company": "with_someone"}).tells_wish


def test_a_pressed_choice_knows_its_question() -> None:
    """Typed words never do, whatever entity they hold."""
    assert told('/answer{"answer":"any"}', entities={"answer": "any", "step": "when"}).step == "when"
    assert told("when", entities={"step": "when"}).step is None
