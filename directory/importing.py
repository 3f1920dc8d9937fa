"""What every import shares, whatever the file's form: the report, vouching, replacing a source, writing all at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.engine import Connection, Engine

from directory import store
from directory.doubles import find_pairs, said_apart
from directory.keeping import keep_what_stood
from directory.records import COLUMNS, Listing
from directory.store import Change
from directory.visibility import Policy, visibility

Progress = Callable[[int, int], None]
# Stands between a service's id and a location's, where one service is several listings.
PART_OF = "~"


@dataclass(frozen=True)
class Error:
    """One thing wrong: `row` as a spreadsheet numbers it (the header is row 1), `message` naming the fix.

    In a file of another form `path` says where: `$.contents[2].schedules[0].byday`, or `schedules.csv row 3, byday`.
    """

    row: int
    column: str
    value: str
    message: str
    path: str = ""

    def __str__(self) -> str:
        where = self.path or f"row {self.row}, {self.column}"
        return f"{where}: {self.message}" + (f" (found: {self.value})" if self.value else "")


@dataclass
class ImportReport:
    """What an import did, or with `dry_run` would do.

    A row in `errors` was left out; one in `warnings` came in, changed as the message says. `removed` counts
    the listings of a replaced source that the file no longer holds; `hidden` names those that came in and that no
    patient will see, by the reason; `doubles` are pairs of which one is new and the other likely the same service.
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
    doubles: list[tuple[str, str]] = field(default_factory=list)
    row_of: dict[str, int] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Whether every row came in."""
        return not self.errors

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        told = asdict(self)
        del told["row_of"]
        return told


@dataclass(frozen=True)
class Way:
    """How an import is done.

    `source` names where the listings come from; `replace_source` names a source whose listings not in this file are
    removed (never when no record is good, and never one whose record is merely in error). `accredited_by` and
    `accredited_until` vouch, from `today`, for listings that bring no accreditation of their own. `own_ids_alone` leaves out what
    would change a listing of another source: a feed may hand back what it once got from here. `columns` are those of COLUMNS that
    the file has: what it does not speak of stays as it stood (keeping.py).
    """

    source: str
    dry_run: bool = False
    replace_source: str | None = None
    accredited_by: str | None = None
    accredited_until: date | None = None
    today: date | None = None
    policy: Policy | None = None
    own_ids_alone: bool = False
    columns: Collection[str] = COLUMNS

    def report(self) -> ImportReport:
        """An empty report of such an import."""
        return ImportReport(source=self.replace_source or self.source, dry_run=self.dry_run)


def bring_in(
    engine: Engine, way: Way, report: ImportReport, wanted: list[Listing], held_back: Collection[str], digest: str
) -> ImportReport:
    """Writes the good listings in one transaction and completes the report; a killed import leaves the directory as it was.

    `held_back` are the ids of records that were left out: their listings stay as they are. The vectors are made
    afterwards in pieces that survive (`vectors.ensure_vectors`).
    """
    since = way.today or date.today()
    with engine.connect() as connection:
        with connection.begin() as transaction:
            if way.own_ids_alone:
                wanted, others = _apart_from_others(connection, wanted, report)
                held_back = {*held_back, *others}
            wanted = _without_merged(wanted, store.moved(connection), report)
            known = store.stored(connection, [listing.id for listing in wanted])
            wanted = keep_what_stood(wanted, known, way.columns)
            if way.accredited_by:
                wanted = _vouched(known, wanted, way.accredited_by, since, way.accredited_until)
            gone: set[str] = set()
            if way.replace_source and wanted:
                kept = {listing.id for listing in wanted}
                there = store.ids_of_source(connection, way.replace_source)
                gone = {i for i in there - kept if i not in held_back and i.split(PART_OF)[0] not in held_back}
            changes = store.plan(connection, wanted, gone)
            actions = [change.action for change in changes]
            report.added, report.updated = actions.count("added"), actions.count("updated")
            report.removed, report.changes = actions.count("removed"), changes
            report.hidden = _hidden(wanted, since, way.policy or Policy())
            report.unchanged = len(wanted) - report.added - report.updated
            report.doubles = _doubles(connection, wanted, {c.id for c in changes if c.action == "added"})
            if way.dry_run:
                transaction.rollback()
                return report
            store.apply(connection, wanted, changes, by=f"import: {report.source}"[:200])
            counts = {key: getattr(report, key) for key in ("rows", "added", "updated", "unchanged", "removed")}
            store.record_import(connection, report.source, digest, {**counts, "errors": len(report.errors)})
    return report


def _apart_from_others(
    connection: Connection, wanted: list[Listing], report: ImportReport
) -> tuple[list[Listing], set[str]]:
    """The listings whose id is new or of this source, and the ids that belong to another."""
    known = store.stored(connection, [listing.id for listing in wanted])
    others = {i: listing.source for i, listing in known.items() if listing.source != report.source}
    for i, source in others.items():
        message = f"This id belongs to the source {source!r}, which this feed may not change: it stays as it is."
        report.errors.append(Error(0, "id", i, message, path=f"service {i}"))
    return [listing for listing in wanted if listing.id not in others], set(others)


def _without_merged(wanted: list[Listing], moved: Mapping[str, str], report: ImportReport) -> list[Listing]:
    """A row whose listing a person merged into another stays away: it would come back as the double it was."""
    for listing in wanted:
        if listing.id in moved:
            message = f"A person merged it into {moved[listing.id]}: left out. Take the merge back on the page of likely doubles."
            report.warnings.append(Error(report.row_of.get(listing.id, 1), "id", listing.id, message))
    return [listing for listing in wanted if listing.id not in moved]


def _doubles(connection: Connection, wanted: list[Listing], new: set[str]) -> list[tuple[str, str]]:
    """Pairs with a new listing, among those here and those that come; said apart by a person, they are none."""
    if not new:
        return []
    coming = {listing.id: listing for listing in wanted}
    here = {listing.id: listing for listing in store.all_in(connection)}
    pairs = find_pairs(list({**here, **coming}.values()), only=new, apart=said_apart(connection))
    return [(pair.first, pair.second) for pair in pairs]


def _vouched(
    known: Mapping[str, Listing], wanted: list[Listing], by: str, since: date, until: date | None
) -> list[Listing]:
    """The listings, those that name nobody accredited by `by`."""
    return [
        listing if listing.accredited_by else _keep_first_day(_vouch(listing, by, since, until), known.get(listing.id))
        for listing in wanted
    ]


def _hidden(listings: list[Listing], today: date, policy: Policy) -> dict[str, list[str]]:
    """Ids of the rows that came in and no patient will see, by the reason in words."""
    out: dict[str, list[str]] = {}
    for listing in listings:
        if why := visibility(listing, today, policy):
            out.setdefault(why.in_words, []).append(listing.id)
    return out


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
