"""The directory as a public feed: what patients may see, paged and filtered as the standard says."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import numpy as np

from directory.openreferral import ids, own_terms
from directory.openreferral.writing import service_of
from directory.records import DAYS
from directory.search import Directory
from directory.snapshot import Snapshot

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/"
PAGE_SIZE, LARGEST_PAGE = 50, 200
_BYDAY = dict(zip(("mo", "tu", "we", "th", "fr", "sa", "su"), DAYS, strict=True))


@dataclass(frozen=True)
class Asked:
    """The standard's filters. `day` is a day's name, short name or iCal code; times are of a listing's own times."""

    search: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    start_time: time | None = None
    end_time: time | None = None
    day: str | None = None
    taxonomy_id: str | None = None
    taxonomy_term_id: str | None = None

    @property
    def weekday(self) -> str | None:
        """The day as one of DAYS. Raises ValueError for a word that is none."""
        if self.day is None or not self.day.strip():
            return None
        word = self.day.strip().casefold()
        short = _BYDAY.get(word, word[:3])
        if short not in DAYS:
            raise ValueError(f"{self.day!r} is not a day: use MO, TU, WE, TH, FR, SA or SU.")
        return short


def envelope(contents: Sequence[Any], total: int, page: int, per_page: int) -> dict[str, Any]:
    """A page as the standard wants it."""
    pages = -(-total // per_page)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": list(contents),
    }


def services_page(directory: Directory, asked: Asked, page: int = 1, per_page: int = PAGE_SIZE) -> dict[str, Any]:
    """A page of services that patients may see today, in order of their ids. Raises ValueError for a day that is none."""
    snapshot = directory.current()
    rows = np.flatnonzero(matching(snapshot, asked, directory.today))
    chosen = rows[(page - 1) * per_page : page * per_page]
    return envelope([service_of(snapshot.listings[int(row)]) for row in chosen], len(rows), page, per_page)


def one_service(directory: Directory, identifier: str) -> dict[str, Any] | None:
    """The service with this UUID, or with Linkway's own id; None when there is none that patients may see."""
    snapshot = directory.current()
    row = snapshot.row_of.get(identifier)
    if row is None:
        row = _rows_by_uuid(snapshot).get(identifier.casefold())
    if row is None or not snapshot.visible(directory.today)[row]:
        return None
    return service_of(snapshot.listings[row])


def content_mark(directory: Directory) -> str:
    """Changes with the listings and with the day: who asks again with it need not be told the same twice."""
    text = f"{directory.current().number} {directory.today} {VERSION}"
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def taxonomies() -> list[dict[str, Any]]:
    """The taxonomies whose terms the public feed uses."""
    return [
        {"id": ids.made("taxonomy", name), "name": name, "description": own_terms.TAXONOMIES[name]}
        for name in (own_terms.NEEDS, own_terms.COLUMNS)
    ]


def taxonomy_terms(taxonomy_id: str | None = None) -> list[dict[str, Any]]:
    """Their terms."""
    terms = own_terms.need_terms() + [own_terms.column_term(column) for column in own_terms.public_columns()]
    return [one for one in terms if taxonomy_id in (None, one["taxonomy_id"])]


def matching(snapshot: Snapshot, asked: Asked, today: date) -> np.ndarray:
    """bool per listing: patients may see it today, and it is as asked."""
    rows = snapshot.visible(today).copy()
    if asked.search.strip():
        rows &= snapshot.lexicon.rows_holding((asked.search,))
    if asked.minimum_age is not None:
        rows &= snapshot.min_age >= asked.minimum_age
    if asked.maximum_age is not None:
        rows &= snapshot.max_age <= asked.maximum_age
    if weekday := asked.weekday:
        rows &= (snapshot.days & (1 << DAYS.index(weekday))) > 0
    if asked.start_time is not None:
        rows &= snapshot.start >= asked.start_time.hour * 60 + asked.start_time.minute
    if asked.end_time is not None:
        latest = asked.end_time.hour * 60 + asked.end_time.minute
        rows &= (snapshot.end >= 0) & (snapshot.end <= latest)
    if asked.taxonomy_term_id is not None or asked.taxonomy_id is not None:
        rows &= _with_term(snapshot, asked)
    return rows


def _with_term(snapshot: Snapshot, asked: Asked) -> np.ndarray:
    """Listings that state a need with this term, or any need where the taxonomy of needs is asked for."""
    found = np.zeros(len(snapshot.row_of), bool)
    of_columns = asked.taxonomy_id == ids.made("taxonomy", own_terms.COLUMNS)
    if of_columns and asked.taxonomy_term_id is None:
        return ~found  # each service is told by its columns
    for column, own in enumerate(own_terms.need_terms()):
        if asked.taxonomy_term_id in (None, own["id"]) and asked.taxonomy_id in (None, own["taxonomy_id"]):
            found |= snapshot.needs_given[:, column]
    return found


_uuids: dict[str, Any] = {}
_uuids_lock = threading.Lock()


def _rows_by_uuid(snapshot: Snapshot) -> Mapping[str, int]:
    """Where each UUID stands; made once for each state of the directory."""
    with _uuids_lock:
        if _uuids.get("of") is not snapshot:
            _uuids.update(of=snapshot, rows={ids.service_id(i).casefold(): row for i, row in snapshot.row_of.items()})
        rows: Mapping[str, int] = _uuids["rows"]
        return rows
