"""The texts of each listing that are encoded, and their vectors: kept in the database, made once per text."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from directory.encoder import Encoder
from directory.records import Listing
from directory.tables import listing_vectors
from directory.text import sentences

Progress = Callable[[int, int], None]
# Listings encoded between two commits: a stopped run loses at most this many for each core, and as many waiting.
_PIECE = 128
_CORES = min(2, os.cpu_count() or 1)
_CHUNK = 500


def passages(listing: Listing) -> list[str]:
    """What is encoded: the whole listing first, then its sentences, its name last.

    The best sentence counts beside the whole, for a long description buries the one line a question is about.
    """
    told = [listing.summary or "", listing.description]
    whole = f"{listing.name}. " + " ".join(text for text in told if text)
    return [whole, *sentences(listing.description), listing.name]


def text_hash(texts: Sequence[str]) -> str:
    """The digest under which a listing's vectors are kept."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:32]


def ensure_vectors(
    engine: Engine, encoder: Encoder, listings: Sequence[Listing], progress: Progress | None = None
) -> list[np.ndarray]:
    """One float16 array (passages, dimension) per listing, in order; only texts never seen are encoded.

    Those are written as they are made, so that a stopped run goes on where it was. Many are encoded on two cores.
    """
    texts = [passages(listing) for listing in listings]
    hashes = [text_hash(each) for each in texts]
    known = _load(engine, encoder, hashes)
    missing = [i for i, key in enumerate(hashes) if key not in known]
    pieces = deque(missing[start : start + _PIECE] for start in range(0, len(missing), _PIECE))
    done = 0
    cores = _CORES if len(pieces) > 1 else 1
    with ThreadPoolExecutor(cores) as pool:
        # One more than there are cores waits, so that none is idle while a piece is written.
        waiting: deque[tuple[int, Future[dict[str, np.ndarray]]]] = deque()
        while pieces or waiting:
            while pieces and len(waiting) <= cores:
                piece = pieces.popleft()
                waiting.append((len(piece), pool.submit(_encoded, encoder, piece, texts, hashes)))
            many, made = waiting.popleft()
            rows = made.result()
            _write(engine, encoder, rows)
            known.update(rows)
            done += many
            if progress:
                progress(done, len(missing))
    return [known[key] for key in hashes]


def _encoded(
    encoder: Encoder, piece: Sequence[int], texts: Sequence[list[str]], hashes: Sequence[str]
) -> dict[str, np.ndarray]:
    """The vectors of some listings, by their hashes. A text that several of them have is encoded once."""
    each = list(dict.fromkeys(text for i in piece for text in texts[i]))
    row_of = {text: row for row, text in enumerate(each)}
    made = encoder.encode(each).astype(np.float16)
    return {hashes[i]: made[[row_of[text] for text in texts[i]]] for i in piece}


def forget_unused(engine: Engine, encoder: Encoder, listings: Sequence[Listing]) -> int:
    """Removes vectors of other encoders and of texts no listing has; returns how many rows went."""
    used = {text_hash(passages(listing)) for listing in listings}
    with engine.begin() as connection:
        gone = connection.execute(
            sa.delete(listing_vectors).where(listing_vectors.c.encoder != encoder.fingerprint)
        )
        total = gone.rowcount
        present = [row[0] for row in connection.execute(sa.select(listing_vectors.c.text_hash))]
        unused = [key for key in present if key not in used]
        for start in range(0, len(unused), _CHUNK):
            part = unused[start : start + _CHUNK]
            total += connection.execute(
                sa.delete(listing_vectors).where(listing_vectors.c.text_hash.in_(part))
            ).rowcount
    return int(total)


def _load(engine: Engine, encoder: Encoder, hashes: Sequence[str]) -> dict[str, np.ndarray]:
    known: dict[str, np.ndarray] = {}
    columns = sa.select(listing_vectors.c.text_hash, listing_vectors.c.vectors)
    of_encoder = columns.where(listing_vectors.c.encoder == encoder.fingerprint)
    with engine.connect() as connection:
        for start in range(0, len(hashes), _CHUNK):
            wanted = list(set(hashes[start : start + _CHUNK]))
            for key, blob in connection.execute(of_encoder.where(listing_vectors.c.text_hash.in_(wanted))):
                known[key] = np.frombuffer(blob, np.float16).reshape(-1, encoder.dimension)
    return known


def _write(engine: Engine, encoder: Encoder, rows: dict[str, np.ndarray]) -> None:
    values = [
        {"encoder": encoder.fingerprint, "text_hash": key, "vectors": v.tobytes()} for key, v in rows.items()
    ]
    try:
        with engine.begin() as connection:
            connection.execute(sa.insert(listing_vectors), values)
    except IntegrityError:
        # Another process encoded some of the same texts meanwhile: add only what is still missing.
        present = _load(engine, encoder, list(rows))
        values = [value for value in values if value["text_hash"] not in present]
        if values:
            with engine.begin() as connection:
                connection.execute(sa.insert(listing_vectors), values)
