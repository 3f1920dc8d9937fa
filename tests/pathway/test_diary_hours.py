"""Hours, bank holidays and days on site, honest to the minute; meetings take their whole length; a phone knows its calls."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from diary_house import MOBILE, PRACTICE, PROGRAMME, SAFE, begin, book, house_at, london

from assistant.clock import clock
from assistant.conversations import diary
from assistant.store.database import reading, transaction

SCOTTISH = PRACTICE.copy(update={"nation": "Scotland"})
IRISH = PRACTICE.copy(update={"nation": "Northern Ireland"})
WELSH = PRACTICE.copy(update={"nation": "Wales"})


@pytest.fixture
def house(tmp_path):
    """Monday at ten."""
    clock.set(london(2026, 11, 23, 10))
    yield house_at(tmp_path)
    clock.run()


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ((2026, 11, 23, 8, 59, 59), False),
        ((2026, 11, 23, 9), True),
        ((2026, 11, 23, 16, 59, 59), True),
        ((2026, 11, 23, 17), False),  # the closing minute is closed
        ((2026, 11, 22, 10), False),  # Sunday
        ((2026, 12, 24, 16, 59), True),
        ((2026, 12, 25, 10), False),  # Christmas Day, a Friday
        ((2026, 12, 28, 10), False),  # Boxing Day is a Saturday: the Monday instead
        ((2026, 12, 29, 9), True),
        ((2026, 10, 26, 9), True),  # the morning after the clocks went back
        ((2026, 10, 26, 8, 59), False),
        ((2027, 3, 30, 9), True),
        ((2027, 3, 29, 10), False),  # Easter Monday
    ],
)
def test_the_team_is_there_to_the_minute(moment, open_):
    assert diary.working_time(PRACTICE, london(*moment)) is open_


@pytest.mark.parametrize(
    ("day", "closed"),
    [
        (date(2026, 1, 2), {"Scotland"}),
        (date(2026, 11, 30), {"Scotland"}),  # St Andrew's Day
        (date(2026, 3, 17), {"Northern Ireland"}),
        (date(2026, 7, 13), {"Northern Ireland"}),
        (date(2026, 4, 6), {"England", "Wales", "Northern Ireland"}),  # Easter Monday
        (date(2026, 8, 31), {"England", "Wales", "Northern Ireland"}),
        (date(2026, 8, 3), {"Scotland"}),
        (date(2026, 12, 25), {"England", "Wales", "Scotland", "Northern Ireland"}),
    ],
)
def test_each_nation_has_its_own_bank_holidays(day, closed):
    practices = (PRACTICE, WELSH, SCOTTISH, IRISH)
    assert {practice.nation for practice in practices if diary.is_bank_holiday(practice, day)} == closed


def test_no_call_is_offered_on_a_holiday_or_on_a_day_the_navigator_is_away(house):
    clock.set(london(2026, 12, 21, 10))
    days = {(start.astimezone(clock.local().tzinfo).date(), who) for start, who in diary.slots(PRACTICE)}
    assert {day for day, _ in days} & {date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28), date(2027, 1, 1)} == set()
    assert all(who == "Colin Prior" for day, who in days if day.weekday() in (2, 4))
    assert all(who == "Amina Yusuf" for day, who in days if day.weekday() in (0, 1, 3))


@pytest.mark.parametrize("now", [(2026, 10, 23, 12), (2027, 3, 25, 12)])
def test_calls_begin_at_the_same_hour_of_the_wall_before_and_after_the_clocks_change(house, now):
    clock.set(london(*now))
    firsts = {}
    for start, _ in diary.slots(PRACTICE):
        local = start.astimezone(clock.local().tzinfo)
        firsts.setdefault(local.date(), f"{local:%H:%M}")
    del firsts[min(firsts)]  # today's begin an hour from now
    assert set(firsts.values()) == {"09:00"}


def test_the_last_call_ends_within_the_hours(house):
    starts = diary.starts_of(PRACTICE, date(2026, 11, 24))
    assert starts[0] == london(2026, 11, 24, 9) and starts[-1] == london(2026, 11, 24, 16, 30)
    assert diary.starts_of(PRACTICE, date(2026, 11, 24), 45)[-1] == london(2026, 11, 24, 16)
    assert diary.starts_of(PRACTICE, date(2026, 12, 25)) == []


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("45 minutes", 45), ("one hour", 60), ("half an hour", 30), ("1 hour", 60), ("an hour and a half", 90), ("a good while", 45)],
)
def test_a_meeting_is_as_long_as_the_programme_says(words, minutes):
    assert diary.minutes_of("meeting", PRACTICE.copy(update={"first_appt_length": words})) == minutes
    assert diary.minutes_of("call", PRACTICE) == 20


def test_a_meeting_takes_all_of_its_time_and_calls_go_around_it(house):
    book(house, begin(house), london(2026, 11, 26, 10), kind="meeting", place="Room 4, ground floor")
    book(house, begin(house), london(2026, 11, 26, 14))
    with reading(house.engine) as connection:
        calls = [start for start, _ in diary.free_slots(connection, PRACTICE, day="2026-11-26", limit=99)]
        meetings = [start for start, _ in diary.free_slots(connection, PRACTICE, day="2026-11-26", limit=99, kind="meeting")]
    assert london(2026, 11, 26, 10) not in calls and london(2026, 11, 26, 10, 30) not in calls
    assert london(2026, 11, 26, 11) in calls and london(2026, 11, 26, 9, 30) in calls
    assert london(2026, 11, 26, 9, 30) not in meetings and london(2026, 11, 26, 13, 30) not in meetings
    assert london(2026, 11, 26, 14, 30) in meetings
    with transaction(house.engine) as connection:
        assert diary.book(connection, "nobody", PRACTICE, london(2026, 11, 26, 10, 30), "x") is None


def test_rooms_are_places_and_by_phone_is_none():
    assert diary.rooms(PRACTICE) == ["Room 4, ground floor"]
    assert diary.rooms(PROGRAMME.practice("stopsley-green")) == ["The garden room"]


def test_the_phone_a_call_was_said_to_be_texted_to_may_ask_for_it_and_move_it(house):
    web = begin(house, **SAFE)
    call = book(house, web, london(2026, 11, 26, 14))
    text = begin(house, "sms")
    with reading(house.engine) as connection:
        assert diary.booked_call(connection, text).id == call.id
    moved = book(house, text, london(2026, 11, 26, 15))
    assert moved.conversation_id == web  # the navigator finds it where the story is
    with transaction(house.engine) as connection:
        assert diary.cancel(connection, text) and diary.booked_call(connection, web) is None


@pytest.mark.parametrize(
    ("booked_with", "asks"),
    [
        ({**SAFE, "safe_to_text": False}, {"channel": "sms"}),
        ({**SAFE, "safe_to_text": None}, {"channel": "sms"}),
        (SAFE, {"channel": "sms", "phone": "+447700900999"}),
        (SAFE, {"channel": "sms", "practice": "stopsley-green"}),
        (SAFE, {"channel": "web", "contact_number": MOBILE, "person_name": "Dorothy Hale"}),
    ],
)
def test_nobody_else_hears_of_a_call(house, booked_with, asks):
    book(house, begin(house, **booked_with), london(2026, 11, 26, 14))
    with reading(house.engine) as connection:
        assert diary.booked_call(connection, begin(house, **asks)) is None


def test_who_moves_a_call_keeps_the_navigator_where_that_can_be(house):
    shared = PRACTICE.copy(update={"navigators": [n.copy(update={"days": ["monday", "thursday"]}) for n in PRACTICE.navigators]})
    conversation = begin(house)
    with transaction(house.engine) as connection:
        first = diary.book(connection, conversation, shared, london(2026, 11, 26, 14), "x", navigator="Colin Prior")
        second = diary.book(connection, conversation, shared, london(2026, 11, 26, 15), "x")
    assert (first.navigator, second.navigator) == ("Colin Prior", "Colin Prior")
    assert second.starts_at - first.starts_at == timedelta(hours=1)
