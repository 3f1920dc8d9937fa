"""Hashed n-grams of a repaired message: what its very words say beside its meaning. A plain sparse vector, no vocabulary."""

from __future__ import annotations

from functools import lru_cache
from zlib import crc32

import numpy as np

BUCKETS = 1 << 15
SHORTEST, LONGEST = 2, 5
WORDS_KEPT = 8192
_NONE, _ZERO = np.zeros(0, np.int64), np.zeros(1, np.int64)


def hashed_grams(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Buckets int64 (n,) and weights float32 (n,) of a text: parts of words, then words and pairs, each of length 1.

    CRC-32 is the hash, so that buckets are the same in every process and on every machine.
    """
    words = text.split()
    parts = np.concatenate([_parts(word) for word in words]) if words else _NONE
    wholes = [crc32(f"={word}".encode()) % BUCKETS for word in words]
    wholes += [crc32(f"={first} {second}".encode()) % BUCKETS for first, second in zip(words, words[1:])]
    buckets, weights = [], []
    for found in (parts, np.array(wholes, np.int64)):
        grams, times = counted(found)
        value = 1 + np.log(times.astype(np.float32))
        buckets.append(grams)
        weights.append(value / np.float32(max(float(np.sqrt(value @ value)), 1e-9)))
    return np.concatenate(buckets), np.concatenate(weights)


def counted(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each value once, in order, and how often it is there: `numpy.unique`, at a third of its time for so few."""
    if not len(found):
        return found, found
    line = np.sort(found)
    begins = np.flatnonzero(line[1:] != line[:-1]) + 1
    ends = np.append(begins, len(line))
    begins = np.concatenate((_ZERO, begins))
    return line[begins], ends - begins


@lru_cache(maxsize=WORDS_KEPT)
def _parts(word: str) -> np.ndarray:
    """The buckets of a word's parts; kept by word, for people use the same few thousand, and never by message."""
    edged = f" {word} "
    return np.array(
        [
            crc32(edged[start : start + length].encode()) % BUCKETS
            for length in range(SHORTEST, LONGEST + 1)
            for start in range(max(1, len(edged) - length + 1))
        ],
        np.int64,
    )
