"""Reads one cell of an import: dates, times, days, money, numbers, yes and no. Each raises CellError naming
the fix."""

from __future__ import annotations

import re
from datetime import date, time, timedelta

from directory.records import DAYS, ONLINE, STATUSES


class CellError(ValueError):
    """A cell that cannot be taken; the message tells a person what to write instead."""


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMES = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
_STATUS_WORDS = {
    "open": "open", "active": "open", "yes": "open", "available": "open", "running": "open",
    "current": "open",
    "full": "full", "no places": "full", "no spaces": "full", "waiting list full": "full",
    "closed": "closed", "inactive": "closed", "ended": "closed", "defunct": "closed", "no": "closed",
    "paused": "paused", "suspended": "paused", "temporarily closed": "paused", "on hold": "paused",
}  # fmt: skip
_ONLINE_WORDS = {
    "no": "no", "n": "no", "false": "no", "0": "no", "in person": "no", "face to face": "no",
    "yes": "yes", "y": "yes", "true": "yes", "1": "yes", "online": "yes", "online only": "yes",
    "both": "both", "hybrid": "both", "either": "both",
}  # fmt: skip
_FREE = re.compile(r"^(?:free(?: of charge)?|nothing|no (?:cost|charge)|nil)\b", re.IGNORECASE)
_POUNDS = re.compile(
    r"£\s*(\d+(?:\.\d{1,2})?)|\b(\d+(?:\.\d{1,2})?)\s*(?:pounds?|gbp)\b|\b(\d{1,3})p\b", re.IGNORECASE
)


def parse_date(text: str) -> date:
    """2026-03-09, 09/03/2026, 9.3.26, 9 March 2026, March 9 2026 or a spreadsheet's serial number; day before
    month."""
    flat = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.strip().casefold()).replace(",", " ")
    flat = re.sub(r"[t ]\d{1,2}:\d{2}.*$", "", flat).strip()
    try:
        if re.fullmatch(r"\d{5}", flat):  # days since 30 December 1899, as Excel counts
            return date(1899, 12, 30) + timedelta(days=int(flat))
        if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", flat):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", flat):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", flat):
            return date(_year(match[3]), int(match[2]), int(match[1]))
        if match := re.fullmatch(r"(\d{1,2})[-/. ]*([a-z]{3,9})[-/. ]*(\d{4}|\d{2})", flat):
            return date(_year(match[3]), _month(match[2]), int(match[1]))
        if match := re.fullmatch(r"([a-z]{3,9})[-/. ]*(\d{1,2})[-/. ]+(\d{4}|\d{2})", flat):
            return date(_year(match[3]), _month(match[1]), int(match[2]))
    except ValueError as error:
        raise CellError(f"There is no such day: write the date as {_EXAMPLE_DATE}.") from error
    raise CellError(f"Not a date we can read: write it as {_EXAMPLE_DATE}.")


_EXAMPLE_DATE = "2026-03-09 or 09/03/2026"


def _year(text: str) -> int:
    year = int(text)
    return year + 2000 if year < 100 else year


def _month(name: str) -> int:
    if name[:3] not in _MONTHS:
        raise CellError(f"Not a month: write the date as {_EXAMPLE_DATE}.")
    return _MONTHS.index(name[:3]) + 1


def parse_time(text: str) -> time:
    """10:30, 10.30, 1030, 2pm, 2:15 pm, noon or midnight."""
    flat = text.strip().casefold().replace(" ", "").replace(".", ":")
    if flat in ("noon", "midday", "12noon"):
        return time(12)
    if flat == "midnight":
        return time(0)
    match = re.fullmatch(r"(\d{1,2})(?::?(\d{2}))?(?::00)?(a:?m:?|p:?m:?)?", flat)
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        if hour <= 23 and minute <= 59 and (half or match[2] or ":" in flat):
            return time(hour, minute)
    raise CellError("Not a time we can read: write it as 14:30 or 2.30pm.")


def parse_days(text: str) -> tuple[str, ...]:
    """'Mon; Wed', 'Tuesdays', 'Mon-Fri', 'weekdays', 'every day' as names of DAYS, in the week's order."""
    chosen: set[int] = set()
    for part in re.split(r"[;,/&+]|\band\b", text.casefold()):
        part = part.strip(" .")
        if not part:
            continue
        if part in ("daily", "every day", "all week", "7 days"):
            chosen.update(range(7))
        elif part in ("weekdays", "weekday"):
            chosen.update(range(5))
        elif part in ("weekends", "weekend"):
            chosen.update((5, 6))
        elif match := re.fullmatch(r"([a-z]{3,10})\s*(?:-|–|to|until)\s*([a-z]{3,10})", part):
            first, last = _day(match[1]), _day(match[2])
            chosen.update(day % 7 for day in range(first, (last if last >= first else last + 7) + 1))
        else:
            chosen.add(_day(part))
    return tuple(DAYS[day] for day in sorted(chosen))


