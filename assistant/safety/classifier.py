"""The screen's second opinion: linear heads on a message's vector and n-grams, for what no pattern foresaw. No Rasa.

`screen_adapter.npz` turns MiniLM towards what calls for help, `screen.npz` holds the heads; both are made by
benchmarks/train_screen.py from nlu_data/safety/. screen.py joins it with the patterns; docs/decisions/ says why so.
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

ADAPTER = Path(__file__).with_name("screen_adapter.npz")
HEADS = Path(__file__).with_name("screen.npz")


class Encoder(Protocol):
    """What is needed of an encoder: float32 (len(texts), d), each row of length 1."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts."""
        ...


class ScreenClassifier:
    """Chances of each risk, and of any, for one message: some 2.5 ms of CPU, nearly all of it the encoding."""

    def __init__(self, encoder: Encoder, repair: Callable[[str], str], heads: Path = HEADS) -> None:
        """`encoder` is MiniLM with `ADAPTER`; `repair` is what understanding does to a message before it is encoded.

        Raises:
            OSError, ValueError, KeyError: the heads cannot be read, or are of another taxonomy.
        """
        with np.load(heads, allow_pickle=False) as stored:
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
    encoder: Callable[[Path], Encoder], repair: Callable[[str], str], folder: Path = HEADS.parent
) -> str | None:
    """Put the classifier beside the patterns. None, or the name of the fault when the patterns stand alone.

    `encoder` makes the encoder of an adapter's file, so that a fault in making it ends here too; a first message is
    read, so that a graph that cannot run is found now and not by a patient.
    """
    adapter = folder / ADAPTER.name
    try:
        if not adapter.is_file():
            raise FileNotFoundError(adapter.name)  # without it the heads would judge another encoder's vectors
        classifier = ScreenClassifier(encoder(adapter), repair, folder / HEADS.name)
        classifier("hello")
    except Exception as error:  # the patterns need none of this, and must not fall with it
        register_classifier(None)
        return type(error).__name__
    register_classifier(classifier)
    return None
