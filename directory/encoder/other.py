"""Any other encoder named in the settings, loaded through sentence-transformers (the full installation)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from directory.encoder.weights import EncoderError


class SentenceTransformersEncoder:
    """A sentence-transformers model on the CPU, one thread."""

    def __init__(self, name: str) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except Exception as error:  # absent, or there and broken by another package's version
            raise EncoderError(
                f"The encoder {name!r} needs sentence-transformers, which the light installation leaves out: "
                f"install requirements-dev.lock, or use minilm-int8. ({error})"
            ) from error
        torch.set_num_threads(1)
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except Exception as error:  # whatever the library raises, the way out is the same
            raise EncoderError(f"The encoder {name!r} could not be loaded: {error}") from error
        self.dimension = int(self._model.get_sentence_embedding_dimension() or 0)
        # Two models of one name but other weights must not share vectors: a probe sentence tells them apart.
        probe = self.encode(["a walking group for people who feel lonely"]).round(4)
        self.fingerprint = f"st-{hashlib.sha256(name.encode() + probe.tobytes()).hexdigest()[:12]}"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, dimension) unit rows."""
        if not len(texts):
            return np.zeros((0, self.dimension), np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)
