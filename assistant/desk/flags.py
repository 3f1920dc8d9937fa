"""Safety flags and tasks: what waits for the team, and who saw to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations import erasing
from assistant.conversations.events import record_event
from assistant.desk import audit, wording
from assistant.desk.accounts import names_by_id
from assistant.desk.roles import Staff, conversation_for
from assistant.errors import Conflict, NotFound
from assistant.pathway.todo import start_of_tomorrow
from assistant.store.pathway_tables import patients
from assistant.store.tables import conversations, risk_flags, tasks


@dataclass(frozen=True)
class FlaggedPerson:
    """One person's flags that nobody has acknowledged: `flags` the most urgent and newest first."""

    conversation: Row
    flags: list[Row]

    @property
    def first(self) -> Row:
        """The one to read first."""
        return self.flags[0]

    @property
    def newest_at(self) -> Any:
        """When the newest of them was written."""
        return max(flag.at for flag in self.flags)

    @property
    def overdue(self) -> bool:
        """Whether one of them was not acknowledged in time."""
        return any(flag.alerted_at is not None for flag in self.flags)

    @property
    def risks(self) -> list[str]:
        """What they were about, each once, the most urgent first."""
        return sorted({risk for flag in self.flags for risk in flag.risks or []}, key=wording.urgency)


def to_read_first(flag: Row) -> tuple[int, float]:
    """Sorts flags by what is most urgent in them, then the newest first."""
    return min((wording.urgency(risk) for risk in flag.risks or []), default=len(wording.RISKS)), -flag.at.timestamp()


def waiting_flags(connection: Connection, staff: Staff) -> list[FlaggedPerson]:
    """Who has flags that nobody has acknowledged: emergencies first; of these, those out of time, then the newest."""
    query = sa.select(risk_flags).where(risk_flags.c.acknowledged_at.is_(None), staff.sees(risk_flags.c.practice))
    flags = sorted(connection.execute(query).all(), key=to_read_first)
    ids = {flag.conversation_id for flag in flags}
    rows = {
        row.id: row
        for row in connection.execute(
            sa.select(conversations).where(conversations.c.id.in_(ids), staff.sees(conversations.c.practice))
        )
    }
    people = [FlaggedPerson(rows[id], [f for f in flags if f.conversation_id == id]) for id in ids if id in rows]
    return sorted(people, key=lambda person: (wording.tier(person.risks), not person.overdue, -person.newest_at.timestamp()))


def acknowledge_all(connection: Connection, staff: Staff, conversation_id: str, newest: int) -> int:
    """Acknowledge a conversation's flags up to the one with the id `newest`, the last that was on the page; how many.

    Raises:
        NotFound: no such conversation in this person's practice.
        Conflict: none of them waits any more.
    """
    row = conversation_for(connection, staff, conversation_id)
    waiting = connection.execute(
        sa.select(risk_flags.c.id).where(
            risk_flags.c.conversation_id == row.id, risk_flags.c.id <= newest, risk_flags.c.acknowledged_at.is_(None)
        )
    ).scalars()
    ids = list(waiting)
    if not ids:
        raise Conflict("These flags were acknowledged already.")
    for flag_id in ids:
        acknowledge(connection, staff, flag_id)
    return len(ids)


def acknowledge(connection: Connection, staff: Staff, flag_id: int) -> str:
    """Say 'I have seen this and am seeing to it', once; the id of the conversation it is in.

    Raises:
        NotFound: no such flag in this person's practice.
        Conflict: a colleague was first; names them.
    """
    staff.need("conversations")
    flag = connection.execute(
        sa.select(risk_flags).where(risk_flags.c.id == flag_id, staff.sees(risk_flags.c.practice))
    ).first()
    if flag is None:
        raise NotFound("There is no such safety flag here.")
    now = clock.now()
    won = connection.execute(
        risk_flags.update()
        .where(risk_flags.c.id == flag_id, risk_flags.c.acknowledged_at.is_(None))
        .values(acknowledged_by=staff.id, acknowledged_at=now)
    ).rowcount
    if not won:
        by = connection.execute(sa.select(risk_flags.c.acknowledged_by).where(risk_flags.c.id == flag_id)).scalar()
        name = "You" if by == staff.id else names_by_id(connection).get(by or "", "A colleague")
        raise Conflict(f"{name} acknowledged this flag already.")
    record_event(
        connection, "risk_acknowledged", flag.conversation_id, flag.practice,
        staff=staff.id, risks=flag.risks, seconds=round((now - flag.at).total_seconds()), alerted=flag.alerted_at is not None,
    )  # fmt: skip
    audit.record(connection, staff.id, "flag.acknowledged", flag.conversation_id)
    return str(flag.conversation_id)


def due_tasks(connection: Connection, staff: Staff) -> list[Row]:
    """Tasks not done, oldest first; what is due on a later day waits on the page of tasks."""
    return connection.execute(
        sa.select(tasks, sa.func.coalesce(conversations.c.person_name, patients.c.name).label("person_name"))
        .outerjoin(conversations, conversations.c.id == tasks.c.conversation_id)
        .outerjoin(patients, patients.c.id == tasks.c.patient_id)
        .where(
            tasks.c.done_at.is_(None), staff.sees(tasks.c.practice), sa.or_(tasks.c.due_at.is_(None), tasks.c.due_at < start_of_tomorrow())
        )
        .order_by(tasks.c.created_at, tasks.c.id)
    ).all()


def _task(connection: Connection, staff: Staff, task_id: int) -> Row:
    staff.need("conversations")
    row = connection.execute(
        sa.select(tasks).where(tasks.c.id == task_id, staff.sees(tasks.c.practice))
    ).first()
    if row is None:
        raise NotFound("There is no such task here.")
    return row


def finish(connection: Connection, staff: Staff, task_id: int) -> None:
    """Mark a task as done. Raises NotFound for another practice's, Conflict when it is done already."""
    _task(connection, staff, task_id)
    won = connection.execute(
        tasks.update()
        .where(tasks.c.id == task_id, tasks.c.done_at.is_(None))
        .values(done_at=clock.now(), done_by=staff.id)
    ).rowcount
    if not won:
        raise Conflict("This task was marked as done already.")
    audit.record(connection, staff.id, "task.done", str(task_id))


def erase_as_asked(connection: Connection, staff: Staff, task_id: int) -> None:
    """Erase the conversation whose patient asked for it while a safety flag held it.

    Raises:
        NotFound: no such task, or no task of that kind.
        Conflict: a flag still waits for somebody to acknowledge it, or there is a safeguarding hold.
    """
    task = _task(connection, staff, task_id)
    if task.kind != "erase" or task.conversation_id is None:
        raise NotFound("Nobody asked for this to be erased.")
    row = conversation_for(connection, staff, task.conversation_id, lock=True)
    if erasing.held(connection, row):
        raise Conflict("A safety flag waits to be acknowledged, or there is a safeguarding hold. See to that first.")
    erasing.erase_as_patient(connection, row)
    audit.record(connection, staff.id, "conversation.erased", row.id)
