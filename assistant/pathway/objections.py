"""What a person objects to: texts, sharing with providers, use in reports. Noted with who and how, and honoured.

UK GDPR article 21 gives the right to object; the record of it is what the next colleague relies on.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.errors import BadInput, Conflict, NotFound
from assistant.store.pathway_tables import objections
from assistant.store.tables import conversations, outbox

TO = ("texts", "sharing", "reports", "all")
HOW = ("phone", "in_person", "chat", "text", "letter")


def note(connection: Connection, patient: Row, what: str, how: str, staff_id: str) -> int:
    """Keep an objection and act on it at once: texts to this person that still wait are stopped.

    Raises:
        BadInput: what they object to, or how they said so, is none of the list.
        Conflict: the same objection stands already.
    """
    if what not in TO:
        raise BadInput("Choose what the person objects to: texts, sharing, reports or all.", field="what")
    if how not in HOW:
        raise BadInput("Choose how they told you: by phone, in person, in the chat, by text or by letter.", field="how")
    if what in {row.what for row in standing(connection, patient.id)}:
        raise Conflict("This objection stands already.")
    made = connection.execute(
        objections.insert().values(
            patient_id=patient.id, practice=patient.practice, what=what, how=how, at=clock.now(), noted_by=staff_id
        )
    )
    if what in ("texts", "all"):
        _stop_waiting_texts(connection, patient.id)
    return int(made.inserted_primary_key[0])


def withdraw(connection: Connection, patient_id: str, objection_id: int, staff_id: str) -> None:
    """The person changed their mind; the line stays, with who noted it.

    Raises:
        NotFound: no such objection of this person. Conflict: it was withdrawn already.
    """
    mine = sa.and_(objections.c.id == objection_id, objections.c.patient_id == patient_id)
    if connection.execute(sa.select(objections.c.id).where(mine)).first() is None:
        raise NotFound("There is no such objection here.")
    won = connection.execute(
        objections.update()
        .where(mine, objections.c.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now(), withdrawn_by=staff_id)
    ).rowcount
    if not won:
        raise Conflict("This objection was withdrawn already.")


def history(connection: Connection, patient_id: str) -> list[Row]:
    """Every objection of this person, the newest first, withdrawn ones included."""
    query = sa.select(objections).where(objections.c.patient_id == patient_id)
    return connection.execute(query.order_by(objections.c.id.desc())).all()


def standing(connection: Connection, patient_id: str | None) -> list[Row]:
    """Those not withdrawn."""
    if not patient_id:
        return []
    query = sa.select(objections).where(objections.c.patient_id == patient_id, objections.c.withdrawn_at.is_(None))
    return connection.execute(query.order_by(objections.c.id)).all()


def objects_to(connection: Connection, patient_id: str | None, what: str) -> bool:
    """Whether the person objects to `what` now; 'all' covers each."""
    return any(row.what in (what, "all") for row in standing(connection, patient_id))


def blocks_sharing(connection: Connection, patient_id: str) -> bool:
    """Whether a referral must not be made: nothing of this person may go to a provider."""
    return objects_to(connection, patient_id, "sharing")


def left_out() -> sa.sql.Select:
    """The ids of patients who object to the use in reports, as a subquery for a report's own statement."""
    stands = sa.and_(objections.c.withdrawn_at.is_(None), objections.c.what.in_(("reports", "all")))
    return sa.select(objections.c.patient_id).where(stands)


def left_out_conversations() -> sa.sql.Select:
    """The ids of those patients' conversations."""
    return sa.select(conversations.c.id).where(conversations.c.patient_id.in_(left_out()))


def counted(*, patient: Any = None, conversation: Any = None) -> sa.sql.ColumnElement[bool]:
    """The condition of a report's rows: whose patient or conversation column names nobody who objects.

    A row that names nobody any more (its person was erased) counts: NULL and '' pass.
    """
    conditions = [sa.true()]
    if patient is not None:
        conditions.append(sa.or_(patient.is_(None), patient.not_in(left_out())))
    if conversation is not None:
        conditions.append(sa.or_(conversation.is_(None), conversation.not_in(left_out_conversations())))
    return sa.and_(*conditions)


def _stop_waiting_texts(connection: Connection, patient_id: str) -> None:
    """What we start and has not gone yet; an answer to what they wrote themselves still goes."""
    theirs = sa.select(conversations.c.id).where(conversations.c.patient_id == patient_id)
    connection.execute(
        outbox.update()
        .where(outbox.c.conversation_id.in_(theirs), outbox.c.status == "queued", outbox.c.reply.is_(False))
        .values(status="stopped", last_error="the person objects to texts")
    )
