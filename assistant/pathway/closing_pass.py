"""The timed pass that offers the closing questions when a case has ended, or the last of a person's referrals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.pathway import closing
from assistant.pathway.patients import conversations_of
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import closing_questions, patients, referrals
from assistant.store.tables import wellbeing

if TYPE_CHECKING:
    from assistant.house import House

LATEST = timedelta(days=14)  # after a long stop nobody is asked about something that ended a month ago
REST = timedelta(days=60)  # between two offers to one person
BEGUN = ("sent", "accepted", "attending")


def look(house: House) -> int:
    """Offer to whoever is due; how many were offered. Twice, late or in two processes at once: each person once."""
    with reading(house.engine) as connection:
        found = due(connection)
    offered = 0
    for patient_id, mark in found:
        with transaction(house.engine) as connection:
            conversation = _where(connection, patient_id)
            if conversation is None or closing.offer(connection, house, conversation, mark) == "before":
                continue
        house.notifier.nudge(conversation.id)
        house.wake_outbox()
        offered += 1
    return offered


def due(connection: Connection) -> list[tuple[str, str]]:
    """(patient, mark) of those who answered at the start, whose case or last referral ended, and who were not asked since."""
    now = clock.now()
    began = sa.select(wellbeing.c.patient_id).where(wellbeing.c.stage == "start", wellbeing.c.patient_id.is_not(None))
    asked = sa.select(closing_questions.c.patient_id).where(
        closing_questions.c.offered_at >= now - REST, closing_questions.c.patient_id.is_not(None)
    )
    ended = sa.select(wellbeing.c.patient_id).where(
        wellbeing.c.stage == "end", wellbeing.c.at >= now - REST, wellbeing.c.patient_id.is_not(None)
    )
    wanted = sa.and_(patients.c.id.in_(began), patients.c.id.not_in(asked), patients.c.id.not_in(ended))
    closed = sa.select(patients.c.id).where(
        wanted, patients.c.status == "closed", patients.c.closed_at >= now - LATEST,
        sa.or_(patients.c.ended.is_(None), patients.c.ended.in_(("completed", "disengaged", "moved"))),
    )  # fmt: skip
    still = sa.select(referrals.c.patient_id).where(referrals.c.status.in_(BEGUN))
    last = (
        sa.select(referrals.c.patient_id, sa.func.max(referrals.c.id).label("id"))
        .join(patients, patients.c.id == referrals.c.patient_id)
        .where(
            wanted, patients.c.status == "open", referrals.c.status == "closed", referrals.c.closed_at >= now - LATEST,
            referrals.c.ended.in_(("completed", "disengaged")), patients.c.id.not_in(still),
        )
        .group_by(referrals.c.patient_id)
    )  # fmt: skip
    cases = [(str(id_), f"case:{id_}") for id_ in connection.execute(closed).scalars()]
    return cases + [(str(row.patient_id), f"referral:{row.id}") for row in connection.execute(last)]


def _where(connection: Connection, patient_id: str) -> Row | None:
    """Their newest conversation; none while a navigator has it, or while help with a danger stands on the screen."""
    row = next(iter(conversations_of(connection, patient_id)), None)
    if row is None or row.state in ("live", "waiting") or (row.safety or {}).get("active"):
        return None
    return row
