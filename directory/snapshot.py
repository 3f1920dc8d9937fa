"""The whole directory in memory, as arrays a search can filter and rank in one go. Never changed, only
replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

import numpy as np

from directory.areas import Areas, build_areas
from directory.asked import Asked, in_pieces
from directory.for_whom import Limited, asks_for_help, limited
from directory.index import Index
from directory.lexical import Lexicon
from directory.needs import NeedLines
from directory.packed import kept
from directory.places import Places
from directory.records import DAYS, Listing
from directory.visibility import Policy, visibility
from directory.vocabulary import all_keys

# A listing that does not state a need still counts as serving it when so much of its text points there.
DERIVED_NEED = 0.15
_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()


@dataclass(frozen=True)
class Snapshot:
    """`number` is the version counter it was read at. Rows of all arrays are the listings, in order."""

    number: int
    listings: Sequence[Listing]
    index: Index
    row_of: dict[str, int]
    latitude: np.ndarray  # NaN where not known
    longitude: np.ndarray
    days: np.ndarray  # bits of DAYS, 0 where not known
    start: np.ndarray  # minutes after midnight, -1 where not known
    end: np.ndarray
    free: np.ndarray
    online: np.ndarray  # it can be joined online
    in_person: np.ndarray
    somewhere: np.ndarray  # it says where to go
    company: np.ndarray  # somebody may be brought along
    wait: np.ndarray  # weeks, -1 where not known
    places: np.ndarray  # it says it has free places
    min_age: np.ndarray
    max_age: np.ndarray
    visible_from: (
        np.ndarray
    )  # ordinals of the first and last day a patient may see it; from > until when never
    visible_until: np.ndarray
    fresh_until: np.ndarray  # ordinal after which it is ranked last
    keys: dict[str, dict[str, np.ndarray]]  # kind -> key -> rows that have it
    given: dict[str, np.ndarray]  # kind -> bool: the listing says anything at all on it
    areas: Areas
    needs_given: np.ndarray  # bool (listings, needs)
    needs_shares: np.ndarray  # float32 (listings, needs), rows sum to 1
    alike: np.ndarray  # int32 (listings, ALIKE): known listings like each (asked.py), none of them without known questions
    alike_parts: np.ndarray  # float32, what part each of these has
    needs_served: np.ndarray  # bool (listings, needs): stated, or told of plainly enough
    lexicon: Lexicon
    limits: tuple[Limited, ...]  # the ways of not being for everybody
    limit_of: np.ndarray  # which of them, -1 for everybody
    asks_for_help: np.ndarray  # it looks for volunteers

    def visible(self, today: date) -> np.ndarray:
        """bool per listing: a patient may see it today (the same answer as `visibility`, tested to be)."""
        day = today.toordinal()
        return (self.visible_from <= day) & (day <= self.visible_until)

    def stale(self, today: date) -> np.ndarray:
        """bool per listing: it goes to the end of the ranking."""
        return self.fresh_until < today.toordinal()

    def having(self, kind: str, key: str) -> np.ndarray:
        """bool per listing: it says it has this access, language or audience."""
        having = np.zeros(len(self.listings), bool)
        if key in self.keys[kind]:
            having[self.keys[kind][key]] = True
        return having

    def served(self, need: int) -> np.ndarray:
        """bool per listing: it states the need, or enough of its text points there."""
        return self.needs_served[:, need]

    def limited_to(self, groups: frozenset[str]) -> np.ndarray:
        """bool per listing: it is for these groups and no other."""
        alike = np.array([one.groups == groups for one in self.limits] + [False], bool)
        return alike[self.limit_of]


def build_snapshot(
    number: int,
    listings: Sequence[Listing],
    index: Index,
    places: Places,
    policy: Policy,
    need_lines: NeedLines,
    asked: Asked | None = None,
) -> Snapshot:
    """Arrays of everything a search looks at (about 100 microseconds a listing). `asked`: the encoder's known questions."""

    def array(values: Iterable[object], kind: type | str) -> np.ndarray:
        return np.array(list(values), dtype=kind)

    keys: dict[str, dict[str, np.ndarray]] = {}
    given: dict[str, np.ndarray] = {}
    for kind in ("access", "languages", "audience"):
        table: defaultdict[str, list[int]] = defaultdict(list)
        for row, listing in enumerate(listings):
            for key in all_keys(kind, getattr(listing, kind)):
                table[key].append(row)
        keys[kind] = {key: array(rows, np.int32) for key, rows in table.items()}
        given[kind] = array((bool(getattr(listing, kind)) for listing in listings), bool)
    spans = [visible_span(listing, policy) for listing in listings]
    limits: dict[Limited, int] = {}
    limit_of = array((-1 if (one := limited(x)) is None else limits.setdefault(one, len(limits)) for x in listings), np.int32)
    given_needs = array(([n in x.needs for n in need_lines.ids] for x in listings), bool).reshape(len(listings), len(need_lines.ids))
    shares = need_lines.listing_shares(index.blocks())
    alike = [(np.zeros((len(listings), 0), np.int32), np.zeros((len(listings), 0), np.float32))]
    if asked is not None and len(listings):
        alike = [asked.alike(part) for vectors, starts in index.blocks() for part in in_pieces(vectors[starts])]
    return Snapshot(
        number=number,
        listings=kept(listings),
        index=index,
        row_of={listing.id: row for row, listing in enumerate(listings)},
        latitude=array((np.nan if x.latitude is None else x.latitude for x in listings), float),
        longitude=array((np.nan if x.longitude is None else x.longitude for x in listings), float),
        days=array((sum(1 << DAYS.index(day) for day in x.days) for x in listings), np.uint8),
        start=array((_minutes(x.start_time) for x in listings), np.int32),
        end=array((_minutes(x.end_time) for x in listings), np.int32),
        free=array((bool(x.is_free) for x in listings), bool),
        online=array((x.online in ("yes", "both") for x in listings), bool),
        in_person=array((x.online != "yes" for x in listings), bool),
        somewhere=array((x.somewhere for x in listings), bool),
        company=array((x.takes_company for x in listings), bool),
        wait=array((-1 if x.wait_weeks is None else x.wait_weeks for x in listings), np.int32),
        places=array((x.capacity not in (None, "full", "0") for x in listings), bool),
        min_age=array((0 if x.min_age is None else x.min_age for x in listings), np.int32),
        max_age=array((999 if x.max_age is None else x.max_age for x in listings), np.int32),
        visible_from=array((span[0] for span in spans), np.int64),
        visible_until=array((span[1] for span in spans), np.int64),
        fresh_until=array((_fresh_until(x, policy) for x in listings), np.int64),
        keys=keys,
        given=given,
        areas=build_areas(listings, places),
        needs_given=given_needs,
        needs_shares=shares,
        alike=np.concatenate([rows for rows, _ in alike]),
        alike_parts=np.concatenate([parts for _, parts in alike]),
        needs_served=np.asfortranarray(given_needs | (shares >= DERIVED_NEED)),
        lexicon=Lexicon(listings),
        limits=tuple(limits),
        limit_of=limit_of,
        asks_for_help=array((asks_for_help(x) for x in listings), bool),
    )


def visible_span(listing: Listing, policy: Policy) -> tuple[int, int]:
    """Ordinals of the first and last day on which `visibility` lets patients see the listing; (1, 0) for
    never."""
    until = policy.accredited_until(listing)
    if until is None or not listing.accredited_by:
        return 1, 0
    first = listing.accredited_on.toordinal() if listing.accredited_on else _FIRST
    last = until.toordinal()
    if listing.last_checked is not None:
        last = min(last, listing.last_checked.toordinal() + policy.hide_after.days)
    if (
        last < first
        or visibility(listing, date.fromordinal(max(first, min(last, _LAST))), policy) is not None
    ):
        return 1, 0
    return first, last


def _fresh_until(listing: Listing, policy: Policy) -> int:
    if listing.last_checked is None:
        return _FIRST
    return listing.last_checked.toordinal() + policy.rank_last_after.days


def _minutes(moment: time | None) -> int:
    return -1 if moment is None else moment.hour * 60 + moment.minute
