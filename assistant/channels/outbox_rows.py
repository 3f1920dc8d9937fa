"""The outbox's rows: which are due, taking one by compare-and-swap, and noting what came of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.quiet_hours import TEXTS_ALLOWED, Hours, may_start, next_start
from assistant.channels.sms import opt_outs
from assistant.clock import clock
from assistant.conversations.events import record_event
from assistant.logs import log
from assistant.store.tables import conversations, outbox, tasks

STOP_KEY = "stop:"  # what may follow STOP: that texts end, how to have them again, and help in danger
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 21600))
ATTEMPTS = len(BACKOFF) + 1
LEASE = timedelta(minutes=2)  # a row that is 'sending' longer lost its process; gateways time out well before
BATCH = 200
FAILED_TEXT = "A text to this patient could not be sent. Please reach them in another way."


@dataclass(frozen=True)
class Due:
    """A row to try. `early`: it waits for a retry, and is tried first because a later one is due."""

    id: str
    early: bool


@dataclass(frozen=True)
class Taken:
    """A row that is ours until its lease ends; `attempts` includes this one."""

    id: str
    to: str
    body: str
    conversation_id: str | None
    attempts: int
    early: bool
    due_at: datetime


def new_id() -> str:
    """A row's id, which the gateway gets as its idempotency key."""
    return str(uuid.uuid4())


def after_the_last(connection: Connection, conversation_id: str | None, to: str, now: datetime) -> datetime:
    """`now`, or just after the newest row of the conversation (without one, of the number).

    Rows are sent in the order of `created_at`, and a clock may show one time twice.
    """
    same = outbox.c.conversation_id == conversation_id if conversation_id else outbox.c.to == to
    newest = connection.execute(
        sa.select(outbox.c.created_at).where(same).order_by(outbox.c.created_at.desc()).limit(1)
    ).scalar()
    return now if newest is None or newest < now else newest + timedelta(microseconds=1)


def due(connection: Connection, now: datetime) -> list[list[Due]]:
    """What can be tried at `now`: a list for each number, oldest first. Whoever is being texted is left out."""
    columns = (outbox.c.id, outbox.c.to, outbox.c.created_at, outbox.c.status, outbox.c.due_at)
    open_rows = outbox.c.status.in_(("queued", "sending"))
    ready = connection.execute(
        sa.select(*columns)
        .where(open_rows, outbox.c.due_at <= now)
        .order_by(outbox.c.created_at, outbox.c.id)
        .limit(BATCH)
    ).all()
    if not ready:
        return []
    # A row in a live lease, or one with an error behind it, stands before what was written later.
    older = connection.execute(
        sa.select(*columns).where(
            open_rows,
            outbox.c.due_at > now,
            outbox.c.to.in_({row.to for row in ready}),
            sa.or_(outbox.c.status == "sending", outbox.c.last_error.is_not(None)),
        )
    ).all()
    queues: dict[str, list[Row]] = defaultdict(list)
    for row in sorted([*ready, *older], key=lambda row: (row.created_at, row.id)):
        queues[row.to].append(row)
    out = []
    for rows in queues.values():
        if any(row.status == "sending" and row.due_at > now for row in rows):
            continue
        last_due = max(place for place, row in enumerate(rows) if row.due_at <= now)
        out.append([Due(row.id, early=row.due_at > now) for row in rows[: last_due + 1]])
    return out


def usual_hours(practice: str | None) -> Hours:
    """The hours of a practice that names none."""
    return TEXTS_ALLOWED


def take(
    connection: Connection, wanted: Due, now: datetime, hours_of: Callable[[str | None], Hours] = usual_hours
) -> Taken | Literal["busy", "settled"]:
    """Make the row ours: 'busy' when another process has it, 'settled' when it is not to be sent now.

    `hours_of` gives a practice's hours for what we start: a retry must not carry a reminder into the evening.
    """
    row = connection.execute(sa.select(outbox).where(outbox.c.id == wanted.id)).first()
    if row is None or row.status not in ("queued", "sending"):
        return "settled"
    if row.status == "sending" and row.due_at > now:
        return "busy"
    if not row.idempotency_key.startswith(STOP_KEY) and opt_outs.stopped(connection, row.to):
        _set(connection, row.id, status="stopped")
        return "settled"
    if not row.reply:
        hours = hours_of(practice_of(connection, row.conversation_id))
        if not may_start(now, hours):
            _set(connection, row.id, status="queued", due_at=next_start(now, hours))
            return "settled"
    if row.attempts >= ATTEMPTS:  # its process died each time
        _set(connection, row.id, status="failed", last_error="gave up after the last try")
        tell_team(connection, row.conversation_id)
        return "settled"
    result = connection.execute(
        outbox.update()
        .where(
            outbox.c.id == row.id,
            outbox.c.status == row.status,
            outbox.c.attempts == row.attempts,
            outbox.c.due_at == row.due_at,
        )
        .values(status="sending", attempts=row.attempts + 1, due_at=now + LEASE)
    )
    if result.rowcount != 1:
        return "busy"
    return Taken(row.id, row.to, row.body, row.conversation_id, row.attempts + 1, wanted.early, row.due_at)


