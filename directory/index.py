"""The index file: vectors of every passage and, in a large directory, an inverted file over them; written atomically, rebuilt when
stale or damaged."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np

log = logging.getLogger(__name__)

_FORMAT = "linkway-index-2"
# Up to so many passages (about 13,000 listings) every one is compared, by one matrix product. Measured in
# docs/decisions/2026-11-21-scale.md.
ALL_PASSAGES = 60_000
# Beyond, an inverted file finds so many listings by the vector of the whole, and so many more of each group that ranking lifts;
# these are then compared passage by passage.
CANDIDATES, LIFTED = 600, 200
# So few listings left by the filters are all compared: the inverted file would have to look into each of its lists for them.
EXACT_ROWS = 10_000
# Lists looked into at least, and how many more allowed vectors than wanted ones they shall hold.
LEAST_PROBES, SPARE = 48, 8
MOST_LISTS, TRAINED_ON, ROUNDS = 2048, 40, 8
# Components of unit vectors as 16-bit whole numbers: half the memory, and cosines right to five digits.
_UNIT = 32767.0
_BLOCK = 50_000


@dataclass(frozen=True)
class Index:
    """Passage vectors of all listings, one listing after the other; `starts[i]` is where listing i begins.

    Each listing's first passage is the whole, its last the name, those between its sentences. `passages` are float32, or int16 in
    a large directory, which also has `lists`: an inverted file over the wholes.
    """

    passages: np.ndarray
    starts: np.ndarray
    version: str
    lists: faiss.IndexIVF | None = None

    @property
    def large(self) -> bool:
        """Whether candidates are found first."""
        return is_large(len(self.passages))

    @property
    def ends(self) -> np.ndarray:
        """Where each listing's passages end."""
        return np.append(self.starts[1:], len(self.passages))

    def blocks(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """(vectors, starts within them) of stretches of listings, in order; one stretch in a small directory."""
        ends = self.ends
        step = _BLOCK if self.large else max(1, len(self.starts))
        for first in range(0, len(self.starts), step):
            own = self.starts[first : first + step]
            yield floats(self.passages[own[0] : ends[min(first + step, len(ends)) - 1]]), own - own[0]

    def similarities(
        self, vector: np.ndarray, allowed: np.ndarray, lifted: Sequence[np.ndarray] = ()
    ) -> tuple[np.ndarray, np.ndarray]:
        """(rows, cosines): listing rows among `allowed` (bool per listing), and per row (whole, best, name).

        `best` is the highest of all the listing's passages. In a large directory only candidates are returned, found among the
        allowed, so that a filter never empties the list it was applied to; `lifted` are groups (bool per listing) that ranking
        lifts for other reasons than meaning: the nearest of each are candidates too.
        """
        if not allowed.any():
            return np.zeros(0, np.int64), np.zeros((0, 3), np.float32)
        if not self.large:
            cosines = self.passages @ vector
            best = np.maximum.reduceat(cosines, self.starts)
            scores = np.stack([cosines[self.starts], best, cosines[self.ends - 1]], axis=1)
            rows = np.flatnonzero(allowed)
            return rows, scores[rows]
        found = [self._nearest(vector, allowed, CANDIDATES)]
        found += [self._nearest(vector, allowed & group, LIFTED) for group in lifted]
        rows = np.unique(np.concatenate(found))
        return rows, self._compared(vector, rows)

    def _compared(self, vector: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """(whole, best, name) of some listings, all of their passages compared."""
        counts = self.ends[rows] - self.starts[rows]
        first = np.cumsum(counts) - counts
        at = np.repeat(self.starts[rows] - first, counts) + np.arange(counts.sum())
        cosines = floats(self.passages[at]) @ vector
        return np.stack([cosines[first], np.maximum.reduceat(cosines, first), cosines[first + counts - 1]], axis=1)

    def _nearest(self, vector: np.ndarray, allowed: np.ndarray, wanted: int) -> np.ndarray:
        """The rows of so many of the allowed whose wholes are nearest."""
        count = int(np.count_nonzero(allowed))
        if count <= wanted or self.lists is None or count <= EXACT_ROWS:
            rows = np.flatnonzero(allowed)
            if count <= wanted:
                return rows
            cosines = floats(self.passages[self.starts[rows]]) @ vector
            return rows[np.argpartition(-cosines, wanted)[:wanted]]
        bits = np.packbits(allowed, bitorder="little")
        probes = max(LEAST_PROBES, -(-SPARE * wanted * self.lists.nlist // count))
        params = faiss.SearchParametersIVF(
            sel=faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits)), nprobe=min(self.lists.nlist, probes)
        )
        _, found = self.lists.search(np.ascontiguousarray(vector[None]), wanted, params=params)
        return found[0][found[0] >= 0]


def build_index(vectors: Sequence[np.ndarray], dimension: int, version: str) -> Index:
    """An index over per-listing arrays (passages, dimension)."""
    counts = [len(each) for each in vectors]
    starts = np.cumsum([0] + counts[:-1], dtype=np.int64)[: len(vectors)]
    if not is_large(sum(counts)):
        together = np.concatenate(vectors) if len(vectors) else np.zeros((0, dimension))
        return Index(np.ascontiguousarray(together, np.float32), starts, version)
    passages = np.empty((sum(counts), dimension), np.int16)
    for first in range(0, len(vectors), _BLOCK):
        block = np.concatenate(vectors[first : first + _BLOCK]).astype(np.float32)
        passages[starts[first] : starts[first] + len(block)] = as_kept(block, passages.dtype)
    return Index(passages, starts, version, inverted(passages, starts))


def is_large(passages: int) -> bool:
    """Whether an index of so many finds candidates first."""
    return passages > ALL_PASSAGES


def as_kept(vectors: np.ndarray, kind: np.dtype) -> np.ndarray:
    """Vectors as an index of this kind keeps them."""
    return vectors if kind == vectors.dtype else np.rint(np.clip(vectors, -1, 1) * _UNIT).astype(kind)


def floats(chosen: np.ndarray) -> np.ndarray:
    """Vectors as they are compared."""
    return chosen if chosen.dtype == np.float32 else chosen.astype(np.float32) / np.float32(_UNIT)


def inverted(passages: np.ndarray, starts: np.ndarray) -> faiss.IndexIVF:
    """Lists of the wholes that lie together, a byte a component."""
    faiss.omp_set_num_threads(1)
    dimension = passages.shape[1]
    count = 2 ** int(np.log2(4 * np.sqrt(len(starts))))
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension), dimension, max(1, min(MOST_LISTS, count, len(starts) // TRAINED_ON)),
        faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT,
    )  # fmt: skip
    lists.cp.niter, lists.cp.seed = ROUNDS, 1
    lists.cp.min_points_per_centroid = 1

    sample = np.random.default_rng(1).choice(len(starts), min(len(starts), TRAINED_ON * lists.nlist), replace=False)
    lists.train(floats(passages[starts[np.sort(sample)]]))
    for first in range(0, len(starts), _BLOCK):
        lists.add(floats(passages[starts[first : first + _BLOCK]]))
    return lists


def content_version(fingerprint: str, text_hashes: Sequence[str]) -> str:
    """Changes with the encoder and with any listing's texts or their order."""
    digest = hashlib.sha256(f"{_FORMAT}:{fingerprint}".encode())
    for each in text_hashes:
        digest.update(each.encode())
    return digest.hexdigest()


def write_index(path: Path, index: Index) -> None:
    """Writes beside the target and moves into place, so that a reader never sees half a file."""
    lists = b"" if index.lists is None else faiss.serialize_index(index.lists).tobytes()
    parts = [np.ascontiguousarray(part).data.cast("B") for part in (index.starts, index.passages) if part.size]
    digest = hashlib.sha256()
    for part in (*parts, lists):
        digest.update(part)
    head = {
        "format": _FORMAT,
        "version": index.version,
        "listings": len(index.starts),
        "passages": list(index.passages.shape),
        "kind": index.passages.dtype.name,
        "sha256": digest.hexdigest(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    with beside.open("wb") as handle:
        handle.write(json.dumps(head).encode() + b"\n")
        for part in (*parts, lists):
            handle.write(part)
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
        listings, shape, kind = int(head["listings"]), tuple(head["passages"]), np.dtype(head["kind"])
        ends = 8 * listings, 8 * listings + int(np.prod(shape)) * kind.itemsize
        starts = np.frombuffer(body, np.int64, listings)
        passages = np.frombuffer(body, kind, int(np.prod(shape)), ends[0]).reshape(shape)
        lists = None
        if len(body) > ends[1]:
            faiss.omp_set_num_threads(1)
            lists = faiss.deserialize_index(np.frombuffer(body, np.uint8, offset=ends[1]))
        if is_large(len(passages)) != (lists is not None):
            return None  # written by a program that drew the line elsewhere
        return Index(passages, starts, version, lists)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        log.warning("The search index %s is damaged (%s) and will be built again.", path.name, error)
        return None
