"""Reminders of calls and meetings: the day before and two hours before, each once, and none where they would help nobody.

Many people forget the first call or do not know who rings (Pescheny 2018, BJGP Open): a reminder says who and when.
Nothing is planned ahead. A pass reads the diary as it stands and marks what it told by the call's id, so a call that was
moved or cancelled has none, and a process that was away for a night tells only what is still of use.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.quiet_hours import Hours, may_start, next_start
from assistant.clock import LONDON, clock
from assistant.conversations import records
from assistant.errors import NotFound
from assistant.pathway import reminder_words, telling
from assistant.store.database import reading, transaction
from assistant.store.tables import callbacks, outbox

if TYPE_CHECKING:
    from assistant.house import House

DAY, SOON = "day", "soon"
KINDS = (DAY, SOON)
SOON_BEFORE = timedelta(hours=2)
FRESH = timedelta(hours=1)  # what was booked so shortly before its reminder is due is well remembered
LATEST = {DAY: timedelta(hours=4), SOON: timedelta(minutes=20)}  # nearer to the call than this, a reminder has no use
LOOK_AHEAD = timedelta(hours=26)  # a day is 25 hours long on the night the clocks go back


def key_of(call_id: str, kind: str) -> str:
    """The key of `telling.tell` for one reminder of one call."""
    return f"remind:{call_id}:{kind}"


def due_at(call: Row, kind: str, hours: Hours) -> datetime | None:
    """When the reminder goes, by the clock on the wall and in the practice's hours; None when it would be of no use."""
    if kind == DAY:
        local = call.starts_at.astimezone(LONDON)
        due = (local - timedelta(days=1)).astimezone(clock.now().tzinfo)  # the same hour, also when the clocks change
    else:
        due = call.starts_at - SOON_BEFORE
    if call.created_at > due - FRESH:
        return None
    due = next_start(due, hours)
    return due if due <= call.starts_at - LATEST[kind] else None


def look(house: House) -> int:
    """One pass: tell what is due; how many reminders were told."""
    now = clock.now()
    _withdraw_stale(house)
    with reading(house.engine) as connection:
        coming = connection.execute(
            sa.select(callbacks).where(
                callbacks.c.status == "booked", callbacks.c.starts_at > now, callbacks.c.starts_at <= now + LOOK_AHEAD
            )
        ).all()
        due = [
            (call, kind) for call in coming for kind in KINDS
            if _is_due(house, call, kind) and not telling.told(connection, call.conversation_id, key_of(call.id, kind))
        ]  # fmt: skip
    told = 0
    for call, kind in due:
        try:
            with transaction(house.engine) as connection:
                done = _remind(connection, house, call, kind)
        except NotFound:
            continue  # erased between the look and the act
        if done:
            told += 1
            house.notifier.nudge(call.conversation_id)
            house.wake_outbox()
    return told


def _is_due(house: House, call: Row, kind: str) -> bool:
    practice, now = house.programme.practices.get(call.practice), clock.now()
    if practice is None:  # it has left the programme
        return False
    hours = practice.texts_allowed
    due = due_at(call, kind, hours)
    # Outside the hours nothing is queued: what waits in the outbox overnight could be cancelled meanwhile.
    return due is not None and due <= now <= call.starts_at - LATEST[kind] and may_start(now, hours)


def _remind(connection: Connection, house: House, call: Row, kind: str) -> bool:
    """Inside the write: another process may have told it, or the patient moved the call, since the look."""
    conversation = records.load(connection, call.conversation_id, lock=True)
    status = connection.execute(sa.select(callbacks.c.status).where(callbacks.c.id == call.id)).scalar()
    if status != "booked":
        return False
    practice = house.programme.practice(call.practice)
    how = telling.tell(
        connection, house, conversation, reminder_words.reminder(call, practice), key_of(call.id, kind),
        choices=reminder_words.CHANGE, by_text=reminder_words.reminder_by_text(call, practice),
    )  # fmt: skip
    return how != "before"


def _withdraw_stale(house: House) -> None:
    """Texts that a gateway which is down has kept waiting do not go once their call was moved, cancelled or is over."""
    ours = outbox.c.idempotency_key.contains(f":{telling.mark_of('remind:')}", autoescape=True)
    with reading(house.engine) as connection:
        queued = connection.execute(
            sa.select(outbox.c.conversation_id, outbox.c.idempotency_key).where(outbox.c.status == "queued", ours)
        ).all()
        stale = []
        for row in queued:
            call_id, kind = row.idempotency_key.split("remind:", 1)[1].split(":")[:2]
            call = connection.execute(sa.select(callbacks).where(callbacks.c.id == call_id)).first()
            if call is None or call.status != "booked" or call.starts_at <= clock.now():
                stale.append((row.conversation_id, key_of(call_id, kind)))
    for conversation_id, key in stale:
        with transaction(house.engine) as connection:
            telling.withdraw(connection, conversation_id, key)
