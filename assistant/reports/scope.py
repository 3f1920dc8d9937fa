"""What a report is about: the days it covers and the practice, or all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from assistant.clock import LONDON, clock
from assistant.errors import BadInput
from assistant.pathway import objections
from assistant.store.pathway_tables import patients
from assistant.store.tables import conversations

LONGEST_DAYS = 3660  # ten years: a slip of the pen in a date must not read the whole database for ever
USUAL_DAYS = 90


@dataclass(frozen=True)
class Scope:
    """`first` to `last`, both included, as days in England. `practice` None: every practice."""

    first: date
    last: date
    practice: str | None = None

    @property
    def since(self) -> datetime:
        """The first moment of the first day."""
        return datetime.combine(self.first, time(), tzinfo=LONDON)

    @property
    def until(self) -> datetime:
        """The first moment after the last day."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=LONDON)

    def within(self, column: Any) -> Any:
        """SQL: the moment in `column` is in these days."""
        return sa.and_(column >= self.since, column < self.until)

    def of(self, practice_column: Any) -> Any:
        """SQL: the row is of this practice, and of nobody who objects to being counted in reports."""
        table = practice_column.table
        patient = table.c.id if table is patients else table.c.get("patient_id")
        conversation = table.c.id if table is conversations else table.c.get("conversation_id")
        here = sa.true() if self.practice is None else practice_column == self.practice
        return sa.and_(here, objections.counted(patient=patient, conversation=conversation))

    def holds(self, moment: datetime | None) -> bool:
        """Whether `moment` is in these days."""
        return moment is not None and self.since <= moment < self.until

    def months(self) -> list[tuple[int, int]]:
        """(year, month) of every month these days touch, in order."""
        out, year, month = [], self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            out.append((year, month))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return out


    def whole_months(self) -> list[bool]:
        """For each of `months`, whether all its days are in these days."""
        edges = [date(year, month, 1) for year, month in self.months()]
        ends = [*edges[1:], (edges[-1] + timedelta(days=32)).replace(day=1)]
        return [begin >= self.first and end - timedelta(days=1) <= self.last for begin, end in zip(edges, ends)]


def month_of(moment: datetime) -> tuple[int, int]:
    """The month a moment falls in, in England."""
    local = moment.astimezone(LONDON)
    return local.year, local.month


def _day(text: str, field: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadInput("Write the date as year-month-day, like 2026-11-24.", field=field) from error


def scope_of(first: str, last: str, practice: str | None) -> Scope:
    """From what was typed; nothing typed is the last 90 days.

    Raises:
        BadInput: no date, the wrong way round, or more than ten years.
    """
    end = _day(last, "to") or clock.today()
    begin = _day(first, "from") or end - timedelta(days=USUAL_DAYS - 1)
    if begin > end:
        raise BadInput("The first day is after the last. Change one of them.", field="from")
    if (end - begin).days > LONGEST_DAYS or begin.year < 2000 or end.year > 2999:
        raise BadInput("Choose ten years or less.", field="from")
    return Scope(begin, end, practice)


def month_scope(text: str, practice: str | None) -> Scope:
    """A calendar month, '2026-11'; nothing typed is the month before this one.

    Raises:
        BadInput: no month.
    """
    if not text:
        end = clock.today().replace(day=1) - timedelta(days=1)
        return Scope(end.replace(day=1), end, practice)
    begin = _day(f"{text}-01", "month")
    if begin is None or not 2000 <= begin.year <= 2999:
        raise BadInput("Write the month as year-month, like 2026-11.", field="month")
    after = (begin + timedelta(days=32)).replace(day=1)
    return Scope(begin, after - timedelta(days=1), practice)


def shortcuts() -> list[tuple[str, Scope]]:
    """Periods that boards ask for."""
    today = clock.today()
    month_ago = today.replace(day=1) - timedelta(days=1)
    year = today.year if (today.month, today.day) >= (4, 1) else today.year - 1
    return [
        ("This month", Scope(today.replace(day=1), today)),
        ("Last month", Scope(month_ago.replace(day=1), month_ago)),
        ("Last 90 days", Scope(today - timedelta(days=USUAL_DAYS - 1), today)),
        ("Since April", Scope(date(year, 4, 1), today)),
    ]
