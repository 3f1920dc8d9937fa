"""directory/prices.py: one sentence for what is free first and what it costs then; 'free' only where somebody can see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from directory_made import REPOSITORY, make

from directory.cells import parse_cost
from directory.places import Places
from directory.prices import cost_now, stays_free
from directory.rows import read_row
from directory.sheet import open_sheet

LISTINGS = Path(REPOSITORY, "programme/demo/listings.csv")


@pytest.mark.parametrize(
    ("cost", "free_sessions", "afterwards", "said"),
    [
        ("£5 for lunch", 3, "£5 for lunch", "the first 3 sessions are free, then £5 for lunch"),
        ("free for 12 sessions then £3", 12, "£3 a session", "the first 12 sessions are free, then £3 a session"),
        ("free", 8, "£1 a session", "the first 8 sessions are free, then £1 a session"),
        ("2", 4, "2", "the first 4 sessions are free, then £2"),
        ("£12 an hour", 1, None, "the first session is free, then £12 an hour"),
        ("£3, supporters free", 2, None, "the first 2 sessions are free, then £3, supporters free"),
        ("first 2 trips free, then £4", 2, "£4", "first 2 trips free, then £4"),
        ("free for 6 weeks", 12, "£14 an hour", "free for 6 weeks"),
        ("free", 6, "no charge for the monthly meet-up", "free"),
        ("free", None, "stays free", "free"),
        ("£2 for lunch, free if you cannot pay", None, None, "£2 for lunch, free if you cannot pay"),
        (None, 6, None, "the first 6 sessions are free"),
        (None, None, None, None),
    ],
)
def test_what_it_costs_now(cost: str | None, free_sessions: int | None, afterwards: str | None, said: str | None) -> None:
    """The provider's words stay where they say more."""
    amount = parse_cost(cost) if cost else None
    assert cost_now(make(cost=cost, cost_amount=amount, free_sessions=free_sessions, cost_afterwards=afterwards)) == said


def test_free_for_some_is_not_free() -> None:
    """Nobody knows whose income is low; and what stays free has no price in it."""
    assert parse_cost("free on a low income, otherwise £18 an hour") == 18 and parse_cost("free") == 0
    assert stays_free("no charge") and stays_free(None) and not stays_free("£2 a visit") and not stays_free("usual fees")


def test_in_the_demo_whatever_counts_as_free_says_so() -> None:
    """'Free only' never shows a price alone."""
    places = Places.load()
    for _, cells, _ in open_sheet(LISTINGS.read_bytes()).rows():
        listing, _, _ = read_row(cells, "demo", places)
        if listing is not None and listing.is_free:
            assert "free" in (cost_now(listing) or "").lower(), listing.id
