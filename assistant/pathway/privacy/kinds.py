"""What goes by age: for each kind of data, how old it may get and which rows are due. What keeps a person is said once, here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.store.pathway_tables import patients
from assistant.store.staff_tables import editor_answers, editor_examples
from assistant.store.tables import callbacks, conversations, declines, events, outbox, risk_flags, tasks

if TYPE_CHECKING:
    from assistant.programme import Practice

SETTLED = ("sent", "delivered", "failed", "stopped")


@dataclass(frozen=True)
class Kind:
    """`due` gives the statement that selects the ids due at a practice; `words` is its line for a person."""

    name: str
    words: str
    days: Callable[[Practice], int]
    due: Callable[[Practice, datetime], sa.sql.Select]


def kept_patients() -> sa.sql.Select:
    """Whose data stays whatever its age: a safeguarding hold, or an open case."""
    return sa.select(patients.c.id).where(sa.or_(patients.c.held, patients.c.status == "open"))


def kept_conversations() -> sa.sql.Select:
    """The same by conversation, and those with a safety flag nobody acknowledged: of a patient, all of theirs."""
    flagged = sa.select(risk_flags.c.conversation_id).where(risk_flags.c.acknowledged_at.is_(None))
    of_flagged = sa.select(conversations.c.patient_id).where(
        conversations.c.id.in_(flagged), conversations.c.patient_id.is_not(None)
    )
    return sa.select(conversations.c.id).where(
        sa.or_(
            conversations.c.id.in_(flagged),
            conversations.c.patient_id.in_(kept_patients()),
            conversations.c.patient_id.in_(of_flagged),
        )
    )


def _chats(practice: Practice, before: datetime) -> sa.sql.Select:
    """Nobody is in them, nothing is to come in them, and the last word is old."""
    to_come = sa.select(callbacks.c.conversation_id).where(callbacks.c.status == "booked", callbacks.c.starts_at >= clock.now())
    return sa.select(conversations.c.id).where(
        conversations.c.practice == practice.slug,
        conversations.c.state.in_(("bot", "closed")),
        conversations.c.updated_at < before,
        conversations.c.id.not_in(kept_conversations()),
        conversations.c.id.not_in(to_come),
    )


def _texts(practice: Practice, before: datetime) -> sa.sql.Select:
    here = sa.select(conversations.c.id).where(conversations.c.practice == practice.slug)
    kept_numbers = sa.select(patients.c.number).where(patients.c.id.in_(kept_patients()), patients.c.number.is_not(None))
    of_nobody = sa.and_(outbox.c.conversation_id.is_(None), outbox.c.to.not_in(kept_numbers))
    of_talk = sa.and_(outbox.c.conversation_id.in_(here), outbox.c.conversation_id.not_in(kept_conversations()))
    return sa.select(outbox.c.id).where(
        outbox.c.body != "", outbox.c.status.in_(SETTLED), outbox.c.created_at < before, sa.or_(of_nobody, of_talk)
    )


def _drafts(table: sa.Table) -> Callable[[Practice, datetime], sa.sql.Select]:
    def due(practice: Practice, before: datetime) -> sa.sql.Select:
        free = sa.or_(table.c.conversation_id.is_(None), table.c.conversation_id.not_in(kept_conversations()))
        return sa.select(table.c.id).where(table.c.practice == practice.slug, table.c.at < before, free)

    return due


def _closed(practice: Practice, before: datetime) -> sa.sql.Select:
    """Closed long ago, and the person has not been back since: their chats went by their own age first."""
    talks = sa.select(conversations.c.patient_id).where(conversations.c.patient_id.is_not(None), conversations.c.updated_at >= before)
    waits = sa.select(conversations.c.patient_id).where(
        conversations.c.patient_id.is_not(None), conversations.c.id.in_(kept_conversations())
    )
    return sa.select(patients.c.id).where(
        patients.c.practice == practice.slug,
        patients.c.status == "closed",
        patients.c.closed_at < before,
        patients.c.held.is_(False),
        patients.c.id.not_in(talks),
        patients.c.id.not_in(waits),
    )


def _counts(table: sa.Table) -> Callable[[Practice, datetime], sa.sql.Select]:
    def due(practice: Practice, before: datetime) -> sa.sql.Select:
        alone = sa.or_(table.c.conversation_id.is_(None), table.c.conversation_id == "")
        return sa.select(table.c.id).where(table.c.practice == practice.slug, table.c.at < before, alone)

    return due


def _tasks(practice: Practice, before: datetime) -> sa.sql.Select:
    """Done long ago and of no record: those of a conversation or a record go with it."""
    return sa.select(tasks.c.id).where(
        tasks.c.practice == practice.slug, tasks.c.done_at < before, tasks.c.conversation_id.is_(None), tasks.c.patient_id.is_(None)
    )


# In this order: what belongs to a chat goes before it, a record after its chats.
KINDS: tuple[Kind, ...] = (
    Kind("texts", "Words of texts that were sent", lambda p: p.kept.days("texts"), _texts),
    Kind("examples", "Lines editors kept as examples", lambda p: p.kept.days("drafts"), _drafts(editor_examples)),
    Kind("answers", "Questions editors kept", lambda p: p.kept.days("drafts"), _drafts(editor_answers)),
    Kind("chats", "Conversations", lambda p: p.chat_retention_days, _chats),
    Kind("records", "Records of patients, closed", lambda p: p.kept.days("closed_records"), _closed),
    Kind("tasks", "Tasks done, of no record", lambda p: p.chat_retention_days, _tasks),
    Kind("declines", "Refusals, without the person", lambda p: p.kept.days("counts"), _counts(declines)),
    Kind("events", "Events, without the person", lambda p: p.kept.days("counts"), _counts(events)),
)


def due_of(connection: Connection, kind: Kind, practice: Practice, only: list[str | int] | None = None) -> list[str | int]:
    """Ids due now, in a steady order; with `only`, which of these still are."""
    query = kind.due(practice, clock.now() - timedelta(days=kind.days(practice)))
    (column,) = query.selected_columns
    if only is not None:
        query = query.where(column.in_(only))
    return list(connection.execute(query.order_by(column)).scalars())
