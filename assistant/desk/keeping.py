"""Deleting by age as the server does it: once a day in the night, a little at a time; and what `linkway retention run` does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.desk import audit
from assistant.logs import log
from assistant.pathway.privacy import kinds, retention
from assistant.pathway.privacy.retention import Run
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patients, retention_runs
from assistant.store.staff_tables import audit as audit_table
from assistant.store.tables import callbacks, conversations

if TYPE_CHECKING:
    from assistant.house import House

NIGHT = 3  # o'clock in England: after it, the first pass of the day begins
A_LOOK = 25  # deletions in one look, so that timers of patients who wait are not held up


def look(house: House) -> int:
    """The daily pass: begun once a day by whichever process is first, and gone on with until nothing is due."""
    local = clock.local()
    if local.hour < NIGHT:
        return 0
    day = local.date().isoformat()
    with reading(house.engine) as connection:
        row = connection.execute(sa.select(retention_runs).where(retention_runs.c.day == day)).first()
    if row is not None and row.finished_at is not None:
        return 0
    if row is None and not _begin(house, day):
        return 0
    run = retention.delete_due(house, _by_the_clock, most=A_LOOK)
    if not run.more:
        run.counts["audit"] = _cut_audit(house)
    with transaction(house.engine) as connection:
        _add(connection, day, run)
    if run.total:
        log.info("deleted by age", count=run.total)
    return run.total


def run_now(house: House, progress: Callable[[int, int], None]) -> Run:
    """Everything that is due, now; kept among the runs, and in the audit."""
    started = clock.now()
    run = retention.delete_due(house, _by_the_clock, progress=progress)
    run.counts["audit"] = _cut_audit(house)
    with transaction(house.engine) as connection:
        connection.execute(retention_runs.insert().values(started_at=started, finished_at=clock.now(), counts=run.counts))
        audit.record(connection, None, "retention.run", f"{run.total} deleted")
    return run


def what_is_due(house: House) -> Run:
    """For `--dry-run`: counts by kind, nothing changed."""
    run = retention.what_is_due(house)
    with reading(house.engine) as connection:
        last = audit.old_lines(connection, _audit_before(house))
        oldest = connection.execute(sa.select(sa.func.min(audit_table.c.id))).scalar()
        run.counts["audit"] = last.id - oldest + 1 if last is not None else 0
    return run


def newest_runs(connection: Connection, limit: int = 5) -> list[Row]:
    """The last runs, the newest first."""
    return connection.execute(sa.select(retention_runs).order_by(retention_runs.c.id.desc()).limit(limit)).all()


def deleted_on(connection: Connection, house: House, row: Row) -> tuple[datetime | None, str]:
    """When a conversation goes if nothing more happens in it, and what keeps it from going (empty: nothing does)."""
    days = house.programme.practice(row.practice).chat_retention_days
    at = row.updated_at + timedelta(days=days)
    held = sa.select(conversations.c.id).where(conversations.c.id == row.id, conversations.c.id.in_(kinds.kept_conversations()))
    if connection.execute(held).first() is None:
        to_come = sa.select(callbacks.c.id).where(
            callbacks.c.conversation_id == row.id, callbacks.c.status == "booked", callbacks.c.starts_at >= at
        )
        return at, "A call is booked." if connection.execute(to_come).first() is not None else ""
    patient = connection.execute(sa.select(patients).where(patients.c.id == (row.patient_id or ""))).first()
    if patient is not None and patient.held:
        return None, "There is a safeguarding hold."
    if patient is not None and patient.status == "open":
        return None, "The case is open."
    return None, "A safety flag waits to be acknowledged."


def in_words(connection: Connection, house: House, row: Row) -> str:
    """The line on a conversation's page."""
    at, why = deleted_on(connection, house, row)
    if at is None:
        return f"Not deleted by age. {why}"
    local = at.astimezone(LONDON)
    return f"Deleted by age on {local.day} {local:%B %Y}, if nothing more is said. {why}".strip()


def _begin(house: House, day: str) -> bool:
    """Only one of several processes gets the day."""
    try:
        with transaction(house.engine) as connection:
            connection.execute(retention_runs.insert().values(day=day, started_at=clock.now(), counts={}))
    except sa.exc.IntegrityError:
        return False
    return True


def _add(connection: Connection, day: str, run: Run) -> None:
    """The day's counts so far; the last look ends it."""
    row = connection.execute(sa.select(retention_runs).where(retention_runs.c.day == day)).one()
    counts = {name: (row.counts or {}).get(name, 0) + run.counts.get(name, 0) for name in {*(row.counts or {}), *run.counts}}
    done = None if run.more else clock.now()
    connection.execute(retention_runs.update().where(retention_runs.c.id == row.id).values(counts=counts, finished_at=done))
    if done is not None:
        audit.record(connection, None, "retention.run", f"{sum(counts.values())} deleted")


def _cut_audit(house: House) -> int:
    with transaction(house.engine) as connection:
        return audit.cut(connection, _audit_before(house))


def _audit_before(house: House) -> datetime:
    days = max(practice.kept.days("audit") for practice in house.programme.practices.values())
    return clock.now() - timedelta(days=days)


def _by_the_clock(connection: Connection, action: str, subject: str) -> None:
    audit.record(connection, None, action, subject)
