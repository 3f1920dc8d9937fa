"""The audit: one line for every read of a conversation and every write, each sealed by a hash over the one before.

A changed, removed or slipped-in line breaks the chain at that line. Cutting off the newest lines leaves a whole
chain, so `seal` gives the newest hash to be written down elsewhere (backups keep it).
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.store.staff_tables import audit

FIRST = "0" * 64
_LOCK = 7_206_771_201  # PostgreSQL advisory lock of the chain; SQLite's write transaction already holds everybody
_PAGE = 1000
CUT = "audit.cut"  # its subject: number and hash of the last line that went


def _hash(number: int, at: datetime, staff_id: str | None, action: str, subject: str | None, previous: str) -> str:
    content = json.dumps([number, at.isoformat(), staff_id, action, subject, previous], ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _newest(connection: Connection) -> Row | None:
    return connection.execute(sa.select(audit).order_by(audit.c.id.desc()).limit(1)).first()


def record(connection: Connection, staff_id: str | None, action: str, subject: str | None = None) -> int:
    """Add a line and return its number. Needs a write transaction.

    Args:
        staff_id: who; None for somebody not signed in (a failed sign-in).
        action: what, as noun.verb ('conversation.read'); at most 40 characters.
        subject: the id of what it was about; never a name, a number or anything said.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    newest = _newest(connection)
    number, previous = (newest.id + 1, newest.hash) if newest else (1, FIRST)
    # Whole microseconds in UTC come back from both databases exactly as they went in.
    at, subject = clock.now(), subject[:80] if subject else None
    connection.execute(
        audit.insert().values(
            id=number, at=at, staff_id=staff_id, action=action, subject=subject, previous=previous,
            hash=_hash(number, at, staff_id, action, subject, previous),
        )
    )  # fmt: skip
    return number


def verify(connection: Connection) -> int | None:
    """The number of the first line that is not as it was written, or None when the chain is whole.

    The oldest lines may have gone by their age (`cut`); then a later line of the chain itself says up to where, and with
    which hash. Without that line the first one left counts as altered.
    """
    oldest = connection.execute(sa.select(audit).order_by(audit.c.id).limit(1)).first()
    if oldest is None:
        return None
    expected, previous = (oldest.id, oldest.previous) if _was_cut(connection, oldest) else (1, FIRST)
    while True:
        rows = connection.execute(
            sa.select(audit).where(audit.c.id >= expected).order_by(audit.c.id).limit(_PAGE)
        ).all()
        if not rows:
            return None
        for row in rows:
            good = _hash(row.id, row.at, row.staff_id, row.action, row.subject, row.previous)
            if row.id != expected or row.previous != previous or row.hash != good:
                return expected
            expected, previous = row.id + 1, row.hash


def _was_cut(connection: Connection, oldest: Row) -> bool:
    told = sa.select(audit.c.id).where(audit.c.action == CUT, audit.c.subject == f"{oldest.id - 1} {oldest.previous}")
    return connection.execute(told.limit(1)).first() is not None


def old_lines(connection: Connection, before: datetime) -> Row | None:
    """The newest line older than `before`, below which everything may go; never the newest of all."""
    newest = sa.select(sa.func.max(audit.c.id)).scalar_subquery()
    query = sa.select(audit).where(audit.c.at < before, audit.c.id < newest).order_by(audit.c.id.desc())
    return connection.execute(query.limit(1)).first()


def cut(connection: Connection, before: datetime) -> int:
    """Let go of the lines older than `before`, and say so in the chain; how many went. Needs a write transaction."""
    last = old_lines(connection, before)
    if last is None:
        return 0
    record(connection, None, CUT, f"{last.id} {last.hash}")
    # The line that told of an earlier cut is of no more use when it goes itself.
    return int(connection.execute(audit.delete().where(audit.c.id <= last.id)).rowcount)


def seal(connection: Connection) -> tuple[int, str]:
    """Number and hash of the newest line; (0, zeros) for an empty audit."""
    newest = _newest(connection)
    return (newest.id, newest.hash) if newest else (0, FIRST)
