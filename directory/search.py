"""The directory as the rest of the project uses it: search by meaning with filters, one listing, staying up
to date."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from directory import store
from directory.areas import Distances
from directory.asked import asked_of
from directory.encoder import Encoder
from directory.filters import allow, only_for
from directory.loading import Loaded, Loader
from directory.named import thing_named
from directory.needs import need_lines
from directory.places import Place, Places
from directory.query import MOST_RESULTS, Match, Query, SearchResult
from directory.ranking import Ranking, rank
from directory.reasons import reasons, top_needs
from directory.records import Listing
from directory.snapshot import Snapshot
from directory.suitable import is_found, nearest_kinds
from directory.vectors import Progress
from directory.visibility import Policy, visibility
from directory.vocabulary import OPPOSITES
from directory.wording import Wishes, wishes_in

log = logging.getLogger(__name__)

Clock = Callable[[], "date | datetime"]


class Directory:
    """Search over the listings of a database. Safe to call from several threads; one per process is enough.

    `home` is the folder for the index file; `clock` gives the day (or moment) by which listings are judged.
    """

    def __init__(
        self,
        engine: Engine,
        home: Path,
        encoder: Encoder,
        places: Places,
        policy: Policy | None = None,
        clock: Clock = date.today,
    ) -> None:
        self.engine = engine
        self.places = places
        self.policy = policy or Policy()
        self.encoder = encoder
        self._clock = clock
        self._asked = asked_of(encoder)
        self._loader = Loader(engine, encoder, places, self.policy, Path(home) / "index" / "directory.index")
        self._loaded: Loaded | None = None
        self._lock = threading.Lock()

    @property
    def _snapshot(self) -> Snapshot | None:
        return self._loaded.snapshot if self._loaded else None

    @property
    def ready(self) -> bool:
        """Whether listings have been loaded."""
        return self._snapshot is not None

    @property
    def today(self) -> date:
        """The clock's day."""
        now = self._clock()
        return now.date() if isinstance(now, datetime) else now

    @property
    def stale(self) -> bool:
        """Whether any process has changed the listings since they were loaded here; one cheap query."""
        return self._snapshot is None or store.version(self.engine) != self._snapshot.number

    @property
    def number(self) -> int | None:
        """The version of the listings that were loaded; None before any were."""
        return self._snapshot.number if self._snapshot is not None else None

    def refresh(self, progress: Progress | None = None) -> bool:
        """Loads the listings when any process has changed them; True when it did. Otherwise one cheap query.

        Few changes are put into what is there. New texts are encoded on the way (about 10 ms a listing) and the index file is
        written. Raises SQLAlchemyError when the database cannot be read.
        """
        snapshot = self._snapshot
        if snapshot is not None and store.version(self.engine) == snapshot.number:
            return False
        with self._lock:
            if self._snapshot is not None and store.version(self.engine) == self._snapshot.number:
                return False
            self._loaded = self._loader.load(self._loaded, progress)
        return True

    def search(self, query: Query, fresh: bool = True) -> SearchResult:
        """Finds listings. Raises ValueError for a day or time that is none.

        `fresh` False searches the listings as last loaded: inside a transaction that holds SQLite's lock, loading
        them anew would wait for that very lock. When the database cannot be reached, the listings last loaded go on being searched.
        """
        snapshot = self.current(fresh)
        place, unknown = self._place(query)
        wishes = wishes_in(query.text)
        seen_from = place or next(iter(self.places.find_places(query.text)), None)
        distances = None
        if seen_from is not None:
            distances = Distances(seen_from, snapshot.latitude, snapshot.longitude)
        today = self.today
        thing = thing_named(query.text)
        named = snapshot.lexicon.rows_holding(thing) if thing else None
        # Whoever asks for a men's shed by name is shown sheds, whatever else they tell of themselves.
        asked_for = replace(query, needs=()) if named is not None and (named & snapshot.visible(today)).any() else query
        allowed = allow(snapshot, asked_for, place, distances, today, self.policy)
        rows = allowed.rows
        if wishes.only_for:
            rows = rows & ~only_for(snapshot, OPPOSITES[wishes.only_for])
        lines = need_lines(self.encoder)
        vector = self.encoder.encode([query.text])[0] if query.text.strip() else None
        ranking = rank(snapshot, query, wishes, vector, lines, rows, distances, snapshot.stale(today), named, self._asked)
        asked = top_needs(ranking.question_needs, lines.ids)
        matches = self._page(snapshot, query, wishes, ranking, seen_from, distances, asked)
        found = is_found(ranking, allowed.relaxed, again=bool(query.exclude_ids))
        return SearchResult(
            total=len(ranking.rows),
            matches=matches,
            relaxed=allowed.relaxed if matches else (),
            found=found,
            nearest_kinds=() if found else nearest_kinds(snapshot, ranking, lines.ids),
            needs=tuple(need for need, share in asked if share >= 0.15) or tuple(query.needs),
            place=seen_from,
            unknown_place=unknown,
            missing=thing if named is not None and not (named & snapshot.visible(today)).any() else (),
        )

    def get(self, identifier: str, viewer: str = "patient", fresh: bool = True) -> Match | None:
        """One listing by its id; a patient gets None for one that is hidden from patients. `fresh` as in `search`.

        The id of a listing that was merged into another gives that other.
        """
        snapshot = self.current(fresh)
        row = snapshot.row_of.get(identifier)
        if row is None and self._loaded:
            row = snapshot.row_of.get(self._loaded.moved.get(identifier, ""))
        if row is None:
            return None
        hidden = visibility(snapshot.listings[row], self.today, self.policy)
        if viewer != "staff" and hidden is not None:
            return None
        return Match(snapshot.listings[row], score=0.0, why=(), hidden=hidden)

    def listings(self, viewer: str = "patient") -> list[Listing]:
        """All listings a patient may see today, or all there are for staff, by id."""
        listings = self.current().listings
        if viewer == "staff":
            return list(listings)
        return [x for x in listings if visibility(x, self.today, self.policy) is None]

    def meanings(self) -> tuple[list[Listing], np.ndarray]:
        """All listings by id, and a float32 row for each: the vector of its whole text."""
        snapshot = self.current()
        wholes = [vectors[starts] for vectors, starts in snapshot.index.blocks()]
        return list(snapshot.listings), np.concatenate(wholes) if wholes else np.zeros((0, self.encoder.dimension), np.float32)

    def current(self, fresh: bool = True) -> Snapshot:
        """The listings as arrays, loaded anew when they have changed (`fresh`); never changed afterwards."""
        try:
            if fresh or self._snapshot is None:
                self.refresh()
        except SQLAlchemyError:
            if self._snapshot is None:
                raise
            log.exception("The directory's database cannot be read; searching the listings last loaded.")
        loaded = self._loaded
        assert loaded is not None
        return loaded.snapshot

    def _place(self, query: Query) -> tuple[Place | None, str | None]:
        """The place meant by `near`, or the words when no such place is known."""
        if query.near is None or isinstance(query.near, Place):
            return query.near, None
        place = self.places.locate(query.near)
        return place, None if place else query.near.strip() or None

    def _page(
        self,
        snapshot: Snapshot,
        query: Query,
        wishes: Wishes,
        ranking: Ranking,
        place: Place | None,
        distances: Distances | None,
        asked: list[tuple[str, float]],
    ) -> tuple[Match, ...]:
        """The matches of the page asked for, each with its reasons."""
        ids = need_lines(self.encoder).ids
        matches = []
        start = max(0, query.offset)
        page = slice(start, start + max(0, min(query.limit, MOST_RESULTS)))
        shown = ranking.rows[page]
        km = np.full(len(shown), np.nan) if distances is None else distances.of(shown)
        for row, score, far in zip(shown, ranking.scores[page], km, strict=True):
            listing = snapshot.listings[row]
            hidden = visibility(listing, self.today, self.policy)
            if hidden is not None and query.viewer != "staff":
                # The filter has already left it out; should the two ever differ, the patient is still kept
                # from it.
                log.error("Listing %s passed the filter though hidden (%s).", listing.id, hidden.value)
                continue
            away = None if np.isnan(far) else float(far)
            own = dict(zip(ids, snapshot.needs_shares[row].tolist(), strict=True))
            why = reasons(listing, query, wishes, place, away, asked, own)
            matches.append(Match(listing, float(score), why, away, hidden))
        return tuple(matches)
