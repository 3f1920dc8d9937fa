"""The index file: FAISS inner product over every passage, written atomically, rebuilt when stale or
damaged."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np

log = logging.getLogger(__name__)

_FORMAT = "linkway-index-1"
# Up to so many passages every one is compared by one matrix product; beyond, FAISS picks the candidates.
ALL_PASSAGES = 60_000
CANDIDATE_PASSAGES = 2_000


@dataclass(frozen=True)
class Index:
    """Passage vectors of all listings, one listing after the other; `starts[i]` is where listing i begins.

    Each listing's first passage is the whole, its last the name, those between its sentences.
    """

    faiss_index: faiss.Index
    starts: np.ndarray
    version: str

    @property
    def vectors(self) -> np.ndarray:
        """float32 (passages, dimension), without a copy."""
        return faiss.rev_swig_ptr(
            self.faiss_index.get_xb(), self.faiss_index.ntotal * self.faiss_index.d
        ).reshape(self.faiss_index.ntotal, self.faiss_index.d)

    @property
    def ends(self) -> np.ndarray:
        """Where each listing's passages end."""
        return np.append(self.starts[1:], self.faiss_index.ntotal)

    def similarities(self, vector: np.ndarray, allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(rows, cosines): listing rows among `allowed` (bool per listing), and per row (whole, best, name).

        `best` is the highest of all the listing's passages. In a large directory only the candidates that
        FAISS finds among the allowed are returned, so that a filter never empties the list it was applied to.
        """
        if not allowed.any():
            return np.zeros(0, np.int64), np.zeros((0, 3), np.float32)
        if self.faiss_index.ntotal <= ALL_PASSAGES:
            cosines = self.vectors @ vector
            best = np.maximum.reduceat(cosines, self.starts)
            scores = np.stack([cosines[self.starts], best, cosines[self.ends - 1]], axis=1)
            rows = np.flatnonzero(allowed)
            return rows, scores[rows]
        rows = self._candidates(vector, allowed)
        scores = np.empty((len(rows), 3), np.float32)
        for line, row in enumerate(rows):
            own = self.vectors[self.starts[row] : self.ends[row]] @ vector
            scores[line] = own[0], own.max(), own[-1]
        return rows, scores

    def _candidates(self, vector: np.ndarray, allowed: np.ndarray) -> np.ndarray:
        """Listing rows of the nearest passages, looked for among the allowed only."""
        owners = np.repeat(np.arange(len(self.starts)), self.ends - self.starts)
        bits = np.packbits(allowed[owners], bitorder="little")
        selector = faiss.IDSelectorBitmap(len(owners), faiss.swig_ptr(bits))
        wanted = min(CANDIDATE_PASSAGES, int(allowed[owners].sum()))
        _, found = self.faiss_index.search(vector[None], wanted, params=faiss.SearchParameters(sel=selector))
        return np.unique(owners[found[0][found[0] >= 0]])


def build_index(vectors: Sequence[np.ndarray], dimension: int, version: str) -> Index:
    """An index over per-listing arrays (passages, dimension)."""
    flat = faiss.IndexFlatIP(dimension)
    if len(vectors):
        flat.add(np.ascontiguousarray(np.concatenate(vectors), np.float32))
    starts = np.cumsum([0] + [len(each) for each in vectors[:-1]], dtype=np.int64)[: len(vectors)]
    return Index(flat, starts, version)


def content_version(fingerprint: str, text_hashes: Sequence[str]) -> str:
    """Changes with the encoder and with any listing's texts or their order."""
    digest = hashlib.sha256(f"{_FORMAT}:{fingerprint}".encode())
    for each in text_hashes:
        digest.update(each.encode())
    return digest.hexdigest()


def write_index(path: Path, index: Index) -> None:
    """Writes beside the target and moves into place, so that a reader never sees half a file."""
    body = index.starts.tobytes() + faiss.serialize_index(index.faiss_index).tobytes()
    head = {
        "format": _FORMAT,
        "version": index.version,
        "listings": len(index.starts),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as handle:
        handle.write(json.dumps(head).encode() + b"\n" + body)
        handle.flush()
        os.fsync(handle.fileno())
    os.replace(beside, path)


def read_index(path: Path, version: str) -> Index | None:
    """The stored index when it is whole and of this version; None (with a log line when damaged)
    otherwise."""
    try:
        with path.open("rb") as handle:
            head = json.loads(handle.readline(4096))
            if head.get("format") != _FORMAT or head.get("version") != version:
                return None
            body = handle.read()
        if hashlib.sha256(body).hexdigest() != head["sha256"]:
            raise ValueError("its digest differs")
        size = 8 * int(head["listings"])
        flat = faiss.deserialize_index(np.frombuffer(body[size:], np.uint8))
        return Index(flat, np.frombuffer(body[:size], np.int64), version)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        log.warning("The search index %s is damaged (%s) and will be built again.", path.name, error)
        return None
