"""Dates: today, tomorrow, 'next Tuesday', '3rd of December', '3/12', counted from a given today."""

from __future__ import annotations

import re
from datetime import date, timedelta

from assistant.dialogue.nlu.wishes.refusal import kept
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken
from assistant.dialogue.nlu.wishes.stories import wished

_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = "january february march april may june july august september october november december".split()
_MONTH_NUMBER = (
    {m: i for i, m in enumerate(_MONTHS, 1)} | {m[:3]: i for i, m in enumerate(_MONTHS, 1)} | {"sept": 9}
)
_MONTH = (
    r"(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar"
    r"|apr|jun|jul|aug|sept|sep|oct|nov|dec)"
)
_WEEKDAY = rf"({'|'.join(_WEEKDAYS)})"
_NTH = r"(\d{1,2})(?:st|nd|rd|th)"
_PATTERNS = re.compile(
    rf"\b(?:(?P<rel>day after tomorrow|tomorrow week|week tomorrow|tomorrow|tonight|today|this (?:afternoon"
    rf"|evening))"
    rf"|(?P<which>next|this|this coming|coming) {_WEEKDAY}(?P<nextweek> week)?"
    rf"|{_WEEKDAY} week\b|week (?:on )?{_WEEKDAY}|{_WEEKDAY} next(?: week)?\b"
    rf"|(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of| day of)? {_MONTH}\b(?: (\d{{4}}))?"
    rf"|{_MONTH} (?:the )?{_NTH}\b(?:,? (\d{{4}}))?|(dec|jan|feb|nov|oct|sept|sep|aug|jul|jun|apr|december"
    rf"|january|february|november|october|"
    rf"september|august|july|june|april) (\d{{1,2}})(?![\d:.])(?:,? (\d{{4}}))?"
    rf"|(\d{{1,2}})[/.-](\d{{1,2}})(?:[/.-](\d{{4}}|\d{{2}}))?(?![\d/%])"
    rf"|(?:(?:{'|'.join(_WEEKDAYS)}|mon|wed|fri|sat|sun)(?: the)?|on the|by the|for the|from the"
    rf"|after the) {_NTH}(?! (?:one|floor|time|option|of)\b))"
)
_PAST = re.compile(
    r"\b(?:died|lost|passed|was|had|happened|since|born|dob|birthday|funeral|went|fell|married|buried|moved"
    r"|been)\b"
)
_NOT_TODAY = re.compile(
    r"\b(?:feel|feeling|felt|rubbish|sad|bad|pain|lonely|cried|crying|up|everything|thanks|thank|was|had"
    r"|how are)\b"
)
_PLAN = re.compile(
    r"\b(?:call|ring|phone|appointment|book|see|come|meet|visit|available|on|anything|open|by|free|later"
    r"|any time|slot)\b"
)
CUES = frozenset((*_MONTH_NUMBER, *_WEEKDAYS, "tomorrow", "today", "tonight", "this"))


def find_dates(spoken: Spoken, today: date) -> list[Found]:
    """ISO dates from `today` on; dates of things that have happened are left out."""
    plain = spoken.plain
    if CUES.isdisjoint(spoken.words) and not any(char.isdigit() for char in plain):
        return []
    found = []
    for match in _PATTERNS.finditer(plain):
        day = _day_of(match, plain, today, spoken.count)
        if day is not None:
            found.append(Found(day.isoformat(), *match.span()))
    once: dict[str, Found] = {}
    for item in kept(plain, [item for item in found if wished(spoken, item)]):
        once.setdefault(item.value, item)
    return list(once.values())


def _day_of(match: re.Match[str], plain: str, today: date, count: int) -> date | None:
    g = match.groups()
    relative, which, named, next_week = g[0:4]
    if relative:
        return _relative(relative, plain, today, count)
    if named:
        if which == "next":
            return _coming(named, today - timedelta(days=today.weekday()) + timedelta(days=6))
        return _coming(named, today) + timedelta(days=7 if next_week else 0)
    if g[4] or g[5]:  # 'Tuesday week', 'a week on Tuesday'
        return _coming(g[4] or g[5], today) + timedelta(days=7)
    if g[6]:  # 'Tuesday next week'
        return _coming(g[6], today - timedelta(days=today.weekday()) + timedelta(days=6))
    if _PAST.search(plain[max(0, match.start() - 40) : match.start()]):
        return None
    if g[7]:
        if g[8] in ("may", "mar", "march") and match.group().startswith(g[7] + " ") and count > 6:
            return None  # 'the 3 may come' names no month
        return _on(int(g[7]), _MONTH_NUMBER[g[8]], g[9], today)
    if g[10]:
        return _on(int(g[11]), _MONTH_NUMBER[g[10]], g[12], today)
    if g[13]:
        return _on(int(g[14]), _MONTH_NUMBER[g[13]], g[15], today)
    if g[16]:
        return _figures(match, plain, today, count)
    return _next_nth(int(g[19]), today) if g[19] else None


def _relative(words: str, plain: str, today: date, count: int) -> date | None:
    if words in ("tomorrow week", "week tomorrow"):
        return today + timedelta(days=8)
    if words == "day after tomorrow":
        return today + timedelta(days=2)
    if words == "tomorrow":
        return today + timedelta(days=1)
    if words == "today" and (_NOT_TODAY.search(plain) or not (count <= 4 or _PLAN.search(plain))):
        return None  # 'rubbish today' is how somebody is, not when they are free
    return today


def _coming(weekday: str, after: date) -> date:
    """The first such weekday after a date."""
    return after + timedelta(days=(_WEEKDAYS.index(weekday) - after.weekday() - 1) % 7 + 1)


def _figures(match: re.Match[str], plain: str, today: date, count: int) -> date | None:
    """'3/12': only with a year, after a word of date, or alone, for '7/10' and '24/7' are other things."""
    g = match.groups()
    day, month, year = int(g[16]), int(g[17]), g[18]
    if year:
        return _on(day, month, year if len(year) == 4 else f"20{year}", today)
    told = re.search(
        r"\b(?:on|by|date|from|until|before|after|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: the)? $",
        plain[: match.start()],
    )
    separator = match.group()[len(g[16])]
    alone = match.start() == 0 and match.end() == len(plain) and month != 10 and (day, month) != (24, 7)
    return _on(day, month, None, today) if separator == "/" and (told or alone) else None


def _on(day: int, month: int, year: str | None, today: date) -> date | None:
    """The date, of this year or next when no year is told; None unless from today to two years on."""
    for candidate in (int(year),) if year else (today.year, today.year + 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if today <= found <= today + timedelta(days=730):
            return found
    return None


def _next_nth(day: int, today: date) -> date | None:
    """The next day of that number in a month, today included."""
    if not 1 <= day <= 31:
        return None
    at = today
    for _ in range(62):
        if at.day == day:
            return at
        at += timedelta(days=1)
    return None
