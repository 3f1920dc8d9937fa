"""A file brought to the desk: kept from its dry run until 'do it', then gone; and how far the work on it is."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from directory.import_csv import ImportReport, import_csv
from directory.places import Places
from directory.tables import import_uploads
from directory.visibility import Policy

KEPT = timedelta(hours=24)
# Changes and faults that a page shows; the counts are always whole.
SHOWN = 500
# Work that has not moved for so long was cut off. An import is one transaction: cut off, it changed nothing.
SILENT = timedelta(minutes=15)


def keep(engine: Engine, data: bytes, filename: str, options: Mapping[str, Any], by: str, at: datetime) -> str:
    """Put a file by; its id."""
    identifier, stamp = str(uuid.uuid4()), at.replace(tzinfo=None)
    with engine.begin() as connection:
        connection.execute(
            sa.insert(import_uploads).values(
                id=identifier, at=stamp, by=by[:200], filename=filename[:200], options=dict(options), data=data,
                state="reading", moved_at=stamp, rows_done=0, rows_all=0, report=None,
            )
        )  # fmt: skip
    return identifier


def upload(engine: Engine, identifier: str) -> Row:
    """Everything but the file itself. Raises KeyError."""
    columns = [column for column in import_uploads.c if column.name != "data"]
    query = sa.select(*columns, import_uploads.c.data.is_not(None).label("here")).where(import_uploads.c.id == identifier)
    with engine.connect().execution_options(writing=False) as connection:
        row = connection.execute(query).first()
    if row is None:
        raise KeyError(identifier)
    return row


def begin(engine: Engine, identifier: str, at: datetime) -> bool:
    """Take a file that was read for doing; False when somebody has, or it is gone: two presses do it once."""
    here = sa.and_(import_uploads.c.id == identifier, import_uploads.c.state == "read", import_uploads.c.data.is_not(None))
    values = {"state": "doing", "moved_at": at.replace(tzinfo=None), "rows_done": 0}
    with engine.begin() as connection:
        return bool(connection.execute(sa.update(import_uploads).where(here).values(values)).rowcount)


def drop(engine: Engine, identifier: str) -> None:
    """Throw a file away that nothing is being done with."""
    with engine.begin() as connection:
        connection.execute(sa.delete(import_uploads).where(import_uploads.c.id == identifier, import_uploads.c.state != "doing"))


def forget_old(engine: Engine, now: datetime) -> int:
    """Files put by and left lying, and reports of long ago: how many went."""
    before = (now - KEPT).replace(tzinfo=None)
    with engine.connect().execution_options(writing=False) as connection:
        if connection.execute(sa.select(import_uploads.c.id).where(import_uploads.c.at < before).limit(1)).first() is None:
            return 0
    with engine.begin() as connection:
        return int(connection.execute(sa.delete(import_uploads).where(import_uploads.c.at < before)).rowcount)


def work(
    engine: Engine, identifier: str, dry_run: bool, places: Places, policy: Policy, today: date, now: Callable[[], datetime]
) -> None:
    """The dry run, or the import itself. Afterwards the row says how it ended; a file that was imported is gone."""
    row = _whole(engine, identifier)
    if row is None or row.data is None:
        return
    last = 0.0

    def progress(done: int, whole: int) -> None:
        nonlocal last
        if time.monotonic() - last > 0.5:  # how often is seen, not what time it is
            last = time.monotonic()
            _move(engine, identifier, now(), rows_done=done, rows_all=whole)

    options = dict(row.options)
    until = options.pop("accredited_until", None)
    try:
        report = import_csv(
            engine, row.data, dry_run=dry_run, places=places, policy=policy, today=today, progress=progress,
            accredited_until=date.fromisoformat(until) if until else None, **options,
        )  # fmt: skip
    except Exception:
        _move(engine, identifier, now(), state="failed", data=None)
        raise
    gone = {} if dry_run else {"data": None}
    _move(engine, identifier, now(), state="read" if dry_run else "done", report=as_shown(report), **gone)


def as_shown(report: ImportReport) -> dict[str, Any]:
    """The report as JSON, lists cut to what a page shows, with their whole length beside them."""
    return {
        **{name: getattr(report, name) for name in ("source", "rows", "added", "updated", "unchanged", "removed")},
        "changes": [
            {"id": c.id, "name": c.name, "action": c.action, "fields": {k: [v[0], v[1]] for k, v in c.fields.items()} if c.action == "updated" else {}}
            for c in report.changes[:SHOWN]
        ],
        "errors": [vars(error) for error in report.errors[:SHOWN]],
        "errors_all": len(report.errors),
        "rows_left_out": len({error.row for error in report.errors}),
        "warnings": [vars(warning) for warning in report.warnings[:SHOWN]],
        "warnings_all": len(report.warnings),
        "unknown_columns": report.unknown_columns[:SHOWN],
        "hidden": {why: len(ids) for why, ids in report.hidden.items()},
        "doubles": [list(pair) for pair in report.doubles[:SHOWN]],
    }  # fmt: skip


def _whole(engine: Engine, identifier: str) -> Row | None:
    with engine.connect().execution_options(writing=False) as connection:
        return connection.execute(sa.select(import_uploads).where(import_uploads.c.id == identifier)).first()


def _move(engine: Engine, identifier: str, at: datetime, **values: Any) -> None:
    with engine.begin() as connection:
        here = import_uploads.c.id == identifier
        connection.execute(sa.update(import_uploads).where(here).values(moved_at=at.replace(tzinfo=None), **values))
