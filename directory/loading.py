"""Reading the listings into memory: all of them at the start and after a large import, otherwise the few that changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import Engine

from directory import store
from directory.asked import asked_of
from directory.encoder import Encoder
from directory.index import Index, build_index, content_version, read_index, write_index
from directory.needs import need_lines
from directory.places import Places
from directory.records import Listing
from directory.snapshot import Snapshot, build_snapshot
from directory.splice import spliced
from directory.vectors import Progress, ensure_vectors, passages, text_hash
from directory.visibility import Policy

log = logging.getLogger(__name__)
# When more than one listing in so many has changed, everything is read anew: the lists of a large index are then trained again.
FEW_IN = 10


@dataclass(frozen=True)
class Loaded:
    """The listings in memory, and by which marks they are known to have changed."""

    snapshot: Snapshot
    contents: Mapping[str, str]  # content hash by id
    texts: Mapping[str, str]  # hash of what is encoded, by id
    moved: Mapping[str, str]  # where merged listings went


class Loader:
    """Loads the listings of one database; one at a time."""

    def __init__(self, engine: Engine, encoder: Encoder, places: Places, policy: Policy, index_file: Path) -> None:
        """Reads nothing yet."""
        self._engine, self._encoder, self._places, self._policy = engine, encoder, places, policy
        self._file = index_file
        self._writing = threading.Lock()
        self._newest: Index | None = None

    def load(self, before: Loaded | None, progress: Progress | None = None) -> Loaded:
        """The listings as they are now. Raises SQLAlchemyError when the database cannot be read."""
        with self._engine.connect() as connection, connection.begin():
            # The counter first, then the marks: should a write slip in between, the next look loads again what it changed.
            number = store.version_in(connection)
            contents, moved = store.hashes(connection), store.moved(connection)
            changed = [i for i, mark in contents.items() if before is None or before.contents.get(i) != mark]
            gone = len(before.contents.keys() - contents.keys()) if before else 0
            few = before is not None and (len(changed) + gone) * FEW_IN <= len(contents)
            listings = list(store.stored(connection, changed).values()) if few else store.all_in(connection)
        if before is not None and few and len(listings) == len(changed):
            patched = self._patched(before, number, sorted(listings, key=lambda one: one.id), contents)
            if patched is not None:
                return replace(patched, moved=moved)
            return self.load(None, progress)
        if few:  # one that had changed was removed meanwhile
            return self.load(None, progress)
        texts = {listing.id: text_hash(passages(listing)) for listing in listings}
        index = self._index(listings, texts, progress)
        snapshot = build_snapshot(number, listings, index, self._places, self._policy, need_lines(self._encoder), asked_of(self._encoder))
        return Loaded(snapshot, {i: contents.get(i, "") for i in texts}, texts, moved)

    def _index(self, listings: Sequence[Listing], texts: Mapping[str, str], progress: Progress | None) -> Index:
        """The file's index where it is of these very texts; otherwise built, and written."""
        version = content_version(self._encoder.fingerprint, list(texts.values()))
        index = read_index(self._file, version)
        if index is None or len(index.starts) != len(listings):
            vectors = ensure_vectors(self._engine, self._encoder, listings, progress)
            index = build_index(vectors, self._encoder.dimension, version)
            self._keep(index)
        return index

    def _patched(
        self, before: Loaded, number: int, listings: Sequence[Listing], contents: Mapping[str, str]
    ) -> Loaded | None:
        """What was there with `listings` new or changed and all that `contents` does not name gone; None where that cannot be."""
        own = build_index(ensure_vectors(self._engine, self._encoder, listings), self._encoder.dimension, "")
        fresh = build_snapshot(number, listings, own, self._places, self._policy, need_lines(self._encoder), asked_of(self._encoder))
        told = {**before.texts, **{listing.id: text_hash(passages(listing)) for listing in listings}}
        texts = {i: told[i] for i in contents}
        version = content_version(self._encoder.fingerprint, list(texts.values()))
        snapshot = spliced(before.snapshot, fresh, list(contents), version)
        if snapshot is None:
            return None
        if snapshot.index.version != before.snapshot.index.version:
            if snapshot.index.large:  # hundreds of megabytes: nobody waits for them
                threading.Thread(target=self._keep, args=(snapshot.index,), name="search index").start()
            else:
                self._keep(snapshot.index)
        return Loaded(snapshot, contents, texts, before.moved)

    def _keep(self, index: Index) -> None:
        """Writes the index file; of several that wait, the newest alone."""
        self._newest = index
        with self._writing:
            if self._newest is not index:
                return
            try:
                write_index(self._file, index)
            except OSError:
                log.exception("The search index could not be written; searching goes on from memory.")
