"""What patients have asked before, and the listings that answered: moves a question towards the language of listings.

`asked.npz` beside the encoder's adapter holds the vectors of the questions and listings of nlu_data/search/, as that very
encoder gives them (benchmarks/train_search.py writes both). A question is compared with those questions; the
listings that answered the nearest say how providers would put it. They also tell how near a fitting listing usually
comes to such a question, so that a directory that has none can be told from one that has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from directory.encoder import Encoder

FILE = Path(__file__).with_name("encoder") / "asked.npz"
LARGEST = 127  # of the stored int8 vectors: each row is stretched until its largest component is this
# Chosen on the development directory (benchmarks/search.py): how far a question is moved, and how near another must
# come to count.
MOVED, NEARNESS = 0.7, 0.03
ALIKE, ALIKENESS = 5, 0.06  # known listings a listing is compared with, and how alike another must be to count
NEAREST = 3  # known listings that say how near a fitting one usually comes; more say less of the very thing asked for


@dataclass(frozen=True)
class Sought:
    """A question moved towards listings: its unit `vector`, and how near (cosine) the nearest known listings come to it."""

    vector: np.ndarray
    known: float


@dataclass(frozen=True)
class Asked:
    """`questions` (n, d) and `listings` (m, d) as unit rows; `answered[i]` is the row of the listing that answers i."""

    questions: np.ndarray
    listings: np.ndarray
    answered: np.ndarray

    @cached_property
    def centres(self) -> np.ndarray:
        """(m, d): what is asked of each listing, as the unit mean of its questions."""
        sums = np.zeros_like(self.listings)
        np.add.at(sums, self.answered, self.questions)
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)

    def alike(self, wholes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For unit vectors of listings (n, d): the rows of the known listings most like each, and what part each has, (n, ALIKE).

        The parts are such that `parts @ centres[rows]` is a unit vector: what is asked of listings like this one.
        """
        near = wholes @ self.listings.T / ALIKENESS
        rows = np.argpartition(-near, ALIKE - 1, axis=1)[:, :ALIKE]
        chosen = np.take_along_axis(near, rows, axis=1)
        parts = np.exp(chosen - chosen.max(axis=1, keepdims=True))
        together = np.einsum("nk,nkd->nd", parts, self.centres[rows])
        return rows.astype(np.int32), (parts / np.linalg.norm(together, axis=1, keepdims=True)).astype(np.float32)

    def sought(self, vector: np.ndarray) -> Sought:
        """`vector`, the unit vector of a question (d), as a listing that answers it might read."""
        near = (self.questions @ vector) / NEARNESS
        weights = np.exp(near - near.max())
        weights /= weights.sum()
        listings = np.bincount(self.answered, weights, minlength=len(self.listings)).astype(np.float32) @ self.listings
        moved = vector + MOVED * listings / np.linalg.norm(listings)
        moved = (moved / np.linalg.norm(moved)).astype(np.float32)
        known = np.partition(self.listings @ moved, -NEAREST)[-NEAREST:]
        return Sought(moved, float(known.mean()))


def in_pieces(wholes: np.ndarray, most: int = 4096) -> Iterator[np.ndarray]:
    """Rows of listings so few at a time that comparing them with all known listings needs little memory."""
    return (wholes[start : start + most] for start in range(0, len(wholes), most))


def asked_of(encoder: Encoder) -> Asked | None:
    """The questions as `encoder` reads them; None for another encoder than the one that read them for the file."""
    return read_asked() if getattr(encoder, "adapter", "") == made_with() else None


@lru_cache(maxsize=1)
def made_with(file: Path = FILE) -> str:
    """The mark of the adapter whose encoder made the file's vectors."""
    with np.load(file, allow_pickle=False) as stored:
        return str(stored["made_with"])


@lru_cache(maxsize=1)
def read_asked(file: Path = FILE) -> Asked:
    """The stored questions and listings, about 17 MB in memory."""
    with np.load(file, allow_pickle=False) as stored:
        rows = {name: stored[name].astype(np.float32) for name in ("questions", "listings")}
        units = {name: row / np.linalg.norm(row, axis=1, keepdims=True) for name, row in rows.items()}
        return Asked(units["questions"], units["listings"], stored["answered"].astype(np.int64))


def keep_asked(file: Path, questions: np.ndarray, listings: np.ndarray, answered: np.ndarray, made_with: str) -> None:
    """Write the vectors as int8 rows of the same direction. `made_with` is the adapter's mark."""
    np.savez_compressed(
        file, questions=_stretched(questions), listings=_stretched(listings), answered=answered.astype(np.uint16),
        made_with=np.array(made_with),
    )  # fmt: skip


def _stretched(rows: np.ndarray) -> np.ndarray:
    return np.round(rows * (LARGEST / np.abs(rows).max(axis=1, keepdims=True))).astype(np.int8)
