"""A plain plan of search results, drawn here as SVG: numbered pins, distance rings, outcodes for bearings. No outside tiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from directory.places import Place, Places, distance_km
from directory.query import Match

WIDTH, HEIGHT, EDGE = 640, 420, 34
KM_A_DEGREE = 111.195
KM_A_MILE = 1.609344
RINGS = (0.5, 1, 2, 3, 5, 10, 20, 40, 80, 160)
MOST_KM = 120.0  # one pin at the other end of the country must not press all others into a dot
LEAST_KM = 0.8
_WINDS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


@dataclass(frozen=True)
class Pin:
    """One place with the numbers of the results there."""

    x: int
    y: int
    label: str


@dataclass(frozen=True)
class Ring:
    """A distance from the middle, and where its words stand free of the pins."""

    radius: float
    words: str
    x: int
    y: int


@dataclass(frozen=True)
class Plan:
    """What the drawing shows; `rows` tells the same to those who cannot see it: number, name, where from the middle."""

    pins: tuple[Pin, ...]
    outcodes: tuple[Pin, ...]
    rings: tuple[Ring, ...]
    middle: Pin | None
    rows: tuple[tuple[int, str, str], ...]
    beyond: int
    width: int = WIDTH
    height: int = HEIGHT


def plan_of(matches: Sequence[Match], first: int, place: Place | None, places: Places) -> Plan | None:
    """The plan of these results, numbered from `first`; None when none of them has a position."""
    known = [
        (number, match.listing.name, match.listing.latitude, match.listing.longitude)
        for number, match in enumerate(matches, first)
        if match.listing.latitude is not None and match.listing.longitude is not None and match.listing.online != "yes"
    ]
    if not known:
        return None
    middle_at = (place.latitude, place.longitude) if place else (_median([k[2] for k in known]), _median([k[3] for k in known]))
    near = [k for k in known if distance_km(*middle_at, k[2], k[3]) <= MOST_KM]
    if not near:
        return None
    reach_x = max(max(abs(_across(k[3], middle_at)) for k in near), LEAST_KM)
    reach_y = max(max(abs(_up(k[2], middle_at)) for k in near), LEAST_KM)
    scale = min((WIDTH / 2 - EDGE) / reach_x, (HEIGHT / 2 - EDGE) / reach_y)

    def at(latitude: float, longitude: float) -> tuple[int, int]:
        return (
            round(WIDTH / 2 + _across(longitude, middle_at) * scale),
            round(HEIGHT / 2 - _up(latitude, middle_at) * scale),
        )

    together: dict[tuple[int, int], list[int]] = {}
    for number, _, latitude, longitude in near:
        x, y = at(latitude, longitude)
        spot = next((s for s in together if abs(s[0] - x) < 20 and abs(s[1] - y) < 20), (x, y))
        together.setdefault(spot, []).append(number)
    pins = tuple(Pin(x, y, _numbers(numbers)) for (x, y), numbers in together.items())
    told = place.name if place else "the middle of these"
    rows = tuple((k[0], k[1], _bearing(middle_at, (k[2], k[3]), told)) for k in known)
    centre = Pin(WIDTH // 2, HEIGHT // 2, place.name) if place else None
    return Plan(pins, _outcodes(places, at, pins), _rings(scale, pins) if place else (), centre, rows, len(known) - len(near))


def _across(longitude: float, middle: tuple[float, float]) -> float:
    return (longitude - middle[1]) * KM_A_DEGREE * math.cos(math.radians(middle[0]))


def _up(latitude: float, middle: tuple[float, float]) -> float:
    return (latitude - middle[0]) * KM_A_DEGREE


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def _numbers(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) if len(numbers) <= 3 else f"{numbers[0]} +{len(numbers) - 1}"


def _rings(scale: float, pins: Sequence[Pin]) -> tuple[Ring, ...]:
    """Up to three rings that can be told apart and lie within the drawing."""
    fitting = [(miles * KM_A_MILE * scale, miles) for miles in RINGS]
    shown = [(radius, miles) for radius, miles in fitting if 34 <= radius <= WIDTH / 2 - 6][:3]
    return tuple(Ring(round(radius, 1), f"{miles:g} mile{'s' if miles != 1 else ''}", *_free(radius, pins)) for radius, miles in shown)


def _free(radius: float, pins: Sequence[Pin]) -> tuple[int, int]:
    """Above, below, right or left on the ring: the first within the drawing that no pin covers."""
    x, y, far = WIDTH // 2, HEIGHT // 2, round(radius)
    spots = [(x, y - far - 4), (x, y + far + 16), (x + far - 30, y - 8), (x - far + 30, y - 8)]
    within = [(a, b) for a, b in spots if 40 < a < WIDTH - 40 and 14 < b < HEIGHT - 6] or [(x + 60, 20)]
    free = [(a, b) for a, b in within if all(abs(pin.x - a) > 52 or abs(pin.y - b) > 24 for pin in pins)]
    return (free or within)[0]


def _outcodes(places: Places, at: object, pins: Sequence[Pin]) -> tuple[Pin, ...]:
    """Middles of outcodes within the drawing, thinned until their names do not touch each other or a pin."""
    shown: list[Pin] = []
    for outcode in places.outcodes:
        x, y = at(outcode.latitude, outcode.longitude)  # type: ignore[operator]
        inside = 24 < x < WIDTH - 50 and 16 < y < HEIGHT - 12
        if inside and all(abs(x - other.x) > 56 or abs(y - other.y) > 26 for other in (*shown, *pins)):
            shown.append(Pin(x, y, outcode.name))
            if len(shown) == 24:
                break
    return tuple(shown)


def _bearing(start: tuple[float, float], end: tuple[float, float], named: str) -> str:
    """'1.2 miles north-east of LU1'."""
    miles = distance_km(*start, *end) / KM_A_MILE
    if miles < 0.1:
        return f"at {named}"
    angle = math.degrees(math.atan2(_across(end[1], start), _up(end[0], start))) % 360
    return f"{miles:.1f} miles {_WINDS[round(angle / 45) % 8]} of {named}"
