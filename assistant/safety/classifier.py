"""The screen's second opinion: linear heads on a message's vector and n-grams, for what no pattern foresaw. No Rasa.

`screen.npz` holds the heads, made by benchmarks/train_screen.py from nlu_data/safety/ for the encoder that understanding
reads with, so that a message is encoded once. screen.py joins it with the patterns; docs/decisions/ says why so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant.safety.grams import hashed_grams
from assistant.safety.joining import ANY
from assistant.safety.screen import register_classifier
from assistant.safety.tiers import ORDER

HEADS = Path(__file__).with_name("screen.npz")


class Encoder(Protocol):
    """What is needed of an encoder: float32 (len(texts), d), each row of length 1."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts."""
        ...


class ScreenClassifier:
    """Chances of each risk, and of any, for one message; nearly all of its CPU is the encoding, kept for understanding."""

    def __init__(self, encoder: Encoder, repair: Callable[[str], str], adapter: str, heads: Path = HEADS) -> None:
        """`encoder` has the adapter of mark `adapter`; `repair` is what understanding does to a message before.

        Raises:
            OSError, ValueError, KeyError: the heads cannot be read, or are of another adapter or taxonomy.
        """
        with np.load(heads, allow_pickle=False) as stored:
            if str(stored["adapter"]) != adapter:  # they would judge another encoder's vectors
                raise ValueError("screen.npz is of another adapter: run benchmarks/train_screen.py")
            if [str(label) for label in stored["labels"]] != [*ORDER, ANY]:
                raise ValueError("screen.npz is of another taxonomy: run benchmarks/train_screen.py")
            self._weights, self._bias = stored["weights"], stored["bias"]
            self._grams = stored["grams"].astype(np.float32)
        self._encoder, self._repair = encoder, repair

    def __call__(self, text: str) -> Mapping[str, float]:
        """Log-odds by taxonomy id, and by `ANY` those that any route is called for."""
        repaired = self._repair(text)
        scores = self._encoder.encode([repaired])[0] @ self._weights + self._bias
        buckets, weights = hashed_grams(repaired)
        scores = scores + weights @ self._grams[buckets]
        return dict(zip((*ORDER, ANY), scores.tolist()))


def use_classifier(
    encoder: Callable[[], Encoder], repair: Callable[[str], str], adapter: str, heads: Path = HEADS
) -> str | None:
    """Put the classifier beside the patterns. None, or the name of the fault when the patterns stand alone.

    `encoder` makes the encoder, so that a fault in making it ends here too; a first message is read, so that a graph
    that cannot run is found now and not by a patient.
    """
    try:
        classifier = ScreenClassifier(encoder(), repair, adapter, heads)
        classifier("hello")
    except Exception as error:  # the patterns need none of this, and must not fall with it
        register_classifier(None)
        return type(error).__name__
    register_classifier(classifier)
    return None
