"""Tasks with a day and an owner: what is due, for one person or the whole team; added, given on, done, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.errors import BadInput, Conflict, NotFound
from assistant.pathway.caseload import navigators
from assistant.store.pathway_tables import patients
from assistant.store.tables import conversations, tasks

FOLLOW_UP = "follow_up"  # the kind of what a navigator sets themselves
MOST_TEXT = 500
LATELY = timedelta(days=7)
FURTHEST = timedelta(days=400)


@dataclass(frozen=True)
class Tasks:
    """What is to be done, by when it is due; `someday` has no day; `done` in the last week, the newest first."""

    overdue: list[Row]
    today: list[Row]
    coming: list[Row]
    someday: list[Row]
    done: list[Row]


def end_of(day: date) -> datetime:
    """Five in the afternoon in England: a task's day ends with the working day."""
    return datetime.combine(day, time(17), tzinfo=LONDON)


def start_of_tomorrow() -> datetime:
    """What is due before this is due today."""
    return datetime.combine(clock.today() + timedelta(days=1), time(), tzinfo=LONDON)


def _query(sees: Any) -> sa.sql.Select:
    name = sa.func.coalesce(patients.c.name, conversations.c.person_name).label("person_name")
    return (
        sa.select(tasks, name, patients.c.navigator_id)
        .outerjoin(patients, patients.c.id == tasks.c.patient_id)
        .outerjoin(conversations, conversations.c.id == tasks.c.conversation_id)
        .where(sees)
    )


def tasks_of(connection: Connection, sees: Any, owner: str | None = None) -> Tasks:
    """Those of the practices that `sees` keeps to; `owner`: theirs, and of their own patients what nobody has."""
    query = _query(sees)
    if owner is not None:
        mine = sa.or_(tasks.c.owner_id == owner, sa.and_(tasks.c.owner_id.is_(None), patients.c.navigator_id == owner))
        query = query.where(mine)
    rows = connection.execute(query.where(tasks.c.done_at.is_(None)).order_by(tasks.c.due_at, tasks.c.created_at, tasks.c.id)).all()
    dated = [row for row in rows if row.due_at is not None]
    midnight = start_of_tomorrow() - timedelta(days=1)
    return Tasks(
        overdue=[row for row in dated if row.due_at < midnight],
        today=[row for row in dated if midnight <= row.due_at < start_of_tomorrow()],
        coming=[row for row in dated if row.due_at >= start_of_tomorrow()],
        someday=[row for row in rows if row.due_at is None],
        done=connection.execute(
            query.where(tasks.c.done_at >= clock.now() - LATELY).order_by(tasks.c.done_at.desc()).limit(50)
        ).all(),
    )


def of_patient(connection: Connection, patient_id: str) -> list[Row]:
    """All of one person's: what is to be done first, by its day; then what is done, the newest first."""
    rows = connection.execute(_query(tasks.c.patient_id == patient_id)).all()
    far = datetime.max.replace(tzinfo=LONDON)
    to_do = sorted((r for r in rows if r.done_at is None), key=lambda r: (r.due_at or far, r.id))
    return [*to_do, *sorted((r for r in rows if r.done_at), key=lambda r: r.done_at, reverse=True)]


def add(connection: Connection, practice: str, text: str, due: str, owner: str = "", patient_id: str | None = None) -> int:
    """Put something on the list; its number. `due` is an ISO day or empty, `owner` a staff id or empty for whoever comes first.

    Raises:
        BadInput: no words or too many, a day that is none, past or far off, or an owner who cannot do it.
    """
    words = " ".join(text.replace("\x00", "").split())
    if not 1 <= len(words) <= MOST_TEXT:
        raise BadInput(f"Say what is to be done, in 1 to {MOST_TEXT} characters.", field="text")
    row = dict(practice=practice, kind=FOLLOW_UP, text=words, created_at=clock.now(), patient_id=patient_id,
               due_at=_day(due), owner_id=_owner(connection, practice, owner))  # fmt: skip
    return int(connection.execute(tasks.insert().values(**row)).inserted_primary_key[0])


def _day(due: str) -> datetime | None:
    if not due.strip():
        return None
    try:
        day = date.fromisoformat(due.strip())
    except ValueError as error:
        raise BadInput("Choose a day, such as 2026-11-24.", field="due") from error
    if not clock.today() <= day <= clock.today() + FURTHEST:
        raise BadInput("Choose a day from today on, within a year.", field="due")
    return end_of(day)


def _owner(connection: Connection, practice: str, owner: str) -> str | None:
    if not owner:
        return None
    if owner not in {row.id for row in navigators(connection, practice)}:
        raise BadInput("Choose somebody of this practice's team.", field="owner")
    return owner


def load(connection: Connection, sees: Any, task_id: int) -> Row:
    """One task. Raises NotFound for none, or another practice's."""
    row = connection.execute(_query(sees).where(tasks.c.id == task_id)).first()
    if row is None:
        raise NotFound("There is no such task here.")
    return row


def give(connection: Connection, task: Row, owner: str, due: str) -> None:
    """Another owner and another day. Raises BadInput as `add`; an unchanged day may lie in the past."""
    same = task.due_at is not None and due == task.due_at.astimezone(LONDON).date().isoformat()
    connection.execute(
        tasks.update()
        .where(tasks.c.id == task.id)
        .values(owner_id=_owner(connection, task.practice, owner), due_at=task.due_at if same else _day(due))
    )


def undo(connection: Connection, task: Row) -> None:
    """Back on the list. Raises Conflict when it stands there."""
    won = connection.execute(
        tasks.update().where(tasks.c.id == task.id, tasks.c.done_at.is_not(None)).values(done_at=None, done_by=None)
    ).rowcount
    if not won:
        raise Conflict("This task is on the list already.")
