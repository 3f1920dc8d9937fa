"""Which free time of the diary somebody means: a day, a part of it, a clock time, 'next week', 'whenever'.

A clock time is taken only when it is the one that was asked for; otherwise the nearest free ones are shown to choose
from. A day with its part ('Thursday morning') takes the first free time in it, which is said back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk.events import EventType

from actions.other_time import asked_time, days_in, names_a_date
from actions.reading import Reading
from actions.say import offering
from actions.surroundings import CallTime, surroundings

LONDON = ZoneInfo("Europe/London")
PICK_A_TIME = "pick_time"  # the kind of offer the times shown are kept as
MOST_SHOWN = 4
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WHENEVER = re.compile(
    r"\b(?:when ?ever|what ?ever|any ?time|any ?day|any ?thing|any (?:of (?:them|those|these)|one|slot)|(?:either|all) of them|"
    r"as soon as|asap|soonest|earliest|first (?:one|free|available|slot|thing)|you (?:choose|pick|decide)|up to you|"
    r"(?:don'?t|do not|dnt) (?:really )?mind|not (?:bothered|fussed)|no preference)\b"
)
_NEXT_WEEK = re.compile(r"\b(?:next|nxt) (?:week|wk)\b|\bweek after\b(?! next)")
_IN_TWO_WEEKS = re.compile(r"\b(?:week after next|in (?:two|2|a couple of) weeks|fortnight)\b")
_THIS_WEEK = re.compile(r"\bthis (?:week|wk)\b")
_NOT_THIS_WEEK = re.compile(r"(?:\bnot?\b|n'?t\b|\bbusy\b|\baway\b).{0,30}\bthis (?:week|wk)\b|\bthis (?:week|wk)\b.{0,12}(?:n'?t\b|\bno\b|\bbusy\b|\bbad\b)")
THE_NTH = re.compile(r"\b(?:the )?([1-3]?\d)(?:st|nd|rd|th)\b(?! (?:one|floor|time|option))")
_FIGURE = r"(?:about |around |say )?(?:\d|half|quarter|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midday)"
_AFTER = re.compile(rf"\b(?:after|from|later than) {_FIGURE}")
_BEFORE = re.compile(rf"\b(?:before|until|till|earlier than|no later than|by) {_FIGURE}")
_SAME_TIME = re.compile(r"\bsame (?:time|hour)\b")
_LATER, _EARLIER = re.compile(r"\blater\b(?! than)"), re.compile(r"\b(?:earlier|sooner)\b(?! than)")
_BARE_HOUR = re.compile(r"(?:at |about |around |say |maybe )*(1[0-2]|[1-9])(?:[:.]([0-5]\d))? ?(?:ish)?(?: o'?clock)?(?: please| pls| then)?$")


_HOUR = r"(?P<hour>1\d|2[0-3]|[1-9])(?:[:.](?P<minutes>[0-5]\d))?(?! ?(?:am|pm|st|nd|rd|th|days?|weeks?|minutes?|mins?|of|\d))"
_HOUR_TOLD = re.compile(rf"\b(?:after|from|before|until|till|at|by|past) (?:about |around )?{_HOUR}")
_DAY_AND_HOUR = re.compile(rf"\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? (?:at |after |before |around |about )?{_HOUR}\W*$")
_AT_NIGHT = re.compile(r"\b(?:at night|tonight|in the evening|evenings?)\b")


def _as_clock(hour: int, minutes: str | None, night: bool) -> str:
    """'After 15', 'after 8 at night', 'Thursday 11': nobody is rung before eight in the morning."""
    return f"{hour + 12 if hour < 8 or (night and hour < 12) else hour:02d}:{minutes or '00'}"


@dataclass(frozen=True)
class Wanted:
    """What was told of a time: days in order, a part of the day, a clock time and whether it is a bound of one."""

    days: tuple[date, ...] = ()
    one_day: bool = False  # a day was named, not a week
    part: str | None = None
    clock: str | None = None
    bound: str | None = None  # after or before `clock`
    whenever: bool = False
    same_time: bool = False  # as the one that stands


@dataclass(frozen=True)
class Fit:
    """`exact`: the one time that was meant. Else `near`, to choose from, and `how` they are put (a response's ending)."""

    exact: CallTime | None = None
    near: list[CallTime] = field(default_factory=list)
    how: str = "these"
    picked: bool = False  # `exact` is the first that fits 'Thursday morning': it is said back

    @property
    def exact_at(self) -> str | None:
        """The one time meant, in ISO 8601."""
        return self.exact.starts_at.isoformat() if self.exact else None

    def offered(self) -> list[EventType]:
        """Events that keep the times shown, for the question that shows them."""
        if not self.near:
            return []
        return offering(PICK_A_TIME, how=self.how, times=[time.starts_at.isoformat() for time in self.near])


def tells_time(message: Reading) -> bool:
    """Whether a day, a part of it or a time is named."""
    pressed = bool(message.answer and "T" in message.answer)
    named = any(kind in message.entities for kind in ("date", "day", "part_of_day", "time"))
    return pressed or named or bool(_days_by_number(message.words.lower()))


def wanted_time(message: Reading, bare: bool = False) -> Wanted | None:
    """What the words tell of a time, or None. `bare`: a time was asked for, so that '10' and 'whenever' are answers."""
    words = message.words.lower()
    asked = asked_time(words)  # of a longer message the part that asks for one
    days, one_day = _days(message, words, asked)
    part, clock = message.first("part_of_day"), message.first("time")
    bare_hour = _BARE_HOUR.match(words.strip(" .!?")) if bare and not clock else None
    if bare_hour:
        hour = int(bare_hour[1])
        clock = f"{hour + 12 if hour < 8 else hour:02d}:{bare_hour[2] or '00'}"
    if not clock and (hour_told := ((bare or message.intent == "book_callback") and _HOUR_TOLD.search(words)) or _DAY_AND_HOUR.search(words)):
        clock = _as_clock(int(hour_told["hour"]), hour_told["minutes"], bool(_AT_NIGHT.search(words)))
    bound = "after" if _AFTER.search(words) else "before" if _BEFORE.search(words) else None
    if not bound and not clock and not part and len(words.split()) <= 8:
        bound = "after" if _LATER.search(words) else "before" if _EARLIER.search(words) else None
    same_time = bool(_SAME_TIME.search(asked)) and not clock
    if days or part or clock or same_time:
        return Wanted(days, one_day, part, str(clock) if clock else None, bound, same_time=same_time)
    if bare and _WHENEVER.search(words):
        return Wanted(whenever=True)
    return Wanted(bound=bound) if bare and bound else None


def find_time(wanted: Wanted, standing: datetime | None = None) -> Fit:
    """The time meant, or the nearest ones. `standing`: what is booked or was picked before; '10am' keeps its day."""
    free = surroundings().call_times(limit=500, every=True)
    if wanted.whenever:
        return Fit(near=spread(free, 3), how="first")
    days = wanted.days or ((_local(standing).date(),) if standing else ())
    if standing and wanted.same_time and not wanted.one_day:  # 'same time next week'
        days = tuple(day for day in days if day.weekday() == _local(standing).weekday()) or days
    fitting = [t for t in free if not days or _local(t.starts_at).date() in days]
    if not fitting:
        around = days[0] if days else surroundings().today
        week_later = [t for t in free if wanted.one_day and _local(t.starts_at).date() in [d + timedelta(days=7) for d in days]]
        if week_later:
            return Fit(near=spread(week_later), how="none_then")
        return Fit(near=in_order(sorted(spread(free, 60), key=lambda t: abs(_local(t.starts_at).date() - around))[:MOST_SHOWN]),
                   how="none_then")  # fmt: skip
    clock, bound = wanted.clock, wanted.bound
    if standing and not clock and (bound or wanted.same_time):
        clock = spoken_hour(standing)
    if clock is None and not wanted.part and standing and wanted.one_day and not bound:
        clock = spoken_hour(standing)  # 'Tuesday instead' keeps the hour
        same = [t for t in fitting if spoken_hour(t.starts_at) == clock]
        return Fit(exact=same[0], picked=True) if same else Fit(near=spread(fitting))
    if clock is not None:
        return _by_clock(fitting, clock, bound, one_day=len(days) == 1)
    if wanted.part:
        in_part = [t for t in fitting if _part(t) == wanted.part]
        if in_part and len(days) == 1:
            return Fit(exact=in_part[0], picked=True)
        return Fit(near=spread(in_part)) if in_part else Fit(near=spread(fitting), how="none_then")
    return Fit(near=spread(fitting))


def _by_clock(fitting: list[CallTime], clock: str, bound: str | None, one_day: bool) -> Fit:
    """At a clock time: that one where one day is meant and it is free; else the ones next to it."""
    if bound:
        beyond: Callable[[str], bool] = (lambda at: at >= clock) if bound == "after" else (lambda at: at <= clock)
        within = [t for t in fitting if beyond(spoken_hour(t.starts_at))]
        return Fit(near=(within if one_day else spread(within))[:MOST_SHOWN]) if within else Fit(near=spread(fitting), how="none_then")
    at_it = [t for t in fitting if spoken_hour(t.starts_at) == clock]
    if one_day and at_it:
        return Fit(exact=at_it[0])
    if at_it:
        return Fit(near=at_it[:MOST_SHOWN])
    nearest = sorted(fitting, key=lambda t: (_minutes_apart(spoken_hour(t.starts_at), clock), t.starts_at))
    return Fit(near=in_order(nearest[:MOST_SHOWN]), how="near")


def shown_times(offer: dict[str, Any] | None) -> list[CallTime]:
    """The times that were put to the person, as far as they are still free."""
    if not offer or offer.get("kind") != PICK_A_TIME:
        return []
    return [t for t in surroundings().call_times(limit=500, every=True) if t.starts_at.isoformat() in offer["times"]]


def spread(times: Iterable[CallTime], most: int = MOST_SHOWN) -> list[CallTime]:
    """A choice over days and halves of days, rather than one crowded morning."""
    halves: dict[tuple[date, bool], list[CallTime]] = {}
    for time in times:
        local = _local(time.starts_at)
        halves.setdefault((local.date(), local.hour < 12), []).append(time)
    chosen = [group[0] for group in halves.values()]
    if len(chosen) < most:  # one day alone: early and late in each half
        chosen += [group[-1] for group in halves.values() if len(group) > 1]
    return in_order(chosen[:most])


def in_order(times: Iterable[CallTime]) -> list[CallTime]:
    """Soonest first."""
    return sorted(times, key=lambda time: time.starts_at)


def spoken_hour(moment: datetime) -> str:
    """HH:MM as a clock on a wall in England shows it."""
    return _local(moment).strftime("%H:%M")


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def _part(time: CallTime) -> str:
    hour = _local(time.starts_at).hour
    return "morning" if hour < 12 else "afternoon" if hour < 17 else "evening"


def _minutes_apart(one: str, other: str) -> int:
    return abs((int(one[:2]) - int(other[:2])) * 60 + int(one[3:]) - int(other[3:]))


def _days(message: Reading, words: str, asked: str) -> tuple[tuple[date, ...], bool]:
    """The days told, and whether they were named one by one; dates go before days of the week. `asked` as in other_time."""
    today = surroundings().today
    monday = today - timedelta(days=today.weekday())
    named = days_in(asked)
    dates = [date.fromisoformat(str(value)) for value in message.entities.get("date", [])] or _days_by_number(words)
    if dates and (not named or names_a_date(asked)):
        return tuple(dates), True
    named = named or [str(value) for value in message.entities.get("day", [])]
    if _NOT_THIS_WEEK.search(words):
        words = "next week"
    weeks = 2 if _IN_TWO_WEEKS.search(words) else 1 if _NEXT_WEEK.search(words) else 0 if _THIS_WEEK.search(words) else None
    if weeks is not None:
        week = [monday + timedelta(days=7 * weeks + ahead) for ahead in range(7)]
        chosen = [day for day in week if _DAYS[day.weekday()] in named] or week
        return tuple(day for day in chosen if day >= today), bool(named)
    coming = [today + timedelta(days=(_DAYS.index(day) - today.weekday()) % 7) for day in named if day in _DAYS]
    return tuple(coming), bool(coming)


def _days_by_number(words: str) -> list[date]:
    """'The 26th': the next day of that number."""
    found: list[date] = []
    for match in THE_NTH.finditer(words):
        ahead = (surroundings().today + timedelta(days=days) for days in range(62))
        found += [day for day in ahead if day.day == int(match[1])][:1]
    return found
