"""Fits the heads of the screen's classifier, on nlu_data/safety/, tests/safety/cases/ and ordinary messages (some 2 minutes).

    python -m benchmarks.train_screen                            writes assistant/safety/screen.npz
    python -m benchmarks.train_screen --without s2 --adapter A --to F    leaves authors out, on another adapter, for the benchmark

Plain logistic regressions on the quantised vectors of the message encoder (train_adapter.py made its adapter) and on
n-grams, so that what is stored can be made again exactly.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from assistant.dialogue.nlu.adapter import FILE, message_encoder
from assistant.dialogue.nlu.repair import repair
from assistant.safety.classifier import HEADS
from assistant.safety.grams import BUCKETS, hashed_grams
from assistant.safety.joining import ANY
from assistant.safety.tiers import ORDER
from benchmarks.messages import ROOT
from benchmarks.screen_messages import Message, fingerprint, read_authors, read_cases, read_ordinary
from directory.encoder import DEFAULT_ENCODER
from directory.encoder.adapter import mark

ENCODERS = ROOT / "var" / "encoder"
# Chosen with authors s2 and s5 left out.
SEED, SCALE, FROM_VECTORS, FROM_GRAMS, GRAMS_SHARE = 7, 10.0, 0.03, 4.0, 0.8


def gram_matrix(texts: Sequence[str]) -> csr_matrix:
    """Hashed n-grams of repaired texts, (texts, BUCKETS)."""
    found = [hashed_grams(text) for text in texts]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in found)])
    values = np.concatenate([weights for _, weights in found])
    matrix = csr_matrix((values, np.concatenate([b for b, _ in found]), ends), shape=(len(texts), BUCKETS))
    matrix.sum_duplicates()
    return matrix


def fit_heads(told: Sequence[Message], adapter: Path = FILE) -> dict[str, np.ndarray]:
    """`weights` (d, 20) and `bias` (20,) for vectors, `grams` (BUCKETS, 20) float16, `labels`, and the
    mark of `adapter`."""
    texts = [repair(message.text) for message in told]
    vectors = message_encoder(ENCODERS, DEFAULT_ENCODER, adapter).encode(texts) * SCALE
    counted = gram_matrix(texts)
    seen = np.asarray((counted > 0).sum(0)).ravel()
    rarity = np.where(seen < 2, 0.0, np.log((1 + len(texts)) / (1 + seen)) + 1)
    weighed = csr_matrix(counted @ diags(rarity))
    weights, bias, grams = [], [], []
    with warnings.catch_warnings():
        # Stopped before the last decimal on purpose.
        warnings.filterwarnings("ignore", message="lbfgs failed to converge")
        for label in (*ORDER, ANY):
            told_of = np.array([bool(m.risks) if label == ANY else label in m.risks for m in told])
            dense = LogisticRegression(C=FROM_VECTORS, max_iter=100).fit(vectors, told_of)
            sparse = LogisticRegression(C=FROM_GRAMS, solver="liblinear", random_state=SEED).fit(weighed, told_of)
            weights.append(dense.coef_[0] * SCALE)
            grams.append(sparse.coef_[0] * rarity * GRAMS_SHARE)
            bias.append(dense.intercept_[0] + GRAMS_SHARE * sparse.intercept_[0])
    return {
        "labels": np.array([*ORDER, ANY]),
        "adapter": np.array(mark(adapter)),
        "weights": np.array(weights, np.float32).T,
        "bias": np.array(bias, np.float32),
        "grams": np.array(grams, np.float16).T,
    }


def main() -> None:
    """Read the arguments, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", nargs="*", default=[], help="authors to leave out")
    parser.add_argument("--adapter", type=Path, default=FILE, help="the adapter to fit them on")
    parser.add_argument("--to", type=Path, default=HEADS)
    given = parser.parse_args()
    messages = [m for m in read_authors() + read_cases() if m.author not in given.without]
    stored = fit_heads([*messages, *read_ordinary()], given.adapter)
    given.to.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(given.to, made_from=np.array(fingerprint(messages)), **stored)
    print(f"{given.to.name}: {given.to.stat().st_size / 1e6:.2f} MB from {len(messages)} messages")


if __name__ == "__main__":
    main()
