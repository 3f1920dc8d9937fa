"""Booking for somebody at the desk: by reception where the practice allows it, one record a person, and the slip they take away."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import records
from assistant.pathway import caseload
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patients
from assistant.store.staff_tables import audit
from assistant.store.tables import callbacks, conversations, outbox

TUESDAY, THURSDAY = "2026-11-24T14:00:00+00:00|Amina Yusuf", "2026-11-26T15:00:00+00:00|Amina Yusuf"
ROOM = "Room 4, ground floor"
FORM = {
    "kind": "call", "slot": TUESDAY, "name": "Agnieszka Wójcik", "number": "07700 900777", "safe_to_ring": "yes", "safe_to_text": "yes",
    "consent": "yes",
}  # fmt: skip


def rows(house, table):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(table)).all()


def book(desk, **changes):
    return desk.press("/calls/book", htmx=False, **{**FORM, **changes})


def test_reception_books_a_call_and_the_person_gets_a_slip_and_a_text(house, at_desk):
    rita = at_desk("rita")
    assert 'href="/navigator/calls/book"' in rita.look("/calls").text
    page = rita.look("/calls/book").text
    assert TUESDAY in page and "It is about" not in page, "reception says nothing of why"
    answers = [book(rita), book(rita)]  # a double click
    assert [answer.status_code for answer in answers] == [303, 303]
    (call,), (row,) = rows(house, callbacks), rows(house, patients)
    assert (call.status, call.navigator, call.patient_id) == ("booked", "Amina Yusuf", row.id)
    assert (row.name, row.number, row.source, row.safe_to_ring, row.safe_to_text) == ("Agnieszka Wójcik", "+447700900777", "reception", True, True)
    assert answers[0].headers["location"] == f"/navigator/calls/{call.id}/slip?told=text"
    slip = rita.get(answers[0].headers["location"]).text
    assert "Tuesday 24 November at 2pm" in slip and "will ring you on 07700 900777" in slip and "what could help" not in slip
    assert len(rows(house, outbox)) == 1, "told once"
    assert {"call.booked", "patient.added", "call.slip"} <= {line.action for line in rows(house, audit)}
    assert "Agnieszka" in at_desk("amina").look("/patients").text, "the case is the navigator's who rings"


def test_reception_moves_a_call_without_typing_the_person_again(house, at_desk):
    rita = at_desk("rita")
    book(rita)
    (call,) = rows(house, callbacks)
    page = rita.look("/calls/book", call=call.id).text
    assert "Agnieszka" in page and 'name="name"' not in page
    assert book(rita, call=call.id, slot=THURSDAY, name="", number="", consent="").status_code == 303
    assert sorted(row.status for row in rows(house, callbacks)) == ["booked", "moved"] and len(rows(house, patients)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"consent": ""}, "Ask them first. Then tick"), ({"name": " "}, "Give the person"), ({"number": ""}, "A call needs a number"),
        ({"number": "12"}, "not a UK phone number"), ({"safe_to_ring": ""}, "is it safe to ring this number"), ({"slot": ""}, "Choose a time"),
        ({"safe_to_ring": "no"}, "is it safe to ring this number"), ({"kind": "meeting", "place": "The pub"}, "Choose the room"),
        ({"slot": "2026-11-22T14:00:00+00:00|Amina Yusuf"}, "not free any more"), ({"number": "01632 960101"}, "mobiles only"),
    ],
)  # fmt: skip
def test_what_cannot_be_booked_is_said_and_what_was_typed_stays(house, at_desk, changes, words):
    answer = book(at_desk("rita"), **changes)
    assert answer.status_code in (409, 422) and words in answer.text
    assert "Wójcik" in answer.text or "name" in changes
    assert rows(house, callbacks) == [] and rows(house, patients) == [] and rows(house, conversations) == []


def test_who_has_no_phone_meets_the_navigator_and_the_slip_says_that_no_text_went(house, at_desk):
    rita = at_desk("rita")
    answer = book(rita, kind="meeting", place=ROOM, number="", safe_to_ring="", safe_to_text="")
    assert answer.status_code == 303
    slip = rita.get(answer.headers["location"]).text
    assert "No text could go to them" in slip and ROOM in slip and rows(house, outbox) == []


def test_somebody_known_keeps_their_record_and_their_one_booking(house, at_desk, begin):
    chat = begin(person_name="Agnieszka Wójcik", contact_number="+447700900777", safe_to_ring=True, safe_to_text=True)
    other = begin(person_name="Agnieszka Wójcik", contact_number="+447700900777", safe_to_ring=True, safe_to_text=True)
    with transaction(house.engine) as connection:
        ids = {caseload.looked_after(connection, records.load(connection, one)) for one in (chat, other)}
    amina = at_desk("amina")
    assert amina.press(f"/conversations/{chat}/book", htmx=False, kind="call", slot=THURSDAY, purpose="money").status_code == 303
    clock.shift(minutes=1)
    assert book(at_desk("rita"), name="agnieszka wójcik").status_code == 303
    assert {row.id for row in rows(house, patients)} == ids and len(rows(house, conversations)) == 2
    standing = [row for row in rows(house, callbacks) if row.status == "booked"]
    assert len(standing) == 1 and standing[0].purpose == "money", "one person is not rung twice"
    assert "What you book here takes its place" in amina.look(f"/conversations/{chat}/book").text


def test_a_no_that_is_on_the_record_holds_against_a_yes_at_the_desk(house, at_desk, begin):
    chat = begin(person_name="Agnieszka Wójcik", contact_number="+447700900777", safe_to_ring=False)
    with transaction(house.engine) as connection:
        caseload.looked_after(connection, records.load(connection, chat))
    answer = book(at_desk("rita"))
    assert answer.status_code == 422 and "not safe to ring" in answer.text and rows(house, callbacks) == []


def test_only_where_the_practice_allows_it_and_only_there(house, at_desk, begin, monkeypatch):
    rita, edith, joanne = at_desk("rita"), at_desk("edith"), at_desk("joanne")
    assert edith.look("/calls/book").status_code == 403 and book(edith).status_code == 403
    assert book(joanne).status_code in (409, 422), "Amina has no diary at the other practice"
    book(rita)
    (call,) = rows(house, callbacks)
    assert joanne.look(f"/calls/{call.id}/slip").status_code == 404
    assert joanne.look("/calls/book", call=call.id).status_code == 404
    practices = house.programme.practices
    monkeypatch.setitem(practices, "wardown-park", practices["wardown-park"].copy(update={"reception_books": False}))
    assert rita.look("/calls/book").status_code == 403 and book(rita, slot=THURSDAY).status_code == 403
    assert "/calls/book" not in rita.look("/calls").text
    assert at_desk("amina").look("/calls/book").status_code == 200, "navigators always may"
