"""actions/other_time.py: which part of a message asks for another day or time, and which only tells of one."""

from __future__ import annotations

import pytest

from actions.other_time import asked_time, days_in


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("oh wait is that the day with the bin men. no can it be thursday same time", ["thu"]),
        ("actually make it friday", ["fri"]),
        ("i cant do tuesday can it be thursday", ["thu"]),
        ("sorry tuesdays no good, friday?", ["fri"]),
        ("i have the dentist on thursday, is wednesday ok instead? does it cost anything", ["wed"]),
        ("hang on thats bin day can we say weds", ["wed"]),
        ("no not thursday friday", ["fri"]),
        ("is thursday any good", ["thu"]),
        ("could we do 3pm instead", []),
        ("can you ring at 10.30", []),
        ("same time next week", []),
        ("my mum is 82, can it be the afternoon", []),
    ],
)
def test_a_time_is_asked_for(text: str, days: list[str]) -> None:
    """In words of its own, whatever stands beside them."""
    assert asked_time(text) and days_in(asked_time(text)) == days


@pytest.mark.parametrize(
    "text",
    ["my benefits stop on friday", "i feel low, mostly in the evenings", "can we talk about my appointment on friday", "Joan", "May", "June",
     "07700 900123", "i have work on mondays and fridays", "my son comes at 2", "i am out on tuesday", "i need help before friday",
     "i'm 3 months behind on rent", "no", "evenings"],
)  # fmt: skip
def test_a_time_is_only_told_of(text: str) -> None:
    """What the call is about, a name or a number."""
    assert not asked_time(text)
