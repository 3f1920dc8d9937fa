"""actions/service_words.py: a service in plain words, complete by itself."""

from __future__ import annotations

from typing import Any

import pytest

from actions.service_words import (
    answer_to,
    asked_labels,
    cost_answer,
    cost_now,
    distance,
    how_to_join,
    in_full,
    short_line,
    with_reasons,
)
from directory.prices import money

SERVICE: dict[str, Any] = {
    "id": "x", "name": "Tea and Talk", "provider": "Millrace", "summary": "Tea.", "where": "Hall, LU2", "when": ["Mondays, 2pm"],
    "distance_km": 1.2, "cost": {"now": "4.50", "free_sessions": 12, "afterwards": "£2 a session"}, "access": ["step-free"],
    "languages": [], "who_meets_you": None, "can_bring_someone": "yes", "how_to_join": None, "contact": "01632 960000",
    "why": ["for company", "near LU2"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "said"),
    [("4.50", "£4.50"), ("3", "£3"), ("0", "free"), ("0.00", "free"), (2.5, "£2.50"), ("£2 a week", "£2 a week"), ("", None), (None, None)],
)
def test_money(cell: Any, said: str | None) -> None:
    """A bare figure is pounds; words stay as they are; nothing is nothing."""
    assert money(cell) == said


def test_a_line_begins_each_sentence_with_a_capital() -> None:
    """Name, when, how far, what it costs."""
    assert short_line(1, SERVICE) == "1. Tea and Talk. Mondays, 2pm. Under a mile away. Cost: £4.50."
    assert with_reasons(2, SERVICE).endswith("Why: for company, near LU2.")


@pytest.mark.parametrize(("km", "said"), [(0.2, "under a mile away"), (1.7, "about 1 mile away"), (8.0, "about 5 miles away")])
def test_distance_in_miles(km: float, said: str) -> None:
    """As people here say it."""
    assert distance(km) == said


def test_what_is_unknown_says_ask() -> None:
    """Never a guess, never a gap."""
    full = in_full(SERVICE)
    assert "Who meets you: ask" in full and "How to join: ask" in full and "Languages" not in full
    assert "Cost now: £4.50" in full and "Free sessions: 12" in full
    assert cost_now({"cost": {}}) == "Cost: ask"


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("how much is it", "Cost now: £4.50"),
        ("who will meet me", "Who meets you: Ask"),
        ("can i bring my sister", "Bring someone: Yes"),
        ("is it wheelchair friendly", "Access: Step-free"),
        ("what day is it on", "When: Mondays, 2pm"),
    ],
)
def test_one_thing_asked_is_one_thing_answered(words: str, holds: str) -> None:
    """The facts asked for, after the name."""
    said = answer_to(words, SERVICE)
    assert said is not None and said.startswith("Tea and Talk. ") and holds in said


@pytest.mark.parametrize(
    ("now", "afterwards", "said"),
    [
        ("free", "stays free", "It is free."),
        ("free", None, "It is free."),
        ("0", None, "It is free."),
        ("the first 3 sessions are free, then £5 for lunch", "£5 for lunch", "The first 3 sessions are free, then £5 for lunch."),
        ("free for 6 weeks", "£14 an hour", "It is free for 6 weeks. Afterwards: £14 an hour."),
        ("£2 a session", "£2 a session", "Cost now: £2 a session."),
        ("free talk, and simple wills", "usual fees", "Cost now: Free talk, and simple wills. Afterwards: Usual fees."),
        (None, None, "Cost now: Ask."),
    ],
)
def test_how_much(now: str | None, afterwards: str | None, said: str) -> None:
    """'How much' is answered in a sentence: 'It is free'."""
    assert cost_answer({"cost": {"now": now, "afterwards": afterwards}}) == said


def test_a_place_or_a_name_asks_for_nothing() -> None:
    """'Number 2' wants no telephone number and 'Hearts in Step' no ramp."""
    assert asked_labels("what about number 2") == [] and asked_labels("is hearts in step free", "Hearts in Step") == ["Cost now"]


@pytest.mark.parametrize(
    ("how", "said"),
    [("ring first", "ring first, 01632 960000"), ("email us", "email us, a@example.org"), ("just turn up", "just turn up"),
     ("ring 01632 960111", "ring 01632 960111"), (None, None)],
)  # fmt: skip
def test_how_to_join_comes_with_the_number(how: str | None, said: str | None) -> None:
    """Nobody has to look for the number they are told to ring."""
    assert how_to_join({"how_to_join": how, "contact": "01632 960000, a@example.org"}) == said


def test_what_was_asked_of_the_last_one_is_asked_of_this() -> None:
    """'And the third 1?' after 'how much is the second one'."""
    assert answer_to("and the third 1", SERVICE, ["When"]) == "Tea and Talk. When: Mondays, 2pm."


def test_the_whole_is_told_when_nothing_particular_is_asked() -> None:
    """'Tell me more' wants it all."""
    assert answer_to("tell me more", SERVICE) is None and answer_to("cost", None) is None
