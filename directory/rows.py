"""Turns one row of an import into a Listing, or into errors that name the column and the fix."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from directory import cells
from directory.cells import CellError
from directory.harmless import unmasked
from directory.needs import need_ids
from directory.places import Places, split_postcode
from directory.records import COLUMNS, Listing
from directory.text import clean, has_markup

LONGEST = {
    "name": 200,
    "provider": 200,
    "summary": 500,
    "description": 10_000,
    "schedule": 500,
    "how_to_join": 1000,
}
LONGEST_OTHER = 500
LONGEST_NOTE = 2000
# A spreadsheet would run such a cell when somebody opens the file again.
_FORMULA = re.compile(r"^\s*(?:=|@\w+\s*[(!]|[+\-][A-Za-z]\w*\s*[(|!])")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,99}")
_EMPTY = frozenset(("", "-", "n/a", "na", "none", "null", "unknown", "tbc", "not known", "ask", "?"))
_FREE_SESSIONS = re.compile(r"\bfree for (\d{1,2}) (?:sessions|visits|weeks)", re.IGNORECASE)
_KEEP_DASH = frozenset(("name", "description"))

# A slip in one of these costs the listing that cell, not its place in the directory.
_LENIENT = frozenset(("url", "email", "postcode"))

Problem = tuple[str, str, str]  # column, value, message

_READERS: dict[str, Callable[[str], Any]] = {
    "days": cells.parse_days,
    "start_time": cells.parse_time,
    "end_time": cells.parse_time,
    "accredited_on": cells.parse_date,
    "accredited_until": cells.parse_date,
    "checked_on": cells.parse_date,
    "status": cells.parse_status,
    "online": cells.parse_online,
    "can_bring_someone": cells.parse_yes_no,
    "service_area": cells.split_values,
    "languages": cells.split_values,
    "access": cells.split_values,
    "audience": cells.split_values,
    # The seas around Great Britain and Northern Ireland, Shetland included.
    "latitude": lambda text: cells.parse_degrees(text, 49.5, 61.5, "latitude"),
    "longitude": lambda text: cells.parse_degrees(text, -9.0, 2.5, "longitude"),
    "min_age": lambda text: cells.parse_whole(text, 0, 120, "an age"),
    "max_age": lambda text: cells.parse_whole(text, 0, 120, "an age"),
    "free_sessions": lambda text: cells.parse_whole(text, 0, 500, "the number of free sessions"),
    "capacity": cells.parse_capacity,
    "wait_weeks": lambda text: cells.parse_whole(text, 0, 520, "the wait in weeks"),
}


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would run it."""
    return bool(_FORMULA.match(text))


def read_row(
    row: Mapping[str, str], source: str, places: Places
) -> tuple[Listing | None, list[Problem], list[Problem]]:
    """(listing or None, errors that keep the row out, warnings about what was changed or set aside)."""
    errors: list[Problem] = []
    warnings: list[Problem] = []
    values: dict[str, Any] = {}
    notes: dict[str, str] = {}
    for column, raw in row.items():
        text = unmasked(clean(raw))
        if text.casefold() in _EMPTY and column not in _KEEP_DASH:
            continue
        if looks_like_formula(text):
            errors.append(
                (column, _cut(raw), "This looks like a spreadsheet formula: write the text itself.")
            )
            continue
        if column not in COLUMNS:
            notes[column] = text[:LONGEST_NOTE]
            continue
        limit = LONGEST.get(column, LONGEST_OTHER)
        if len(text) > limit:
            message = f"{len(text):,} characters is too long: shorten it to {limit:,}."
            errors.append((column, _cut(raw), message))
            continue
        if has_markup(raw) and text != raw.strip():
            warnings.append((column, _cut(raw), "HTML was taken out; the words were kept."))
        try:
            if column == "needs":
                values["needs"] = _needs(text, notes, warnings)
            elif column == "url":
                values["url"] = _url(text)
            elif column == "email":
                values["email"] = _email(text)
            elif column == "postcode":
                values["postcode"] = _postcode(text)
            elif column == "id":
                values["id"] = _identifier(text)
            else:
                values[column] = _READERS.get(column, str)(text)
        except CellError as error:
            if column in _LENIENT:
                notes[column] = text
                warnings.append((column, _cut(raw), f"{error} The row came in without it."))
            else:
                errors.append((column, _cut(raw), str(error)))
    for column in ("name", "description"):
        if not values.get(column) and not any(problem[0] == column for problem in errors):
            errors.append((column, "", f"Every listing needs a {column}: fill it in."))
    _check_together(values, errors)
    if errors:
        return None, errors, warnings
    if values.get("cost"):
        values["cost_amount"] = cells.parse_cost(values["cost"])
        said = _FREE_SESSIONS.search(values["cost"])
        if said and values.get("free_sessions") is None:
            values["free_sessions"] = int(said[1])
    _place(values, places)
    values.setdefault("id", made_id(values))
    return Listing(**values, source=source, notes=notes), [], warnings


