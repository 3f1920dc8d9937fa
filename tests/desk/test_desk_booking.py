"""Booking calls and meetings from the desk, the day view, missed calls up to the third, and what is safe."""

from __future__ import annotations

import re
from datetime import date

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from assistant.clock import clock
from assistant.conversations import diary, records
from assistant.pathway import caseload
from assistant.pathway.missed import missed_so_far
from assistant.store.database import reading, transaction
from assistant.store.tables import callbacks, conversations, outbox, tasks

SAFE = {"contact_number": "+447700900123", "safe_to_ring": True, "safe_to_text": True, "person_name": "Dorothy Hale"}
THURSDAY_TWO = "2026-11-26T14:00:00+00:00|Amina Yusuf"
ROOM = "Room 4, ground floor"


def calls_of(house, conversation):
    with reading(house.engine) as connection:
        query = sa.select(callbacks).where(callbacks.c.conversation_id == conversation).order_by(callbacks.c.created_at)
        return connection.execute(query).all()


def bodies(house):
    with reading(house.engine) as connection:
        return [row.body for row in connection.execute(sa.select(outbox).order_by(outbox.c.created_at))]


def book(desk, conversation, **fields):
    values = {"kind": "call", "slot": THURSDAY_TWO, "purpose": "a first talk", "place": ROOM, **fields}
    return desk.press(f"/conversations/{conversation}/book", htmx=False, **values)


def test_a_meeting_is_booked_at_a_real_time_and_the_patient_is_told_all_of_it(house, at_desk, begin, thread):
    amina, conversation = at_desk("amina"), begin(**SAFE)
    page = amina.look(f"/conversations/{conversation}/book", kind="meeting").text
    assert ROOM in page and THURSDAY_TWO in page and "45 minutes" in page
    assert book(amina, conversation, kind="meeting").status_code == 303
    (call,) = calls_of(house, conversation)
    assert (call.kind, call.place, call.navigator, call.status) == ("meeting", ROOM, "Amina Yusuf", "booked")
    words = thread(conversation)[-1][1]
    for told in ("Thursday 26 November at 2pm", "Amina Yusuf", "Wardown Park Surgery, 14 Bluebell Walk", ROOM, "a first talk", "/calendar/"):
        assert told in words
    (text,) = bodies(house)
    assert "Thursday 26 November at 2pm" in text and "a first talk" not in text and "change my meeting" in text
    assert "Meeting booked:" in amina.look(f"/conversations/{conversation}").text


def test_a_call_names_its_number_and_takes_the_place_of_an_earlier_one(house, at_desk, begin, thread):
    amina, conversation = at_desk("amina"), begin(**SAFE)
    book(amina, conversation)
    assert "What you book here takes its place" in amina.look(f"/conversations/{conversation}/book").text
    book(amina, conversation, slot="2026-11-26T15:00:00+00:00|Amina Yusuf")
    assert [call.status for call in calls_of(house, conversation)] == ["moved", "booked"]
    assert "on 07700 900123" in thread(conversation)[-1][1]


def test_a_call_booked_in_another_chat_of_theirs_is_seen_and_moved(house, at_desk, begin):
    amina, one, other = at_desk("amina"), begin(**SAFE), begin(**SAFE)
    book(amina, one)
    with transaction(house.engine) as connection:
        for talk in (one, other):
            caseload.looked_after(connection, records.load(connection, talk))
    assert "What you book here takes its place" in amina.look(f"/conversations/{other}/book").text
    assert book(amina, other, slot="2026-11-26T15:00:00+00:00|Amina Yusuf").status_code == 303
    assert [call.status for call in (*calls_of(house, one), *calls_of(house, other))] == ["moved", "booked"]


def test_the_same_press_twice_books_and_tells_once(house, at_desk, begin, thread):
    amina, conversation = at_desk("amina"), begin(**SAFE)
    assert [book(amina, conversation).status_code for _ in range(2)] == [303, 303]
    assert len(calls_of(house, conversation)) == 1 and len(thread(conversation)) == 2 and len(bodies(house)) == 1


def test_two_navigators_want_the_same_time(at_desk, begin):
    one, other = begin(**SAFE), begin(**SAFE)
    assert book(at_desk("amina"), one).status_code == 303
    late = book(at_desk("colin"), other, purpose="money matters")
    assert late.status_code == 409 and "not free any more" in late.text and "money matters" in late.text


@pytest.mark.parametrize(
    ("values", "fields", "words"),
    [
        ({}, {}, "No number is known"),
        ({**SAFE, "safe_to_ring": False}, {}, "not safe to ring"),
        (SAFE, {"kind": "party"}, "Choose a call or a meeting"),
        (SAFE, {"slot": ""}, "Choose a time"),
        (SAFE, {"slot": "tomorrow|Amina Yusuf"}, "Choose a time"),
        (SAFE, {"slot": "2026-11-26T14:00:00|Amina Yusuf"}, "Choose a time"),
        (SAFE, {"slot": "2026-11-26T14:10:00+00:00|Amina Yusuf"}, "not free any more"),
        (SAFE, {"slot": "2026-11-22T14:00:00+00:00|Amina Yusuf"}, "not free any more"),
        (SAFE, {"slot": "2026-11-26T14:00:00+00:00|Nobody Known"}, "not free any more"),
        (SAFE, {"kind": "meeting", "place": "The pub"}, "Choose the room"),
        (SAFE, {"purpose": "  "}, "Say what it is for"),
        (SAFE, {"purpose": "x" * 201}, "Say what it is for"),
    ],
)
def test_what_cannot_be_booked_is_explained(house, at_desk, begin, thread, values, fields, words):
    conversation = begin(**values)
    answer = book(at_desk("amina"), conversation, **fields)
    assert answer.status_code in (409, 422) and words in answer.text
    assert calls_of(house, conversation) == [] and len(thread(conversation)) == 1


