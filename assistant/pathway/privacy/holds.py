"""The safeguarding hold: while it stands, nothing of the person is deleted, by age or by anybody's wish."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.errors import BadInput, Conflict
from assistant.pathway import patients
from assistant.store.pathway_tables import holds
from assistant.store.pathway_tables import patients as patients_table

MOST_WORDS = 200


def set_hold(connection: Connection, patient_id: str, why: str, staff_id: str) -> None:
    """Hold everything of this person.

    Raises:
        BadInput: no reason, or one of over 200 characters. Conflict: a colleague set one already.
    """
    why = _reason(why, "Say in a few words why it is held. Colleagues and auditors read this.")
    won = connection.execute(
        patients_table.update()
        .where(patients_table.c.id == patient_id, patients_table.c.held.is_(False))
        .values(held=True, held_why=why, updated_at=clock.now())
    ).rowcount
    if not won:
        raise Conflict("There is a safeguarding hold already.")
    connection.execute(holds.insert().values(patient_id=patient_id, why=why, set_at=clock.now(), set_by=staff_id))


def lift(connection: Connection, patient_id: str, why: str, staff_id: str) -> None:
    """Lift it; the line of when it stood, and why it was lifted, remains with the record.

    Raises:
        BadInput: no reason. Conflict: none stands.
    """
    why = _reason(why, "Say in a few words why it can be lifted.")
    won = connection.execute(
        patients_table.update()
        .where(patients_table.c.id == patient_id, patients_table.c.held.is_(True))
        .values(held=False, held_why=None, updated_at=clock.now())
    ).rowcount
    if not won:
        raise Conflict("There is no safeguarding hold to lift.")
    connection.execute(
        holds.update()
        .where(holds.c.patient_id == patient_id, holds.c.lifted_at.is_(None))
        .values(lifted_at=clock.now(), lifted_by=staff_id, lifted_why=why)
    )


def history(connection: Connection, patient_id: str) -> list[Row]:
    """Every hold there was, the newest first."""
    query = sa.select(holds).where(holds.c.patient_id == patient_id).order_by(holds.c.id.desc())
    return connection.execute(query).all()


def record_for(connection: Connection, conversation: Row) -> str:
    """The patient's record a hold or an objection is written to; made where the conversation has none yet."""
    return patients.of_conversation(connection, conversation)


def _reason(why: str, missing: str) -> str:
    why = " ".join(why.split())
    if not why:
        raise BadInput(missing, field="why")
    if len(why) > MOST_WORDS:
        raise BadInput(f"The reason is {len(why)} characters. Shorten it to {MOST_WORDS}.", field="why")
    return why
