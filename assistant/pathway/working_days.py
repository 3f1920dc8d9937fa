"""Working days: Monday to Friday, bank holidays of England left out; nobody is late on a day when nobody works."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from assistant.clock import LONDON
from assistant.conversations.diary import bank_holidays

OPENS = time(9)


def is_working_day(day: date) -> bool:
    """Neither weekend nor bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    day += timedelta(days=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def after(moment: datetime, days: int) -> datetime:
    """`days` whole working days after `moment`, in UTC: the same time on the clock on the wall, also when clocks change.

    What comes in on a day off counts from the morning of the next working day.
    """
    local = moment.astimezone(LONDON)
    day, at = local.date(), local.time()
    if not is_working_day(day):
        day, at = next_working_day(day), OPENS
    for _ in range(days):
        day = next_working_day(day)
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(timezone.utc)
