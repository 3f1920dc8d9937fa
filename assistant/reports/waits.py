"""Waits: from asking for a call to the call, and from asking for a person to somebody being there."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.reports.plots import bars
from assistant.reports.scope import Scope
from assistant.reports.spread import median, ninetieth
from assistant.reports.table import Cell, Section, Table, bar_values
from assistant.store.tables import callbacks, events

ENDED = {"done": "Kept", "missed": "Missed", "moved": "Moved", "cancelled": "Cancelled", "booked": "Still to come, or not marked"}


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """The two waits, and what became of the calls."""
    return Section("waits", "Waits and calls", [_waits(connection, scope), _calls(connection, scope)])


def _waits(connection: Connection, scope: Scope) -> Table:
    wanted = sa.select(events.c.conversation_id, events.c.at).where(scope.of(events.c.practice), events.c.kind == "callback_requested")
    first_asked = {row.conversation_id: row.at for row in connection.execute(wanted.order_by(events.c.at.desc()))}
    done = sa.select(callbacks).where(scope.of(callbacks.c.practice), callbacks.c.status == "done", callbacks.c.starts_at < scope.until)
    talked: set[str] = set()
    days: list[float] = []
    for row in connection.execute(done.order_by(callbacks.c.starts_at)):
        key = row.conversation_id or row.id
        if key not in talked and scope.holds(row.starts_at):  # a later call was agreed on in the first: nobody waited for it
            start = min(row.created_at, first_asked.get(row.conversation_id, row.created_at))
            days.append(max((row.starts_at - start).total_seconds() / 86400, 0.0))
        talked.add(key)
    met = connection.execute(
        sa.select(events.c.data).where(scope.of(events.c.practice), events.c.kind == "handoff_accepted", scope.within(events.c.at))
    ).scalars()
    minutes = [data["waited_seconds"] / 60 for data in met if (data or {}).get("waited_seconds") is not None]
    rows: list[tuple[Cell, ...]] = []
    if days:
        rows.append(("From asking for a call to the first call", len(days), "days", median(days), ninetieth(days)))
    if minutes:
        rows.append(("From asking for a person to a navigator in the chat", len(minutes), "minutes", median(minutes), ninetieth(minutes)))
    return Table("waits", "How long people waited", "First calls marked as done, and chats that a navigator took, in these dates.",
                 ("Wait", "Times", "In", "Half waited at most", "Nine in ten waited at most"), rows)  # fmt: skip


def _calls(connection: Connection, scope: Scope) -> Table:
    query = sa.select(callbacks.c.status, sa.func.count()).where(scope.of(callbacks.c.practice), scope.within(callbacks.c.starts_at))
    counts = {row[0]: row[1] for row in connection.execute(query.group_by(callbacks.c.status))}
    rows: list[tuple[Cell, ...]] = [(words, counts[status]) for status, words in ENDED.items() if counts.get(status)]
    title = "What became of the calls"
    plot = bars("calls", title, bar_values(rows), caption="Number of calls and meetings.") if rows else None
    return Table("calls", title, "Calls and meetings whose time was in these dates.", ("Outcome", "Calls"), rows, (), plot)
