"""Listings made by hand for the tests, and the day on which the tests take place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from directory.records import Listing

TODAY = date(2026, 11, 21)
REPOSITORY = Path(__file__).resolve().parents[2]


def make(identifier: str = "one", **fields: object) -> Listing:
    """A listing patients may see on TODAY, unless `fields` say otherwise."""
    values: dict[str, object] = {
        "name": f"Listing {identifier}",
        "description": "A friendly group that meets for tea and a chat.",
        "accredited_by": "Example Panel",
        "accredited_on": date(2026, 6, 1),
        "accredited_until": date(2027, 5, 31),
        "checked_on": date(2026, 10, 1),
        "source": "test",
    }
    return Listing(id=identifier, **{**values, **fields})  # type: ignore[arg-type]
