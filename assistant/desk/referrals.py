"""Referrals as the desk works through them: by what needs doing, found by name or service, and one with its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import audit, wording
from assistant.desk.roles import Staff
from assistant.errors import NotFound
from assistant.pathway.referral_letters import DECLINED, STOPPED
from assistant.pathway.referral_steps import free_left
from assistant.store.pathway_tables import patients, referrals
from assistant.store.tables import outbox

# In the order a day is worked: what waits for us comes first.
GROUPS = {
    "silent": ("No answer in time", "Ring them, or send the letter again. The patient has been told and offered others."),
    "day": ("Accepted, no day yet", "A day helps people to go. Ask the service for one."),
    "proposed": ("Date proposed", "The patient knows. They are asked how it went on the day after."),
    "ending": ("Ending soon", "Two free sessions left, or fewer. Ask what they would like next."),
    "waiting": ("No answer yet", "The service still has time to answer."),
    "going": ("Going", "They have been at least once."),
    "closed": ("Closed", "In the last 60 days."),
}
CLOSED_FOR = timedelta(days=60)
NEARLY = 2
MOST = 300
STEPS = {
    "made": "Referred", "sent": "Texted to the service", "chased": "Asked the service again by text",
    "silent": "No answer in time", "told_silence": "Patient told, and offered others", "accepted": "The service said yes",
    "proposed": "Day, place or person set", "declined": "The service said no", "asked": "Asked 'Did you go?'",
    "not_asked": "Not asked 'Did you go?': too late", "answered": "Patient answered", "attended": "Came to a session",
    "missed": "Did not come", "began": "First session", "cannot": "Patient cannot make the day", "what_next": "Asked 'What next?'",
    "helped": "Put to the team: not been yet", "closed": "Closed", "withdrawn": "Taken back", "reopened": "Opened again",
    "reason": "Told why",
}  # fmt: skip
TEXTS = {
    "sent": "was sent", "delivered": "has arrived", "failed": "could not be sent: ring them, or send the letter",
    "stopped": "was not sent, because this number has stopped our texts: ring them",
}  # fmt: skip
ANSWERS = {"yes": "Yes", "not_yet": "Not yet", "not_for_me": "It is not for me"}


@dataclass(frozen=True)
class Line:
    """One referral in the list."""

    row: Row
    group: str
    left: int | None

    @property
    def who(self) -> str:
        """The patient's name, or what the service calls them."""
        return str(self.row.patient_name or self.row.first_name or "Name not given")


def group_of(row: Row) -> str:
    """What needs doing."""
    if row.status == "sent":
        return "silent" if row.answer_by <= clock.now() else "waiting"
    if row.status == "accepted":
        return "proposed" if row.first_session_at else "day"
    if row.status == "attending":
        left = free_left(row)
        return "ending" if left is not None and left <= NEARLY else "going"
    return "closed"


def _query(staff: Staff) -> sa.sql.Select:
    named = patients.c.name.label("patient_name")
    query = sa.select(referrals, named).outerjoin(patients, patients.c.id == referrals.c.patient_id)
    return query.where(staff.sees(referrals.c.practice))


def listed(connection: Connection, staff: Staff, q: str = "", mine: bool = False, practice: str = "") -> dict[str, list[Line]]:
    """Group -> referrals, the longest waiting first; closed ones newest first, and not for ever."""
    staff.need("conversations")
    recent = sa.or_(referrals.c.closed_at.is_(None), referrals.c.closed_at >= clock.now() - CLOSED_FOR)
    query = _query(staff).where(recent)
    if q:
        found = [column.ilike(f"%{_plain(q)}%", escape="\\") for column in (patients.c.name, referrals.c.first_name, referrals.c.service)]
        query = query.where(sa.or_(*found))
    if mine:
        query = query.where(sa.or_(referrals.c.made_by == staff.id, patients.c.navigator_id == staff.id))
    if practice:
        query = query.where(referrals.c.practice == practice)
    out: dict[str, list[Line]] = {group: [] for group in GROUPS}
    for row in connection.execute(query.order_by(referrals.c.made_at, referrals.c.id)).all():
        out[group_of(row)].append(Line(row, group_of(row), free_left(row)))
    out["closed"] = sorted(out["closed"], key=lambda line: line.row.closed_at, reverse=True)[:MOST]
    return out


def _plain(words: str) -> str:
    """`%` and `_` are letters like others."""
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def referral_for(connection: Connection, staff: Staff, referral_id: str, *, lock: bool = False) -> Row:
    """The referral, if this person may open it; one of another practice does not exist.

    Raises:
        NotAllowed: the role reads no conversations. NotFound: erased, never was, or another practice's.
    """
    staff.need("conversations")
    query = _query(staff).where(referrals.c.id == referral_id)
    if lock and connection.dialect.name != "sqlite":
        query = query.with_for_update(of=referrals)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("There is no such referral here. It may have been erased.")
    return row


def of_patient(connection: Connection, staff: Staff, patient_id: str) -> list[Line]:
    """All referrals of one person, newest first; for their page."""
    staff.need("conversations")
    query = _query(staff).where(referrals.c.patient_id == patient_id).order_by(referrals.c.made_at.desc())
    return [Line(row, group_of(row), free_left(row)) for row in connection.execute(query).all()]


def text_state(connection: Connection, referral: Row) -> str:
    """What became of the newest text to the provider; empty where none was sent."""
    ours = outbox.c.idempotency_key.startswith(f"referral:{referral.id}:")
    newest = connection.execute(sa.select(outbox.c.status).where(ours).order_by(outbox.c.created_at.desc()).limit(1)).scalar()
    return TEXTS.get(newest, "is waiting to go") if newest else ""


def step_words(step: Row) -> str:
    """A step in words, with what it holds."""
    data: dict[str, Any] = step.data or {}
    said = STEPS.get(step.kind, step.kind.replace("_", " ").capitalize())
    more = [
        f"on {wording.uk_date(data['day'])}" if data.get("day") else "",
        ANSWERS.get(str(data.get("answer")), ""),
        STOPPED.get(str(data.get("reason")), DECLINED.get(str(data.get("reason")), "")),
    ]
    told = ", ".join(one for one in more if one)
    return f"{said}: {told}" if told else said


def note(connection: Connection, staff: Staff, action: str, referral_id: str) -> None:
    """A line in the audit."""
    audit.record(connection, staff.id, f"referral.{action}", referral_id)