def made_id(values: Mapping[str, Any]) -> str:
    """An id for a row that brings none: the same row gets the same id at the next import."""
    told = [
        str(values.get(key) or "") for key in ("name", "provider", "address", "postcode", "schedule", "days")
    ]
    slug = re.sub(r"[^a-z0-9]+", "-", values["name"].casefold()).strip("-")[:40].strip("-") or "listing"
    return f"{slug}-{hashlib.sha256('|'.join(told).casefold().encode()).hexdigest()[:8]}"


def _check_together(values: Mapping[str, Any], errors: list[Problem]) -> None:
    """Cells that are right alone and wrong together."""
    if (
        values.get("min_age") is not None
        and values.get("max_age") is not None
        and values["min_age"] > values["max_age"]
    ):
        errors.append(
            ("max_age", str(values["max_age"]), "The highest age is below the lowest: check the two.")
        )
    start, end = values.get("accredited_on"), values.get("accredited_until")
    if start and end and start > end:
        errors.append(
            ("accredited_until", end.isoformat(), "Accreditation ends before it begins: check the two dates.")
        )
    for column, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if column in values and other not in values and not any(problem[0] == other for problem in errors):
            errors.append((other, "", f"There is a {column} but no {other}: give both or neither."))


def _place(values: dict[str, Any], places: Places) -> None:
    """Fills in the position from the postcode where none was given."""
    if values.get("latitude") is None and values.get("postcode"):
        place = places.locate(values["postcode"])
        if place is not None and place.precision != "place":
            values["latitude"], values["longitude"] = place.latitude, place.longitude


def _needs(text: str, notes: dict[str, str], warnings: list[Problem]) -> tuple[str, ...]:
    """Ids of the taxonomy; other words are kept as a note and warned of, for councils have their own
    lists."""
    known: list[str] = []
    strange: list[str] = []
    for part in cells.split_values(text.replace(",", ";")):
        name = re.sub(r"[^a-z0-9]+", "_", part.casefold()).strip("_")
        (known if name in need_ids() else strange).append(name if name in need_ids() else part)
    for part in strange:
        close = difflib.get_close_matches(part.casefold().replace(" ", "_"), need_ids(), n=1, cutoff=0.5)
        hint = f" (did you mean {close[0]}?)" if close else ""
        warnings.append(("needs", part, f"Not one of the needs we use{hint}: kept as a note."))
    if strange:
        notes["needs"] = "; ".join(strange)[:LONGEST_NOTE]
    return tuple(dict.fromkeys(known))


def _url(text: str) -> str:
    """An http address; a bare 'www.' one gets https. Anything else (javascript:, file:) is refused."""
    address = text if "://" in text or ":" in text.split("/")[0] else f"https://{text}"
    if not re.fullmatch(r"https?://[^\s<>\"']+\.[^\s<>\"']+", address, re.IGNORECASE):
        raise CellError("Not a web address: write it as https://www.example.org.")
    return address


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+", text):
        raise CellError("Not an email address: write it as name@example.org.")
    return text


def _postcode(text: str) -> str:
    """Written the usual way; outcodes alone are taken too, for places that keep their address private."""
    parts = split_postcode(text)
    if parts:
        return " ".join(parts)
    if re.fullmatch(r"[A-Za-z]{1,2}[0-9][0-9A-Za-z]?", text):
        return text.upper()
    raise CellError("Not a postcode: write it as LU1 2AB, or leave it empty.")


def _identifier(text: str) -> str:
    if not _ID.fullmatch(text):
        raise CellError(
            "An id has up to 100 letters, digits, dots and dashes, no spaces: change it or leave it empty."
        )
    return text


def _cut(value: str) -> str:
    """A cell's value as it is quoted in a report: one line, 80 characters."""
    flat = " ".join(value.split())
    return flat if len(flat) <= 80 else f"{flat[:79]}…"
