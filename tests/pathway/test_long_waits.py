"""Ten minutes in the queue: a call is made, or the team asked and the patient too; once, and after a restart as well."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from diary_house import SAFE, begin, book, house_at, london, row_of, said, texts

from assistant.clock import clock
from assistant.conversations import diary, people
from assistant.pathway import long_waits
from assistant.store.database import reading, transaction
from assistant.store.tables import tasks


@pytest.fixture
def house(tmp_path):
    """Monday at ten."""
    clock.set(london(2026, 11, 23, 10))
    yield house_at(tmp_path)
    clock.run()


def todo(house):
    with reading(house.engine) as connection:
        return [(row.kind, row.conversation_id) for row in connection.execute(sa.select(tasks))]


def booked(house, conversation):
    with reading(house.engine) as connection:
        return diary.booked_call(connection, conversation)


def test_after_ten_minutes_a_call_is_made_where_it_is_safe_to_ring(house):
    conversation = begin(house, state="waiting", **SAFE)
    clock.shift(minutes=9, seconds=59)
    assert long_waits.look(house) == 0
    clock.shift(seconds=1)
    assert [long_waits.look(house) for _ in range(3)] == [1, 0, 0]
    call = booked(house, conversation)
    assert call.starts_at == london(2026, 11, 23, 11, 30) and call.navigator == "Amina Yusuf"
    assert row_of(house, conversation).state == "bot" and todo(house) == []
    words = said(house, conversation)[-1]
    assert "Amina Yusuf will ring you on Monday 23 November at 11:30am, on 07700 900123" in words and "/calendar/" in words
    assert "Amina will ring you on Monday 23 November at 11:30am" in texts(house)[0]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {**SAFE, "safe_to_ring": None},  # known, but nobody asked whether it is safe
        {**SAFE, "safe_to_ring": False},
        {"channel": "sms"},
    ],
)
def test_without_a_safe_number_the_team_is_asked_and_so_is_the_patient(house, values):
    conversation = begin(house, state="waiting", **values)
    clock.shift(minutes=10)
    assert [long_waits.look(house) for _ in range(2)] == [1, 0]
    assert todo(house) == [("call", conversation)] and booked(house, conversation) is None
    assert "number to ring" in said(house, conversation)[-1] and row_of(house, conversation).state == "waiting"


def test_where_danger_at_home_was_told_no_unexpected_call_is_made(house):
    conversation = begin(house, state="waiting", **SAFE)
    with transaction(house.engine) as connection:
        people.flag_risk(connection, conversation, "wardown-park", 1, ["domestic_abuse_covert"])
    clock.shift(minutes=10)
    long_waits.look(house)
    assert booked(house, conversation) is None and todo(house) == [("call", conversation)]


def test_somebody_under_16_is_asked_for_no_number(house):
    conversation = begin(house, state="waiting", safety={"no_capture": True})
    clock.shift(minutes=10)
    long_waits.look(house)
    assert "number" not in said(house, conversation)[-1] and todo(house) == []


def test_a_call_that_stands_is_not_doubled(house):
    conversation = begin(house, state="waiting", **SAFE)
    call = book(house, conversation, london(2026, 11, 26, 14))
    clock.shift(minutes=10)
    long_waits.look(house)
    assert booked(house, conversation).id == call.id and "Your call stands" in said(house, conversation)[-1]
    assert row_of(house, conversation).state == "waiting"


def test_when_the_team_goes_home_nobody_waits_on(house):
    clock.set(london(2026, 11, 23, 16, 58))
    conversation = begin(house, state="waiting", **SAFE)
    clock.shift(minutes=1, seconds=59)
    assert long_waits.look(house) == 0
    clock.shift(seconds=1)
    assert long_waits.look(house) == 1
    assert booked(house, conversation).starts_at == london(2026, 11, 24, 9)


def test_a_full_diary_is_a_task(house, monkeypatch):
    monkeypatch.setattr(diary, "free_slots", lambda *_, **__: [])
    conversation = begin(house, state="waiting", **SAFE)
    clock.shift(minutes=10)
    long_waits.look(house)
    assert todo(house) == [("call", conversation)]


def test_a_new_process_goes_on_where_the_old_one_died(house, tmp_path):
    conversation = begin(house, state="waiting", **SAFE)
    clock.shift(minutes=5)
    again = house_at(tmp_path)
    assert long_waits.look(again) == 0
    clock.shift(minutes=5)
    assert [long_waits.look(again), long_waits.look(house)] == [1, 0]
    assert len(said(house, conversation)) == 1


def test_a_new_wait_counts_anew(house):
    conversation = begin(house, state="waiting")
    clock.shift(minutes=10)
    long_waits.look(house)
    with transaction(house.engine) as connection:
        from assistant.conversations import records

        records.update(connection, conversation, waiting_since=clock.now())
    assert long_waits.look(house) == 0
    clock.set(clock.now() + timedelta(minutes=10))
    assert long_waits.look(house) == 1
