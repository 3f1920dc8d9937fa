"""A navigator leaves: nothing without an owner, patients told the new name once and kindly, and who comes back finds them."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import people, records
from assistant.desk import accounts, leaving
from assistant.errors import BadInput, Conflict, NotFound
from assistant.pathway import caseload, handing_over, own_navigator, todo
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patients
from assistant.store.tables import callbacks, outbox, tasks
from assistant.surroundings import TurnSurroundings

EDNA = {"person_name": "Edna Marsh", "contact_number": "+447700900321", "safe_to_text": True}


@pytest.fixture
def look_after(house, begin, staff):
    """`look_after("amina", hours=26)`: a patient with a task and, given hours, a call; (patient, conversation)."""

    def make(username="amina", hours=None, practice="wardown-park", **person):
        talk = begin(practice=practice, **{**EDNA, **person})
        with transaction(house.engine) as connection:
            who = accounts.find(connection, username)
            patient = caseload.looked_after(connection, records.load(connection, talk), who.id)
            todo.add(connection, practice, "Ring", "2026-11-24", who.id, patient)
            if hours is not None:
                call(connection, talk, who.name, hours, practice)
        return patient, talk

    return make


def call(connection, talk, navigator, hours, practice="wardown-park", name=None):
    connection.execute(callbacks.insert().values(
        id=name or f"call-{talk}", conversation_id=talk, practice=practice, navigator=navigator, starts_at=clock.now() + timedelta(hours=hours),
        purpose="a first talk", status="booked", created_at=clock.now(),
    ))  # fmt: skip


def hand_over(house, leaver="amina", to="colin"):
    with transaction(house.engine) as connection:
        return handing_over.hand_over(connection, house, accounts.find(connection, leaver), accounts.find(connection, to), None)


def left(house, username="amina"):
    with reading(house.engine) as connection:
        return handing_over.left_with(connection, accounts.find(connection, username))


def texts(house):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(outbox.c.body)).scalars().all()


def test_everything_moves_in_one_step_and_the_patient_is_told_once(house, look_after, thread):
    _, talk = look_after(hours=26)
    assert left(house).in_words() == "1 open case, 1 task and 1 coming call"
    moved = hand_over(house)
    assert (moved.cases, moved.tasks, moved.calls, moved.told, moved.clashes) == (1, 1, 1, 1, 0)
    assert left(house).nothing and left(house, "colin").in_words() == "1 open case, 1 task and 1 coming call"
    told = thread(talk)[-1][1]
    assert "Amina has left the team. Your navigator is now Colin Prior." in told and "Colin will ring you on Tuesday 24 November at 12pm" in told
    assert len(texts(house)) == 1 and texts(house)[0].startswith("Wardown Park Surgery: ")
    assert hand_over(house).cases == 0 and len(texts(house)) == 1 and len(thread(talk)) == 2


def test_where_texting_is_not_safe_the_chat_alone_says_it(house, look_after, thread):
    _, talk = look_after(safe_to_text=False)
    assert hand_over(house).told == 0
    assert texts(house) == [] and "Colin Prior" in thread(talk)[-1][1]


def test_at_night_the_text_waits_for_the_morning(house, look_after):
    look_after()
    clock.shift(hours=12)
    hand_over(house)
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(outbox.c.due_at)).scalar_one().hour == 8


def test_a_time_the_colleague_has_taken_is_told_kindly_and_becomes_a_task(house, look_after, begin, thread):
    _, talk = look_after(hours=26)
    other = begin()
    with transaction(house.engine) as connection:
        call(connection, other, "Colin Prior", 26, name="his")
    moved = hand_over(house)
    assert (moved.calls, moved.clashes) == (0, 1)
    assert "Please pick another time" in thread(talk)[-1][1] and "Colin Prior" in thread(talk)[-2][1]
    with reading(house.engine) as connection:
        rows = {row.id: (row.status, row.navigator) for row in connection.execute(sa.select(callbacks))}
        owners = set(connection.execute(sa.select(tasks.c.owner_id).where(tasks.c.done_at.is_(None))).scalars())
        colin = accounts.find(connection, "colin").id
    assert rows["his"] == ("booked", "Colin Prior") and rows[f"call-{talk}"][0] == "cancelled" and owners == {colin}


def test_a_call_of_somebody_who_is_no_patient_yet_moves_too(house, staff, begin, thread):
    talk = begin(**EDNA)
    with transaction(house.engine) as connection:
        call(connection, talk, "Amina Yusuf", 26)
    assert hand_over(house).calls == 1 and "Colin will ring you" in thread(talk)[-1][1]


def test_closed_cases_reach_the_new_navigator_too_but_nobody_is_bothered(house, look_after, thread):
    patient, talk = look_after()
    with transaction(house.engine) as connection:
        connection.execute(patients.update().values(status="closed"))
    hand_over(house)
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(patients.c.navigator_id)).scalar() == accounts.find(connection, "colin").id
    assert texts(house) == [] and len(thread(talk)) == 1


@pytest.mark.parametrize("to", ["amina", "rita", "edith", "joanne"])
def test_only_who_can_have_the_cases_gets_them(house, look_after, to):
    look_after()
    with pytest.raises(BadInput):
        hand_over(house, to=to)
    assert left(house).in_words() == "1 open case and 1 task"


def test_an_account_with_cases_is_not_closed_unless_said_so(house, look_after):
    look_after()
    with pytest.raises(Conflict, match="Amina Yusuf still has 1 open case and 1 task"), transaction(house.engine) as connection:
        leaving.disable(connection, "amina", leave=False)
    with transaction(house.engine) as connection:
        assert accounts.find(connection, "amina").disabled_at is None
        leaving.disable(connection, "colin", leave=False)
        leaving.disable(connection, "amina", leave=True)
        assert accounts.find(connection, "amina").disabled_at and accounts.find(connection, "colin").disabled_at
    with pytest.raises(NotFound), transaction(house.engine) as connection:
        leaving.disable(connection, "nobody", leave=True)


def test_the_managers_page_does_it_in_one_press(house, at_desk, look_after):
    look_after(hours=26)
    grace = at_desk("grace")
    with reading(house.engine) as connection:
        amina, colin, joanne = (accounts.find(connection, name).id for name in ("amina", "colin", "joanne"))
    page = grace.look(f"/leaving?person={amina}").text
    assert "Amina Yusuf has 1 open case, 1 task and 1 coming call" in page and "Joanne" not in page
    assert grace.look(f"/leaving?person={joanne}").status_code == 404
    assert grace.press("/leaving", htmx=False, person=amina, to=joanne).status_code == 422
    assert grace.press("/leaving", htmx=False, person=amina, to="").status_code == 422
    answer = grace.press("/leaving", htmx=False, person=amina, to=colin, close="yes")
    assert answer.status_code == 303
    done = grace.get(answer.headers["location"]).text
    assert "Handed over: 1 open cases, 1 tasks, 1 coming calls. 1 patients told by text." in done and "Has left" in done
    assert at_desk("colin").look("/leaving").status_code == 403


def test_who_comes_back_is_offered_their_own_navigator_first(house, staff, begin):
    practice = house.programme.practice("wardown-park")
    talk = begin(**EDNA)
    with transaction(house.engine) as connection:
        caseload.looked_after(connection, records.load(connection, talk), accounts.find(connection, "colin").id)
        back, stranger = (records.load(connection, begin_as(connection, name)) for name in ("Edna Marsh", "Frank Marsh"))
        assert own_navigator.of(connection, back) == "Colin Prior" and own_navigator.of(connection, stranger) is None
        mine = own_navigator.first(connection, practice, back)
        assert [n.name for n in mine.navigators] == ["Colin Prior", "Amina Yusuf"] and mine.facts()["navigator_name"] == "Colin Prior"
        assert own_navigator.first(connection, practice, stranger) is practice
        accounts.disable_staff(connection, "colin")
        assert own_navigator.of(connection, back) is None
        assert [n.name for n in own_navigator.still_here(connection, practice).navigators] == ["Amina Yusuf"]


def test_the_chat_books_with_their_own_navigator_and_whoever_has_a_call_is_a_patient(house, staff, begin):
    stranger, talk = begin(), begin(**EDNA)
    with transaction(house.engine) as connection:
        new = TurnSurroundings(house, connection, records.load(connection, stranger))
        assert new.facts["navigator_name"] == "Amina Yusuf" and {t.navigator for t in new.call_times(limit=100, every=True)} == {"Amina Yusuf", "Colin Prior"}
        wednesday = next(time for time in new.call_times(limit=100, every=True) if time.navigator == "Colin Prior")
        assert new.book_call(wednesday.starts_at, "company").navigator == "Colin Prior"
        (made,) = connection.execute(sa.select(patients)).all()
        assert made.navigator_id == accounts.find(connection, "colin").id
        assert connection.execute(sa.select(callbacks.c.patient_id)).scalar() == made.id
        caseload.looked_after(connection, records.load(connection, talk), made.navigator_id)
        back = TurnSurroundings(house, connection, records.load(connection, begin_as(connection, "Edna Marsh")))
        assert back.facts["navigator_name"] == "Colin Prior" and {time.navigator for time in back.call_times()} == {"Colin Prior"}
        accounts.disable_staff(connection, "colin")
        gone = TurnSurroundings(house, connection, records.load(connection, begin_as(connection, "Edna Marsh")))
        assert {time.navigator for time in gone.call_times(limit=100, every=True)} == {"Amina Yusuf"}


def test_by_setting_only_who_is_referred_may_book(house, staff, begin):
    slug = "wardown-park"
    house.programme.practices[slug] = house.programme.practice(slug).copy(update={"self_referral": False})
    stranger, talk = begin(), begin(**EDNA)
    try:
        with transaction(house.engine) as connection:
            caseload.looked_after(connection, records.load(connection, talk))
            assert TurnSurroundings(house, connection, records.load(connection, stranger)).by_referral_only
            assert not TurnSurroundings(house, connection, records.load(connection, talk)).by_referral_only
    finally:
        house.programme.practices[slug] = house.programme.practice(slug).copy(update={"self_referral": True})


def begin_as(connection, name):
    talk, _ = records.begin(connection, channel="web", practice="wardown-park")
    records.update(connection, talk, person_name=name, contact_number="+447700900321")
    return talk


def test_a_practice_without_a_named_navigator_is_said_on_the_inbox(house, at_desk):
    with transaction(house.engine) as connection:
        assert own_navigator.missing(connection, house.programme, "wardown-park") == []
        people.add_task(connection, None, "wardown-park", "message", "x")
        for name in ("amina", "colin"):
            accounts.disable_staff(connection, name)
        (line,) = own_navigator.missing(connection, house.programme, "wardown-park")
    assert "Wardown Park Surgery has no named navigator" in line and "Amina Yusuf, Colin Prior" in line
    assert "has no named navigator" in at_desk("grace").look("/").text
