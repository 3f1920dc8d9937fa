"""A small directory over a house's own database, for tests of referrals: real listings and search, an encoder made of words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from assistant.clock import clock
from assistant.house import House
from directory import store
from directory.places import Places
from directory.records import Listing
from directory.search import Directory

ROOT = Path(__file__).resolve().parents[1]


class WordEncoder:
    """Each word is a place in the vector: near means words in common. Ready at once, unlike the real one."""

    dimension = 384
    fingerprint = "words"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit rows."""
        rows = np.full((len(texts), self.dimension), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"[a-z]+", text.lower()):
                rows[row, int(hashlib.sha256(word.encode()).hexdigest(), 16) % self.dimension] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


ENCODER = WordEncoder()


@lru_cache(maxsize=1)
def _places() -> Places:
    return Places.load(ROOT / "programme" / "places.csv")


def listing(identifier: str, name: str, **fields: object) -> Listing:
    """One that patients may see in November 2026, unless `fields` say otherwise."""
    values: dict[str, object] = {
        "description": f"{name}: a friendly group for company, tea and a chat.", "provider": "Harbour Trust", "needs": ("loneliness",),
        "address": "1 Mill Street", "town": "Luton", "postcode": "LU1 2AA", "latitude": 51.88, "longitude": -0.42,
        "accredited_by": "Example Panel", "accredited_on": date(2026, 6, 1), "accredited_until": date(2027, 5, 31),
        "checked_on": date(2026, 10, 1), "source": "test", "email": f"{identifier}@service.example",
    }  # fmt: skip
    return Listing(id=identifier, name=name, **{**values, **fields})  # type: ignore[arg-type]


TEA = listing("tea", "Tea and Talk", free_sessions=4, cost_afterwards="£2 a session", who_meets_you="Jo at the door", cost_amount=2.0)
SHED = listing("shed", "Mill Shed", cost="Free", cost_amount=0.0, phone="07700 900555", email=None)
CHOIR = listing("choir", "Company Choir", cost="Free", cost_amount=0.0)
HIDDEN = (
    listing("old", "Lapsed Lunch", accredited_until=date(2026, 11, 1)),
    listing("none", "Unknown Club", accredited_by=None),
    listing("full", "Full Hall", status="full"),
    listing("closed", "Closed Cafe", status="closed"),
)


def give_directory(house: House, folder: Path, *more: Listing) -> Directory:
    """Put the listings into the house's database, and the directory into the house."""
    store.create_tables(house.engine)
    for one in (TEA, SHED, CHOIR, *HIDDEN, *more):
        store.save(house.engine, one, by="test")
    return open_again(house, folder)


def open_again(house: House, folder: Path) -> Directory:
    """The directory over listings that are in the database already."""
    house.directory = Directory(house.engine, folder, ENCODER, _places(), clock=clock.today)
    house.directory.refresh()
    return house.directory
