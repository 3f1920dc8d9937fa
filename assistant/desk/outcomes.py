"""Wellbeing at start and end as the desk handles it: what was answered, asking at the end, and typing in what was told by phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from actions.wellbeing_scales import LONELINESS, ONS4, answers_of
from assistant.clock import clock
from assistant.desk import audit
from assistant.desk.roles import Staff, conversation_for
from assistant.desk.wording import WELLBEING
from assistant.errors import BadInput, NotFound
from assistant.house import House
from assistant.pathway import closing, patients
from assistant.store.tables import wellbeing

STAGES = {"start": "At the start", "end": "At the end"}


@dataclass(frozen=True)
class Subject:
    """Whose answers: a patient's, or a conversation's that belongs to no patient yet."""

    conversation: Row | None
    patient_id: str | None
    practice: str
    name: str
    back: str  # the page they were reached from, under /navigator
    query: str


def subject_for(connection: Connection, who: Staff, conversation_id: str = "", patient_id: str = "") -> Subject:
    """The person, if this member of staff may open them.

    Raises:
        NotAllowed: the role reads no conversations.
        NotFound: erased, never was, or another practice's.
    """
    who.need("conversations")
    if patient_id:
        row = patients.load(connection, patient_id)
        if who.practice is not None and row.practice != who.practice:
            raise NotFound("There is no such patient. Their record may have been erased.")
        newest = next(iter(patients.conversations_of(connection, row.id)), None)
        return Subject(newest, row.id, row.practice, row.name or "This patient", f"/patients/{row.id}", urlencode({"patient": row.id}))
    row = conversation_for(connection, who, conversation_id)
    return Subject(row, row.patient_id, row.practice, row.person_name or "This person", f"/conversations/{row.id}", urlencode({"conversation": row.id}))


def panel(connection: Connection, *, conversation: Row | None = None, patient: Row | None = None) -> dict[str, Any]:
    """For `outcomes/_panel.html`: when each stage was answered, whether the questions are out, and how to go on."""
    patient_id = patient.id if patient is not None else getattr(conversation, "patient_id", None)
    here = []
    if patient_id:
        here.append(wellbeing.c.patient_id == patient_id)
    if conversation is not None:
        here.append(wellbeing.c.conversation_id == conversation.id)
    rows = connection.execute(sa.select(wellbeing).where(sa.or_(*here)).order_by(wellbeing.c.at, wellbeing.c.id)).all()
    times: dict[str, Row | None] = {"start": None, "end": None}
    for row in rows:
        if row.stage == "end" or times["start"] is None:  # the first start and the last end, as the report pairs them
            times[row.stage] = row
    where = conversation if conversation is not None else next(iter(patients.conversations_of(connection, str(patient_id))), None)
    waiting = closing.open_of(connection, where.id) if where is not None else None
    key = {"patient": patient.id} if patient is not None else {"conversation": conversation.id} if conversation is not None else {}
    return {"times": times, "waiting": waiting, "can_ask": where is not None, "query": urlencode(key), "key": key, "stages": STAGES}


def questions() -> list[tuple[str, str, tuple[str, ...]]]:
    """(id, exact words, answers) of the eight."""
    return [(step, WELLBEING[step], answers_of(step)) for step in (*ONS4, *LONELINESS)]


def ask(connection: Connection, house: House, who: Staff, subject: Subject) -> str:
    """Offer the closing questions; what came of it, in words.

    Raises:
        BadInput: there is no conversation to ask in, or a colleague is in it just now.
    """
    if subject.conversation is None:
        raise BadInput("There is no chat or text conversation with this person. Ask by phone, and type in the answers.")
    if subject.conversation.state in ("live", "waiting"):
        raise BadInput("The person is waiting for, or talking to, a navigator. Ask them there, or hand back first.")
    done = closing.offer(connection, house, subject.conversation, f"desk:{clock.today().isoformat()}", who.id)
    if done == "before":
        return "The questions were sent already today, or still wait for an answer. Nothing was sent again."
    audit.record(connection, who.id, "closing.asked", subject.patient_id or subject.conversation.id)
    return "The closing questions are in the chat, and sent by text." if done == "text" else "The closing questions are in the chat. No text was sent."


def keep_typed(connection: Connection, who: Staff, subject: Subject, stage: str, given: dict[str, str], once: str) -> bool:
    """Keep what was told by phone; False when this form was sent before.

    Raises:
        BadInput: no stage, an answer that is none of the question's, or nothing answered at all.
    """
    if stage not in STAGES:
        raise BadInput("Say whether these are answers at the start or at the end.", field="stage")
    answers: dict[str, Any] = {}
    for step, _, choices in questions():
        told = given.get(step, "")
        if told and told not in choices:
            raise BadInput(f"Choose one of the answers, or 'skipped', for: {WELLBEING[step]}", field=step)
        if told:
            answers[step] = int(told) if step in ONS4 else told
    if not answers:
        raise BadInput("Nothing was answered. Choose an answer, or go back.", field="stage")
    conversation = subject.conversation.id if subject.conversation is not None else ""
    kept = closing.keep(connection, conversation, subject.patient_id, subject.practice, stage, answers, f"phone:{once}"[:60])
    if kept:
        audit.record(connection, who.id, "wellbeing.typed", subject.patient_id or conversation)
    return kept
