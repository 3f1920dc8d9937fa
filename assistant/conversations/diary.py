"""The diary of first calls and meetings: real free times from the days a navigator is on site, booked once, moved, cancelled."""

from __future__ import annotations

import re
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
from assistant.store.tables import callbacks, conversations

if TYPE_CHECKING:
    from assistant.programme import Practice

CALL, MEETING = "call", "meeting"
CALL_MINUTES = 20  # a first call is a short chat, not a test (Pescheny 2018, BJGP Open)
MEETING_MINUTES = 45  # where the programme's words for it hold no figure
SLOT_MINUTES = 30
NOTICE = timedelta(hours=1)  # nobody can ring a minute from now
DAYS_AHEAD = 15
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PARTS = {"morning": (time(0), time(12)), "afternoon": (time(12), time(17)), "evening": (time(17), time(23, 59))}
# Scotland has 2 January and St Andrew's Day and no Easter Monday; Northern Ireland has St Patrick's Day and 12 July.
NATIONS = {"england": "ENG", "wales": "WLS", "scotland": "SCT", "northern ireland": "NIR"}
_LENGTHS = {"half an hour": 30, "an hour": 60, "one hour": 60, "an hour and a half": 90, "two hours": 120}


@lru_cache(maxsize=32)
def bank_holidays(year: int, nation: str = "England") -> frozenset[date]:
    """Bank holidays of `year` in the part of the UK as programme.yml names it; England's for a name that is none."""
    subdivision = NATIONS.get(nation.strip().lower(), "ENG")
    return frozenset(holidays.country_holidays("GB", subdiv=subdivision, years=year))


def is_bank_holiday(practice: Practice, day: date) -> bool:
    """Whether `day` is a bank holiday where the practice is."""
    return day in bank_holidays(day.year, practice.nation)


def working_time(practice: Practice, moment: datetime) -> bool:
    """Is the team of the practice at work at this local moment? Bank holidays count as closed."""
    return not is_bank_holiday(practice, moment.date()) and practice.team_here(moment)


def spoken(moment: datetime) -> str:
    """'Tuesday 24 November at 10:30am', in local time."""
    local = moment.astimezone(LONDON)
    return f"{local.strftime('%A')} {local.day} {local.strftime('%B')} at {spoken_time(moment)}"


def spoken_time(moment: datetime) -> str:
    """'10:30am', '2pm', in local time."""
    return moment.astimezone(LONDON).strftime("%I:%M%p").lstrip("0").lower().replace(":00", "")


def minutes_of(kind: str, practice: Practice | None) -> int:
    """How long a call or a meeting is kept free. A meeting's length is the programme's ('45 minutes', 'one hour')."""
    if kind == CALL:
        return CALL_MINUTES
    words = str(practice.first_appt_length).lower() if practice else ""
    figures = re.search(r"\d{1,3}", words)
    if figures:
        return int(figures[0]) * (60 if "hour" in words else 1)
    return next((_LENGTHS[length] for length in sorted(_LENGTHS, key=len, reverse=True) if length in words), MEETING_MINUTES)


def rooms(practice: Practice) -> list[str]:
    """The meeting places that are places: 'By phone' is how, not where."""
    return [str(place.name) for place in practice.meeting_places if not str(place.name).lower().startswith("by ")]


def slots(practice: Practice, minutes: int = CALL_MINUTES, notice: timedelta = NOTICE) -> Iterator[tuple[datetime, str]]:
    """Every time somebody could ring or meet: (aware UTC start, navigator), soonest first, taken or not."""
    now = clock.now()
    for ahead in range(DAYS_AHEAD):
        day = clock.today() + timedelta(days=ahead)
        for start in starts_of(practice, day, minutes):
            if start >= now + notice:
                for navigator in on_site(practice, day):
                    yield start, navigator


