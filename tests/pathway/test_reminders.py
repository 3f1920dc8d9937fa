"""Reminders: the day before and two hours before, once each, never of what is off, never at night."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from diary_house import SAFE, begin, book, house_at, london, said, set_call, texts

from assistant.channels.segments import count_segments
from assistant.clock import clock
from assistant.conversations import diary, erasing
from assistant.pathway import reminders
from assistant.store.database import reading, transaction
from assistant.store.tables import callbacks, outbox


@pytest.fixture
def house(tmp_path):
    """Monday at ten."""
    clock.set(london(2026, 11, 23, 10))
    yield house_at(tmp_path)
    clock.run()


def walk(house, until, minutes=10):
    """Passes every few minutes until then: when (by the wall) each reminder was told."""
    told = []
    while clock.now() < until:
        clock.shift(minutes=minutes)
        told += [f"{clock.local():%a %H:%M}"] * reminders.look(house)
    return told


def test_the_day_before_and_two_hours_before_once_each(house):
    conversation = begin(house, **SAFE)
    call = book(house, conversation, london(2026, 11, 26, 14))  # a Thursday: Amina
    assert walk(house, call.starts_at - timedelta(minutes=10)) == ["Wed 14:00", "Thu 12:00"]
    assert texts(house) == [
        "Wardown Park Surgery: Amina will ring you tomorrow at 2pm. Reply 'change my call' or 'cancel my call' if you need to.",
        "Wardown Park Surgery: Amina will ring you today at 2pm. Reply 'change my call' or 'cancel my call' if you need to.",
    ]
    assert all(count_segments(text) == 1 for text in texts(house))
    assert len(said(house, conversation)) == 2 and "what could help" not in " ".join(texts(house))


def test_a_meeting_names_its_place(house):
    conversation = begin(house, **SAFE)
    call = book(house, conversation, london(2026, 11, 26, 14), kind="meeting", place="Room 4, ground floor")
    walk(house, call.starts_at - timedelta(minutes=10))
    assert "you meet Amina tomorrow at 2pm, Room 4, ground floor." in texts(house)[0]
    assert "14 Bluebell Walk" in said(house, conversation)[0] and count_segments(texts(house)[0]) == 1


@pytest.mark.parametrize(
    ("booked_at", "starts_at", "told"),
    [
        ((2026, 11, 23, 10), (2026, 11, 23, 11), []),  # an hour ahead
        ((2026, 11, 23, 9), (2026, 11, 23, 11, 30), []),  # the reminder would come half an hour after the booking
        ((2026, 11, 23, 9), (2026, 11, 23, 14), ["Mon 12:00"]),
        ((2026, 11, 23, 10), (2026, 11, 24, 9, 30), ["Tue 08:00"]),  # 07:30 is too early to text
        ((2026, 11, 23, 10), (2026, 11, 24, 9), ["Tue 08:00"]),
    ],
)
def test_what_was_booked_just_before_is_not_reminded_of_and_nobody_is_woken(house, booked_at, starts_at, told):
    clock.set(london(*booked_at))
    call = book(house, begin(house, **SAFE), london(*starts_at))
    assert walk(house, call.starts_at) == told


@pytest.mark.parametrize(
    ("now", "starts_at", "told"),
    [
        # The clocks go back on Sunday 25 October 2026: the same hour of the wall is 25 hours before.
        ((2026, 10, 22, 9), (2026, 10, 26, 10), ["Sun 10:00", "Mon 08:00"]),
        # And forward on Sunday 28 March 2027; the Monday after is Easter Monday, so the call is on the Tuesday.
        ((2027, 3, 18, 9), (2027, 3, 30, 10), ["Mon 10:00", "Tue 08:00"]),
    ],
)
def test_the_hour_on_the_wall_counts_when_the_clocks_change(house, now, starts_at, told):
    clock.set(london(*now))
    call = book(house, begin(house, **SAFE), london(*starts_at))
    clock.set(london(*starts_at) - timedelta(hours=26))
    assert walk(house, call.starts_at) == told


def test_none_of_a_call_that_was_cancelled_or_moved_and_both_of_the_new_time(house):
    conversation = begin(house, **SAFE)
    book(house, conversation, london(2026, 11, 26, 14))
    clock.set(london(2026, 11, 24, 9))
    moved = book(house, conversation, london(2026, 11, 30, 14))
    assert walk(house, moved.starts_at) == ["Sun 14:00", "Mon 12:00"]
    other = begin(house, **SAFE)
    call = book(house, other, london(2026, 12, 3, 14))
    with transaction(house.engine) as connection:
        assert diary.cancel(connection, other)
    assert walk(house, call.starts_at, minutes=30) == []


def test_a_text_that_a_broken_gateway_kept_waiting_does_not_go_once_the_call_is_off(house):
    conversation = begin(house, **SAFE)
    call = book(house, conversation, london(2026, 11, 26, 14))
    walk(house, london(2026, 11, 25, 14, 5))
    assert len(texts(house)) == 1
    with transaction(house.engine) as connection:
        diary.cancel(connection, conversation)
    reminders.look(house)
    assert texts(house) == [] and len(texts(house, "stopped")) == 1
    assert call.status == "booked"


@pytest.mark.parametrize("values", [{**SAFE, "safe_to_text": False}, {**SAFE, "safe_to_text": None}, {**SAFE, "contact_number": "+441632960101"}])
def test_where_a_text_is_not_safe_it_stands_in_the_chat_alone(house, values):
    conversation = begin(house, **values)
    call = book(house, conversation, london(2026, 11, 26, 14))
    assert len(walk(house, call.starts_at)) == 2
    assert texts(house) == [] and len(said(house, conversation)) == 2


def test_a_process_that_was_away_tells_only_what_is_still_of_use(house, tmp_path):
    conversation = begin(house, **SAFE)
    book(house, conversation, london(2026, 11, 26, 14))
    clock.set(london(2026, 11, 26, 13, 30))
    again = house_at(tmp_path)  # started anew on the same database
    assert [reminders.look(again), reminders.look(house)] == [1, 0]
    assert "today at 2pm" in texts(house)[0] and len(texts(house)) == 1
    clock.set(london(2026, 11, 26, 13, 50))
    late = book(house_at(tmp_path), begin(house, **SAFE), london(2026, 11, 26, 15))
    assert late and reminders.look(again) == 0


def test_two_processes_at_once_tell_it_once(house, tmp_path):
    conversation = begin(house, **SAFE)
    book(house, conversation, london(2026, 11, 26, 14))
    clock.set(london(2026, 11, 25, 14))
    houses, told, start = [house_at(tmp_path) for _ in range(4)], [], threading.Barrier(4)

    def look(one):
        start.wait()
        told.append(reminders.look(one))

    threads = [threading.Thread(target=look, args=(one,)) for one in houses]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(told) == 1 and len(said(house, conversation)) == 1 and len(texts(house)) == 1


def test_what_is_erased_or_of_a_practice_that_has_left_stops_nobody_else(house):
    gone, left, kept = begin(house, **SAFE), begin(house, **SAFE), begin(house, **SAFE)
    calls = [book(house, one, london(2026, 11, 26, hour)) for one, hour in ((gone, 13), (left, 14), (kept, 15))]
    set_call(house, calls[1].id, practice="closed-surgery")
    clock.set(london(2026, 11, 25, 16))
    with transaction(house.engine) as connection:
        erasing.erase(connection, gone)
    assert reminders.look(house) == 1 and len(said(house, kept)) == 1
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(callbacks)).scalar_one() == 2
        assert connection.execute(sa.select(outbox.c.conversation_id)).scalars().all() == [kept]
