"""Working time of a team, to the minute: bank holidays and closed days count for nothing, a clock change for what it is."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from assistant.clock import LONDON
from assistant.conversations.diary import WEEKDAYS, bank_holidays

if TYPE_CHECKING:
    from assistant.programme import Practice

MOST_DAYS = 60  # a team is at work on at least one day of the week; the rest is for a long run of holidays


def after_working(practice: Practice, since: datetime, work: timedelta) -> datetime:
    """The instant (UTC) when `work` of the team's hours have passed since `since`."""
    left = work
    day = since.astimezone(LONDON).date()
    for _ in range(MOST_DAYS):
        span = practice.team_hours.get(WEEKDAYS[day.weekday()])
        if span and day not in bank_holidays(day.year):
            # From the wall clock: nine in the morning is nine on the day the clocks change as well.
            opens, closes = (datetime.combine(day, at, LONDON).astimezone(timezone.utc) for at in span)
            begins = max(opens, since)
            if begins < closes:
                if begins + left <= closes:
                    return begins + left
                left -= closes - begins
        day += timedelta(days=1)
    return since + work
