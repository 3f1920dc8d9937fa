"""Opens whatever file of rows a council sends: finds its encoding and delimiter and names its columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from directory.records import COLUMNS

MOST_BYTES = 200 * 1024 * 1024
_DELIMITERS = (",", ";", "\t", "|")
# What other directories call the columns of the contract.
_ALIASES = {
    "title": "name", "service_name": "name", "service": "name", "listing": "name",
    "organisation": "provider", "organization": "provider", "organisation_name": "provider",
    "provider_name": "provider",
    "details": "description", "about": "description", "service_description": "description",
    "post_code": "postcode", "lat": "latitude", "lng": "longitude", "lon": "longitude", "long": "longitude",
    "telephone": "phone", "tel": "phone", "phone_number": "phone", "e_mail": "email",
    "email_address": "email",
    "website": "url", "web": "url", "link": "url", "price": "cost", "fees": "cost", "city": "town",
    "language": "languages", "accessibility": "access", "minimum_age": "min_age", "maximum_age": "max_age",
    "last_checked": "checked_on", "need": "needs", "day": "days", "listing_id": "id", "service_id": "id",
}  # fmt: skip


class UnreadableFile(ValueError):
    """The file as a whole cannot be read; the message says why and what to do."""


@dataclass
class Sheet:
    """The file's rows as dicts, known columns under their contract names, others under their own header."""

    encoding: str
    delimiter: str
    headers: list[str]
    unknown: list[str]
    _records: list[list[str]] = field(repr=False)

    def __len__(self) -> int:
        return len(self._records)

    def rows(self) -> Iterator[tuple[int, dict[str, str], int]]:
        """(row number as a spreadsheet shows it, cells by column, how many cells too many); blank rows are
        passed."""
        for number, record in enumerate(self._records, start=2):
            if any(cell.strip() for cell in record):
                spare = sum(1 for cell in record[len(self.headers) :] if cell.strip())
                yield number, dict(zip(self.headers, record, strict=False)), spare


def open_sheet(data: bytes) -> Sheet:
    """Reads a file of rows. Raises UnreadableFile when there is no header or it is no text."""
    encoding, delimiter, records = read_records(data)
    headers, unknown = _name_columns(records[0])
    return Sheet(encoding, delimiter, headers, unknown, records[1:])


def read_records(data: bytes) -> tuple[str, str, list[list[str]]]:
    """(encoding, delimiter, all rows, the header first). Raises UnreadableFile as `open_sheet` does."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile("The file is over 200 MB: split it into smaller ones.")
    if data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("This is a spreadsheet file: save it as CSV (UTF-8) first.")
    text, encoding = decode(data)
    text = text.replace("\x00", "")
    chosen = re.match(r"sep=(.)\r?\n", text)
    if chosen:  # Excel's own hint
        text = text[chosen.end() :]
    text = text.lstrip("\r\n")
    delimiter = chosen[1] if chosen else _delimiter(text)
    csv.field_size_limit(10_000_000)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile(f"The file cannot be read as rows ({error}): save it again as CSV.") from error
    if not records or not any(cell.strip() for cell in records[0]):
        raise UnreadableFile("The file is empty: the first row must name the columns.")
    return encoding, delimiter, records


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding's name: a byte order mark is believed, then UTF-16 by its zeros, UTF-8,
    Windows-1252."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return data.decode("utf-32", errors="replace"), "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "utf-16"
    sample = data[:2000]
    if sample and sample.count(0) > len(sample) // 4:
        name = "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"
        return data.decode(name, errors="replace"), name
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        # One broken letter (a file cut off, two files put together) does not make all the others Windows-1252.
        told = data.decode("utf-8-sig", errors="replace")
        broken = told.count("\ufffd")
        if sum(1 for character in told if ord(character) > 127) > 4 * broken:
            return told, "utf-8"
        # The five bytes that Windows-1252 leaves empty become the replacement sign rather than an error.
        return data.decode("cp1252", errors="replace"), "cp1252"


def _delimiter(text: str) -> str:
    """The commonest delimiter outside quotes in the header's record."""
    counts = dict.fromkeys(_DELIMITERS, 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "\r\n":
            break
        elif not quoted and character in counts:
            counts[character] += 1
    best = max(_DELIMITERS, key=lambda d: counts[d])
    return best if counts[best] else ","


def _name_columns(header: list[str]) -> tuple[list[str], list[str]]:
    """Contract names where a header matches one (any case, order and punctuation); the others, and doubles,
    as notes."""
    plain = [re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_") for cell in header]
    exact = {name for name in plain if name in COLUMNS}
    names: list[str] = []
    unknown: list[str] = []
    for cell, name in zip(header, plain, strict=True):
        if name not in COLUMNS and _ALIASES.get(name) not in exact:
            name = _ALIASES.get(name, name)
        if name in COLUMNS and name not in names:
            names.append(name)
            continue
        shown = " ".join(cell.split())[:100] or f"column {len(names) + 1}"
        while shown in names:
            shown += " (again)"
        names.append(shown)
        unknown.append(shown)
    return names, unknown
