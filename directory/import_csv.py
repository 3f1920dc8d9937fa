"""Imports listings from CSV: good rows come in, bad ones are reported by row and column with the fix."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.engine import Engine

from directory import store
from directory.places import Places
from directory.records import REQUIRED, Listing
from directory.rows import Problem, read_row
from directory.sheet import Sheet, UnreadableFile, open_sheet
from directory.store import Change
from directory.visibility import Policy, visibility

Progress = Callable[[int, int], None]
_REPORT_EVERY = 200


@dataclass(frozen=True)
class Error:
    """One thing wrong: `row` as a spreadsheet numbers it (the header is row 1), `message` naming the fix."""

    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        return f"row {self.row}, {self.column}: {self.message}" + (
            f" (found: {self.value})" if self.value else ""
        )


@dataclass
class ImportReport:
    """What an import did, or with `dry_run` would do.

    A row in `errors` was left out; one in `warnings` came in, changed as the message says. `removed` counts
    the listings of a replaced source that the file no longer holds; `hidden` names those that came in and that no
    patient will see, by the reason.
    """

    source: str
    dry_run: bool
    rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    errors: list[Error] = field(default_factory=list)
    warnings: list[Error] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    hidden: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every row came in."""
        return not self.errors

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


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

    `source` names where they come from; `replace_source` names a source whose listings not in this file are
    removed (never when no row of the file is good, and never one whose row is merely in error).
    `accredited_by` and `accredited_until` vouch, from `today`, for rows that bring no accreditation of their
    own. `progress` is called with (rows done, rows in all). All is one transaction: a killed import leaves
    the directory as it was, and the vectors are made afterwards in pieces that survive
    (`vectors.ensure_vectors`).
    """
    report = ImportReport(source=replace_source or source, dry_run=dry_run)
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
    since = today or date.today()
    with engine.connect() as connection:
        with connection.begin() as transaction:
            if accredited_by:
                known = store.stored(connection, [listing.id for listing in wanted])
                wanted = [
                    _keep_first_day(
                        _vouch(listing, accredited_by, since, accredited_until), known.get(listing.id)
                    )
                    if not listing.accredited_by
                    else listing
                    for listing in wanted
                ]
            gone: set[str] = set()
            if replace_source and wanted:
                kept = {listing.id for listing in wanted} | held_back
                gone = store.ids_of_source(connection, replace_source) - kept
            changes = store.plan(connection, wanted, gone)
            actions = [change.action for change in changes]
            report.added, report.updated = actions.count("added"), actions.count("updated")
            report.removed, report.changes = actions.count("removed"), changes
            report.hidden = _hidden(wanted, since, policy or Policy())
            report.unchanged = len(wanted) - report.added - report.updated
            if dry_run:
                transaction.rollback()
                return report
            store.apply(connection, wanted, changes, by=f"import: {report.source}"[:200])
            counts = {
                key: getattr(report, key) for key in ("rows", "added", "updated", "unchanged", "removed")
            }
            digest = hashlib.sha256(data).hexdigest()
            store.record_import(connection, report.source, digest, {**counts, "errors": len(report.errors)})
    return report


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
            row_of_id[listing.id] = number
            wanted.append(listing)
        report.errors += [Error(number, *problem) for problem in errors]
        report.warnings += [Error(number, *problem) for problem in warnings]
        if progress and report.rows % _REPORT_EVERY == 0:
            progress(report.rows, len(sheet))
    if progress:
        progress(len(sheet), len(sheet))
    return wanted, held_back - {""}


def _hidden(listings: list[Listing], today: date, policy: Policy) -> dict[str, list[str]]:
    """Ids of the rows that came in and no patient will see, by the reason in words."""
    out: dict[str, list[str]] = {}
    for listing in listings:
        if why := visibility(listing, today, policy):
            out.setdefault(why.in_words, []).append(listing.id)
    return out


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


def _vouch(listing: Listing, by: str, since: date, until: date | None) -> Listing:
    """Accredits a listing whose row names nobody; dates the row does bring are kept, even when they have
    passed."""
    if listing.accredited_by:
        return listing
    return listing.with_changes(
        accredited_by=by,
        accredited_on=listing.accredited_on or since,
        accredited_until=listing.accredited_until or until,
    )


def _keep_first_day(listing: Listing, before: Listing | None) -> Listing:
    """The same file vouched for again until the same day changes nothing: the first day of vouching
    stands."""
    if before is None or before.accredited_on is None or before.accredited_until is None:
        return listing
    same = (before.accredited_by, before.accredited_until) == (
        listing.accredited_by,
        listing.accredited_until,
    )
    return listing.with_changes(accredited_on=before.accredited_on) if same else listing
