"""The heads of the screen's classifier: a logistic regression a risk on the quantised vectors, the same again each time."""

from __future__ import annotations

import random
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.dialogue.nlu.adapter import message_encoder
from assistant.dialogue.nlu.repair import repair
from assistant.safety.screen import ANY, ORDER
from benchmarks.messages import ROOT
from benchmarks.screen_messages import Message
from directory.encoder import DEFAULT_ENCODER

ENCODERS = ROOT / "var" / "encoder"
SEED, SCALE, INVERSE_REGULARISATION = 7, 10.0, 0.03
ORDINARY = 4000  # of the ordinary messages: more changed nothing with authors left out


def ordinary_drawn(ordinary: Sequence[Message]) -> list[Message]:
    """The ordinary messages that the heads are fitted on, always the same."""
    return random.Random(SEED).sample(list(ordinary), min(ORDINARY, len(ordinary)))


def fit_heads(messages: Sequence[Message], ordinary: Sequence[Message], adapter: Path) -> dict[str, np.ndarray]:
    """`weights` (d, 20) and `bias` (20,) for vectors of length 1, and their `labels`; about 30 s on one core."""
    from sklearn.linear_model import LogisticRegression

    told = [*messages, *ordinary_drawn(ordinary)]
    encoder = message_encoder(ENCODERS, DEFAULT_ENCODER, adapter)
    vectors = encoder.encode([repair(message.text) for message in told]) * SCALE
    marks = [[risk in message.risks for message in told] for risk in ORDER] + [[bool(message.risks) for message in told]]
    weights, bias = [], []
    with warnings.catch_warnings():
        # Stopped before the last decimal on purpose.
        warnings.filterwarnings("ignore", message="lbfgs failed to converge")
        for mark in marks:
            model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=100, random_state=SEED).fit(vectors, mark)
            weights.append(model.coef_[0] * SCALE)
            bias.append(model.intercept_[0])
    return {
        "labels": np.array([*ORDER, ANY]),
        "weights": np.array(weights, np.float32).T,
        "bias": np.array(bias, np.float32),
    }
