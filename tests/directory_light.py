"""A directory without a model, for tests of pages: words are hashed, so the same words are near each other."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.engine import Engine

from directory import store
from directory.places import Places
from directory.records import Listing
from directory.search import Directory
from directory.text import words
from directory.visibility import Policy

GOOD = {
    "accredited_by": "Lea Panel", "accredited_on": date(2026, 6, 1), "accredited_until": date(2027, 5, 31), "checked_on": date(2026, 11, 1),
}  # fmt: skip


class WordsOnly:
    """Stands in for the encoder: a bag of words in 64 hashed places."""

    dimension = 64
    fingerprint = "words-only"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit rows."""
        out = np.full((len(texts), self.dimension), 1e-6, np.float32)
        for row, text in enumerate(texts):
            for word in words(text):
                out[row, zlib.crc32(word.encode()) % self.dimension] += 1
        return out / np.linalg.norm(out, axis=1, keepdims=True)


def shelve(engine: Engine, home: Path, clock: Callable[[], date], *listings: Listing) -> Directory:
    """These listings stored, and the directory over them."""
    for listing in listings:
        store.save(engine, listing, by="test")
    return Directory(engine, home, WordsOnly(), Places.load(), Policy(), clock)  # type: ignore[arg-type]


def a_listing(identifier: str, name: str, **fields: Any) -> Listing:
    """One that patients may see, unless `fields` say otherwise."""
    told = {"description": f"{name} meets for tea and a chat.", "source": "test", **GOOD, **fields}
    return Listing(identifier, name, **told)
