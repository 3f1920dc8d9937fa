"""The committed adapter is what benchmarks/train_adapter.py makes from the lines of nlu_data/."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from assistant.dialogue.nlu.adapter import FILE
from benchmarks.lessons import learned_from, lessons, marks
from benchmarks.train_adapter import PROBE_STEPS, RECORD, learn
from directory.encoder.adapter import deltas


@pytest.fixture(scope="module")
def record() -> dict[str, np.ndarray]:
    """What the training left beside the script."""
    with np.load(RECORD, allow_pickle=False) as stored:
        return dict(stored)


def test_the_lines_it_learned_from_still_stand(record: dict[str, np.ndarray]) -> None:
    """Examples may be added; an adapter of many lines that are gone or relabelled must be trained again."""
    today = set(marks(lessons()).tolist())
    learned = record["lines"].tolist()
    assert len(set(learned) - today) <= 0.005 * len(learned)
    assert len(learned) >= 0.9 * len(today), "so much was written since: run python -m benchmarks.train_adapter"


def test_the_script_begins_the_same_way_again(record: dict[str, np.ndarray]) -> None:
    """The first batches, from script, data and seed, change the same matrix in the same direction."""
    torch.set_num_threads(1)
    lines = learned_from(record["lines"])
    if len(lines) != len(record["lines"]):
        pytest.fail("lines were relabelled or removed since the adapter was trained: train it again")
    probe = learn(lines, stop_after=PROBE_STEPS)["probe"][::7]
    stored = record["probe"].astype(np.float32)
    likeness = float(probe @ stored / (np.linalg.norm(probe) * np.linalg.norm(stored)))
    assert likeness > 0.98  # processors round bfloat16 sums differently; another seed or other data gives about 0.2


def test_it_is_small_and_fits() -> None:
    """An adapter, not a model: low rank, every one of MiniLM's matrices, at most three megabytes."""
    assert FILE.stat().st_size < 3_000_000
    changes = deltas(FILE)
    assert len(changes) == 36
    assert all(np.isfinite(change).all() and np.abs(change).max() > 0 for change in changes.values())
