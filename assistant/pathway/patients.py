"""A person the team looks after: made from a conversation when there is something to look after, found again later."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.errors import NotFound
from assistant.store.pathway_tables import patients
from assistant.store.tables import callbacks, conversations, tasks, wellbeing

# Ways to reach somebody that must be safe first; a record and its conversations hold the same three.
WAYS = ("safe_to_ring", "safe_to_text", "safe_to_leave_message")
# What of a conversation belongs to the person it turns out to be.
_FOLLOWS = (callbacks, tasks, wellbeing)


def load(connection: Connection, patient_id: str) -> Row:
    """The patient's row.

    Raises:
        NotFound: no such patient.
    """
    row = connection.execute(sa.select(patients).where(patients.c.id == patient_id)).first()
    if row is None:
        raise NotFound("There is no such patient. Their record may have been erased.")
    return row


def create(connection: Connection, practice: str, source: str, **values: Any) -> str:
    """Make a patient and return the id. `source` is self, clinician, reception or other."""
    patient_id, now = str(uuid.uuid4()), clock.now()
    connection.execute(
        patients.insert().values(
            id=patient_id, practice=practice, source=source, status="open", created_at=now, updated_at=now, **values
        )
    )
    return patient_id


def update(connection: Connection, patient_id: str, **values: Any) -> None:
    """Set columns and touch `updated_at`."""
    connection.execute(patients.update().where(patients.c.id == patient_id).values(updated_at=clock.now(), **values))


def of_conversation(connection: Connection, conversation: Row) -> str:
    """The id of the patient this conversation belongs to; made, or found again, when it has none yet.

    Found again only by the same number and the same name at the same practice: households share a phone, and one
    person's story must never open under another's name.
    """
    if conversation.patient_id:
        return str(conversation.patient_id)
    patient_id = known(connection, conversation) or create(
        connection,
        conversation.practice,
        "self",
        name=conversation.person_name,
        number=conversation.contact_number or conversation.phone,
        safe_to_ring=conversation.safe_to_ring,
        safe_to_text=conversation.safe_to_text,
        safe_to_leave_message=conversation.safe_to_leave_message,
        needs=(conversation.picture or {}).get("needs") or [],
    )
    link(connection, conversation.id, patient_id)
    return patient_id


def link(connection: Connection, conversation_id: str, patient_id: str) -> None:
    """This conversation, and what was promised and answered in it, is this person's."""
    connection.execute(conversations.update().where(conversations.c.id == conversation_id).values(patient_id=patient_id))
    for table in _FOLLOWS:
        connection.execute(table.update().where(table.c.conversation_id == conversation_id).values(patient_id=patient_id))


def hold_to_no(connection: Connection, patient_id: str) -> None:
    """What is not safe by the record is not safe in any of their conversations."""
    row = load(connection, patient_id)
    pass_on(connection, row, [way for way in WAYS if getattr(row, way) is False])


def pass_on(connection: Connection, row: Row, ways: list[str]) -> None:
    """Their conversations hold of these ways what the record holds; those that go to another number are left as they are."""
    if ways:
        same = sa.func.coalesce(conversations.c.contact_number, conversations.c.phone) == row.number
        theirs = conversations.update().where(conversations.c.patient_id == row.id, same)
        connection.execute(theirs.values(**{way: getattr(row, way) for way in ways}))


def conversations_of(connection: Connection, patient_id: str) -> list[Row]:
    """Their conversations, newest first."""
    query = sa.select(conversations).where(conversations.c.patient_id == patient_id)
    return connection.execute(query.order_by(conversations.c.created_at.desc(), conversations.c.id)).all()


def known(connection: Connection, conversation: Row) -> str | None:
    """The id of the patient this conversation is of, or plainly seems to be by number and name; None makes nobody."""
    if conversation.patient_id:
        return str(conversation.patient_id)
    return named(connection, conversation.practice, conversation.contact_number or conversation.phone, conversation.person_name)


def named(connection: Connection, practice: str, number: str | None, name: str | None) -> str | None:
    """The id of the practice's patient of this number and this name; None where either is not given."""
    wanted = (name or "").strip().casefold()
    if not number or not wanted:
        return None
    rows = connection.execute(
        sa.select(patients.c.id, patients.c.name)
        .where(patients.c.practice == practice, patients.c.number == number)
        .order_by(patients.c.created_at.desc())
    )
    return next((str(row.id) for row in rows if (row.name or "").strip().casefold() == wanted), None)
