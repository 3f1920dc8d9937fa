"""The public feed by place: each service at each place where patients may have it, online being one."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import numpy as np

from directory.areas import Distances
from directory.openreferral import ids
from directory.openreferral.pages import Asked, envelope, matching
from directory.openreferral.writing import AT, AT_ONLINE, service_of
from directory.places import Place
from directory.search import Directory
from directory.snapshot import Snapshot

# A place is known by twice its listing's row, and one more for the place that is online.
_ONLINE = 1


def page_of(
    directory: Directory, asked: Asked, page: int, per_page: int, near: Place | None = None, within_km: float | None = None
) -> dict[str, Any]:
    """A page of places, in order of their listings' ids. Raises ValueError for a day that is none.

    `near` leaves out services that do not go there; with `within_km` also places further away, online being nowhere near.
    """
    snapshot = directory.current()
    rows = matching(snapshot, asked, directory.today)
    if near is not None:
        rows &= snapshot.areas.serves(near)
    gone_to, joined = rows & snapshot.somewhere, rows & snapshot.online
    if near is not None and within_km is not None:
        gone_to &= Distances(near, snapshot.latitude, snapshot.longitude).within(within_km)
        joined = np.zeros(len(rows), bool)
    places = np.sort(np.concatenate([2 * np.flatnonzero(gone_to), 2 * np.flatnonzero(joined) + _ONLINE]))
    shown = places[(page - 1) * per_page : page * per_page]
    return envelope([_told(snapshot, int(place)) for place in shown], len(places), page, per_page)


def one(directory: Directory, identifier: str) -> dict[str, Any] | None:
    """The place with this UUID; None when there is none that patients may see."""
    snapshot = directory.current()
    place = _by_uuid(snapshot).get(identifier.casefold())
    if place is None or not snapshot.visible(directory.today)[place // 2]:
        return None
    if not (snapshot.online if place % 2 else snapshot.somewhere)[place // 2]:
        return None
    return _told(snapshot, place)


def _told(snapshot: Snapshot, place: int) -> dict[str, Any]:
    """The place with its service: what a service tells of its places, the other way round."""
    service = service_of(snapshot.listings[place // 2])
    own = ids.made(service["id"], AT_ONLINE if place % 2 else AT)
    found: dict[str, Any] = next(each for each in service.pop("service_at_locations") if each["id"] == own)
    return {**found, "service": service}


_uuids: dict[str, Any] = {}
_uuids_lock = threading.Lock()


def _by_uuid(snapshot: Snapshot) -> Mapping[str, int]:
    """Which place each UUID stands for, whether it is there or not; made once for each state of the directory."""
    with _uuids_lock:
        if _uuids.get("of") is not snapshot:
            services = ((ids.service_id(i), row) for i, row in snapshot.row_of.items())
            told = {ids.made(own, kind): 2 * row + at for own, row in services for at, kind in enumerate((AT, AT_ONLINE))}
            _uuids.update(of=snapshot, places=told)
        places: Mapping[str, int] = _uuids["places"]
        return places
