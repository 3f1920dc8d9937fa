"""That somebody is writing just now: the fact alone, never a word of it, and over by the clock when nobody says so again."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.store.staff_tables import typing

PATIENT, STAFF = "patient", "staff"
LASTS = timedelta(seconds=8)  # pages say so again every three seconds while keys are pressed
AGAIN_AFTER = timedelta(seconds=2)  # sooner than this, the row is fresh enough


def is_writing(connection: Connection, conversation_id: str, side: str) -> bool:
    """Whether that side has written within the last seconds."""
    until = _until(connection, conversation_id, side)
    return until is not None and until > clock.now()


def is_fresh(connection: Connection, conversation_id: str, side: str) -> bool:
    """Whether it was noted so lately that noting it again would change nothing."""
    until = _until(connection, conversation_id, side)
    return until is not None and until > clock.now() + LASTS - AGAIN_AFTER


def note(connection: Connection, conversation_id: str, side: str) -> None:
    """That side writes now."""
    until = clock.now() + LASTS
    if connection.execute(typing.update().where(_here(conversation_id, side)).values(until=until)).rowcount:
        return
    with connection.begin_nested() as savepoint:
        try:
            connection.execute(typing.insert().values(conversation_id=conversation_id, side=side, until=until))
        except sa.exc.IntegrityError:
            savepoint.rollback()  # another tab was a moment quicker


def stop(connection: Connection, conversation_id: str, side: str) -> None:
    """What was written has been sent."""
    connection.execute(typing.delete().where(_here(conversation_id, side)))


def _here(conversation_id: str, side: str) -> sa.sql.ColumnElement:
    return sa.and_(typing.c.conversation_id == conversation_id, typing.c.side == side)


def _until(connection: Connection, conversation_id: str, side: str) -> datetime | None:
    until: datetime | None = connection.execute(sa.select(typing.c.until).where(_here(conversation_id, side))).scalar()
    return until
