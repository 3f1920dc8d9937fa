"""Passing a conversation on, handing it back with a summary, ready replies, unread marks, and who is writing."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from desk_browser import section

from assistant.clock import clock
from assistant.conversations import messages, records, typing
from assistant.desk import takeover
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import canned_replies, notes, read_marks
from assistant.store.staff_tables import staff as staff_table
from assistant.store.tables import events


def state(house, conversation):
    with reading(house.engine) as connection:
        return records.load(connection, conversation)


def id_of(house, username):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(staff_table.c.id).where(staff_table.c.username == username)).scalar_one()


def notes_on(house, conversation):
    with reading(house.engine) as connection:
        return [row.text for row in connection.execute(sa.select(notes).where(notes.c.conversation_id == conversation))]


@pytest.fixture
def live(at_desk, begin):
    """Amina has a conversation; Colin is at a console too."""
    amina, colin, conversation = at_desk("amina"), at_desk("colin"), begin(state="waiting", person_name="Dorothy Hale")
    amina.press(f"/conversations/{conversation}/claim")
    colin.press("/presence", active="0")
    return amina, colin, conversation


def pass_on(desk, house, conversation, to="colin", summary="Likes gardens. Ask about the bus."):
    return desk.press(f"/conversations/{conversation}/pass-on", htmx=False, to=id_of(house, to), summary=summary)


def test_a_colleague_gets_it_with_a_note_and_the_patient_the_new_name(house, live, thread):
    amina, colin, conversation = live
    page = amina.look(f"/conversations/{conversation}/pass-on").text
    assert "Colin Prior" in page and "Joanne" not in page and "Rita" not in page and "Edith" not in page
    assert pass_on(amina, house, conversation).status_code == 303
    assert state(house, conversation).staff_id == id_of(house, "colin")
    assert thread(conversation)[-1][1].startswith("Amina has passed your chat on. Colin, a navigator here, can see")
    assert notes_on(house, conversation) == ["Passed to Colin Prior: Likes gardens. Ask about the bus."]
    assert colin.press(f"/conversations/{conversation}/reply", text="Hello").status_code == 200
    assert amina.press(f"/conversations/{conversation}/reply", text="Wait").status_code == 409
    with reading(house.engine) as connection:
        kinds = [(row.kind, row.data.get("how")) for row in connection.execute(sa.select(events).order_by(events.c.id))]
    assert ("handoff_closed", "passed_on") in kinds


def test_nobody_is_passed_to_an_empty_chair_or_another_practice(house, live, thread):
    amina, _, conversation = live
    for to, status in (("grace", 422), ("joanne", 422), ("rita", 422)):
        answer = pass_on(amina, house, conversation, to)
        assert answer.status_code == status and "Likes gardens" in answer.text, to  # what was written is kept
    assert "Grace Obi is not at a console" in pass_on(amina, house, conversation, "grace").text
    assert pass_on(amina, house, conversation, summary=" ").status_code == 422
    assert pass_on(amina, house, conversation, summary="x" * 2001).status_code == 422
    assert state(house, conversation).staff_id == id_of(house, "amina") and len(thread(conversation)) == 2


def test_only_who_has_it_can_pass_it_on_and_a_double_click_does_it_once(house, live, at_desk, thread):
    amina, colin, conversation = live
    assert "You do not have this conversation" in colin.look(f"/conversations/{conversation}/pass-on").text
    assert pass_on(colin, house, conversation, "amina").status_code == 422
    assert [pass_on(amina, house, conversation).status_code for _ in range(2)] == [303, 422]
    assert len(thread(conversation)) == 3
    assert at_desk("joanne").look(f"/conversations/{conversation}/pass-on").status_code == 404


def test_of_two_at_once_one_passes_it_on_and_it_is_told_once(house, live, thread):
    _, _, conversation = live
    with reading(house.engine) as connection:
        row = connection.execute(sa.select(staff_table).where(staff_table.c.username == "amina")).one()
    me, to = Staff(row.id, "amina", row.name, "navigator", row.practice, "", ""), id_of(house, "colin")
    start, results = threading.Barrier(4), []

    def press():
        start.wait()
        try:
            with transaction(house.engine) as connection:
                takeover.pass_on(connection, me, conversation, to, "Likes gardens")
            results.append("done")
        except (Conflict, BadInput):
            results.append("late")

    threads = [threading.Thread(target=press) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(results) == ["done", "late", "late", "late"] and len(thread(conversation)) == 3


def test_who_it_was_passed_to_is_let_go_when_their_console_is_not_seen(house, live):
    from assistant.desk import watch

    amina, _, conversation = live
    pass_on(amina, house, conversation)
    clock.shift(seconds=119)
    assert watch.look(house) == 0
    clock.shift(seconds=1)
    assert watch.look(house) == 1 and state(house, conversation).state == "waiting"


@pytest.mark.parametrize(("tell", "said"), [("", 3), ("1", 4)])
def test_handing_back_with_a_summary_keeps_a_note_and_tells_the_patient_where_ticked(house, live, thread, tell, said):
    amina, _, conversation = live
    answer = amina.press(f"/conversations/{conversation}/hand-back-with", htmx=False, summary="We agreed on Tuesday.", tell=tell)
    assert answer.status_code == 303 and state(house, conversation).state == "bot"
    assert notes_on(house, conversation) == ["Handed back to the helper: We agreed on Tuesday."]
    assert len(thread(conversation)) == said and (("navigator", "We agreed on Tuesday.") in thread(conversation)) is bool(tell)


def test_a_summary_to_tell_must_say_something(live):
    amina, _, conversation = live
    assert amina.press(f"/conversations/{conversation}/hand-back-with", htmx=False, tell="1").status_code == 422
    assert amina.press(f"/conversations/{conversation}/hand-back-with", htmx=False).status_code == 303


def test_ready_replies_stand_by_the_box_with_the_names_filled_in(live):
    amina, _, conversation = live
    text = "Hello {first_name}, I am {my_name} at {practice_name} ({practice_phone})."
    assert amina.press("/replies", htmx=False, title="Hello", text=text).status_code == 303
    page = amina.look(f"/conversations/{conversation}").text
    assert "Hello Dorothy, I am Amina at Wardown Park Surgery (01632 960101)." in page
    number = page.split("?use=")[1].split("#")[0]
    box = amina.look(f"/conversations/{conversation}", use=number).text.split("<textarea id=\"reply\"")[1].split("</textarea>")[0]
    assert "Hello Dorothy, I am Amina" in box  # where no script puts it there


def test_without_a_name_a_ready_reply_reads_well(at_desk, begin):
    amina, conversation = at_desk("amina"), begin(state="waiting")
    amina.press(f"/conversations/{conversation}/claim")
    amina.press("/replies", htmx=False, title="Hello", text="Hello {first_name}, how are you?")
    assert "Hello, how are you?" in amina.look(f"/conversations/{conversation}").text


def test_ready_replies_are_changed_and_removed_by_the_practice_and_no_other(house, at_desk):
    amina, joanne, olive = at_desk("amina"), at_desk("joanne"), at_desk("olive")
    amina.press("/replies", htmx=False, title="Hello", text="Hello there")
    with reading(house.engine) as connection:
        reply = connection.execute(sa.select(canned_replies.c.id)).scalar_one()
    assert "Hello there" not in joanne.look("/replies").text
    assert joanne.press(f"/replies/{reply}", htmx=False, title="Mine", text="x").status_code == 404
    assert joanne.press(f"/replies/{reply}/remove", htmx=False).status_code == 404
    assert amina.press(f"/replies/{reply}", htmx=False, title="Hello", text="Good day").status_code == 303
    page = olive.look("/replies").text
    assert "Good day" in page and "Stopsley Green" in page
    assert olive.press("/replies", htmx=False, title="Hello", text="Elsewhere", practice="stopsley-green").status_code == 303
    assert "Elsewhere" in joanne.look("/replies").text and "Elsewhere" not in amina.look("/replies").text
    assert amina.press(f"/replies/{reply}/remove", htmx=False).status_code == 303
    assert "Good day" not in amina.look("/replies").text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "", "text": "x"}, "short title"),
        ({"title": "x" * 61, "text": "x"}, "short title"),
        ({"title": "x", "text": " "}, "Write the reply"),
        ({"title": "x", "text": "y" * 1001}, "1,000"),
        ({"title": "x", "text": "Dear {surname}"}, "{surname} is not known"),
        ({"title": "Hello", "text": "again"}, "already"),
    ],
)
def test_a_reply_that_cannot_be_used_is_explained_and_kept(at_desk, fields, words):
    amina = at_desk("amina")
    amina.press("/replies", htmx=False, title="Hello", text="Hello")
    answer = amina.press("/replies", htmx=False, **fields)
    assert answer.status_code in (409, 422) and words in answer.text.replace("&#39;", "'")
    assert fields["text"].strip()[:40] in answer.text


@pytest.mark.parametrize("who", ["rita", "edith"])
def test_ready_replies_are_for_those_who_answer(at_desk, who):
    assert at_desk(who).look("/replies").status_code == 403


def test_what_is_new_is_counted_for_each_of_the_team(house, at_desk, begin):
    amina, colin, conversation = at_desk("amina"), at_desk("colin"), begin("One", "Two", state="waiting")
    assert "2 new" in section(amina.look("/").text, "waiting")
    amina.look(f"/conversations/{conversation}")
    assert " new<" not in section(amina.look("/").text, "waiting") and "2 new" in section(colin.look("/").text, "waiting")
    with transaction(house.engine) as connection:
        messages.append(connection, conversation, "patient", "Three", answered=True)
        messages.append(connection, conversation, "bot", "I see", answered=True)
    assert "1 new" in section(amina.look("/").text, "waiting")
    amina.look(f"/conversations/{conversation}/parts", after=2)
    assert " new<" not in section(amina.look("/").text, "waiting")
    with reading(house.engine) as connection:
        assert {row.seq for row in connection.execute(sa.select(read_marks))} == {4}


def test_marks_go_with_the_conversation(house, at_desk, begin):
    from assistant.conversations import erasing

    conversation = begin()
    at_desk("amina").look(f"/conversations/{conversation}")
    with transaction(house.engine) as connection:
        typing.note(connection, conversation, typing.PATIENT)
        erasing.erase(connection, conversation)
        assert connection.execute(sa.select(read_marks)).all() == [] and not typing.is_writing(connection, conversation, "patient")


def test_that_the_patient_is_writing_is_seen_and_ends_by_the_clock(house, live):
    amina, _, conversation = live
    with transaction(house.engine) as connection:
        typing.note(connection, conversation, typing.PATIENT)
    assert "Dorothy Hale is writing" in amina.look(f"/conversations/{conversation}").text
    clock.shift(seconds=9)
    assert "is writing" not in section(amina.look(f"/conversations/{conversation}").text, "writing")


def test_that_the_navigator_is_writing_is_noted_for_who_has_it_alone(house, live, at_desk):
    amina, colin, conversation = live

    def writing():
        with reading(house.engine) as connection:
            return typing.is_writing(connection, conversation, typing.STAFF)

    assert colin.press(f"/conversations/{conversation}/typing").status_code == 204 and not writing()
    assert at_desk("joanne").press(f"/conversations/{conversation}/typing").status_code == 404
    assert amina.press(f"/conversations/{conversation}/typing").status_code == 204 and writing()
    amina.press(f"/conversations/{conversation}/reply", text="Hello")
    assert not writing()


def test_the_title_counts_those_who_need_somebody(at_desk, begin):
    amina = at_desk("amina")
    mine, other = begin("Hello", state="waiting", person_name="Dorothy Hale"), begin("Hi", state="waiting")
    assert "<title>(2) Inbox" in amina.look("/").text
    amina.press(f"/conversations/{mine}/claim")
    amina.press(f"/conversations/{mine}/reply", text="Hello")
    assert "<title>(1) Dorothy Hale" in amina.look(f"/conversations/{mine}").text
    assert "<title>(1) Calls" in amina.look("/calls").text
    amina.press(f"/conversations/{other}/claim")
    amina.press(f"/conversations/{other}/reply", text="Hello")
    assert "<title>Calls" in amina.look("/calls").text
