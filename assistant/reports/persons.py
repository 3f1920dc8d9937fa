"""The people of a report: everybody first met in its days, and how far each has come since. Ids, never names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.reports.scope import Scope
from assistant.reports.words import outcode_in
from assistant.store.pathway_tables import patients, referrals
from assistant.store.tables import callbacks, conversations, events, messages

STEPS = ("offered", "agreed", "first_call", "referred", "first_session", "continued", "completed")
AGREED_BY = ("check_in_completed", "service_saved", "callback_requested", "callback_booked", "handoff_requested")


@dataclass
class Person:
    """A patient, or somebody in a conversation who is none yet. `reached` holds the furthest steps by name."""

    key: str
    practice: str
    began: datetime
    reached: set[str] = field(default_factory=lambda: {"offered"})

    def has(self, step: str) -> bool:
        """Whether they reached `step` or a later one."""
        return any(later in self.reached for later in STEPS[STEPS.index(step) :])


def first_met(connection: Connection, scope: Scope) -> list[Person]:
    """Everybody whose first conversation, or referral to the team, lies in these days."""
    found: dict[str, Person] = {}
    key_of: dict[str, str] = {}
    for row in _conversations(connection, scope):
        key = key_of[row.id] = row.patient_id or row.id
        person = found.setdefault(key, Person(key, row.practice, row.created_at))
        person.began = min(person.began, row.created_at)
    for row in connection.execute(sa.select(patients).where(scope.of(patients.c.practice), patients.c.created_at < scope.until)):
        person = found.setdefault(row.id, Person(row.id, row.practice, row.created_at))
        person.began = min(person.began, row.created_at)
        if row.ended != "declined":
            person.reached.add("agreed")
        if row.ended == "completed":
            person.reached.add("completed")
    _add_what_happened(connection, scope, found, key_of)
    return [person for person in found.values() if scope.holds(person.began)]


def _conversations(connection: Connection, scope: Scope) -> list[Row]:
    """Those in which somebody wrote: a page that was only opened is no offer."""
    wrote = sa.select(messages.c.id).where(messages.c.conversation_id == conversations.c.id, messages.c.sender == "patient")
    columns = (conversations.c.id, conversations.c.practice, conversations.c.created_at, conversations.c.patient_id)
    query = sa.select(*columns).where(scope.of(conversations.c.practice), conversations.c.created_at < scope.until, wrote.exists())
    return connection.execute(query).all()


def _add_what_happened(connection: Connection, scope: Scope, found: dict[str, Person], key_of: dict[str, str]) -> None:
    def reached(step: str, conversation_id: str | None, patient_id: str | None = None) -> None:
        person = found.get(patient_id or key_of.get(conversation_id or "", ""))
        if person is not None:
            person.reached.add(step)

    here = sa.select(events.c.conversation_id, events.c.kind).distinct().where(scope.of(events.c.practice))
    for row in connection.execute(here.where(events.c.kind.in_((*AGREED_BY, "handoff_accepted")))):
        reached("first_call" if row.kind == "handoff_accepted" else "agreed", row.conversation_id)
    calls = sa.select(callbacks.c.conversation_id, callbacks.c.patient_id, callbacks.c.status).where(scope.of(callbacks.c.practice))
    for row in connection.execute(calls):
        reached("first_call" if row.status == "done" else "agreed", row.conversation_id, row.patient_id)
    for row in connection.execute(sa.select(referrals).where(scope.of(referrals.c.practice))):
        if row.ended == "cancelled":
            continue
        reached("referred", row.conversation_id, row.patient_id)
        for step, sessions in (("first_session", 1), ("continued", 2)):
            if row.sessions_attended >= sessions:
                reached(step, row.conversation_id, row.patient_id)
        if row.ended == "completed":
            reached("completed", row.conversation_id, row.patient_id)


def details(connection: Connection, scope: Scope) -> dict[str, dict[str, Any]]:
    """Patient id -> age band, sex, ethnicity, outcode."""
    columns = (patients.c.id, patients.c.age_band, patients.c.sex, patients.c.ethnicity, patients.c.outcode)
    return {row.id: dict(row._mapping) for row in connection.execute(sa.select(*columns).where(scope.of(patients.c.practice)))}


def areas(connection: Connection, scope: Scope) -> dict[str, str]:
    """Conversation id -> outcode, of the patient's record or of what was told in the conversation."""
    query = (
        sa.select(conversations.c.id, conversations.c.picture, patients.c.outcode)
        .outerjoin(patients, patients.c.id == conversations.c.patient_id)
        .where(scope.of(conversations.c.practice))
    )
    out: dict[str, str] = {}
    for row in connection.execute(query):
        picture = row.picture or {}
        place = row.outcode or outcode_in((picture.get("wishes") or {}).get("place"), picture.get("where"))
        if place:
            out[row.id] = place
    return out


def patient_of(connection: Connection, scope: Scope) -> dict[str, str]:
    """Conversation id -> patient id, where there is one."""
    query = sa.select(conversations.c.id, conversations.c.patient_id).where(scope.of(conversations.c.practice), conversations.c.patient_id.is_not(None))
    return {row.id: row.patient_id for row in connection.execute(query)}


def grouped(keys: list[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Counts of (row, column) pairs."""
    out: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row, column in keys:
        out[row][column] += 1
    return out
