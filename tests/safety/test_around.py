"""assistant/safety/around.py: short answers and refusals in safety mode, and what must not be taken for them."""

from __future__ import annotations

import pytest

from assistant.safety.around import refuses, safe_answer, without_hope

SHOWN = ["suicide_ideation"]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("yes", True), ("yes it is", True), ("Yes, he's at work today", True), ("i think so", True), ("i am safe to talk", True),
        ("no", False), ("not really", False), ("he is here", False),
        ("yes but he checks my phone", None), ("yes but he is in the next room", None), ("yes my husband reads them all", None),
    ],
)  # fmt: skip
def test_only_a_plain_yes_makes_it_safe(text: str, safe: bool | None) -> None:
    """A yes with anything after it may take it back, and a wrong yes sends the help-line to a watched phone."""
    assert safe_answer(text) is safe


@pytest.mark.parametrize("text", ["leave me alone", "I don't want to talk about it", "i dont want this", "forget it", "stop asking you idiot"])
def test_a_refusal_is_accepted(text: str) -> None:
    """In the words of people who have had enough of questions."""
    assert refuses(text)


@pytest.mark.parametrize(
    "text", ["I don't want to feel like this", "i dont want to go home", "I don't want to lose my kids", "I dont want to die", "i'm done"]
)
def test_a_plea_is_no_refusal(text: str) -> None:
    """'I do not want to' is most often the start of one."""
    assert not refuses(text)


def test_words_without_hope_are_heard_but_not_for_an_answer() -> None:
    """A form's own answers are let through to it; the plain words are not."""
    assert without_hope("it doesn't matter", SHOWN, False)
    assert not without_hope("it doesn't matter", SHOWN, False, in_form=True)
    assert not without_hope("is 5pm too late", SHOWN, False, in_form=True)
    assert without_hope("whats the point", SHOWN, False, in_form=True)
    assert not without_hope("I've given up smoking", SHOWN, False)
    assert without_hope("i've given up", SHOWN, False)
