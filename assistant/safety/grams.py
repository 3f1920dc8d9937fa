"""Hashed n-grams of a repaired message: what its very words say beside its meaning. A plain sparse vector, no vocabulary."""

from __future__ import annotations

from collections import Counter
from zlib import crc32

import numpy as np

BUCKETS = 1 << 15
SHORTEST, LONGEST = 2, 5


def hashed_grams(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Buckets int64 (n,) and weights float32 (n,) of a text: parts of words, then words and pairs, each of length 1.

    CRC-32 is the hash, so that buckets are the same in every process and on every machine.
    """
    words = text.split()
    parts = Counter(
        crc32(edged[start : start + length].encode()) % BUCKETS
        for edged in (f" {word} " for word in words)
        for length in range(SHORTEST, LONGEST + 1)
        for start in range(max(1, len(edged) - length + 1))
    )
    wholes = Counter(crc32(f"={word}".encode()) % BUCKETS for word in words)
    wholes.update(crc32(f"={first} {second}".encode()) % BUCKETS for first, second in zip(words, words[1:]))
    buckets, weights = [], []
    for counted in (parts, wholes):
        value = 1 + np.log(np.fromiter(counted.values(), np.float32, len(counted)))
        buckets.append(np.fromiter(counted.keys(), np.int64, len(counted)))
        weights.append(value / max(float(np.linalg.norm(value)), 1e-9))
    return np.concatenate(buckets), np.concatenate(weights).astype(np.float32)
