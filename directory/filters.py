"""The filters of a search: what is never loosened, what is strict at first, and in which order that gives
way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

import numpy as np

from directory.areas import Distances
from directory.for_whom import OLDER, wants_to_help
from directory.needs import need_ids
from directory.places import Place
from directory.query import Query
from directory.records import DAYS, STATUSES
from directory.snapshot import Snapshot
from directory.visibility import Policy, visibility
from directory.vocabulary import OPPOSITES, wanted_key

# From what a patient gives up most easily to what decides whether they can go at all.
RELAXING_ORDER = ("time", "day", "within_km", "wait", "places", "cost", "online", "bring", "language", "audience", "access", "need")


@dataclass(frozen=True)
class Allowed:
    """`rows` is a bool per listing; `relaxed` names the filters that were loosened to find any."""

    rows: np.ndarray
    relaxed: tuple[str, ...]


def firm(
    snapshot: Snapshot,
    query: Query,
    place: Place | None,
    distances: Distances | None,
    today: date,
    policy: Policy,
) -> np.ndarray:
    """What holds whatever is asked: visibility, age, area, an excluded service or word, no group opposite to
    the one asked for, and nearer than what was too far."""
    allowed = np.ones(len(snapshot.listings), bool)
    if query.viewer != "staff":
        allowed &= snapshot.visible(today)
        allowed &= snapshot.areas.serves(place)
    elif query.status:
        allowed &= _with_status(snapshot, query.status, today, policy)
    if query.age is not None:
        allowed &= (snapshot.min_age <= query.age) & (query.age <= snapshot.max_age)
    for identifier in query.exclude_ids:
        row = snapshot.row_of.get(identifier)
        if row is not None:
            allowed[row] = False
    if query.exclude_terms:
        allowed &= ~snapshot.lexicon.rows_holding(query.exclude_terms)
    for key in (wanted_key("audience", word) for word in query.audience):  # not for_person: a mum may look for her husband
        opposite = OPPOSITES.get(key)
        if opposite:
            allowed &= ~only_for(snapshot, opposite)
    if query.for_person is not None:
        allowed &= _may_suit(snapshot, query)
    if query.nearer_than is not None and distances is not None:
        nearer = distances.within(query.nearer_than, edge=False)
        allowed &= nearer | (~snapshot.in_person if query.online else False)  # online is nowhere near
    return allowed


def _may_suit(snapshot: Snapshot, query: Query) -> np.ndarray:
    """bool per listing: nothing that is known of the person speaks against it, and it does not look for volunteers
    unless they want to be one."""
    rows = np.ones(len(snapshot.listings), bool)
    if not wants_to_help(query.needs, query.text):
        rows &= ~snapshot.asks_for_help
    if query.age is not None:  # a group for older or for young people that names no years
        others = "young_people" if query.age >= OLDER else "older_people" if query.age < OLDER - 10 else None
        if others:
            rows &= ~snapshot.limited_to(frozenset((others,)))
    return rows


def only_for(snapshot: Snapshot, group: str) -> np.ndarray:
    """bool per listing: it is for women only, or for men only (it names the one and neither the other nor
    anyone)."""
    others = snapshot.having("audience", OPPOSITES[group]) | snapshot.having("audience", "anyone")
    return snapshot.having("audience", group) & ~others


def strict(
    snapshot: Snapshot, query: Query, place: Place | None, distances: Distances | None
) -> dict[str, np.ndarray]:
    """The filters asked for, by name, each a bool per listing."""
    masks: dict[str, np.ndarray] = {}
    stated = [column for column, need in enumerate(need_ids()) if need in query.needs]
    if stated:
        masks["need"] = np.logical_or.reduce([snapshot.served(column) for column in stated])
    if query.hours:
        masks["time"] = np.logical_or.reduce([_in_hours(snapshot, stretch) for stretch in query.hours])
    if query.days:
        bits = sum(1 << DAYS.index(day) for day in set(query.days))
        masks["day"] = (snapshot.days & bits) > 0
    if query.within_km is not None and place is not None and distances is not None:
        reachable = distances.within(query.within_km)
        # What can be joined from home is never too far.
        masks["within_km"] = reachable | (snapshot.online if query.online is not False else False)
    if query.cost_free:
        masks["cost"] = snapshot.free
    if query.online is not None:
        masks["online"] = snapshot.online if query.online else snapshot.in_person
    if query.wait_weeks is not None:
        masks["wait"] = (snapshot.wait >= 0) & (snapshot.wait <= query.wait_weeks)
    if query.places:
        masks["places"] = snapshot.places
    if query.bring_someone:
        masks["bring"] = snapshot.company
    if query.access:
        masks["access"] = _having_all(snapshot, "access", query.access)
    if query.languages:
        wanted = [wanted_key("languages", word) for word in query.languages]
        spoken = [snapshot.having("languages", key) for key in wanted]
        # A listing that names no language is taken to speak English.
        spoken += [~snapshot.given["languages"]] if "english" in wanted else []
        masks["language"] = np.logical_or.reduce(spoken)
    if query.audience:
        masks["audience"] = _having_all(snapshot, "audience", query.audience)
    return masks


def allow(
    snapshot: Snapshot,
    query: Query,
    place: Place | None,
    distances: Distances | None,
    today: date,
    policy: Policy,
) -> Allowed:
    """The listings a search may return: firm always; strict filters dropped one by one while nothing is left.

    A filter is named in `relaxed` only when dropping it mattered: those dropped before it are tried again
    after.
    """
    base = firm(snapshot, query, place, distances, today, policy)
    masks = strict(snapshot, query, place, distances)
    if not base.any():
        return Allowed(base, ())
    dropped: list[str] = []
    while not _together(base, masks, dropped).any():
        dropped.append(next(name for name in RELAXING_ORDER if name in masks and name not in dropped))
    for name in list(dropped):
        without = [other for other in dropped if other != name]
        if _together(base, masks, without).any():
            dropped = without
    return Allowed(_together(base, masks, dropped), tuple(dropped))


def _having_all(snapshot: Snapshot, kind: str, wishes: Sequence[str]) -> np.ndarray:
    """bool per listing: it has each of the wishes."""
    rows = np.ones(len(snapshot.listings), bool)
    for wish in wishes:
        rows &= snapshot.having(kind, wanted_key(kind, wish))
    return rows


def _together(base: np.ndarray, masks: dict[str, np.ndarray], dropped: list[str]) -> np.ndarray:
    rows = base.copy()
    for name, mask in masks.items():
        if name not in dropped:
            rows &= mask
    return rows


def _in_hours(snapshot: Snapshot, hours: tuple[time, time]) -> np.ndarray:
    """It begins in that part of the day, or is running at that moment; unknown times do not pass."""
    low, high = (moment.hour * 60 + moment.minute for moment in hours)
    known = snapshot.start >= 0
    end = np.where(snapshot.end > snapshot.start, snapshot.end, snapshot.start + 120)
    if low == high:
        return known & (snapshot.start <= low) & (low < end)
    # Open all day counts for each part of it; merely touching it does not: an hour of it must lie within.
    overlap = np.minimum(end, high) - np.maximum(snapshot.start, low)
    return known & (((low <= snapshot.start) & (snapshot.start < high)) | (overlap >= 60))


def _with_status(snapshot: Snapshot, status: str, today: date, policy: Policy) -> np.ndarray:
    """For staff: a status of the listing, a reason for hiding, 'hidden' or 'visible'."""
    visible = snapshot.visible(today)
    if status in ("hidden", "visible"):
        return visible if status == "visible" else ~visible
    if status in STATUSES and status != "full":
        return np.array([listing.status == status for listing in snapshot.listings], bool)
    reasons = [visibility(listing, today, policy) for listing in snapshot.listings]
    return np.array([reason is not None and reason.value == status for reason in reasons], bool)
