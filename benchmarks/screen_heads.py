"""The heads of the screen's classifier: logistic regressions on the quantised vectors and on n-grams, the same each time."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from assistant.dialogue.nlu.adapter import message_encoder
from assistant.dialogue.nlu.repair import repair
from assistant.safety.grams import BUCKETS, hashed_grams
from assistant.safety.joining import ANY
from assistant.safety.tiers import ORDER
from benchmarks.messages import ROOT
from benchmarks.screen_messages import Message
from directory.encoder import DEFAULT_ENCODER

ENCODERS = ROOT / "var" / "encoder"
# All below chosen with authors s2 and s5 left out.
SEED, SCALE, FROM_VECTORS, FROM_GRAMS, GRAMS_SHARE = 7, 10.0, 0.03, 4.0, 0.8
ORDINARY_SHARE = 1  # one ordinary message in so many


def ordinary_drawn(ordinary: Sequence[Message]) -> list[Message]:
    """The ordinary messages that the heads are fitted on: the same ones still when others are added to nlu_data/."""
    return [told for told in ordinary if crc32(told.text.encode()) % ORDINARY_SHARE == 0]


def gram_matrix(texts: Sequence[str]) -> csr_matrix:
    """Hashed n-grams of repaired texts, (texts, BUCKETS)."""
    found = [hashed_grams(text) for text in texts]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in found)])
    values = np.concatenate([weights for _, weights in found])
    matrix = csr_matrix((values, np.concatenate([b for b, _ in found]), ends), shape=(len(texts), BUCKETS))
    matrix.sum_duplicates()
    return matrix


def fit_heads(messages: Sequence[Message], ordinary: Sequence[Message], adapter: Path) -> dict[str, np.ndarray]:
    """`weights` (d, 20) and `bias` (20,) for vectors, `grams` (BUCKETS, 20) float16, `labels`; 40 s on one core."""
    told = [*messages, *ordinary_drawn(ordinary)]
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
            mark = np.array([bool(m.risks) if label == ANY else label in m.risks for m in told])
            dense = LogisticRegression(C=FROM_VECTORS, max_iter=100).fit(vectors, mark)
            sparse = LogisticRegression(C=FROM_GRAMS, solver="liblinear", random_state=SEED).fit(weighed, mark)
            weights.append(dense.coef_[0] * SCALE)
            grams.append(sparse.coef_[0] * rarity * GRAMS_SHARE)
            bias.append(dense.intercept_[0] + GRAMS_SHARE * sparse.intercept_[0])
    return {
        "labels": np.array([*ORDER, ANY]),
        "weights": np.array(weights, np.float32).T,
        "bias": np.array(bias, np.float32),
        "grams": np.array(grams, np.float16).T,
    }
