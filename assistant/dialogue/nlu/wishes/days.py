"""Days of the week: named, shortened, as weekends or weekdays, as a range, or as 'any day but Friday'."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.refusal import refused
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken
from assistant.dialogue.nlu.wishes.stories import wished

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_NAMED = re.compile(rf"\b(?:({_LONG})(?:s|'s)?|(mon|wed|fri|sat|sun)s?|(weekend)s?|(weekday|week day)s?)\b")
_SHORT_BEFORE = re.compile(
    r"(?:^|\b(?:on|every|this|next|any|each|either|maybe|except|but|not|no|or|by|til|till|until|alternate|a|"
    rf"{_LONG}s?|mon|wed|fri|sat|sun|tuesday|please|prefer|come|good|best) ?|[,/-] ?|\b(?:and|to) )$"
)
_SHORT_AFTER = re.compile(
    r" ?(?:$|[.!?,/-]|(?:am|pm|mornings?|afternoons?|evenings?|eve|nights?|and|or|to|at \d|\d{1,2}"
    r"|\d{1,2}[ap]m|please|is|are|only|best|would|"
    r"works?|if|any|then|suits?|good|fine|ok)\b)"
)
_PART_AFTER = re.compile(r" (?:am|pm|mornings?|afternoons?|evenings?|eve|nights?)\b")
# 'sat in the kitchen', 'the sun', 'we got wed': none of them is a day.
_NO_DAY_AFTER = re.compile(
    r" (?:down|in|here|there|with|watching|round|by|alone|shining|burn|cream|set|out|up)\b"
)
_NO_DAY_BEFORE = re.compile(
    r"(?:\bthe|\b(?:i|i've|he|she|we|just|been|got|newly|just|had|was|get|be|some|more|and|that|to)) $"
)
_PAST = re.compile(
    r"\b(?:last|since|previous|the other|other|bad|nice|lovely|whole|every single|awful|rough|born on(?: a)?|"
    r"happened|died|fell|passed|until last) (?:on )?(?:a )?$"
)
_RANGE = re.compile(r"s? ?(?:to|-|till|til|until|thru|through) ?$")
_ALL_BUT = re.compile(
    r"\b(?:any|every|all|each|most)(?: ?(?:other )?(?:day|days|time|thing|week ?day|weekdays"
    r"|one)s?(?: of the week)?)"
    r"[ ,]*(?:(?:is |are |would |will |be )*(?:ok|fine|good|do|suit(?: me)?)?[ ,]*)(?:but|except|bar|barring|apart from|besides|other than|not"
    r"|save|excluding)"
    r"(?: for)?(?: not)?(?: on)?(?: a)?(?: the)? $"
)
_LONG_DAYS = _LONG.split("|")
CUES = frozenset(
    (
        *(f"{day}{end}" for day in _LONG_DAYS for end in ("", "s", "'s")),
        *"mon wed fri sat sun mons weds fris sats suns weekend weekends weekday weekdays week".split(),
    )
)


def find_days(spoken: Spoken) -> list[Found]:
    """Days wished for, 'mon' to 'sun'. A day refused gives none; 'any day but Friday' gives the other six."""
    plain = spoken.plain
    named, no = _named_and_refused(spoken)
    if not named:
        return []
    items = [item for item, _ in named]
    wanted: dict[str, Found] = {}
    unwanted = {day for (_, days), out in zip(named, no) if out for day in days}
    for i, (item, days) in enumerate(named):
        if no[i]:
            continue
        if i + 1 < len(named) and not no[i + 1] and _RANGE.match(plain[item.end : items[i + 1].start]):
            days = _from_to(days[0], named[i + 1][1][-1])
        for day in days:
            wanted.setdefault(day, Found(day, item.start, item.end))
    if not wanted and unwanted and (opening := _opening(plain, items)):
        return [Found(day, opening[0], opening[1]) for day in DAYS if day not in unwanted]
    return [found for day, found in wanted.items() if day not in unwanted]


def find_refused_days(spoken: Spoken) -> list[Found]:
    """Days that will not do, where that is all that was said of days: 'not Mondays'. With others wished, none."""
    named, no = _named_and_refused(spoken)
    if not named or not all(no) or find_days(spoken):
        return []
    told: dict[str, Found] = {}
    for item, days in named:
        for day in days:
            told.setdefault(day, Found(day, item.start, item.end))
    return [] if len(told) == len(DAYS) else list(told.values())


def _named_and_refused(spoken: Spoken) -> tuple[list[tuple[Found, tuple[str, ...]]], list[bool]]:
    """The days named, each with whether it is refused."""
    if CUES.isdisjoint(spoken.words):
        return [], []
    plain = spoken.plain
    named = [
        (item, days) for match in _NAMED.finditer(plain) for item, days in _read(plain, match, spoken.count)
    ]
    named = [(item, days) for item, days in named if wished(spoken, item)]
    items = [item for item, _ in named]
    no = refused(plain, items) if items else []
    _all_but(plain, items, no)
    return named, no


def _read(plain: str, match: re.Match[str], count: int) -> list[tuple[Found, tuple[str, ...]]]:
    start, end = match.span()
    before = plain[max(0, start - 24) : start]
    if _PAST.search(before):
        return []
    long, short, weekend, _ = match.groups()
    if short in ("sat", "sun", "wed") or (short and count > 4):
        beside = _SHORT_BEFORE.search(before) or count <= 3
        if _PART_AFTER.match(plain, end):
            return [(Found("", start, end), (short,))]
        if short in ("mon", "fri") and _SHORT_AFTER.match(plain, end):
            return [(Found("", start, end), (short,))]
        plural = match.group().endswith("s") and short != "sun"
        if not plural and not (beside and _SHORT_AFTER.match(plain, end) or count <= 2):
            return []
        if _NO_DAY_AFTER.match(plain, end) or (
            _NO_DAY_BEFORE.search(before) and not _DAY_JUST_BEFORE.search(before)
        ):
            return []
    days = DAYS[5:] if weekend else (long or short)[:3] if long or short else DAYS[:5]
    return [(Found("", start, end), (days,) if isinstance(days, str) else days)]


_DAY_JUST_BEFORE = re.compile(rf"(?:{_LONG}|mon|wed|fri|sat|weekday)s?(?: \w+)? (?:and|to) $")


def _from_to(first: str, last: str) -> tuple[str, ...]:
    """The days from one to another, both included; over the end of the week when needed."""
    a, b = DAYS.index(first), DAYS.index(last)
    return DAYS[a : b + 1] if a <= b else DAYS[a:] + DAYS[: b + 1]


def _all_but(plain: str, items: list[Found], no: list[bool]) -> None:
    """Marks the days of 'any day but Friday or Saturday' as refused."""
    for i, item in enumerate(items):
        if _ALL_BUT.search(plain[max(0, item.start - 48) : item.start]):
            no[i] = True
            while i + 1 < len(items) and re.fullmatch(
                r" ?(?:,|/|or|and)+ ?(?:on |a )?", plain[items[i].end : items[i + 1].start]
            ):
                no[i + 1] = True
                i += 1


def _opening(plain: str, items: list[Found]) -> tuple[int, int] | None:
    """The stretch of 'any day but Friday', or None when no open choice of days was given."""
    for item in items:
        opening = _ALL_BUT.search(plain[max(0, item.start - 48) : item.start])
        if opening:
            return max(0, item.start - 48) + opening.start(), item.end
    return None
