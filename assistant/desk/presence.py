"""Who is at a console: each open console says so every 20 seconds; a minute of silence counts as away."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.desk.roles import Staff
from assistant.store.staff_tables import presence, staff

HEARTBEAT_SECONDS = 20
AWAY_AFTER = timedelta(seconds=60)


def seen(connection: Connection, who: Staff) -> None:
    """The person is here now."""
    values = {"practice": who.practice, "seen_at": clock.now()}
    updated = connection.execute(presence.update().where(presence.c.staff_id == who.id).values(**values))
    if updated.rowcount:
        return
    with connection.begin_nested() as savepoint:
        try:
            connection.execute(presence.insert().values(staff_id=who.id, **values))
        except sa.exc.IntegrityError:
            savepoint.rollback()  # another tab of the same person was a moment quicker


def leave(connection: Connection, staff_id: str) -> None:
    """The person signed out."""
    connection.execute(presence.delete().where(presence.c.staff_id == staff_id))


def here(connection: Connection, practice: str | None) -> list[str]:
    """Names of those at a console who see `practice`, or of everybody when it is None."""
    query = (
        sa.select(staff.c.name)
        .join(presence, presence.c.staff_id == staff.c.id)
        .where(presence.c.seen_at >= clock.now() - AWAY_AFTER)
        .order_by(staff.c.name)
    )
    if practice is not None:
        query = query.where(sa.or_(presence.c.practice == practice, presence.c.practice.is_(None)))
    return list(connection.execute(query).scalars())
