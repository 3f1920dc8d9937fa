"""SNOMED CT codes put to staff as ones they may want to record. Nothing is ever coded by itself.

Only the two codes that facts/safety.md section 4 found in published sources. 'Social prescribing offered' is not among
them, nor any for signposting: they were not verified, so they are not shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.store.tables import callbacks, declines


@dataclass(frozen=True)
class Code:
    """A concept and when it fits."""

    id: str
    term: str
    when: str


REFERRED = Code(
    "871731000000106", "Referral to social prescribing service (procedure)", "Once, at the first contact. Not for each service or call."
)
DECLINED = Code("871711000000103", "Social prescribing declined (situation)", "They said no to the programme.")


def for_conversation(connection: Connection, row: Row) -> list[Code]:
    """What fits what happened here: a no, or a first contact."""
    here = declines.c.conversation_id == row.id, declines.c.stage != "taking_part"
    said_no = connection.execute(sa.select(declines.c.id).where(*here).limit(1)).first() is not None
    called = connection.execute(sa.select(callbacks.c.id).where(callbacks.c.conversation_id == row.id).limit(1)).first() is not None
    return [DECLINED] if said_no else [REFERRED] if called or row.patient_id else []


def for_patient(patient: Row) -> list[Code]:
    """The same of a patient's record."""
    return [DECLINED] if patient.ended == "declined" else [REFERRED]
