"""actions/about_person.py: what is said of oneself, and what is said of others and is not."""

from __future__ import annotations

import pytest

from actions.about_person import groups_told


@pytest.mark.parametrize(
    ("words", "groups"),
    [
        ("woman, 25", ["women"]), ("a woman", ["women"]), ("Woman in my 40s", ["women"]), ("male 64", ["men"]), ("Bloke aged 50", ["men"]),
        ("retired man, 70", ["men"]), ("I am a lonely old man", ["men"]), ("I am a 22 year old woman and I am lonely", ["women"]),
        ("dad of three", ["men", "parents"]), ("mum of two, no money", ["women", "parents"]), ("single mum", ["women", "parents"]),
        ("hi, 34 year old mum", ["women", "parents"]), ("I'm a mum, my husband needs a men's shed", ["women", "parents"]),
        ("I am a carer for mum and it is a lot", ["carers"]), ("I'm a carer for my husband", ["carers"]),
    ],
)  # fmt: skip
def test_what_is_said_of_oneself(words: str, groups: list[str]) -> None:
    """'I'm a ...', or such words alone with an age or the number of children."""
    assert groups_told(words) == groups


@pytest.mark.parametrize("words", ["Wife and kids left me last year", "Mum and dad both died", "Man, I'm so lonely", "oh man", "man and wife", "mum", "husband",
                                   "Mum, 78, has dementia", "Mum of 85 has dementia", "dad 82", "Dad, can't walk", "girl, I'm fed up", "Lady next door is rude",
                                   "get me a man who can fix it", "I'm a friend of my dad", "I've got no kids"])  # fmt: skip
def test_what_is_said_of_others(words: str) -> None:
    """Nobody's sex is taken from whom they speak of, or from how they begin."""
    assert groups_told(words) == []
