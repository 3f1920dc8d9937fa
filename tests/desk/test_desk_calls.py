"""Calls: what is today, how they went, and what the patient is told."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
from desk_browser import section

from assistant.clock import clock
from assistant.store.database import reading, transaction
from assistant.store.tables import callbacks, outbox


@pytest.fixture
def book(house, begin):
    """`book(hours=2)`: a call so many hours from now; its id and its conversation's."""

    def make(hours=0.0, practice="wardown-park", status="booked", **person):
        conversation = begin(practice=practice, **{"person_name": "Dorothy Hale", "contact_number": "+447700900123", "safe_to_ring": True, **person})
        call = str(uuid.uuid4())
        with transaction(house.engine) as connection:
            connection.execute(
                callbacks.insert().values(
                    id=call, conversation_id=conversation, practice=practice, navigator="Amina Yusuf", status=status,
                    starts_at=clock.now() + timedelta(hours=hours), purpose="a first talk", created_at=clock.now(),
                )
            )  # fmt: skip
        return call, conversation

    return make


def status_of(house, call):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(callbacks.c.status).where(callbacks.c.id == call)).scalar_one()


def test_calls_stand_under_their_time(at_desk, book):
    book(-3, person_name="Past One")
    book(2, person_name="Later Today")
    book(26, person_name="Tomorrow Person")
    book(-48, person_name="Old One", status="missed")
    book(1, person_name="Elsewhere", practice="stopsley-green")
    page = at_desk("amina").look("/calls").text
    places = [page.index(words) for words in (
        "How did these go?", "Past One", 'id="h-today"', "Later Today", 'id="h-coming"', "Tomorrow Person", 'id="h-past"', "Old One",
    )]  # fmt: skip
    assert places == sorted(places) and "Elsewhere" not in page
    inbox = section(at_desk("colin").look("/").text, "calls")
    assert "Later Today" in inbox and "Past One" in inbox and "Tomorrow Person" not in inbox


def test_the_last_30_days_hold_no_call_of_the_future_and_a_moved_one_says_so(at_desk, book):
    book(26, person_name="Called Off", status="cancelled")
    book(27, person_name="Moved Ahead", status="moved")
    book(-26, person_name="Moved Before", status="moved")
    book(0.2, person_name="Rung Early", status="done")
    past = at_desk("amina").look("/calls").text.split('id="h-past"')[1]
    assert "Called Off" not in past and "Moved Ahead" not in past and "Rung Early" in past
    assert '<span class="tag">Moved</span>' in past and "Cancelled" not in past


def test_done_is_kept_and_nobody_is_bothered(house, at_desk, book, thread):
    call, conversation = book(-0.5)
    assert at_desk("amina").press(f"/calls/{call}/mark", ending="done").status_code == 200
    assert status_of(house, call) == "done" and len(thread(conversation)) == 1


@pytest.mark.parametrize(
    ("ending", "hours", "words"), [("missed", -0.5, "could not reach you"), ("cancelled", 5, "we cannot ring you")]
)
def test_missed_and_cancelled_tell_the_patient_and_offer_another(house, at_desk, book, thread, ending, hours, words):
    call, conversation = book(hours)
    assert at_desk("amina").press(f"/calls/{call}/mark", ending=ending).status_code == 200
    assert status_of(house, call) == ending
    assert words in thread(conversation)[-1][1] and "pick another time" in thread(conversation)[-1][1]


def test_where_texting_is_not_safe_nothing_is_texted(house, at_desk, book, thread):
    call, conversation = book(-0.5, channel="sms", phone="+447700900123", safe_to_text=False)
    at_desk("amina").press(f"/calls/{call}/mark", ending="missed")
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(outbox)).all() == []
    assert len(thread(conversation)) == 1


def test_marking_twice_too_early_or_wrongly_is_refused(at_desk, book):
    amina, colin, joanne = at_desk("amina"), at_desk("colin"), at_desk("joanne")
    past, _ = book(-0.5)
    ahead, _ = book(5)
    assert joanne.press(f"/calls/{past}/mark", ending="done").status_code == 404
    assert amina.press(f"/calls/{past}/mark", ending="forgotten").status_code == 422
    assert amina.press(f"/calls/{ahead}/mark", ending="missed").status_code == 422
    assert amina.press(f"/calls/{past}/mark", ending="done").status_code == 200
    assert colin.press(f"/calls/{past}/mark", ending="missed").status_code == 409


def test_reception_sees_whom_to_ring_but_not_why(at_desk, book):
    book(2)
    page = at_desk("rita").look("/calls").text
    assert "Dorothy Hale" in page and "07700 900123" in page and "Not asked yet" in page
    assert "a first talk" not in page.split('id="part-calls"')[1] and "/conversations/" not in page


def test_a_question_that_was_skipped_is_not_one_never_asked(at_desk, book):
    book(2, picture={"safe_to_text": "skipped"})
    page = at_desk("rita").look("/calls").text
    assert "Asked, no answer" in page and "Not asked yet" not in page


def test_today_is_the_day_in_england(at_desk, book):
    clock.set(clock.now().replace(month=6, day=15, hour=22, minute=30))  # 11.30pm in summer time
    book(0.25, person_name="Before Midnight")
    book(1, person_name="After Midnight")
    inbox = section(at_desk("amina").look("/").text, "calls")
    assert "Before Midnight" in inbox and "After Midnight" not in inbox
