"""actions/pointing.py: which of the services on the screen a message points at."""

from __future__ import annotations

from typing import Any

import pytest

from actions.pointing import named, places_in, places_pointed_at

SHOWN: list[dict[str, Any]] = [
    {"id": "a", "name": "Cosy Room at Bellfounder", "summary": "A warm room with tea."},
    {"id": "b", "name": "Hearts in Step", "summary": "Short walks for people with a heart condition."},
    {"id": "c", "name": "Golden Years Lunch Club", "summary": "A hot lunch and company."},
]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("is ther steps at the first place i hav a bad hip", [1]),
        ("how much is the 3rd 1", [3]),
        ("is the first one near a bus", [1]),
        ("that last one, is it on a tuesday", [-1]),
        ("can i park at number 2", [2]),
        ("what does option two cost", [2]),
        ("do you have to pay at the second", [2]),
        ("my last place had steps", []),
        ("the first group i went to was free", []),
        ("is there anything free", []),
        ("how much is the first session", []),
    ],
)
def test_a_place_pointed_at_inside_a_message(words: str, places: list[int]) -> None:
    """A place of the list, never a story."""
    assert places_pointed_at(words, 3) == places


@pytest.mark.parametrize(("words", "places"), [("the third 1", [3]), ("take that one off", []), ("2 and the last one", [2, -1]), ("the 1st wan", [1])])
def test_one_is_no_number_after_a_place(words: str, places: list[int]) -> None:
    """'The third 1' is one place, and 'that one' is none."""
    assert places_in(words, 3) == places


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("how much is golden years", ["c"]),
        ("i didnt want goldn years saved", ["c"]),
        ("is the lunch one on a monday", ["c"]),
        ("the walking one", ["b"]),
        ("are there steps at the cosy room", ["a"]),
        ("is there a club", []),
        ("how much is it", []),
    ],
)
def test_a_name_or_part_of_it(words: str, ids: list[str]) -> None:
    """Names with slips of spelling; what fits two fits none."""
    assert named(words, SHOWN) == ids
