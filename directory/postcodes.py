"""The full postcode file of the country (ONSPD, NSPL, Code-Point or a table of three columns): taken in once, looked up in memory."""

from __future__ import annotations

import csv
import gzip
import io
import os
import zipfile
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import numpy as np

from directory.importing import Progress
from directory.places import split_postcode

NAME = "postcodes.npy"
# As the Office for National Statistics heads them (pcds, lat, long), and as others do.
_COLUMNS = {
    "postcode": ("pcds", "pcd8", "pcd2", "pcd7", "pcd", "postcode"),
    "latitude": ("lat", "latitude"),
    "longitude": ("long", "lng", "lon", "longitude"),
}
# The United Kingdom without Northern Ireland, whose postcodes are under another licence. 99.999999 stands for 'not known'.
_SOUTH, _NORTH, _WEST, _EAST = 49.5, 61.5, -9.0, 2.5
# A whole ONSPD has about so many rows; the bar needs an end.
_REPORT_EVERY, _USUAL_ROWS = 50_000, 2_700_000
_KIND = np.dtype([("postcode", "S7"), ("latitude", "f4"), ("longitude", "f4")])


class NoPostcodes(ValueError):
    """The file holds no postcodes we can read; the message says what it should be."""


@dataclass(frozen=True)
class Taken:
    """How many postcodes came in, and how many rows were left out: without a place, of Northern Ireland, or no postcode."""

    kept: int
    left_out: int


def take_in(file: Path, target: Path, progress: Progress | None = None) -> Taken:
    """Reads `file` (.csv, .csv.gz, or the .zip as it is downloaded) and writes `target` in one go.

    Raises NoPostcodes where a column is missing or no row is good; the file there was then stays.
    """
    keys, positions = bytearray(), array("f")  # 15 bytes a row: a small server has room for the country
    left_out = 0
    with _opened(file) as handle:
        rows = csv.reader(io.TextIOWrapper(handle, encoding="utf-8-sig", errors="replace", newline=""))
        at = _places_of(next(rows, []))
        for number, row in enumerate(rows, start=1):
            key, latitude, longitude = _read(row, at)
            if key is None:
                left_out += 1
            else:
                keys += key.ljust(7, b"\0")
                positions.extend((latitude, longitude))
            if progress and number % _REPORT_EVERY == 0:
                progress(number, max(number, _USUAL_ROWS))
    table = _table(keys, positions)
    if progress:
        progress(len(table) + left_out, len(table) + left_out)
    if not len(table):
        raise NoPostcodes(f"{file.name}: no row has a postcode of Great Britain with its latitude and longitude.")
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    with beside.open("wb") as out:
        np.save(out, table)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, target)
    return Taken(len(table), left_out)


def _table(keys: bytearray, positions: array[float]) -> np.ndarray:
    """Each postcode once, in order; of one that comes twice the first."""
    each, first = np.unique(np.frombuffer(bytes(keys), "S7"), return_index=True)
    placed = np.frombuffer(positions, np.float32).reshape(-1, 2)[first]
    table = np.empty(len(each), _KIND)
    table["postcode"], table["latitude"], table["longitude"] = each, placed[:, 0], placed[:, 1]
    return table


def _places_of(header: list[str]) -> tuple[int, int, int]:
    """Where postcode, latitude and longitude stand."""
    names = [name.strip().casefold() for name in header]
    at = []
    for column, known in _COLUMNS.items():
        here = next((names.index(name) for name in known if name in names), None)
        if here is None:
            raise NoPostcodes(f"There is no column for the {column}: it is called {known[0]} in the ONS Postcode Directory.")
        at.append(here)
    return at[0], at[1], at[2]


def _read(row: list[str], at: tuple[int, int, int]) -> tuple[bytes | None, float, float]:
    try:
        parts = split_postcode(row[at[0]])
        latitude, longitude = float(row[at[1]]), float(row[at[2]])
    except (IndexError, ValueError):
        return None, 0.0, 0.0
    placed = _SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST
    if parts is None or not placed or (parts[0].startswith("BT") and parts[0][2:].isdigit()):
        return None, 0.0, 0.0
    return "".join(parts).encode(), latitude, longitude


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """The table's bytes; of a zip, its largest table."""
    if file.suffix.casefold() == ".zip":
        try:
            with zipfile.ZipFile(file) as packed:
                tables = [each for each in packed.infolist() if each.filename.casefold().endswith(".csv")]
                if not tables:
                    raise NoPostcodes(f"{file.name}: there is no CSV file in it.")
                with packed.open(max(tables, key=lambda each: each.file_size)) as handle:
                    yield handle
        except zipfile.BadZipFile as error:
            raise NoPostcodes(f"{file.name} is damaged: download it again.") from error
        return
    opened = gzip.open(file, "rb") if file.suffix.casefold() == ".gz" else file.open("rb")
    with opened as handle:
        yield cast("IO[bytes]", handle)


class PostcodeTable:
    """The file written by `take_in`, read at the first question (15 bytes a postcode)."""

    def __init__(self, file: Path) -> None:
        """Reads nothing yet."""
        self._file = file
        self._keys: np.ndarray | None = None

    def position(self, postcode: str) -> tuple[float, float] | None:
        """Latitude and longitude of a postcode in capitals without a space; None when it is not there. Raises ValueError for a damaged file."""
        if self._keys is None:
            table = np.load(self._file, allow_pickle=False)
            self._positions = np.stack([table["latitude"], table["longitude"]], axis=1)
            self._keys = np.ascontiguousarray(table["postcode"])
        wanted = np.array(postcode.encode("ascii", "ignore"), "S7")
        at = int(np.searchsorted(self._keys, wanted))
        if at == len(self._keys) or self._keys[at] != wanted:
            return None
        return round(float(self._positions[at, 0]), 5), round(float(self._positions[at, 1]), 5)
