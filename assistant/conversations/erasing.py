"""Erasing a conversation: every table that knows it, unless a safety flag or a safeguarding hold keeps it.

Which tables, and what happens to each, stands in assistant/store/belongings.py. A whole person: assistant/pathway/privacy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations.people import add_task
from assistant.store.belongings import BELONGINGS, Belonging
from assistant.store.demo_tables import demo_texts
from assistant.store.pathway_tables import patients, referrals
from assistant.store.tables import conversations, events, messages, outbox, risk_flags, tasks

ERASE = "erase"  # the kind of the task that a deferred wish leaves
ASKED = "The person asked to erase this chat. First see to its safety flag or safeguarding hold."
# A patient's, a referral's or a call's id in an event's data would lead back to the person; the team's own names none.
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
CHAT_GONE = "The person erased their chat. Their record is still here. Ask them whether it should go too."


def held(connection: Connection, row: Row) -> bool:
    """A safety flag nobody has acknowledged yet, or a safeguarding hold on the person, holds the conversation."""
    flag = sa.select(risk_flags.c.id).where(
        risk_flags.c.conversation_id == row.id, risk_flags.c.acknowledged_at.is_(None)
    )
    hold = sa.select(patients.c.id).where(patients.c.id == row.patient_id, patients.c.held)
    return any(connection.execute(query.limit(1)).first() is not None for query in (flag, hold))


def defer(connection: Connection, row: Row) -> None:
    """Tell the team, once, that the person asked for erasure."""
    asked = sa.select(tasks.c.id).where(
        tasks.c.conversation_id == row.id, tasks.c.kind == ERASE, tasks.c.done_at.is_(None)
    )
    if connection.execute(asked.limit(1)).first() is None:
        add_task(connection, row.id, row.practice, ERASE, ASKED)


def erase_as_patient(connection: Connection, row: Row) -> bool:
    """Erase the chat at its patient's own wish; True when the team still has a record of them.

    A record that holds nothing beside this chat goes with it. One with referrals or another conversation is the
    team's care, and the team is asked to speak with the person.
    """
    erase(connection, row.id)
    if not row.patient_id:
        return False
    if not _more_of(connection, row.patient_id):
        for belonging in BELONGINGS:
            if belonging.patient_column is not None:
                connection.execute(belonging.table.delete().where(belonging.patient_column == row.patient_id))
        connection.execute(patients.delete().where(patients.c.id == row.patient_id))
        return False
    values = {"practice": row.practice, "kind": "message", "text": CHAT_GONE, "created_at": clock.now()}
    connection.execute(tasks.insert().values(patient_id=row.patient_id, **values))
    return True


def erase(connection: Connection, conversation_id: str, *, keep_record: bool = False) -> None:
    """Remove everything of the conversation; opt-outs stay, they belong to the number.

    Referrals belong to the patient's record and only lose their way back to the chat. `keep_record`: calls, tasks and
    wellbeing answers of a patient stay with the record too (the chat went by its age, and nobody asked for more).
    """
    _from_drawn_phone(connection, conversation_id)
    for belonging in BELONGINGS:
        if belonging.chat_column is None or belonging.table is conversations:
            continue
        stays = belonging.outlives_chat and (keep_record or belonging.table is referrals)
        if belonging.fate == "unlink":
            unlink(connection, belonging, [conversation_id])
        elif belonging.fate == "delete":
            here = belonging.chat_column == conversation_id
            if stays and belonging.patient_column is not None:
                let_go(connection, belonging, sa.and_(here, belonging.patient_column.is_not(None)))
            connection.execute(belonging.table.delete().where(here))
    connection.execute(conversations.delete().where(conversations.c.id == conversation_id))


def let_go(connection: Connection, belonging: Belonging, rows: sa.sql.ColumnElement[bool]) -> None:
    """Take the conversation out of `rows`, which stay."""
    column = belonging.chat_column
    assert column is not None
    connection.execute(belonging.table.update().where(rows).values({column.name: None if column.nullable else ""}))


def unlink(connection: Connection, belonging: Belonging, ids: Iterable[str]) -> None:
    """Keep what the rows count, without the person: the conversation goes, and of an event's data every id of theirs."""
    column, given = belonging.chat_column, list(ids)
    assert column is not None
    if belonging.table is events:
        for row in connection.execute(sa.select(events.c.id, events.c.data).where(column.in_(given))).all():
            kept = {key: value for key, value in (row.data or {}).items() if key == "staff" or not _ID.search(str(value))}
            connection.execute(events.update().where(events.c.id == row.id).values(data=kept))
    let_go(connection, belonging, column.in_(given))


def _more_of(connection: Connection, patient_id: str) -> bool:
    """Whether the record holds more than the one chat: a referral, or another conversation."""
    held_here = sa.select(patients.c.id).where(patients.c.id == patient_id, patients.c.held)
    made = sa.select(referrals.c.id).where(referrals.c.patient_id == patient_id)
    other = sa.select(conversations.c.id).where(conversations.c.patient_id == patient_id)
    return any(connection.execute(query.limit(1)).first() is not None for query in (held_here, made, other))


def _from_drawn_phone(connection: Connection, conversation_id: str) -> None:
    """The demo's phone keeps its own copy: what it sent by the text's id, what it was handed by the outbox row's."""
    keys = drawn_phone_keys(connection, conversation_id)
    for start in range(0, len(keys), 500):  # SQLite takes a thousand values a statement at most
        connection.execute(demo_texts.delete().where(demo_texts.c.key.in_(keys[start : start + 500])))


def drawn_phone_keys(connection: Connection, conversation_id: str) -> list[str]:
    """Keys of this conversation's texts on the demo's drawn phone; none where there is no demo."""
    if not sa.inspect(connection).has_table(demo_texts.name):
        return []
    sent = sa.select(messages.c.provider_id).where(
        messages.c.conversation_id == conversation_id, messages.c.provider_id.like("demo:%")
    )
    handed = sa.select(outbox.c.id).where(outbox.c.conversation_id == conversation_id)
    keys = [f"in:{key.removeprefix('demo:')}" for key in connection.execute(sent).scalars()]
    return keys + [f"out:{key}" for key in connection.execute(handed).scalars()]