def settle_sent(connection: Connection, text: Taken, provider_id: str, now: datetime, segments: int | None = None) -> None:
    """Accepted. A delivery report that came first is not undone. What waited for this person may go on.

    `segments`: as the gateway counts them, where that is another number than ours.
    """
    counted = {} if segments is None else {"segments": segments}
    _set(connection, text.id, provider_id=provider_id[:80], last_error=None, **counted)
    connection.execute(
        outbox.update().where(outbox.c.id == text.id, outbox.c.status == "sending").values(status="sent")
    )
    connection.execute(
        outbox.update()
        .where(outbox.c.to == text.to, outbox.c.status == "queued", outbox.c.last_error.is_not(None))
        .values(due_at=now)
    )


def settle_down(connection: Connection, text: Taken, error: str, now: datetime) -> None:
    """The gateway could not take it: again later, until the last try. An early try changes nothing."""
    if text.early:
        _set_ours(connection, text, status="queued", attempts=text.attempts - 1, due_at=text.due_at)
    elif text.attempts >= ATTEMPTS:
        settle_failed(connection, text, error)
    else:
        later = now + BACKOFF[text.attempts - 1]
        _set_ours(connection, text, status="queued", due_at=later, last_error=error[:200])
        log.warning("text not sent yet", conversation=text.conversation_id, attempt=text.attempts)


def settle_failed(connection: Connection, text: Taken, error: str) -> None:
    """Refused for good: the team is told."""
    if _set_ours(connection, text, status="failed", last_error=error[:200]):
        tell_team(connection, text.conversation_id)


def settle_stopped(connection: Connection, text: Taken) -> None:
    """The gateway knows of a STOP that we do not: it is on our list from now on."""
    _set_ours(connection, text, status="stopped", last_error="the number has stopped texts")
    note_stopped(connection, text.to, text.conversation_id)


def note_stopped(connection: Connection, phone: str, conversation_id: str | None) -> bool:
    """Put `phone` on the opt-out list and end what waits for it; False when it was there already."""
    if not opt_outs.record(connection, phone, stop=True):
        return False
    connection.execute(
        outbox.update().where(outbox.c.to == phone, outbox.c.status == "queued").values(status="stopped")
    )
    practice = practice_of(connection, conversation_id)
    if practice:
        record_event(connection, "messages_stopped", conversation_id, practice)
    return True


def report(
    connection: Connection, row: Row, status: Literal["sent", "delivered", "failed"], error: str
) -> None:
    """A gateway's delivery report. Reports come in any order: a row only ever moves forward."""
    if status == "failed":
        if row.status in ("queued", "sending", "sent"):
            _set(connection, row.id, status="failed", last_error=(error or "not delivered")[:200])
            tell_team(connection, row.conversation_id)
        return
    before = ("queued", "sending", "sent") if status == "delivered" else ("queued", "sending")
    connection.execute(
        outbox.update()
        .where(outbox.c.id == row.id, outbox.c.status.in_(before))
        .values(status=status, last_error=None)
    )


def report_on(
    connection: Connection, ours: str | None, provider_id: str, status: Literal["sent", "delivered", "failed"], error: str
) -> Row | None:
    """`report` for the row of our id, or without one of the gateway's; the row, or None for a text we do not know."""
    known = outbox.c.id == ours if ours else outbox.c.provider_id == provider_id
    row = connection.execute(sa.select(outbox).where(known)).first()
    if row is not None:
        report(connection, row, status, error)
    return row


def practice_of(connection: Connection, conversation_id: str | None) -> str | None:
    """The practice a conversation belongs to; None without one."""
    query = sa.select(conversations.c.practice).where(conversations.c.id == conversation_id)
    return connection.execute(query).scalar() if conversation_id else None


def tell_team(connection: Connection, conversation_id: str | None) -> None:
    """A text failed for good: a line in the log and an open task on the desk, one a conversation."""
    log.error("text failed", conversation=conversation_id)
    practice = practice_of(connection, conversation_id)
    if practice is None:
        return
    same = sa.and_(
        tasks.c.conversation_id == conversation_id, tasks.c.text == FAILED_TEXT, tasks.c.done_at.is_(None)
    )
    if connection.execute(sa.select(tasks.c.id).where(same)).first() is None:
        values = {"conversation_id": conversation_id, "practice": practice, "created_at": clock.now()}
        connection.execute(tasks.insert().values(kind="message", text=FAILED_TEXT, **values))


def _set(connection: Connection, row_id: str, **values: Any) -> None:
    connection.execute(outbox.update().where(outbox.c.id == row_id).values(**values))


def _set_ours(connection: Connection, text: Taken, **values: Any) -> bool:
    """Only while the row is still in our hands: the lease may have ended, or a delivery report been first."""
    ours = sa.and_(outbox.c.id == text.id, outbox.c.status == "sending", outbox.c.attempts == text.attempts)
    return connection.execute(outbox.update().where(ours).values(**values)).rowcount == 1
