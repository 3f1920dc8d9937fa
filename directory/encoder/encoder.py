"""The encoder that understanding and search share: text in, unit vectors out, one thread, one instance per
process."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from directory.encoder.adapter import FILE, deltas, mark
from directory.encoder.graph import ensure_graph
from directory.encoder.weights import EncoderError, model_files

DEFAULT_ENCODER = "minilm-int8"
MAX_TOKENS = 256
# Tokens in a batch at most. What one layer makes of so many stays near the core: batches of 2,048 take a third longer.
BATCH_TOKENS = 512
# Texts up to this many characters, asked for one at a time, are remembered: one message is encoded once
# although both understanding and search ask for it.
CACHED_CHARACTERS = 2000
CACHED_TEXTS = 512


class Encoder(Protocol):
    """What understanding and search need of an encoder."""

    dimension: int
    fingerprint: str

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (len(texts), dimension), each row of length 1; an empty text has a valid row too."""
        ...


class MiniLmEncoder:
    """all-MiniLM-L6-v2 on ONNX Runtime, int8, single-threaded."""

    dimension = 384

    def __init__(self, graph: Path, adapter: str = "") -> None:
        import onnxruntime

        # The tokenizer's own threads would fight with the web server's; one thread is the design.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises its own private classes
            graph.unlink(missing_ok=True)
            raise EncoderError(
                f"{graph.name} was damaged and has been removed: start again to rebuild it."
            ) from error
        self._tokenizer = Tokenizer.from_file(str(model_files().tokenizer))
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()
        self.fingerprint, self.adapter = graph.stem, adapter

    @classmethod
    def with_adapter(cls, folder: Path, file: Path = FILE) -> MiniLmEncoder:
        """MiniLM with the adapter of `file`, its graph built under `folder` where it is not there yet."""
        return cls(ensure_graph(folder, deltas(file)), mark(file))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """float32 (n, 384) unit rows; texts beyond 256 tokens are cut. Batches are sorted by length."""
        if not len(texts):
            return np.zeros((0, self.dimension), np.float32)
        tokens = [self._tokenizer.encode(text or "").ids for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(tokens[i]))
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for rows in _batches(order, [len(each) for each in tokens]):
            width = len(tokens[rows[-1]])
            ids = np.zeros((len(rows), width), np.int64)
            mask = np.zeros((len(rows), width), np.int64)
            for line, row in enumerate(rows):
                ids[line, : len(tokens[row])] = tokens[row]
                mask[line, : len(tokens[row])] = 1
            vectors[rows] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


def _batches(order: list[int], lengths: list[int]) -> Iterator[list[int]]:
    """Runs of `order` (sorted by length) whose padded size stays within BATCH_TOKENS."""
    batch: list[int] = []
    for row in order:
        if batch and (len(batch) + 1) * lengths[row] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


class CachedEncoder:
    """Wraps an encoder with a small memory of single short texts; safe to call from several threads."""

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner
        self.dimension = inner.dimension
        self.fingerprint, self.adapter = inner.fingerprint, getattr(inner, "adapter", "")
        self._memory: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """As `Encoder.encode`; a text asked for alone is answered from memory when it was asked before."""
        if len(texts) != 1 or len(texts[0]) > CACHED_CHARACTERS:
            return self._inner.encode(texts)
        text = texts[0]
        with self._lock:
            known = self._memory.get(text)
            if known is not None:
                self._memory.move_to_end(text)
                return known.copy()
        vector = self._inner.encode(texts)
        with self._lock:
            self._memory[text] = vector.copy()
            while len(self._memory) > CACHED_TEXTS:
                self._memory.popitem(last=False)
        return vector


_instances: dict[str, Encoder] = {}
_instances_lock = threading.Lock()


def get_encoder(folder: Path, name: str = DEFAULT_ENCODER) -> Encoder:
    """The process's one encoder of that name, built under `folder` on first use.

    `minilm-int8` is MiniLM with the search's adapter; it needs neither torch nor a network. Any other name is a sentence-transformers model (a name
    or a folder), which needs that library. Raises EncoderError with what to do when it cannot be had.
    """
    with _instances_lock:
        # The folder says only where the graph is kept; its content is the same everywhere, so one instance
        # serves.
        if name not in _instances:
            inner: Encoder
            if name == DEFAULT_ENCODER:
                inner = MiniLmEncoder.with_adapter(Path(folder))
            else:
                from directory.encoder.other import SentenceTransformersEncoder

                inner = SentenceTransformersEncoder(name)
            _instances[name] = CachedEncoder(inner)
        return _instances[name]
