"""Imports listings from CSV: good rows come in, bad ones are reported by row and column with the fix."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

from sqlalchemy.engine import Engine

from directory.importing import Error, ImportReport, Progress, Way, bring_in
from directory.places import Places
from directory.records import REQUIRED, Listing
from directory.rows import Problem, read_row
from directory.sheet import Sheet, UnreadableFile, open_sheet
from directory.visibility import Policy

__all__ = ["Error", "ImportReport", "Progress", "import_csv"]
_REPORT_EVERY = 200


def import_csv(
    engine: Engine,
    data: bytes,
    *,
    source: str,
    dry_run: bool = False,
    replace_source: str | None = None,
    accredited_by: str | None = None,
    accredited_until: date | None = None,
    progress: Progress | None = None,
    places: Places | None = None,
    today: date | None = None,
    policy: Policy | None = None,
) -> ImportReport:
    """Adds and updates listings from a CSV file; the directory's tables must exist (`store.create_tables`).

    The options are those of `importing.Way`. `progress` is called with (rows done, rows in all).
    """
    way = Way(source, dry_run, replace_source, accredited_by, accredited_until, today, policy)
    report = way.report()
    try:
        sheet = open_sheet(data)
    except UnreadableFile as error:
        report.errors.append(Error(1, "", "", str(error)))
        return report
    report.unknown_columns = sheet.unknown
    for column in REQUIRED:
        if column not in sheet.headers:
            report.errors.append(
                Error(1, column, "", f"There is no column {column!r}: add one; it is required.")
            )
    if report.errors:
        return report
    wanted, held_back = _read(sheet, report, places or Places.load(), progress)
    way = replace(way, columns=frozenset(sheet.headers))
    return bring_in(engine, way, report, wanted, held_back, hashlib.sha256(data).hexdigest())


def _read(
    sheet: Sheet, report: ImportReport, places: Places, progress: Progress | None
) -> tuple[list[Listing], set[str]]:
    """The good listings, and the ids written in rows that were left out."""
    wanted: list[Listing] = []
    held_back: set[str] = set()
    row_of_id: dict[str, int] = {}
    for number, cells, spare in sheet.rows():
        report.rows += 1
        listing, errors, warnings = read_row(cells, report.source, places)
        if spare:
            listing = None
            message = "More cells than columns: put text that holds the delimiter in double quotes."
            errors = [*errors, ("", str(spare), message)]
        brought = cells.get("id", "").strip()
        if listing is not None and listing.id in row_of_id:
            listing, errors = _settle_double(listing, bool(brought), row_of_id, errors)
        if listing is None:
            held_back.add(brought)
        else:
            row_of_id[listing.id] = report.row_of[listing.id] = number
            wanted.append(listing)
        report.errors += [Error(number, *problem) for problem in errors]
        report.warnings += [Error(number, *problem) for problem in warnings]
        if progress and report.rows % _REPORT_EVERY == 0:
            progress(report.rows, len(sheet))
    if progress:
        progress(len(sheet), len(sheet))
    return wanted, held_back - {""}


def _settle_double(
    listing: Listing, brought: bool, row_of_id: dict[str, int], errors: list[Problem]
) -> tuple[Listing | None, list[Problem]]:
    """Two rows with one id: an error when the file says so; a number behind the id when we made it
    ourselves."""
    if brought:
        first = row_of_id[listing.id]
        message = f"This id is already used in row {first}: give each row its own, or delete the double."
        return None, [*errors, ("id", listing.id, message)]
    count = 2
    while f"{listing.id}-{count}" in row_of_id:
        count += 1
    return listing.with_changes(id=f"{listing.id}-{count}"), errors