def test_other_practices_and_reception_cannot_book_here(at_desk, begin):
    conversation = begin(**SAFE)
    assert book(at_desk("joanne"), conversation).status_code == 404
    assert book(at_desk("rita"), conversation).status_code == 403


def test_somebody_by_text_for_whom_texting_is_not_safe_is_told_nothing(house, at_desk, begin, thread):
    conversation = begin(channel="sms", phone="+447700900123", **{**SAFE, "safe_to_text": False})
    book(at_desk("amina"), conversation)
    assert len(calls_of(house, conversation)) == 1 and bodies(house) == [] and len(thread(conversation)) == 1


def test_a_day_navigator_by_navigator(house, at_desk, begin):
    amina = at_desk("amina")
    book(amina, begin(**SAFE), kind="meeting")
    page = amina.look("/calls/day", day="2026-11-26").text
    first, second = page.split("<h2")[1:3]
    assert "Amina Yusuf" in first and "Dorothy Hale" in first and ROOM in first and ">2.30pm" not in first and "Free" in first
    assert "Colin Prior" in second and "Not here on this day" in second
    assert "Dorothy" not in amina.look("/calls/day", day="2026-11-26", navigator="Colin Prior").text
    assert "A bank holiday" in amina.look("/calls/day", day="2026-12-25").text
    for odd in ("yesterday", "9999-12-31", "0001-01-01", ""):
        assert "Monday 23" in amina.look("/calls/day", day=odd).text


def test_the_day_of_another_practice_is_not_seen(at_desk, begin):
    book(at_desk("amina"), begin(**SAFE))
    joanne = at_desk("joanne").look("/calls/day", day="2026-11-26", practice="wardown-park").text
    assert "Dorothy" not in joanne and "Joanne Castle" in joanne
    assert "Dorothy" in at_desk("olive").look("/calls/day", day="2026-11-26", practice="wardown-park").text
    assert at_desk("rita").look("/calls/day").status_code == 200 and at_desk("edith").look("/calls/day").status_code == 403


def test_the_calendar_file_is_for_who_may_see_the_call(house, at_desk, begin):
    amina, conversation = at_desk("amina"), begin(**SAFE)
    book(amina, conversation)
    (call,) = calls_of(house, conversation)
    answer = amina.look(f"/calls/{call.id}/calendar.ics")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtstart") == call.starts_at and "Dorothy" not in answer.text
    assert at_desk("joanne").look(f"/calls/{call.id}/calendar.ics").status_code == 404


def test_three_missed_calls_are_followed_up_kindly_then_a_task_and_an_open_door(house, at_desk, begin, thread):
    conversation, answers = begin(**SAFE), []
    for _ in range(3):
        with transaction(house.engine) as connection:
            practice = house.programme.practice("wardown-park")
            start = diary.free_slots(connection, practice, limit=1, spread=False)[0][0]
            call = diary.book(connection, conversation, practice, start, "a first talk")
        clock.set(call.starts_at)
        clock.shift(minutes=30)
        answers.append(at_desk("amina").press(f"/calls/{call.id}/mark", ending="missed").text)
        clock.shift(minutes=31)
    said = [text for sender, text in thread(conversation) if sender == "system"]
    assert "pick another time" in said[0] and "pick another time" in said[1]
    assert "will not keep ringing" in said[2] and "You will be welcome" in said[2]
    with reading(house.engine) as connection:
        todo = connection.execute(sa.select(tasks)).all()
    assert [task.kind for task in todo] == ["no_answer"] and "third time" in answers[2]
    assert "told kindly, by text" in answers[0] and len(bodies(house)) == 3


def test_who_was_reached_begins_anew(house, at_desk, begin, thread):
    conversation = begin(**SAFE)
    for ending in ("missed", "missed", "done", "missed"):
        with transaction(house.engine) as connection:
            practice = house.programme.practice("wardown-park")
            start = diary.free_slots(connection, practice, limit=1, spread=False)[0][0]
            call = diary.book(connection, conversation, practice, start, "x")
        clock.set(call.starts_at)
        assert at_desk("amina").press(f"/calls/{call.id}/mark", ending=ending).status_code == 200
        clock.shift(minutes=31)
    with reading(house.engine) as connection:
        assert missed_so_far(connection, conversation) == 1


def test_what_is_safe_stands_beside_every_number(house, at_desk, begin):
    amina = at_desk("amina")
    book(amina, begin(**SAFE), slot="2026-11-23T12:00:00+00:00|Amina Yusuf")
    with transaction(house.engine) as connection:
        connection.execute(conversations.update().values(safe_to_ring=False, safe_to_text=False, safe_to_leave_message=False))
    inbox, page, day = (amina.look(where).text for where in ("/", "/calls", f"/calls/day?day={date(2026, 11, 23)}"))
    assert all(words in inbox for words in ("Do not ring", "Do not text", "Do not leave a message"))
    assert "not safe to ring" in page
    for shown in (page, day):
        assert re.search(r"Safe to ring</dt><dd class=\"no\">No", shown) and re.search(r"Safe to text</dt><dd class=\"no\">No", shown)