def _day(word: str) -> int:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    stem = word.strip().removesuffix("s") if len(word) > 4 else word.strip()
    for number, name in enumerate(full):
        if len(stem) >= 3 and (name.startswith(stem) or stem == name):
            return number
    if word[:3] in _DAY_NAMES and word.startswith(("tues", "weds", "thur")):
        return _DAY_NAMES[word[:3]]
    raise CellError(f"{word!r} is not a day: write Mon;Wed or Mon-Fri.")


_FREE_FOR_SOME = re.compile(r"\bfree\b.*\botherwise\b.*\d", re.IGNORECASE)


def parse_cost(text: str) -> float | None:
    """Pounds a session, 0 for free, the smallest sum named otherwise; None when the words name no sum.

    'Free on a low income, otherwise £18' is no more free than 'from £18': nobody knows whose income is low.
    """
    if not _FREE_FOR_SOME.search(text) and _FREE.match(text.strip()) or text.strip() in ("0", "0.00", "£0", "£0.00"):
        return 0.0
    if re.fullmatch(r"\d+(?:\.\d{1,2})?", text.strip()):
        return float(text)
    sums = [float(m[1] or m[2]) if m[1] or m[2] else int(m[3]) / 100 for m in _POUNDS.finditer(text)]
    return min(sums) if sums else None


def parse_whole(text: str, least: int, most: int, what: str) -> int:
    """A whole number from `least` to `most`; '12.0', '1,000' and '12 weeks' are understood."""
    match = re.fullmatch(r"(-?[\d,]+)(?:\.0+)?\s*(?:[a-z ]{0,20}|\+)", text.strip().casefold())
    digits = match[1].replace(",", "") if match else ""
    if not digits.lstrip("-").isdigit():
        raise CellError(f"Not a whole number: write {what} as digits, such as {max(least, 1)}.")
    number = int(digits)
    if not least <= number <= most:
        raise CellError(f"{number} cannot be right: {what} goes from {least} to {most}.")
    return number


def parse_capacity(text: str) -> str:
    """'open', 'limited', 'full' or a number of free places as digits."""
    flat = text.strip().casefold()
    words = {
        "open": "open",
        "yes": "open",
        "unlimited": "open",
        "limited": "limited",
        "few": "limited",
        "full": "full",
    }
    words.update({"none": "full", "no": "full", "no places": "full"})
    return words.get(flat) or str(parse_whole(flat, 0, 100_000, "the number of free places"))


def parse_degrees(text: str, least: float, most: float, what: str) -> float:
    """Degrees within the British Isles and their seas; anything else is a slip, often the two swapped."""
    try:
        number = float(text.strip().replace("−", "-"))
    except ValueError as error:
        raise CellError(
            f"Not a number: write the {what} in degrees, such as {(least + most) / 2:.4f}."
        ) from error
    if not least <= number <= most:
        raise CellError(
            f"{what.capitalize()} {number:g} is outside the United Kingdom ({least:g} to {most:g}): "
            "check that the two are not swapped, or leave both empty and give the postcode."
        )
    return round(number, 6)


def parse_status(text: str) -> str:
    """One of STATUSES."""
    found = _STATUS_WORDS.get(text.strip().casefold().replace("_", " "))
    if found is None:
        raise CellError(f"Not a status we know: write {', '.join(STATUSES)}.")
    return found


def parse_online(text: str) -> str:
    """One of ONLINE."""
    found = _ONLINE_WORDS.get(text.strip().casefold().replace("_", " ").replace("-", " "))
    if found is None:
        raise CellError(f"Write {', '.join(ONLINE)}.")
    return found


def parse_yes_no(text: str) -> str:
    """'yes' or 'no' for the usual spellings; other words are kept ('a friend or carer')."""
    return {"y": "yes", "true": "yes", "n": "no", "false": "no", "yes": "yes", "no": "no"}.get(
        text.casefold(), text
    )


def split_values(text: str) -> tuple[str, ...]:
    """The values of a cell parted by ';' (or by '|' or line breaks), each once, in order."""
    return tuple(dict.fromkeys(part.strip() for part in re.split(r"[;|\n]", text) if part.strip()))
