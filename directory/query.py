"""What is asked of the directory and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time as clock_time
from typing import Any, Literal

from directory.places import Place
from directory.records import DAYS, Listing
from directory.service import service_dict
from directory.visibility import Hidden

Viewer = Literal["patient", "staff"]
PARTS_OF_DAY: Mapping[str, tuple[clock_time, clock_time]] = {
    "morning": (clock_time(5), clock_time(12)),
    "afternoon": (clock_time(12), clock_time(17)),
    "evening": (clock_time(17), clock_time(23, 59)),
}
MOST_RESULTS = 200


@dataclass(frozen=True)
class Query:
    """A search. Everything but the defaults is a strict filter first; see `SearchResult.relaxed`.

    `near` is a place or the patient's words for one; `day` names of DAYS; `time` 'morning', 'afternoon',
    'evening' or 'HH:MM', any of several; `online` True only online, False only in person; `status` (staff) a listing's status
    or a Hidden reason. `exclude_ids` are services already shown; `exclude_terms` words that must not stand in
    a listing. `for_person` says that somebody looks for themselves, and which groups (keys of AUDIENCES) they are
    known to belong to: then what is for everybody comes before what is for others, and nobody is asked to
    volunteer who did not want to. `nearer_than` is km, never loosened. `bring_someone`, `wait_weeks` (at most) and `places` (free
    ones) ask for what a listing says of itself: one that says nothing of it does not pass.
    """

    text: str = ""
    needs: Sequence[str] = ()
    near: str | Place | None = None
    within_km: float | None = None
    day: str | Sequence[str] | None = None
    time: str | Sequence[str] | None = None
    cost_free: bool = False
    access: Sequence[str] = ()
    languages: Sequence[str] = ()
    audience: Sequence[str] = ()
    age: int | None = None
    online: bool | None = None
    bring_someone: bool = False
    wait_weeks: int | None = None
    places: bool = False
    for_person: Sequence[str] | None = None
    nearer_than: float | None = None
    exclude_ids: Sequence[str] = ()
    exclude_terms: Sequence[str] = ()
    viewer: Viewer = "patient"
    status: str | None = None
    limit: int = 10
    offset: int = 0

    @property
    def days(self) -> tuple[str, ...]:
        """The days asked for, as names of DAYS. Raises ValueError for a word that is no day."""
        asked = (self.day,) if isinstance(self.day, str) else tuple(self.day or ())
        chosen = []
        for word in asked:
            short = word.strip().casefold()[:3]
            if short not in DAYS:
                raise ValueError(f"{word!r} is not a day: use one of {', '.join(DAYS)}.")
            chosen.append(short)
        return tuple(chosen)

    @property
    def hours(self) -> tuple[tuple[clock_time, clock_time], ...]:
        """The stretches of the day asked for. Raises ValueError for words that are no time."""
        asked = (self.time,) if isinstance(self.time, str) else tuple(self.time or ())
        return tuple(_stretch(word) for word in asked if word)


def _stretch(word: str) -> tuple[clock_time, clock_time]:
    if word in PARTS_OF_DAY:
        return PARTS_OF_DAY[word]
    try:
        moment = clock_time.fromisoformat(word)
    except ValueError as error:
        raise ValueError(f"{word!r} is not a time: use morning, afternoon, evening or HH:MM.") from error
    return moment, moment


@dataclass(frozen=True)
class Match:
    """One listing found: `score` about 0 to 1, `why` one to four short true reasons, `hidden` why patients
    may not see it."""

    listing: Listing
    score: float
    why: tuple[str, ...]
    distance_km: float | None = None
    hidden: Hidden | None = None

    @property
    def id(self) -> str:
        """The listing's public id."""
        return self.listing.id

    def as_service(self) -> dict[str, Any]:
        """The Service of the HTTP contract; what is not known is None (shown as 'ask')."""
        return service_dict(self.listing, why=self.why, score=self.score, distance_km=self.distance_km)

    def as_staff_service(self) -> dict[str, Any]:
        """The Service with `status`, `hidden` (the reason's id or None) and `hidden_reason` in words."""
        return {
            **self.as_service(),
            "status": self.listing.status,
            "hidden": self.hidden.value if self.hidden else None,
            "hidden_reason": self.hidden.in_words if self.hidden else None,
        }


@dataclass(frozen=True)
class SearchResult:
    """`total` counts what passed the filters and is near enough in meaning; `matches` is the page asked for.

    `relaxed` names the filters loosened because nothing passed them. `found` is False when nothing suitable
    is in the directory: `matches` then holds the nearest there is and `nearest_kinds` the needs they serve.
    `missing` are words of the thing asked for by name when no listing a patient may see holds any of them.
    `place` is what `near` was taken for; `unknown_place` the words when no such place is known.
    """

    total: int
    matches: tuple[Match, ...]
    relaxed: tuple[str, ...] = ()
    found: bool = True
    nearest_kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    place: Place | None = None
    unknown_place: str | None = None
    missing: tuple[str, ...] = ()