def on_site(practice: Practice, day: date) -> list[str]:
    """Names of the navigators who are at the practice on `day`; nobody on a bank holiday."""
    if is_bank_holiday(practice, day):
        return []
    return [n.name for n in practice.navigators if WEEKDAYS[day.weekday()] in n.days]


def starts_of(practice: Practice, day: date, minutes: int = CALL_MINUTES) -> list[datetime]:
    """The times of one day, as instants, at which something of `minutes` begins and still ends within the team's hours."""
    span = practice.team_hours.get(WEEKDAYS[day.weekday()])
    if not span or is_bank_holiday(practice, day):
        return []
    found = []
    # Built from the wall clock, so that a slot is at ten also on the day the clocks change.
    start, end = datetime.combine(day, span[0], tzinfo=LONDON), datetime.combine(day, span[1], tzinfo=LONDON)
    while start + timedelta(minutes=minutes) <= end:
        found.append(start.astimezone(clock.now().tzinfo))
        start += timedelta(minutes=SLOT_MINUTES)
    return found


def free_slots(
    connection: Connection, practice: Practice, *, day: str | None = None, part: str | None = None, limit: int = 4,
    spread: bool = True, kind: str = CALL, navigator: str | None = None, notice: timedelta = NOTICE,
) -> list[tuple[datetime, str]]:
    """Free times; `day` an ISO date or mon..sun, `part` morning, afternoon or evening, `navigator` only theirs.

    Without either, the times are spread over days, so that a person sees a choice and not one crowded morning;
    `spread=False` gives them all. A meeting needs its whole length free.
    """
    minutes = minutes_of(kind, practice)
    taken = _taken(connection, practice)
    free: list[tuple[datetime, str]] = []
    a_day: dict[tuple[date, bool], int] = {}
    for start, who in slots(practice, minutes, notice):
        local = start.astimezone(LONDON)
        if navigator not in (None, who) or any(start == chosen for chosen, _ in free):
            continue
        if _overlaps(taken, who, start, minutes):
            continue
        if day and day not in (local.date().isoformat(), DAYS[local.weekday()]):
            continue
        if part in PARTS and not PARTS[part][0] <= local.time() < PARTS[part][1]:
            continue
        half = (local.date(), local.hour < 12)
        if spread and not (day or part) and a_day.get(half, 0) >= 1:
            continue
        a_day[half] = a_day.get(half, 0) + 1
        free.append((start, who))
        if len(free) == limit:
            break
    return free


Taken = dict[str, list[tuple[datetime, datetime]]]


def _taken(connection: Connection, practice: Practice, leaving_out: str = "") -> Taken:
    """What stands in each navigator's diary from now on, as spans; one who works at two practices has one diary."""
    rows = connection.execute(
        sa.select(callbacks.c.id, callbacks.c.navigator, callbacks.c.starts_at, callbacks.c.kind).where(
            callbacks.c.status == "booked", callbacks.c.starts_at >= clock.now() - timedelta(hours=3)
        )
    )
    taken: Taken = {}
    for row in rows:
        if row.id != leaving_out:
            end = row.starts_at + timedelta(minutes=minutes_of(row.kind, practice))
            taken.setdefault(row.navigator, []).append((row.starts_at, end))
    return taken


def _overlaps(taken: Taken, navigator: str, start: datetime, minutes: int) -> bool:
    end = start + timedelta(minutes=minutes)
    return any(begun < end and start < over for begun, over in taken.get(navigator, ()))


_OTHER = conversations.alias("the_other")
# A call booked on the web may be asked about, moved and cancelled from the phone it was said to be safe to text: whoever
# holds that phone was told of the call there (reminders). By web nobody is known by a name and a number they type.
_SAME_PHONE = (
    sa.select(_OTHER.c.id)
    .select_from(
        conversations.join(
            _OTHER, sa.and_(_OTHER.c.contact_number == conversations.c.phone, _OTHER.c.practice == conversations.c.practice)
        )
    )
    .where(conversations.c.id == sa.bindparam("here"), conversations.c.channel == "sms", _OTHER.c.safe_to_text.is_(True))
)
_ITS_CALLS = sa.or_(callbacks.c.conversation_id == sa.bindparam("here"), callbacks.c.conversation_id.in_(_SAME_PHONE))
_BOOKED = (
    sa.select(callbacks)
    .where(_ITS_CALLS, callbacks.c.status == "booked", callbacks.c.starts_at >= sa.bindparam("since"))
    .order_by(callbacks.c.starts_at)
    .limit(1)
)


