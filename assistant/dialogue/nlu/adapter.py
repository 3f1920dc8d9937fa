"""The adapter: small matrices that turn MiniLM towards what patients mean, and the encoder that has them.

`adapter.npz` holds a low-rank pair (a, b) for each matrix of the six layers, made by
benchmarks/train_adapter.py from nlu_data/. Added to the weights before they are quantised, it costs no time
when a message is read.
"""

from __future__ import annotations

import threading
from pathlib import Path

from directory.encoder import DEFAULT_ENCODER, Encoder, get_encoder
from directory.encoder.encoder import CachedEncoder, MiniLmEncoder

FILE = Path(__file__).with_name("adapter.npz")

_instances: dict[Path, Encoder] = {}
_lock = threading.Lock()


def message_encoder(folder: Path, name: str = DEFAULT_ENCODER, file: Path = FILE) -> Encoder:
    """The process's encoder for messages, of understanding and screen: MiniLM with the adapter, built under `folder` on first use.

    Another encoder named in the settings is taken as it is: the adapter fits MiniLM alone.
    """
    if name != DEFAULT_ENCODER or not file.is_file():
        return get_encoder(folder, name)
    with _lock:
        if file not in _instances:
            _instances[file] = CachedEncoder(MiniLmEncoder.with_adapter(folder, file))
        return _instances[file]
