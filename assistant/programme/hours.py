"""Hours of a week as a practice writes them ('09:00-17:00' or 'closed'), and as a patient reads them."""

from __future__ import annotations

import re
from datetime import datetime, time

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Span = tuple[time, time]
Week = dict[str, Span | None]
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def parse_span(text: str) -> Span:
    """'09:00-17:00' as two times. Raises ValueError, in plain words, on anything else."""
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        raise ValueError('write hours as "09:00-17:00"')
    a, b, c, d = (int(part) for part in match.groups())
    if time(a, b) >= time(c, d):
        raise ValueError("the first time must be earlier than the second")
    return time(a, b), time(c, d)


def parse_week(value: object) -> Week:
    """Seven days of hours; None where closed. Raises ValueError naming the day that is missing or wrong."""
    if not isinstance(value, dict):
        raise ValueError("give hours, or closed, for each weekday")
    unknown = [day for day in value if day not in WEEKDAYS]
    if unknown:
        raise ValueError(f"{unknown[0]} is not a weekday in small letters")
    week: Week = {}
    for day in WEEKDAYS:
        text = value.get(day) or ""
        if not text:
            raise ValueError(f'{day} is missing; write "09:00-17:00" or "closed"')
        try:
            week[day] = None if text == "closed" else parse_span(text)
        except ValueError as error:
            raise ValueError(f"{day}: {error}") from error
    return week


def is_open(week: Week, at: datetime) -> bool:
    """Whether local time `at` falls within the hours of its day; the closing minute counts as closed."""
    span = week[WEEKDAYS[at.weekday()]]
    return span is not None and span[0] <= at.time().replace(tzinfo=None) < span[1]


def clock_words(moment: time) -> str:
    """9am, 5pm, 8.30am, midday: as the NHS content guide writes times."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    hour = moment.hour % 12 or 12
    minutes = f".{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def join_words(parts: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def week_words(week: Week) -> str:
    """'Monday to Friday, 9am to 5pm': days with the same hours in a row are put together."""
    runs: list[tuple[list[str], Span]] = []
    for position, day in enumerate(WEEKDAYS):
        span = week[day]
        if span is None:
            continue
        follows = runs and runs[-1][1] == span and runs[-1][0][-1] == WEEKDAYS[position - 1]
        if follows:
            runs[-1][0].append(day)
        else:
            runs.append(([day], span))
    said = []
    for days, span in runs:
        first, last = days[0].capitalize(), days[-1].capitalize()
        name = first if len(days) == 1 else f"{first} {'to' if len(days) > 2 else 'and'} {last}"
        said.append(f"{name}, {clock_words(span[0])} to {clock_words(span[1])}")
    return "; ".join([*said[:-2], ", and ".join(said[-2:])])
