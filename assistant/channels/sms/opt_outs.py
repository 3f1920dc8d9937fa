"""Who told us STOP. Append-only: the newest row of a number holds, and deleting a chat never clears it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.store.tables import opt_outs


def stopped(connection: Connection, phone: str) -> bool:
    """Whether the newest word of `phone` (E.164) was STOP."""
    newest = connection.execute(
        sa.select(opt_outs.c.stopped).where(opt_outs.c.phone == phone).order_by(opt_outs.c.id.desc()).limit(1)
    ).scalar()
    return bool(newest)


def record(connection: Connection, phone: str, *, stop: bool) -> bool:
    """Note STOP or START of `phone`; False when it stood so already and nothing was written."""
    if stopped(connection, phone) == stop:
        return False
    connection.execute(opt_outs.insert().values(phone=phone, at=clock.now(), stopped=stop))
    return True


def newest(connection: Connection, phone: str) -> int:
    """The number of the newest STOP or START of `phone`; 0 when there was none."""
    found = connection.execute(
        sa.select(opt_outs.c.id).where(opt_outs.c.phone == phone).order_by(opt_outs.c.id.desc()).limit(1)
    ).scalar()
    return int(found or 0)
