"""Whom a listing serves: its service areas as outcodes, circles round known places, or the whole country."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from directory.places import EARTH_RADIUS_KM, Place, Places
from directory.records import Listing

# How far a named place is taken to reach from its middle: across a town, and 'and nearby' the next villages.
TOWN_KM = 9.0
NEARBY_KM = 15.0
# A county or district that is not in the list of places: taken to lie within so far of the listing itself.
UNKNOWN_AREA_KM = 50.0
# A degree of latitude, a little short, so that a band of them is never too narrow.
KM_A_DEGREE = 111.0
# A town named by the patient spans several outcodes; an outcode's area then reaches so far.
OUTCODE_KM = 6.0

_ANYWHERE = re.compile(
    r"\b(anywhere|national|nationwide|online|england|britain|united kingdom|uk|gb|everywhere|all areas)\b",
    re.IGNORECASE,
)
_OUTCODE = re.compile(r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]?")
_WIDER = re.compile(
    r"\b(?:county|district|borough|central|north|south|east|west|mid)\b|shire\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Areas:
    """The service areas of all listings in flat arrays, to be tested against one place at once.

    A circle stands once, however many listings have it; circles lie in the order of their latitudes.
    """

    bounded: np.ndarray  # bool per listing: it names an area that is not the whole country
    owners: np.ndarray  # listings, those of one circle after those of the other
    bounds: np.ndarray  # where the owners of each circle begin, and the last end
    latitudes: np.ndarray
    longitudes: np.ndarray
    radii: np.ndarray  # km
    outcodes: np.ndarray  # the circle's outcode when it stands for one, else ''

    def serves(self, place: Place | None) -> np.ndarray:
        """Per listing, whether somebody at `place` is in its area; True where either is not known."""
        fits = ~self.bounded
        if place is None:
            return np.ones_like(fits)
        # None of the circles further north or south than the widest is can hold the place.
        reach = (self.radii.max() if len(self.radii) else 0) / KM_A_DEGREE
        low, high = np.searchsorted(self.latitudes, (place.latitude - reach, place.latitude + reach))
        near = slice(int(low), int(high))
        away = distances_km(place.latitude, place.longitude, self.latitudes[near], self.longitudes[near])
        inside = away <= self.radii[near]
        if place.precision != "place":
            # An outcode or postcode tells exactly; a town only roughly.
            inside = np.where(self.outcodes[near] == "", inside, self.outcodes[near] == (place.outcode or ""))
        for circle in np.flatnonzero(inside) + near.start:
            fits[self.owners[self.bounds[circle] : self.bounds[circle + 1]]] = True
        return fits


def distances_km(
    latitude: float, longitude: float, latitudes: np.ndarray, longitudes: np.ndarray
) -> np.ndarray:
    """Great-circle distances from one point to many, km; NaN where a position is not known."""
    phi, theta = np.radians(latitude), np.radians(latitudes)
    half_phi, half_lambda = (theta - phi) / 2, np.radians(longitudes - longitude) / 2
    a = np.sin(half_phi) ** 2 + np.cos(phi) * np.cos(theta) * np.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, a)))


class Distances:
    """How far the listings are from one place: worked out for those that are asked about, not for a million."""

    def __init__(self, place: Place, latitudes: np.ndarray, longitudes: np.ndarray) -> None:
        """NaN where a listing's position is not known."""
        self._place, self._latitudes, self._longitudes = place, latitudes, longitudes

    def of(self, rows: np.ndarray) -> np.ndarray:
        """km of some listings."""
        return distances_km(self._place.latitude, self._place.longitude, self._latitudes[rows], self._longitudes[rows])

    def within(self, km: float, edge: bool = True) -> np.ndarray:
        """bool per listing: known to be so near; `edge` says whether just so far counts."""
        near = np.abs(self._latitudes - self._place.latitude) <= km / KM_A_DEGREE
        rows = np.flatnonzero(near)
        away = self.of(rows)
        near[rows] = away <= km if edge else away < km
        return near


def build_areas(listings: Sequence[Listing], places: Places) -> Areas:
    """Reads every listing's `service_area`. A part that names no known place reaches UNKNOWN_AREA_KM."""
    bounded = np.zeros(len(listings), bool)
    circles: list[tuple[int, float, float, float, str]] = []
    for row, listing in enumerate(listings):
        if not listing.service_area or any(_ANYWHERE.search(part) for part in listing.service_area):
            continue
        bounded[row] = True
        for part in listing.service_area:
            found = _circles(part, listing, places)
            if found is None:
                bounded[row] = False  # nothing to measure from: nobody is turned away on a guess
            else:
                circles += [(row, *circle) for circle in found]
    owners: defaultdict[tuple[float, float, float, str], list[int]] = defaultdict(list)
    for row, latitude, longitude, radius, outcode in circles:
        owners[latitude, longitude, radius, outcode].append(row)
    each = sorted(owners)
    return Areas(
        bounded,
        np.array([row for circle in each for row in owners[circle]], np.int64),
        np.cumsum([0] + [len(owners[circle]) for circle in each], dtype=np.int64),
        np.array([circle[0] for circle in each], float),
        np.array([circle[1] for circle in each], float),
        np.array([circle[2] for circle in each], float),
        np.array([circle[3] for circle in each], dtype="U8"),
    )


def _circles(part: str, listing: Listing, places: Places) -> list[tuple[float, float, float, str]] | None:
    """(latitude, longitude, km, outcode or '') for one part of a service area; None when it cannot be
    placed."""
    if _OUTCODE.fullmatch(part.strip()):
        place = places.locate(part)
        if place is not None and place.precision == "outcode":
            return [(place.latitude, place.longitude, OUTCODE_KM, place.name)]
    named = places.find_places(part)
    reach = (
        NEARBY_KM
        if re.search(r"\b(near|nearby|around|surrounding|villages)\b", part, re.IGNORECASE)
        else TOWN_KM
    )
    circles = [(place.latitude, place.longitude, reach, "") for place in named]
    if circles and not _WIDER.search(part):
        return circles
    if listing.latitude is None or listing.longitude is None:
        return circles or None
    return [*circles, (listing.latitude, listing.longitude, UNKNOWN_AREA_KM, "")]
