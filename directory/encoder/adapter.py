"""Adapters: low-rank pairs that are added to MiniLM's matrices before they are quantised, at no cost when a text is encoded.

`adapter.npz` here turns MiniLM towards what patients mean when they look for a service: benchmarks/train_search.py made
it from nlu_data/search/. The assistant has one of its own for messages.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("adapter.npz")


def mark(file: Path = FILE) -> str:
    """Sixteen hex digits of an adapter's file, by which what was made with it knows it again; "" when there is none."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file.is_file() else ""


def deltas(file: Path = FILE) -> dict[str, np.ndarray]:
    """What is added to each matrix, float32, by BERT's names of them.

    Raises:
        ValueError: a matrix came without its other half.
    """
    with np.load(file, allow_pickle=False) as stored:
        names = {key.rpartition(".")[0] for key in stored.files}
        for name in names:
            if not {f"{name}.a", f"{name}.b"} <= set(stored.files):
                raise ValueError(f"The adapter's {name!r} lacks one of its two halves: train it again.")
        return {
            name: stored[f"{name}.b"].astype(np.float32) @ stored[f"{name}.a"].astype(np.float32)
            for name in sorted(names)
        }
