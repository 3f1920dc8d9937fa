"""When a text that we start may go. No law says so, but nobody wants a reminder at night."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

from assistant.clock import LONDON

Hours = tuple[time, time]
TEXTS_ALLOWED: Hours = (time(8), time(20))


def may_start(now: datetime, hours: Hours = TEXTS_ALLOWED) -> bool:
    """Whether a text of ours may go at the aware instant `now`, by the clock on a wall in England."""
    return hours[0] <= now.astimezone(LONDON).time() < hours[1]


def next_start(now: datetime, hours: Hours = TEXTS_ALLOWED) -> datetime:
    """`now` when texts may go, else the next opening as an instant in UTC.

    The clock on the wall counts: on the night the clocks change, 08:00 is an hour nearer or further.
    """
    if may_start(now, hours):
        return now
    local = now.astimezone(LONDON)
    day = local.date() if local.time() < hours[0] else local.date() + timedelta(days=1)
    return datetime.combine(day, hours[0], LONDON).astimezone(timezone.utc)
