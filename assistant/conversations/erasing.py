"""Erasing a conversation: every table that knows it, unless a safeguarding flag still waits for the team."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.conversations.people import add_task
from assistant.store.demo_tables import demo_texts
from assistant.store.staff_tables import editor_answers, editor_examples, notes
from assistant.store.tables import (
    callbacks,
    conversations,
    declines,
    events,
    messages,
    outbox,
    risk_flags,
    saved_services,
    tasks,
    tracker_events,
    wellbeing,
)

# What a decline or an event counts is kept without the person: the reports need the number, not the name.
UNLINKED = (declines, events)
ERASED = (
    messages, outbox, callbacks, risk_flags, saved_services, tasks, wellbeing, notes, editor_examples, editor_answers,
)  # fmt: skip


def held(connection: Connection, row: Row) -> bool:
    """A safety flag nobody has acknowledged yet holds the conversation."""
    query = sa.select(risk_flags.c.id).where(
        risk_flags.c.conversation_id == row.id, risk_flags.c.acknowledged_at.is_(None)
    )
    return connection.execute(query.limit(1)).first() is not None


def defer(connection: Connection, row: Row) -> None:
    """Tell the team that the person asked for erasure."""
    add_task(connection, row.id, row.practice, "erase", "The person asked to erase this chat. Acknowledge the flag first.")


def erase(connection: Connection, conversation_id: str) -> None:
    """Remove everything of the conversation; opt-outs stay, they belong to the number."""
    _from_drawn_phone(connection, conversation_id)
    for table in ERASED:
        connection.execute(table.delete().where(table.c.conversation_id == conversation_id))
    for table in UNLINKED:
        empty = "" if not table.c.conversation_id.nullable else None
        connection.execute(
            table.update().where(table.c.conversation_id == conversation_id).values(conversation_id=empty)
        )
    connection.execute(tracker_events.delete().where(tracker_events.c.sender_id == conversation_id))
    connection.execute(conversations.delete().where(conversations.c.id == conversation_id))


def _from_drawn_phone(connection: Connection, conversation_id: str) -> None:
    """The demo's phone keeps its own copy: what it sent by the text's id, what it was handed by the outbox row's."""
    if not sa.inspect(connection).has_table(demo_texts.name):
        return
    sent = sa.select(messages.c.provider_id).where(
        messages.c.conversation_id == conversation_id, messages.c.provider_id.like("demo:%")
    )
    handed = sa.select(outbox.c.id).where(outbox.c.conversation_id == conversation_id)
    keys = [f"in:{key.removeprefix('demo:')}" for key in connection.execute(sent).scalars()]
    keys += [f"out:{key}" for key in connection.execute(handed).scalars()]
    for start in range(0, len(keys), 500):  # SQLite takes a thousand values a statement at most
        connection.execute(demo_texts.delete().where(demo_texts.c.key.in_(keys[start : start + 500])))
