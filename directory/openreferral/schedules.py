"""Days and times: the standard's schedules (iCal's BYDAY, opens_at, closes_at) and the columns of a listing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from directory.openreferral import ids
from directory.openreferral.values import day, text, words
from directory.records import DAYS, Listing
from directory.service import DAY_NAMES, clock_words

_CODES = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), DAYS, strict=True))
_BYDAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)[A-Z]*")
_WHICH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True)
class Times:
    """What several schedules say together: words for people, days, and the hours where all agree on them."""

    schedule: str = ""
    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""


def read_schedules(found: Sequence[Mapping[str, Any]], today: date) -> Times:
    """The schedules that still hold on `today`. Hours that differ from one to the next stand in the words alone."""
    holding = [one for one in found if not ((until := day(words(one, "valid_to"))) and until < today)]
    days = {name for one in holding for _, name in _days(one)}
    starts = list(dict.fromkeys(_moment(words(one, "opens_at")) for one in holding))
    ends = list(dict.fromkeys(_moment(words(one, "closes_at")) for one in holding))
    alike = len(starts) == 1 and len(ends) == 1
    told = [words(one, "description") for one in holding]
    if not any(told) and (len(holding) > 1 or any(_more_than_weekly(one) for one in holding)):
        told = [_in_words(one) for one in holding]
    said = "; ".join(dict.fromkeys(part for part in told if part))
    ordered = tuple(name for name in DAYS if name in days)
    return Times(said, ordered, starts[0] if alike else "", ends[0] if alike else "")


def write_schedules(listing: Listing, service: str) -> list[dict[str, Any]]:
    """The one schedule of a listing; none where nothing is known of when."""
    if not (listing.schedule or listing.days or listing.start_time or listing.end_time):
        return []
    made: dict[str, Any] = {"id": ids.made(service, "schedule"), "service_id": service}
    if listing.days:
        codes = {name: code for code, name in _CODES.items()}
        made.update(freq="WEEKLY", interval=1, byday=",".join(codes[name] for name in listing.days))
    if listing.start_time:
        made["opens_at"] = listing.start_time.isoformat()
    if listing.end_time:
        made["closes_at"] = listing.end_time.isoformat()
    if listing.schedule:
        made["description"] = listing.schedule
    if listing.online in ("yes", "both"):
        made["attending_type"] = "online" if listing.online == "yes" else "in person or online"
    return [made]


def _days(schedule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """('', 'tue') of 'TU', ('1', 'tue') of '1TU'. Unknown codes are passed over; `reading` reports them."""
    parts = re.split(r"[,;\s]+", words(schedule, "byday").upper())
    return [(m[1] or "", _CODES[m[2]]) for part in parts if (m := _BYDAY.fullmatch(part))]


def unread_days(schedule: Mapping[str, Any]) -> str:
    """The parts of BYDAY that are no days."""
    parts = re.split(r"[,;\s]+", words(schedule, "byday").upper())
    return ",".join(part for part in parts if part and not _BYDAY.fullmatch(part))


def _moment(value: str) -> str:
    """'10:00' of '10:00:00Z'; other words as they are, for the reader of cells to judge."""
    match = _TIME.fullmatch(value)
    return f"{match[1]}:{match[2]}" if match else value


def _more_than_weekly(schedule: Mapping[str, Any]) -> bool:
    return words(schedule, "freq").upper() == "MONTHLY" or text(schedule.get("interval")) not in ("", "1")


def _in_words(schedule: Mapping[str, Any]) -> str:
    """'Tuesdays, 10am to 12 noon', 'Monthly, first Tuesday'."""
    every = words(schedule, "interval")
    monthly = words(schedule, "freq").upper() == "MONTHLY"
    named = [f"{_WHICH.get(which.lstrip('+'), '')} {DAY_NAMES[name]}".strip() for which, name in _days(schedule)]
    if monthly:
        day_of_month = words(schedule, "bymonthday")
        on = ", ".join(named) or (f"day {day_of_month}" if day_of_month else "")
        said = "Monthly" if every in ("", "1") else f"Every {every} months"
        said += f", {on}" if on else ""
    else:
        said = " and ".join(f"{name}s" for name in named)
        said += f", every {every} weeks" if said and every not in ("", "1") else ""
    hours = [_clock(words(schedule, key)) for key in ("opens_at", "closes_at")]
    told = " to ".join(part for part in hours if part)
    return ", ".join(part for part in (said, told) if part)


def _clock(value: str) -> str:
    match = _TIME.fullmatch(value)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return value
    return clock_words(time(int(match[1]), int(match[2])))
