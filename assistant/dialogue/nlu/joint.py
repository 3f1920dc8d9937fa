"""The n-gram models of a reader asked together: each n-gram of a message is looked up once for all of them.

A word is taken apart once and what is known of its parts is kept: people use the same few thousand words. Nothing is kept
of a whole message.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from assistant.dialogue.nlu.wordings import Wordings, parts_of

WORDS_KEPT = 8192
_NONE, _FIRST = np.zeros(0, np.int64), np.zeros(1, np.int64)


class Joint:
    """Scores of several `Wordings` for one text."""

    def __init__(self, models: Sequence[Wordings]) -> None:
        """Join the vocabularies; `models` stay as they are."""
        self._models = models
        self._index: dict[str, int] = {}
        for model in models:
            for gram in model.vocabulary:
                self._index.setdefault(gram, len(self._index))
        self._rows = [self._rows_of(model) for model in models]
        self._of_word = lru_cache(maxsize=WORDS_KEPT)(self._look_up)

    def _rows_of(self, model: Wordings) -> np.ndarray:
        """Where each n-gram of the joint vocabulary stands in a model's own; -1 where it does not."""
        rows = np.full(len(self._index), -1, np.int32)
        rows[[self._index[gram] for gram in model.vocabulary]] = np.arange(len(model.vocabulary), dtype=np.int32)
        return rows

    def _look_up(self, word: str) -> tuple[np.ndarray, int]:
        found = [at for part in parts_of(word) if (at := self._index.get(part)) is not None]
        return np.array(found, np.int64), self._index.get(f"={word}", -1)

    def scores(self, text: str) -> list[np.ndarray]:
        """Of a repaired text, the scores by each model: what `Wordings.scores` gives for its n-grams."""
        words = text.split()
        known = [self._of_word(word) for word in words]
        whole = [at for _, at in known if at >= 0]
        pairs = (self._index.get(f"={a} {b}", -1) for a, b in zip(words, words[1:]))
        whole += [at for at in pairs if at >= 0]
        parts = np.concatenate([each for each, _ in known]) if known else _NONE
        found = [_weighed(parts), _weighed(np.array(whole, np.int64))]
        return [self._score(model, rows, found) for model, rows in zip(self._models, self._rows)]

    @staticmethod
    def _score(model: Wordings, rows: np.ndarray, found: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
        score = model.bias
        for grams, times in found:
            at = rows[grams]
            mine = at >= 0
            at = at[mine]
            value = times[mine] * model.rarity[at]
            length = math.sqrt(value @ value)
            if length > 0:
                score = score + (value / np.float32(length)) @ model.weights[at]
        return score


def _weighed(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each n-gram once, and one more than the logarithm of how often it was found."""
    if not len(found):
        return found, found
    line = np.sort(found)  # as numpy.unique does, at a third of its time for so few
    begins = np.concatenate((_FIRST, np.flatnonzero(line[1:] != line[:-1]) + 1))
    times = np.diff(begins, append=len(line))
    return line[begins], 1 + np.log(times.astype(np.float32))
