"""Where things are: GB postcodes, outcodes and local place names, found in a patient's words; distances in
km."""

from __future__ import annotations

import csv
import difflib
import gzip
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

DATA = Path(__file__).with_name("data")
EARTH_RADIUS_KM = 6371.0088

_OUTCODE = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
_POSTCODE = re.compile(rf"\b({_OUTCODE})\s*([0-9][A-Z]{{2}})\b", re.IGNORECASE)
_OUTCODE_ONLY = re.compile(rf"\b({_OUTCODE})(?:\s?[0-9](?:[A-Z])?)?\b", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:i(?:'m| am)?\s+)?(?:live\s+|based\s+)?(?:somewhere\s+)?"
    r"(?:near(?: to)?|in|around|by|close to|from|at|not far from)\s+(?:the\s+)?",
    re.IGNORECASE,
)
# A word before a bare outcode that shows a place is meant: 'B12' alone may be a vitamin and 'M1' a motorway.
_PLACE_WORD = re.compile(
    r"(?:\b(?:near|in|at|from|around|by|to|postcode|post code|live|area)\W+(?:is\s+)?)$", re.IGNORECASE
)
_NAME_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_LONGEST_NAME = 5


@dataclass(frozen=True)
class Place:
    """A point: `precision` is 'postcode', 'outcode' or 'place'; degrees are WGS84."""

    name: str
    latitude: float
    longitude: float
    precision: str
    outcode: str | None = None


def distance_km(
    from_latitude: float, from_longitude: float, to_latitude: float, to_longitude: float
) -> float:
    """Great-circle distance in kilometres (haversine)."""
    phi, theta = math.radians(from_latitude), math.radians(to_latitude)
    half_phi, half_lambda = (theta - phi) / 2, math.radians(to_longitude - from_longitude) / 2
    a = math.sin(half_phi) ** 2 + math.cos(phi) * math.cos(theta) * math.sin(half_lambda) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(a)))


def split_postcode(text: str) -> tuple[str, str] | None:
    """('LU3', '2AB') of a full postcode however it is spaced, else None. Says nothing of whether it
    exists."""
    match = re.fullmatch(rf"({_OUTCODE})([0-9][A-Z]{{2}})", re.sub(r"[\s.-]", "", text).upper())
    return (match[1], match[2]) if match else None


class Table(Protocol):
    """A table of full postcodes (`postcodes.PostcodeTable`)."""

    def position(self, postcode: str) -> tuple[float, float] | None:
        """Latitude and longitude of a postcode in capitals without a space."""
        ...


