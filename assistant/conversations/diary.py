"""The diary of first calls: real free times from the days a navigator is on site, booked once, moved, cancelled."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations.events import record_event
from assistant.store.tables import callbacks

if TYPE_CHECKING:
    from assistant.programme import Practice

CALL_MINUTES = 20  # a first call is a short chat, not a test (Pescheny 2018, BJGP Open)
SLOT_MINUTES = 30
NOTICE = timedelta(hours=1)  # nobody can ring a minute from now
DAYS_AHEAD = 15
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PARTS = {"morning": (time(0), time(12)), "afternoon": (time(12), time(17)), "evening": (time(17), time(23, 59))}


@lru_cache(maxsize=8)
def bank_holidays(year: int) -> frozenset[date]:
    """Bank holidays of England in `year`."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def working_time(practice: Practice, moment: datetime) -> bool:
    """Is the team of the practice at work at this local moment? Bank holidays count as closed."""
    return moment.date() not in bank_holidays(moment.year) and practice.team_here(moment)


def spoken(moment: datetime) -> str:
    """'Tuesday 24 November at 10:30am', in local time."""
    local = moment.astimezone(LONDON)
    hour = local.strftime("%I:%M%p").lstrip("0").lower().replace(":00", "")
    return f"{local.strftime('%A')} {local.day} {local.strftime('%B')} at {hour}"


def slots(practice: Practice) -> Iterator[tuple[datetime, str]]:
    """Every time somebody could ring: (aware UTC start, navigator), soonest first, taken or not."""
    now = clock.local()
    for ahead in range(DAYS_AHEAD):
        day = now.date() + timedelta(days=ahead)
        name = WEEKDAYS[day.weekday()]
        span = practice.team_hours.get(name)
        if not span or day in bank_holidays(day.year):
            continue
        on_site = [n.name for n in practice.navigators if name in n.days]
        # Built from the wall clock, so that a slot is at ten also on the day the clocks change.
        start = datetime.combine(day, span[0], tzinfo=LONDON)
        while start.time() < span[1] and start.date() == day:
            end = start + timedelta(minutes=CALL_MINUTES)
            if start >= now + NOTICE and end.time() <= span[1]:
                for navigator in on_site:
                    yield start.astimezone(clock.now().tzinfo), navigator
            start += timedelta(minutes=SLOT_MINUTES)


def free_slots(
    connection: Connection, practice: Practice, *, day: str | None = None, part: str | None = None, limit: int = 4,
    spread: bool = True,
) -> list[tuple[datetime, str]]:
    """Free times; `day` an ISO date or mon..sun, `part` morning, afternoon or evening.

    Without either, the times are spread over days, so that a person sees a choice and not one crowded morning;
    `spread=False` gives them all.
    """
    taken = {
        (row.navigator, row.starts_at)
        for row in connection.execute(
            sa.select(callbacks.c.navigator, callbacks.c.starts_at).where(
                callbacks.c.status == "booked", callbacks.c.starts_at >= clock.now()
            )
        )
    }
    free: list[tuple[datetime, str]] = []
    a_day: dict[tuple[date, bool], int] = {}
    for start, navigator in slots(practice):
        local = start.astimezone(LONDON)
        if (navigator, start) in taken or any(start == chosen for chosen, _ in free):
            continue
        if day and day not in (local.date().isoformat(), DAYS[local.weekday()]):
            continue
        if part in PARTS and not PARTS[part][0] <= local.time() < PARTS[part][1]:
            continue
        half = (local.date(), local.hour < 12)
        if spread and not (day or part) and a_day.get(half, 0) >= 1:
            continue
        a_day[half] = a_day.get(half, 0) + 1
        free.append((start, navigator))
        if len(free) == limit:
            break
    return free


def booked_call(connection: Connection, conversation_id: str) -> Row | None:
    """The conversation's call that is still to come."""
    return connection.execute(
        sa.select(callbacks)
        .where(
            callbacks.c.conversation_id == conversation_id,
            callbacks.c.status == "booked",
            callbacks.c.starts_at >= clock.now() - timedelta(minutes=CALL_MINUTES),
        )
        .order_by(callbacks.c.starts_at)
        .limit(1)
    ).first()


def had_call(connection: Connection, conversation_id: str) -> bool:
    """Whether this conversation ever had a call in the diary, cancelled and past ones included."""
    query = sa.select(callbacks.c.id).where(callbacks.c.conversation_id == conversation_id).limit(1)
    return connection.execute(query).first() is not None


def book(
    connection: Connection, conversation_id: str, practice: Practice, starts_at: datetime, purpose: str
) -> Row | None:
    """Book the slot and let an earlier call of this conversation go; None when it is no free slot (any more)."""
    offered = [n for start, n in free_slots(connection, practice, day=_local_day(starts_at), limit=200)
               if start == starts_at]  # fmt: skip
    before = booked_call(connection, conversation_id)
    if before is not None and before.starts_at == starts_at:
        return before
    for navigator in offered:
        with connection.begin_nested() as savepoint:
            try:
                if before is not None:
                    _let_go(connection, before, "moved")
                call_id = str(uuid.uuid4())
                connection.execute(
                    callbacks.insert().values(
                        id=call_id,
                        conversation_id=conversation_id,
                        practice=practice.slug,
                        navigator=navigator,
                        starts_at=starts_at,
                        purpose=purpose[:200],
                        status="booked",
                        created_at=clock.now(),
                    )
                )
                record_event(connection, "callback_booked", conversation_id, practice.slug)
                return connection.execute(sa.select(callbacks).where(callbacks.c.id == call_id)).first()
            except sa.exc.IntegrityError:
                savepoint.rollback()  # another process took it between our look and our insert
    return None


def _local_day(moment: datetime) -> str:
    return moment.astimezone(LONDON).date().isoformat()


def cancel(connection: Connection, conversation_id: str) -> bool:
    """Cancel the call to come; False when there is none."""
    call = booked_call(connection, conversation_id)
    if call is None:
        return False
    _let_go(connection, call, "cancelled")
    return True


def _let_go(connection: Connection, call: Row, status: str) -> None:
    connection.execute(callbacks.update().where(callbacks.c.id == call.id).values(status=status, changed_at=clock.now()))