def booked_call(connection: Connection, conversation_id: str) -> Row | None:
    """The conversation's call or meeting that is still to come, the one of the same phone by web included."""
    since = clock.now() - timedelta(minutes=CALL_MINUTES)
    return connection.execute(_BOOKED, {"here": conversation_id, "since": since}).first()


def had_call(connection: Connection, conversation_id: str) -> bool:
    """Whether this conversation ever had a call in the diary, cancelled and past ones included."""
    query = sa.select(callbacks.c.id).where(callbacks.c.conversation_id == conversation_id).limit(1)
    return connection.execute(query).first() is not None


def book(
    connection: Connection,
    conversation_id: str,
    practice: Practice,
    starts_at: datetime,
    purpose: str,
    *,
    kind: str | None = None,
    place: str | None = None,
    navigator: str | None = None,
) -> Row | None:
    """Book the slot and let an earlier one of this person go; None when it is no free slot (any more).

    What is moved keeps its kind, its room and the conversation it was booked in, unless told otherwise.
    """
    before = booked_call(connection, conversation_id)
    kind = kind or (before.kind if before is not None else CALL)
    place = place or (before.place if before is not None and before.kind == kind else None)
    if before is not None and (before.starts_at, before.kind) == (starts_at, kind) and navigator in (None, before.navigator):
        return before
    minutes = minutes_of(kind, practice)
    offered = [
        who for start, who in slots(practice, minutes) if start == starts_at and navigator in (None, who)
    ]  # fmt: skip
    offered.sort(key=lambda who: before is not None and who != before.navigator)  # whom they know, where that can be
    for who in offered:
        _lock(connection, who)
        if _overlaps(_taken(connection, practice, before.id if before is not None else ""), who, starts_at, minutes):
            continue
        with connection.begin_nested() as savepoint:
            try:
                if before is not None:
                    let_go(connection, before, "moved")
                call_id = str(uuid.uuid4())
                owner = before.conversation_id if before is not None else conversation_id
                connection.execute(
                    callbacks.insert().values(
                        id=call_id,
                        conversation_id=owner,
                        practice=practice.slug,
                        navigator=who,
                        starts_at=starts_at,
                        purpose=purpose[:200],
                        status="booked",
                        created_at=clock.now(),
                        kind=kind,
                        place=place if kind == MEETING else None,
                        patient_id=sa.select(conversations.c.patient_id).where(conversations.c.id == owner).scalar_subquery(),
                    )
                )
                record_event(connection, "callback_booked", owner, practice.slug)
                return connection.execute(sa.select(callbacks).where(callbacks.c.id == call_id)).first()
            except sa.exc.IntegrityError:
                savepoint.rollback()  # another process took it between our look and our insert
    return None


def _lock(connection: Connection, navigator: str) -> None:
    """One booking at a time in a navigator's diary: the database's own rule sees equal starts, not overlaps."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"diary:{navigator}"})


def cancel(connection: Connection, conversation_id: str) -> bool:
    """Cancel the call to come; False when there is none."""
    call = booked_call(connection, conversation_id)
    if call is None:
        return False
    let_go(connection, call, "cancelled")
    return True


def let_go(connection: Connection, call: Row, status: str) -> None:
    """It is 'moved' or 'cancelled': no reminder of it goes out any more (pathway/reminders.py looks at booked ones)."""
    connection.execute(callbacks.update().where(callbacks.c.id == call.id).values(status=status, changed_at=clock.now()))