class Places:
    """Postcodes, outcodes and names, looked up in memory. Make one with `Places.load`."""

    def __init__(
        self, outcodes: Mapping[str, Place], names: Mapping[str, Place], postcode_files: list[Path], table: Table | None = None
    ) -> None:
        self._table = table
        self._outcodes = dict(outcodes)
        self._names = dict(names)
        self._postcode_files = postcode_files
        self._postcodes: dict[str, tuple[float, float]] | None = None

    @classmethod
    def load(
        cls, names: Path | None = None, postcodes: Path | None = None, data: Path = DATA, table: Table | None = None
    ) -> Places:
        """Reads the outcodes and, when they exist, the practice's own `names` (programme/places.csv).

        `postcodes` is a further file of full postcodes (.csv or .csv.gz: postcode, latitude, longitude), `table` the whole
        country's, which goes before all others.
        Raises ValueError naming the file and the row when one is not as it should be.
        """
        outcodes = {}
        for row in _rows(data / "outcodes.csv"):
            code = row["outcode"]
            outcodes[code] = Place(code, float(row["latitude"]), float(row["longitude"]), "outcode", code)
        known: dict[str, Place] = {}
        if names is not None and names.is_file():
            for number, row in enumerate(_rows(names), start=2):
                try:
                    position = float(row["latitude"]), float(row["longitude"])
                    place = Place(
                        row["name"].strip(), *position, "place", (row.get("outcode") or "").upper() or None
                    )
                except (KeyError, ValueError) as error:
                    raise ValueError(
                        f"{names.name} row {number}: needs name, latitude and longitude."
                    ) from error
                known.setdefault(_key(place.name), place)
                for other in (row.get("also_called") or "").split(";"):
                    if other.strip():
                        known.setdefault(_key(other), place)
        files = [data / "postcodes_LU.csv.gz"] + ([postcodes] if postcodes else [])
        return cls(outcodes, known, files, table)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the practice's places, each once."""
        return tuple(dict.fromkeys(place.name for place in self._names.values()))

    @property
    def outcodes(self) -> tuple[Place, ...]:
        """The middle of every outcode of the country."""
        return tuple(self._outcodes.values())

    def locate(self, text: str) -> Place | None:
        """The place meant by a postcode, an outcode or a name ('near Dunstable'); None when it is not known.

        A postcode that is not in the files is placed in the middle of its outcode. Small misspellings of
        names of six letters or more are forgiven.
        """
        text = _LEADING.sub("", text.strip().strip(".,!?")).strip()
        if not text or len(text) > 200:
            return None
        parts = split_postcode(text)
        if parts:
            return self._postcode(*parts)
        match = _OUTCODE_ONLY.fullmatch(text)
        if match and match[1].upper() in self._outcodes:
            return self._outcodes[match[1].upper()]
        key = _key(text)
        if key in self._names:
            return self._names[key]
        found = self.find_places(text)
        if found:
            return found[0]
        if len(key) >= 6:
            close = difflib.get_close_matches(key, self._names, n=1, cutoff=0.84)
            if close:
                return self._names[close[0]]
        return None

    def find_places(self, text: str) -> list[Place]:
        """The places named in a sentence, in order, each once: full postcodes, outcodes, then the longest
        names."""
        found: list[tuple[int, Place]] = []
        taken: list[tuple[int, int]] = []
        for match in _POSTCODE.finditer(text):
            place = self._postcode(match[1].upper(), match[2].upper())
            if place:
                found.append((match.start(), place))
                taken.append(match.span())
        for match in _OUTCODE_ONLY.finditer(text):
            code = match[1].upper()
            if code not in self._outcodes or any(a < match.end() and match.start() < b for a, b in taken):
                continue
            certain = len(code) >= 3 and code[1].isalpha() or match[0].strip() == text.strip()
            if certain or _PLACE_WORD.search(text[: match.start()]):
                found.append((match.start(), self._outcodes[code]))
                taken.append(match.span())
        found += self._find_names(text)
        seen: dict[str, Place] = {}
        for _, place in sorted(found, key=lambda pair: pair[0]):
            seen.setdefault(place.name, place)
        return list(seen.values())

    def _find_names(self, text: str) -> Iterator[tuple[int, Place]]:
        """The longest known names from left to right."""
        spans = [(m.start(), m.group()) for m in _NAME_WORD.finditer(text.casefold().replace("\u2019", "'"))]
        at = 0
        while at < len(spans):
            for size in range(min(_LONGEST_NAME, len(spans) - at), 0, -1):
                place = self._names.get(" ".join(word for _, word in spans[at : at + size]))
                if place:
                    yield spans[at][0], place
                    at += size
                    break
            else:
                at += 1

    def _postcode(self, outcode: str, incode: str) -> Place | None:
        told = self._table.position(outcode + incode) if self._table else None
        if told:
            return Place(f"{outcode} {incode}", *told, "postcode", outcode)
        if self._postcodes is None:
            self._postcodes = {}
            for path in self._postcode_files:
                for row in _rows(path):
                    position = float(row["latitude"]), float(row["longitude"])
                    self._postcodes[row["postcode"].replace(" ", "").upper()] = position
        exact = self._postcodes.get(outcode + incode)
        if exact:
            return Place(f"{outcode} {incode}", *exact, "postcode", outcode)
        return self._outcodes.get(outcode)


def _key(name: str) -> str:
    """A name as it is compared: small letters, no punctuation, single spaces."""
    return " ".join(_NAME_WORD.findall(name.casefold().replace("\u2019", "'")))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opened = (
        gzip.open(path, "rt", encoding="utf-8-sig")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8-sig")
    )
    with opened as handle:
        yield from csv.DictReader(handle)
