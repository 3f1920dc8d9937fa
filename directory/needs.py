"""How strongly a text points to each need: similarity to the plain lines of needs.yml, softmaxed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml

from directory.encoder import Encoder

NEEDS_FILE = Path(__file__).with_name("needs.yml")
# Softmax sharpness, tuned on the development questions: lower blurs all needs together, higher trusts one line.
SHARPNESS = 14.0


@dataclass(frozen=True)
class Need:
    """One need of the taxonomy: its id, the words shown to a patient, and lines as patients would say them."""

    id: str
    label: str
    lines: tuple[str, ...]


@lru_cache(maxsize=4)
def load_needs(path: Path = NEEDS_FILE) -> tuple[Need, ...]:
    """The needs in the file's order. Raises ValueError when one has no lines or no label."""
    needs = []
    for identifier, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        if not entry.get("lines") or not entry.get("label"):
            raise ValueError(f"{path.name}: {identifier} needs a label and some lines.")
        needs.append(Need(identifier, entry["label"], tuple(entry["lines"])))
    return tuple(needs)


def need_ids() -> tuple[str, ...]:
    """The ids of the taxonomy's needs, in the file's order."""
    return tuple(need.id for need in load_needs())


def need_label(identifier: str) -> str:
    """The need in a patient's words; an unknown id comes back with its underscores as spaces."""
    return _labels().get(identifier, identifier.replace("_", " "))


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    return {need.id: need.label for need in load_needs()}


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

    def shares(self, vectors: np.ndarray) -> np.ndarray:
        """float32 (n, needs), rows summing to 1: the softmax of the similarities."""
        raised = self.similarities(vectors) * SHARPNESS
        raised -= raised.max(axis=1, keepdims=True)
        raised = np.exp(raised)
        return raised / raised.sum(axis=1, keepdims=True)


def need_similarities(vectors: np.ndarray, encoder: Encoder) -> np.ndarray:
    """float32 (n, needs) softmaxed similarity of each vector to each need, in the order of `need_ids()`."""
    return _need_lines(encoder).shares(vectors)


_lines_by_encoder: dict[str, NeedLines] = {}


def _need_lines(encoder: Encoder) -> NeedLines:
    if encoder.fingerprint not in _lines_by_encoder:
        _lines_by_encoder[encoder.fingerprint] = NeedLines(encoder)
    return _lines_by_encoder[encoder.fingerprint]
