"""Whom a listing serves: its service areas as outcodes, circles round known places, or the whole country."""

from __future__ import annotations

import re
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
    """The service areas of all listings in flat arrays, to be tested against one place at once."""

    bounded: np.ndarray  # bool per listing: it names an area that is not the whole country
    owners: np.ndarray  # listing of each circle
    latitudes: np.ndarray
    longitudes: np.ndarray
    radii: np.ndarray  # km
    outcodes: np.ndarray  # the circle's outcode when it stands for one, else ''

    def serves(self, place: Place | None) -> np.ndarray:
        """Per listing, whether somebody at `place` is in its area; True where either is not known."""
        fits = ~self.bounded
        if place is None:
            return np.ones_like(fits)
        inside = distances_km(place.latitude, place.longitude, self.latitudes, self.longitudes) <= self.radii
        if place.precision != "place":
            # An outcode or postcode tells exactly; a town only roughly.
            inside = np.where(self.outcodes == "", inside, self.outcodes == (place.outcode or ""))
        fits[self.owners[inside]] = True
        return fits


def distances_km(
    latitude: float, longitude: float, latitudes: np.ndarray, longitudes: np.ndarray
) -> np.ndarray:
    """Great-circle distances from one point to many, km; NaN where a position is not known."""
    phi, theta = np.radians(latitude), np.radians(latitudes)
    half_phi, half_lambda = (theta - phi) / 2, np.radians(longitudes - longitude) / 2
    a = np.sin(half_phi) ** 2 + np.cos(phi) * np.cos(theta) * np.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(1.0, a)))


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
    return Areas(
        bounded,
        np.array([circle[0] for circle in circles], np.int64),
        np.array([circle[1] for circle in circles], float),
        np.array([circle[2] for circle in circles], float),
        np.array([circle[3] for circle in circles], float),
        np.array([circle[4] for circle in circles], dtype="U8"),
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
