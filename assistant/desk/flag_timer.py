"""The acknowledge timer of safety flags: what nobody has put a name to in time alerts everybody again.

It looks at the two most urgent tiers only, and at time alone. It never says how likely anything is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.outbox import queue_text
from assistant.clock import LONDON, clock
from assistant.conversations.diary import working_time
from assistant.conversations.working_hours import after_working
from assistant.desk import audit, says, wording
from assistant.logs import log
from assistant.store.database import reading, transaction
from assistant.store.tables import risk_flags

if TYPE_CHECKING:
    from assistant.house import House
    from assistant.programme import Practice

URGENT = 1  # tiers 0 and 1


def due_at(practice: Practice, flag: Row) -> datetime:
    """When its time runs out: so many minutes of the team's hours after it was made.

    One that came while nobody was at work has waited long enough: its time runs out when the team is back.
    """
    minutes = practice.flag_minutes if working_time(practice, flag.at.astimezone(LONDON)) else 0
    return after_working(practice, flag.at, timedelta(minutes=minutes))


def look(house: House) -> int:
    """One pass: flags that came out of hours go to the duty number at once, those out of time alert again. How many."""
    with reading(house.engine) as connection:
        waiting = connection.execute(
            sa.select(risk_flags).where(risk_flags.c.acknowledged_at.is_(None), risk_flags.c.alerted_at.is_(None))
        ).all()
    changed = 0
    for flag in waiting:
        practice = house.programme.practices.get(flag.practice)
        if practice is None or wording.tier(flag.risks or []) > URGENT:
            continue
        changed += _duty(house, practice, flag) + _alert(house, practice, flag)
    if changed:
        house.notifier.nudge("")
        house.wake_outbox()
    return changed


def _duty(house: House, practice: Practice, flag: Row) -> bool:
    """Out of hours nobody is at a console: whoever is on duty is texted at once, where the practice has a number."""
    at_work = working_time(practice, clock.local())
    if flag.duty_at is not None or at_work or not practice.safeguarding_duty_mobile:
        return False
    with transaction(house.engine) as connection:
        if not _mark(connection, flag, "duty_at"):
            return False
        _text(connection, practice)
    return True


def _alert(house: House, practice: Practice, flag: Row) -> bool:
    if clock.now() < due_at(practice, flag):
        return False
    with transaction(house.engine) as connection:
        if not _mark(connection, flag, "alerted_at"):
            return False
        audit.record(connection, None, "flag.alerted", flag.conversation_id)
        if flag.duty_at is None:
            _text(connection, practice)
    log.warning("safety flag not acknowledged in time", conversation=flag.conversation_id, practice=practice.slug)
    return True


def _mark(connection: Connection, flag: Row, column: str) -> bool:
    """Once, however many processes look; not when somebody acknowledged it meanwhile."""
    same = sa.and_(risk_flags.c.id == flag.id, risk_flags.c[column].is_(None), risk_flags.c.acknowledged_at.is_(None))
    return connection.execute(risk_flags.update().where(same).values({column: clock.now()})).rowcount == 1


def _text(connection: Connection, practice: Practice) -> None:
    """To the duty number, at any hour: one text for what comes within the same few minutes. No patient is in it."""
    if not practice.safeguarding_duty_mobile:
        return
    span = practice.flag_minutes * 60
    part = int(clock.now().timestamp()) // span
    queue_text(
        connection, conversation_id=None, to=practice.safeguarding_duty_mobile, body=says.FLAG_WAITS,
        idempotency_key=f"duty:{practice.slug}:{span}:{part}", reply=True,
    )  # fmt: skip
