"""The calendar file: a calendar understands it, it says nothing of why, and only its own signed address opens it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from diary_house import PRACTICE, SAFE, begin, book, house_at, link_in, london
from fastapi import FastAPI
from fastapi.testclient import TestClient
from icalendar import Calendar

from assistant.channels.limits import Limits
from assistant.clock import clock
from assistant.conversations import calendar_file, diary
from assistant.secret import secret_key
from assistant.store.database import transaction
from assistant.web.calendar_pages import calendar_router
from assistant.web.wiring import page_context


@pytest.fixture
def house(tmp_path):
    """Monday at ten."""
    clock.set(london(2026, 11, 23, 10))
    yield house_at(tmp_path)
    clock.run()


@pytest.fixture
def web(house):
    app = FastAPI()
    app.state.house = house
    app.include_router(calendar_router(house, page_context(house, Limits(house.settings))))
    return TestClient(app)


def path_of(house, call):
    address = calendar_file.address(house.settings.public_base_url, call.id, secret_key(house.settings))
    return link_in(address)


def event_in(body):
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    return event


def test_a_call_as_a_calendar_reads_it(house, web):
    call = book(house, begin(house, **SAFE), london(2026, 11, 26, 14))
    answer = web.get(path_of(house, call))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    assert "attachment" in answer.headers["content-disposition"] and answer.headers["cache-control"] == "no-store"
    event = event_in(answer.content)
    assert event["summary"] == "Amina from Wardown Park Surgery rings" and event["location"] == "By phone"
    assert event.decoded("dtstart") == london(2026, 11, 26, 14)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=20)
    text = answer.text
    assert "help" not in text and "Dorothy" not in text and "0900123" not in text and call.conversation_id not in text


def test_a_meeting_has_its_place_and_its_length(house, web):
    call = book(house, begin(house, **SAFE), london(2026, 11, 26, 14), kind="meeting", place="Room 4, ground floor")
    event = event_in(web.get(path_of(house, call)).content)
    assert event["location"] == "Room 4, ground floor, Wardown Park Surgery, 14 Bluebell Walk, Luton"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=45)


def test_a_moved_call_is_the_same_entry_with_a_higher_number(house):
    conversation = begin(house, **SAFE)
    first = event_in(calendar_file.calendar_file(book(house, conversation, london(2026, 11, 26, 14)), PRACTICE))
    clock.shift(minutes=3)
    second = event_in(calendar_file.calendar_file(book(house, conversation, london(2026, 11, 27, 14)), PRACTICE))
    assert first["uid"] == second["uid"] and second["sequence"] > first["sequence"]


def test_summer_time_is_an_instant(house):
    clock.set(london(2026, 10, 20, 10))
    call = book(house, begin(house), london(2026, 10, 22, 14))
    assert event_in(calendar_file.calendar_file(call, PRACTICE)).to_ical().count(b"DTSTART:20261022T130000Z") == 1


def test_the_address_works_for_its_own_call_and_only_while_it_stands(house, web):
    conversation = begin(house, **SAFE)
    call, other = book(house, conversation, london(2026, 11, 26, 14)), book(house, begin(house), london(2026, 11, 26, 15))
    path, another = path_of(house, call), path_of(house, other)
    forged = path.split(".")[0] + "." + another.split(".", 1)[1]
    for wrong in (forged, path.replace(".ics", "x.ics"), "/calendar/x.ics", "/calendar/.ics", "/calendar/%ff%00.ics", "/calendar/" + "a" * 80 + ".ics"):
        answer = web.get(wrong)
        assert answer.status_code in (404, 422), wrong
    clock.set(call.starts_at + timedelta(hours=23))
    assert web.get(path).status_code == 200
    clock.shift(hours=2)
    gone = web.get(path)
    assert gone.status_code == 404 and "does not work any more" in gone.text
    clock.set(london(2026, 11, 24, 10))
    with transaction(house.engine) as connection:
        diary.cancel(connection, conversation)
    assert web.get(path).status_code == 404 and web.get(another).status_code == 200
