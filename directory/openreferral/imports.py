"""Imports services of Open Referral UK and HSDS: the good ones come in, what is wrong is named by its path with the fix."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from sqlalchemy.engine import Engine

from directory.importing import Error, ImportReport, Progress, Way, bring_in
from directory.openreferral.json_files import Record, read_json
from directory.openreferral.listings import Fault, listings_of
from directory.openreferral.tables import read_tables
from directory.openreferral.values import words
from directory.places import Places
from directory.records import Listing
from directory.sheet import UnreadableFile

_REPORT_EVERY = 200


def import_json(
    engine: Engine, data: bytes, way: Way, places: Places | None = None, progress: Progress | None = None
) -> ImportReport:
    """As `import_csv`, from a JSON file of services."""
    try:
        records = read_json(data)
    except UnreadableFile as error:
        return _refused(way, error)
    return import_records(engine, records, way, hashlib.sha256(data).hexdigest(), places, progress)


def import_tables(
    engine: Engine, path: Path, way: Way, places: Places | None = None, progress: Progress | None = None
) -> ImportReport:
    """As `import_csv`, from a folder or a zip of HSDS tables."""
    try:
        records = read_tables(path)
    except UnreadableFile as error:
        return _refused(way, error)
    digest = hashlib.sha256(path.read_bytes() if path.is_file() else str(sorted(path.iterdir())).encode())
    return import_records(engine, records, way, digest.hexdigest(), places, progress)


def _refused(way: Way, error: UnreadableFile) -> ImportReport:
    report = way.report()
    report.errors.append(Error(1, "", "", str(error), path="the file"))
    return report


def import_records(
    engine: Engine,
    records: Sequence[Record],
    way: Way,
    digest: str,
    places: Places | None = None,
    progress: Progress | None = None,
    report: ImportReport | None = None,
) -> ImportReport:
    """Imports services already read. `report` may hold what was found wrong before."""
    report = report or way.report()
    places = places or Places.load()
    today = way.today or date.today()
    wanted: dict[str, Listing] = {}
    first: dict[str, str] = {}
    held_back: set[str] = set()
    kept: set[str] = set()
    for done, record in enumerate(records, start=1):
        report.rows += 1
        if record.service is None:
            report.errors.append(Error(record.number, "", "", "This is no service: a service has a status, a name and a description.", record.path))
            continue
        outcomes = listings_of(record.service, report.source, places, today, record.path, trusted=not way.own_ids_alone)
        for outcome in outcomes:
            report.warnings += [_error(record, fault) for fault in outcome.warnings]
            report.errors += [_error(record, fault) for fault in outcome.errors]
            kept |= outcome.kept
            if outcome.listing is None:
                held_back.add(words(record.service, "id"))
            elif outcome.listing.id in wanted:
                _double(record, outcome.listing, wanted, first, report)
            else:
                wanted[outcome.listing.id], first[outcome.listing.id] = outcome.listing, record.path
        if progress and done % _REPORT_EVERY == 0:
            progress(done, len(records))
    if progress:
        progress(len(records), len(records))
    report.unknown_columns = sorted(kept)
    return bring_in(engine, way, report, list(wanted.values()), held_back - {""}, digest)


def _double(
    record: Record, listing: Listing, wanted: dict[str, Listing], first: dict[str, str], report: ImportReport
) -> None:
    """The same service twice is passed over; two services with one id are an error, and the first stays."""
    where = first[listing.id]
    if wanted[listing.id] == listing:
        message = f"The same service again: it is at {where} already."
        report.warnings.append(Error(record.number, "id", listing.id, message, f"{record.path}.id"))
        return
    message = f"This id is already used at {where}: give each service its own, or delete the double."
    report.errors.append(Error(record.number, "id", listing.id, message, f"{record.path}.id"))


def _error(record: Record, fault: Fault) -> Error:
    return Error(record.number, fault.column, fault.value, fault.message, fault.path)
