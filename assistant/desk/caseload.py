"""The caseload as the desk shows it: whose cases, what is due next, and how many each navigator has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations.diary import CALL_MINUTES
from assistant.desk.accounts import names_by_id
from assistant.desk.care import care_line
from assistant.desk.inbox import fitting
from assistant.desk.roles import Staff
from assistant.desk.wording import sentence_case
from assistant.errors import NotFound
from assistant.pathway import patients as records
from assistant.pathway.caseload import navigators
from assistant.pathway.todo import start_of_tomorrow
from assistant.store.pathway_tables import patients, referrals
from assistant.store.tables import callbacks, tasks
from directory.needs import need_label

PAGE = 50
SORTS = {"due": "What is due first", "name": "Name", "newest": "Newest first", "quiet": "Longest without a change"}
DUE = {"": "Anything", "overdue": "Something overdue", "today": "Due today or before", "week": "Due in 7 days", "nothing": "Nothing planned"}
OPEN_REFERRALS = ("sent", "accepted", "attending")


@dataclass(frozen=True)
class Case:
    """One patient in the list."""

    row: Row
    navigator: str
    needs: str
    care: str
    due: datetime | None  # of the first task with a day
    call: datetime | None  # the next that is booked
    referrals: int


@dataclass(frozen=True)
class Capacity:
    """How many open cases somebody has, beside how many are meant to be the most (None: no limit set)."""

    staff_id: str
    name: str
    cases: int
    limit: int | None

    @property
    def full(self) -> bool:
        """At or over the limit."""
        return self.limit is not None and self.cases >= self.limit


def patient_for(connection: Connection, staff: Staff, patient_id: str) -> Row:
    """The patient, if this person may open the record.

    Raises:
        NotAllowed: the role reads no conversations.
        NotFound: erased, never was, or another practice's; the three cannot be told apart.
    """
    staff.need("conversations")
    row = None
    try:
        row = records.load(connection, patient_id)
    except NotFound:
        pass
    if row is None or (staff.practice is not None and row.practice != staff.practice):
        raise NotFound("There is no such patient here. The record may have been erased.")
    return row


def _next_due() -> Any:
    return sa.select(sa.func.min(tasks.c.due_at)).where(tasks.c.patient_id == patients.c.id, tasks.c.done_at.is_(None)).scalar_subquery()


def _next_call() -> Any:
    soon = clock.now() - timedelta(minutes=CALL_MINUTES)
    return (
        sa.select(sa.func.min(callbacks.c.starts_at))
        .where(callbacks.c.patient_id == patients.c.id, callbacks.c.status == "booked", callbacks.c.starts_at >= soon)
        .scalar_subquery()
    )


def find(
    connection: Connection, staff: Staff, *, whose: str = "mine", status: str = "open", words: str = "", due: str = "",
    sort: str = "due", start: int = 0,
) -> tuple[int, list[Case]]:
    """How many fit, and the page of them from `start`. `whose` is 'mine', 'all', 'nobody' or a navigator's id."""
    staff.need("conversations")
    task, call = _next_due(), _next_call()
    first = sa.case((task.is_(None), call), (call.is_(None), task), (task < call, task), else_=call)
    query = sa.select(patients).where(staff.sees(patients.c.practice))
    if status in ("open", "closed"):
        query = query.where(patients.c.status == status)
    if whose == "nobody":
        query = query.where(patients.c.navigator_id.is_(None))
    elif whose != "all":
        query = query.where(patients.c.navigator_id == (staff.id if whose == "mine" else whose))
    if words.strip():
        query = query.where(fitting(words, patients.c.name, patients.c.number))
    if due == "nothing":
        query = query.where(task.is_(None), call.is_(None))
    elif due in ("overdue", "today", "week"):
        before = {"overdue": start_of_tomorrow() - timedelta(days=1), "today": start_of_tomorrow(), "week": start_of_tomorrow() + timedelta(days=7)}
        query = query.where(task < before[due])
    total = connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one()
    order = {
        "due": (sa.case((first.is_(None), 1), else_=0), first, patients.c.name),
        "name": (sa.func.lower(sa.func.coalesce(patients.c.name, "~")),),
        "newest": (patients.c.created_at.desc(),),
        "quiet": (patients.c.updated_at,),
    }[sort if sort in SORTS else "due"]
    open_ones = (
        sa.select(sa.func.count(referrals.c.id))
        .where(referrals.c.patient_id == patients.c.id, referrals.c.status.in_(OPEN_REFERRALS))
        .scalar_subquery()
    )
    query = query.add_columns(task.label("due"), call.label("call"), open_ones.label("open_referrals"))
    rows = connection.execute(query.order_by(*order, patients.c.id).limit(PAGE).offset(start)).all()
    names = names_by_id(connection)
    cases = [
        Case(
            row, names.get(row.navigator_id or "", ""), sentence_case(", ".join(need_label(need) for need in row.needs or [])),
            care_line(row.access, row.language), row.due, row.call, row.open_referrals,
        )
        for row in rows
    ]  # fmt: skip
    return total, cases


def capacity(connection: Connection, staff: Staff, limit: int | None) -> list[Capacity]:
    """Open cases of each navigator of this person's practice; whoever has none and is no navigator is left out."""
    query = (
        sa.select(patients.c.navigator_id, sa.func.count())
        .where(staff.sees(patients.c.practice), patients.c.status == "open", patients.c.navigator_id.is_not(None))
        .group_by(patients.c.navigator_id)
    )
    counts = {row[0]: row[1] for row in connection.execute(query)}
    team = navigators(connection, staff.practice)
    shown = [Capacity(row.id, row.name, counts.pop(row.id, 0), limit) for row in team if row.role == "navigator" or row.id in counts]
    names = names_by_id(connection)  # who has left and still has cases stands last, to be seen to
    return [*shown, *(Capacity(key, f"{names.get(key, 'Somebody')} (has left)", count, None) for key, count in counts.items())]


def without_navigator(connection: Connection, staff: Staff) -> int:
    """Open cases that nobody has."""
    return connection.execute(
        sa.select(sa.func.count()).select_from(patients)
        .where(staff.sees(patients.c.practice), patients.c.status == "open", patients.c.navigator_id.is_(None))
    ).scalar_one()  # fmt: skip
