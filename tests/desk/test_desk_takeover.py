"""Taking over, speaking, handing back: one navigator at a time, the patient told, double clicks harmless."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from assistant.conversations import messages, records
from assistant.desk import takeover
from assistant.desk.roles import Staff
from assistant.errors import Conflict
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import staff as staff_table
from assistant.store.tables import events, outbox


def state(house, conversation):
    with reading(house.engine) as connection:
        return records.load(connection, conversation)


def kinds(house, conversation):
    with reading(house.engine) as connection:
        rows = connection.execute(sa.select(events).where(events.c.conversation_id == conversation)).all()
    return [(row.kind, row.data) for row in rows]


@pytest.mark.parametrize("before", ["waiting", "bot"])
def test_taking_over_makes_it_live_and_tells_the_patient(house, at_desk, begin, thread, before):
    desk, conversation = at_desk("amina"), begin(state=before)
    answer = desk.press(f"/conversations/{conversation}/claim")
    assert answer.status_code == 200 and answer.headers["hx-trigger"] == "desk-changed"
    assert state(house, conversation).state == "live"
    assert thread(conversation)[-1] == (
        "system", "Amina, your navigator, has joined. You are talking to a person now."
    )  # fmt: skip
    assert "handoff_accepted" in [kind for kind, _ in kinds(house, conversation)]


def test_the_second_navigator_is_told_who_has_it(at_desk, begin, thread):
    amina, colin, conversation = at_desk("amina"), at_desk("colin"), begin(state="waiting")
    amina.press(f"/conversations/{conversation}/claim")
    answer = colin.press(f"/conversations/{conversation}/claim")
    assert answer.status_code == 409 and answer.headers["hx-retarget"] == "#notice"
    assert "Amina Yusuf has this conversation since 10:00" in answer.text
    assert len(thread(conversation)) == 2
    page = colin.look(f"/conversations/{conversation}").text
    assert "Only the navigator who has this conversation can answer" in page and 'id="reply"' not in page


def test_taking_over_twice_says_it_once(at_desk, begin, thread):
    amina, conversation = at_desk("amina"), begin(state="waiting")
    for _ in range(2):
        assert amina.press(f"/conversations/{conversation}/claim").status_code == 200
    assert len(thread(conversation)) == 2


def test_of_two_at_the_same_moment_exactly_one_wins(house, staff, begin):
    conversation = begin(state="waiting")
    with reading(house.engine) as connection:
        rows = {row.username: row for row in connection.execute(sa.select(staff_table))}
    people = [
        Staff(rows[name].id, name, rows[name].name, "navigator", rows[name].practice, "", "")
        for name in ("amina", "colin")
    ]
    start, results = threading.Barrier(8), []

    def race(who: Staff) -> None:
        start.wait()
        try:
            with transaction(house.engine) as connection:
                takeover.claim(connection, who, conversation)
            results.append(who.username)
        except Conflict as error:
            results.append(error.detail)

    threads = [threading.Thread(target=race, args=(people[i % 2],)) for i in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    winners = {result for result in results if result in ("amina", "colin")}
    assert len(results) == 8 and len(winners) == 1
    assert all("has this conversation" in result for result in results if result not in winners)
    with reading(house.engine) as connection:
        said = [row.text for row in messages.since(connection, conversation) if row.sender == "system"]
    assert len(said) == 1


def test_only_the_one_who_has_it_may_answer(at_desk, begin, thread):
    amina, colin, conversation = at_desk("amina"), at_desk("colin"), begin(state="waiting")
    for act, fields in (("reply", {"text": "Hello"}), ("hand-back", {}), ("close", {})):
        assert "Take it over first" in colin.press(f"/conversations/{conversation}/{act}", **fields).text
    amina.press(f"/conversations/{conversation}/claim")
    answer = colin.press(f"/conversations/{conversation}/reply", text="Hello")
    assert answer.status_code == 409 and "Only they can answer" in answer.text
    assert "Hello" not in [text for _, text in thread(conversation)]


def test_a_reply_reaches_the_patient_under_the_navigators_name(house, at_desk, begin):
    desk, conversation = at_desk("amina"), begin(state="waiting")
    desk.press(f"/conversations/{conversation}/claim")
    answer = desk.press(f"/conversations/{conversation}/reply", text="  Hello,\r\nshall we talk?  ", once="k1")
    assert answer.status_code == 200 and 'id="reply"' in answer.text and "shall we talk" not in answer.text
    with reading(house.engine) as connection:
        message = messages.as_message(messages.since(connection, conversation)[-1])
    assert message["from"] == "navigator" and message["navigator"] == "Amina Yusuf"
    assert message["text"] == "Hello,\nshall we talk?"


def test_a_double_click_says_it_once(at_desk, begin, thread):
    desk, conversation = at_desk("amina"), begin(state="waiting")
    desk.press(f"/conversations/{conversation}/claim")
    for _ in range(2):
        assert desk.press(f"/conversations/{conversation}/reply", text="Hello", once="k1").status_code == 200
    desk.press(f"/conversations/{conversation}/reply", text="Hello", once="k2")
    assert [text for who, text in thread(conversation) if who == "navigator"] == ["Hello", "Hello"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "\x00"])
def test_a_reply_that_cannot_be_used_says_why(at_desk, begin, thread, text):
    desk, conversation = at_desk("amina"), begin(state="waiting")
    desk.press(f"/conversations/{conversation}/claim")
    assert desk.press(f"/conversations/{conversation}/reply", text=text).status_code == 422
    assert not [1 for who, _ in thread(conversation) if who == "navigator"]


def test_handing_back_and_closing_tell_the_patient_and_are_counted(house, at_desk, begin, thread):
    desk = at_desk("amina")
    for act, after, words in (("hand-back", "bot", "The helper is back"), ("close", "closed", "write again any time")):
        conversation = begin(state="waiting")
        desk.press(f"/conversations/{conversation}/claim")
        assert desk.press(f"/conversations/{conversation}/{act}").status_code == 200
        row = state(house, conversation)
        assert (row.state, row.staff_id, row.claimed_at) == (after, None, None)
        assert words in thread(conversation)[-1][1] and thread(conversation)[-1][0] == "system"
        assert kinds(house, conversation)[-1][0] == "handoff_closed"


def test_a_closed_conversation_waits_for_the_patient(at_desk, begin):
    desk, conversation = at_desk("amina"), begin(state="closed")
    answer = desk.press(f"/conversations/{conversation}/claim")
    assert answer.status_code == 409 and "opens again when the patient writes" in answer.text


def test_in_a_text_conversation_replies_and_notices_are_texted(house, at_desk, begin):
    woken = []
    house.wake_outbox = lambda: woken.append(1)
    desk, conversation = at_desk("amina"), begin(channel="sms", phone="+447700900123", state="waiting")
    desk.press(f"/conversations/{conversation}/claim")
    desk.press(f"/conversations/{conversation}/reply", text="Hello, this is Amina")
    with reading(house.engine) as connection:
        rows = connection.execute(sa.select(outbox).order_by(outbox.c.created_at)).all()
    bodies = " ".join(row.body for row in rows)
    assert {row.to for row in rows} == {"+447700900123"} and all(row.reply for row in rows)
    assert "has joined" in bodies and "Hello, this is Amina" in bodies and len(woken) == 2


def test_notes_are_for_staff_and_never_in_the_thread(at_desk, begin, thread):
    amina, colin, conversation = at_desk("amina"), at_desk("colin"), begin()
    colin.press(f"/conversations/{conversation}/note", note="Prefers mornings")
    page = amina.look(f"/conversations/{conversation}").text
    assert "Prefers mornings" in page and "Colin Prior" in page
    assert all("mornings" not in text for _, text in thread(conversation))
    assert "mornings" not in amina.look(f"/conversations/{conversation}/transcript").text
