"""How strongly a text points to each need: similarity to the plain lines of needs.yml, softmaxed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from directory.encoder import Encoder

NEEDS_FILE = Path(__file__).with_name("needs.yml")
# Softmax sharpness, tuned on the development questions: lower blurs all needs together, higher trusts one
# line.
QUESTION_SHARPNESS = 20.0
LISTING_SHARPNESS = 25.0


@dataclass(frozen=True)
class Need:
    """One need of the taxonomy: its id, its name and reason in a patient's words, and lines as patients say
    them."""

    id: str
    label: str
    reason: str
    lines: tuple[str, ...]


@lru_cache(maxsize=4)
def load_needs(path: Path = NEEDS_FILE) -> tuple[Need, ...]:
    """The needs in the file's order. Raises ValueError when one has no lines or no label."""
    needs = []
    for identifier, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        if not (entry.get("lines") and entry.get("label") and entry.get("reason")):
            raise ValueError(f"{path.name}: {identifier} needs a label, a reason and some lines.")
        needs.append(Need(identifier, entry["label"], entry["reason"], tuple(entry["lines"])))
    return tuple(needs)


def need_ids() -> tuple[str, ...]:
    """The ids of the taxonomy's needs, in the file's order."""
    return tuple(need.id for need in load_needs())


def need_label(identifier: str) -> str:
    """The need in a patient's words; an unknown id comes back with its underscores as spaces."""
    need = _by_id().get(identifier)
    return need.label if need else identifier.replace("_", " ")


def need_reason(identifier: str) -> str | None:
    """Why a service for this need was suggested ('help with money'); None for an unknown id."""
    need = _by_id().get(identifier)
    return need.reason if need else None


@lru_cache(maxsize=1)
def _by_id() -> dict[str, Need]:
    return {need.id: need for need in load_needs()}


class NeedLines:
    """The encoded lines of every need, ready to be compared with questions and listings."""

    def __init__(self, encoder: Encoder, needs: Sequence[Need] | None = None) -> None:
        self.needs = tuple(needs or load_needs())
        self.ids = tuple(need.id for need in self.needs)
        lines = [line for need in self.needs for line in need.lines]
        self._vectors = encoder.encode(lines)
        self._starts = np.cumsum([0] + [len(need.lines) for need in self.needs[:-1]])
        self._counts = np.array([len(need.lines) for need in self.needs], np.float32)

    def similarities(self, vectors: np.ndarray) -> np.ndarray:
        """float32 (n, needs): halfway between the best and the average line of each need, cosine."""
        cosines = np.asarray(vectors, np.float32) @ self._vectors.T
        best = np.maximum.reduceat(cosines, self._starts, axis=1)
        mean = np.add.reduceat(cosines, self._starts, axis=1) / self._counts
        return (best + mean) / 2

    def shares(self, vectors: np.ndarray, sharpness: float = QUESTION_SHARPNESS) -> np.ndarray:
        """float32 (n, needs), rows summing to 1: the softmax of the similarities."""
        return _softmax(self.similarities(vectors) * sharpness)

    def listing_shares(self, blocks: Iterable[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        """float32 (listings, needs), rows summing to 1, from each need's best passage of a listing.

        `blocks` are (passages, starts): the passages of some listings, and where each listing begins.
        """
        shares = [np.zeros((0, len(self.ids)), np.float32)]
        for passages, starts in blocks:
            best = np.maximum.reduceat(self.similarities(passages), starts, axis=0)
            shares.append(_softmax(best * LISTING_SHARPNESS))
        return np.concatenate(shares)


def _softmax(raised: np.ndarray) -> np.ndarray:
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    return (raised / raised.sum(axis=1, keepdims=True)).astype(np.float32)


def need_similarities(vectors: np.ndarray, encoder: Encoder) -> np.ndarray:
    """float32 (n, needs) softmaxed similarity of each vector to each need, in the order of `need_ids()`."""
    return need_lines(encoder).shares(vectors)


_lines_by_encoder: dict[str, NeedLines] = {}


def need_lines(encoder: Encoder) -> NeedLines:
    """The process's one set of encoded need lines for this encoder (about 0.2 s at first)."""
    if encoder.fingerprint not in _lines_by_encoder:
        _lines_by_encoder[encoder.fingerprint] = NeedLines(encoder)
    return _lines_by_encoder[encoder.fingerprint]
