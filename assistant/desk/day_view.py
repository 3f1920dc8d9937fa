"""One day of the diary, navigator by navigator: what is booked and what is free."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations import diary
from assistant.desk.calls import query_of_calls
from assistant.desk.roles import Staff
from assistant.store.tables import callbacks

if TYPE_CHECKING:
    from assistant.programme import Practice


@dataclass(frozen=True)
class Line:
    """A time of the day: a call or meeting, or (None) free."""

    starts_at: datetime
    call: Row | None


@dataclass(frozen=True)
class Column:
    """One navigator's day. Not `on_site`: nothing can be booked, what stands is shown all the same."""

    navigator: str
    on_site: bool
    lines: list[Line]

    @property
    def booked(self) -> int:
        """How many calls and meetings."""
        return sum(1 for line in self.lines if line.call is not None)


def day_of(connection: Connection, staff: Staff, practice: Practice, day: date, navigator: str | None = None) -> list[Column]:
    """The day at one practice; only `navigator`'s when named. Free times of the past are left out."""
    begins = datetime.combine(day, time(), tzinfo=LONDON)
    rows = connection.execute(
        query_of_calls(staff).where(
            callbacks.c.practice == practice.slug,
            callbacks.c.status.in_(("booked", "done", "missed")),
            callbacks.c.starts_at >= begins,
            callbacks.c.starts_at < datetime.combine(day + timedelta(days=1), time(), tzinfo=LONDON),
        )
    ).all()
    there = diary.on_site(practice, day)
    names = list(dict.fromkeys([*(str(n.name) for n in practice.navigators), *(row.navigator for row in rows)]))
    return [
        Column(name, name in there, _lines(practice, day, name in there, [row for row in rows if row.navigator == name]))
        for name in names if navigator in (None, name)
    ]  # fmt: skip


def _lines(practice: Practice, day: date, on_site: bool, calls: list[Row]) -> list[Line]:
    lines = [Line(call.starts_at, call) for call in calls]
    spans = [(c.starts_at, c.starts_at + timedelta(minutes=diary.minutes_of(c.kind, practice))) for c in calls if c.status == "booked"]
    for start in diary.starts_of(practice, day) if on_site else ():
        end = start + timedelta(minutes=diary.CALL_MINUTES)
        if start >= clock.now() and not any(begun < end and start < over for begun, over in spans):
            lines.append(Line(start, None))
    return sorted(lines, key=lambda line: (line.starts_at, line.call is None))
