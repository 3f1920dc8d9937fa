"""The adapter: small matrices that turn MiniLM towards what patients mean, and the encoder that has them.

`adapter.npz` holds a low-rank pair (a, b) for each matrix of the six layers, made by
benchmarks/train_adapter.py from nlu_data/. Added to the weights before they are quantised, it costs no time
when a message is read.
"""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from directory.encoder import DEFAULT_ENCODER, Encoder, get_encoder
from directory.encoder.encoder import CachedEncoder, MiniLmEncoder
from directory.encoder.graph import ensure_graph

FILE = Path(__file__).with_name("adapter.npz")

_instances: dict[Path, Encoder] = {}
_lock = threading.Lock()


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


def message_encoder(folder: Path, name: str = DEFAULT_ENCODER, file: Path = FILE) -> Encoder:
    """The process's encoder for understanding: MiniLM with the adapter, built under `folder` on first use.

    Another encoder named in the settings is taken as it is: the adapter fits MiniLM alone.
    """
    if name != DEFAULT_ENCODER or not file.is_file():
        return get_encoder(folder, name)
    with _lock:
        if file not in _instances:
            _instances[file] = CachedEncoder(MiniLmEncoder(ensure_graph(folder, deltas(file))))
        return _instances[file]
