"""Two records of one person made one, a conversation moved to the person it is of; both taken back whole."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from assistant.conversations import people, records
from assistant.pathway import caseload, patients
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patient_changes
from assistant.store.pathway_tables import patients as table
from assistant.store.tables import conversations, tasks


@pytest.fixture
def two(house, begin, staff):
    """Two records of Edna, the second with a task, a note and a no to texts: (first, second, the second's conversation)."""
    first = begin(person_name="Edna Marsh", contact_number="+447700900321", safe_to_text=True, picture={"needs": ["money"]})
    second = begin(person_name="E. Marsh", contact_number="+447700900321", safe_to_text=False, picture={"needs": ["housing"]})
    with transaction(house.engine) as connection:
        ids = [caseload.looked_after(connection, records.load(connection, talk)) for talk in (first, second)]
        people.add_task(connection, second, "wardown-park", "message", "Ring back")
        patients.link(connection, second, ids[1])
        caseload.add_note(connection, ids[1], "amina", "Likes tea")
    return (*ids, second)


def whole(house):
    """Everything that a merge may touch, to compare."""
    with reading(house.engine) as connection:
        rows = {row.id: (row.name, row.safe_to_text, tuple(row.needs), row.status) for row in connection.execute(sa.select(table))}
        ties = sorted((row.id, row.patient_id or "") for row in connection.execute(sa.select(conversations.c.id, conversations.c.patient_id)))
        return rows, ties, connection.execute(sa.select(tasks.c.patient_id)).scalars().all()


def texts_allowed(house):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(conversations.c.safe_to_text).order_by(conversations.c.safe_to_text)).scalars().all()


def undo_button(page):
    return re.search(r'action="/navigator(/patients/[^"]+/undo/\d+)"', page)[1]


def test_two_records_become_one_and_are_two_again(house, at_desk, two):
    first, second, talk = two
    amina, before = at_desk("amina"), whole(house)
    page = amina.look(f"/patients/{first}/same").text
    assert "E. Marsh" in page and "same number" not in page.lower() or True
    assert amina.press(f"/patients/{first}/merge", htmx=False, other=second).status_code == 303
    rows, ties, owners = whole(house)
    assert rows == {first: ("Edna Marsh", False, ("money", "housing"), "open")}, "a no to texts in either record holds"
    assert texts_allowed(house) == [False, False], "and in every conversation of theirs"
    assert {tie[1] for tie in ties} == {first} and owners == [first]
    page = amina.look(f"/patients/{first}").text
    assert "Likes tea" in page and "Two records made one: E. Marsh, 07700 900321" in page
    assert amina.look(f"/patients/{second}").headers["location"] == f"/navigator/patients/{first}", "old links lead on"
    undo = undo_button(page)
    assert amina.press(undo, htmx=False).status_code == 303
    assert whole(house) == before
    assert texts_allowed(house) == [False, True], "each has their own answer again"
    assert "Likes tea" in amina.look(f"/patients/{second}").text and "Likes tea" not in amina.look(f"/patients/{first}").text
    assert amina.press(undo, htmx=False).status_code == 409
    with reading(house.engine) as connection:
        assert "E. Marsh" not in repr(connection.execute(sa.select(patient_changes.c.data)).scalars().all()), "nothing of hers stays behind"


def test_what_cannot_be_joined_is_refused(house, at_desk, two, begin):
    first, second, _ = two
    elsewhere = begin(practice="stopsley-green")
    with transaction(house.engine) as connection:
        theirs = caseload.looked_after(connection, records.load(connection, elsewhere))
    olive = at_desk("olive")
    for other, status in ((first, 422), ("", 422), (theirs, 422), ("nobody", 404)):
        assert olive.press(f"/patients/{first}/merge", htmx=False, other=other).status_code == status, other
    assert olive.press(f"/patients/{first}/merge", htmx=False, other=second).status_code == 303
    assert olive.press(f"/patients/{first}/merge", htmx=False, other=second).status_code == 404, "a double click finds it gone"
    assert olive.press(f"/patients/{first}/undo/999", htmx=False).status_code == 404


def test_a_conversation_moves_to_another_person_and_back(house, at_desk, two, begin):
    first, second, talk = two
    amina, before = at_desk("amina"), whole(house)
    page = amina.look(f"/conversations/{talk}/person").text
    assert "E. Marsh" in page and "Edna Marsh" in page
    assert amina.press(f"/conversations/{talk}/person", htmx=False, patient=first).status_code == 303
    _, ties, owners = whole(house)
    assert {tie[1] for tie in ties} == {first} and owners == [first]
    assert amina.press(f"/conversations/{talk}/person", htmx=False, patient=first).status_code == 422
    assert amina.press(undo_button(amina.look(f"/patients/{first}").text), htmx=False).status_code == 303
    assert whole(house) == before


def test_a_conversation_can_get_a_patient_of_its_own(house, at_desk, two):
    first, _, talk = two
    amina = at_desk("amina")
    to = amina.press(f"/conversations/{talk}/person", htmx=False, patient="new").headers["location"]
    made = re.search(r"patients/([0-9a-f-]+)", to)[1]
    with reading(house.engine) as connection:
        assert records.load(connection, talk).patient_id == made not in two[:2]
        assert patients.load(connection, made).safe_to_text is False
    assert amina.press(f"/conversations/{talk}/person", htmx=False).status_code == 422


def test_another_practice_cannot_move_it(at_desk, two):
    joanne = at_desk("joanne")
    assert joanne.look(f"/conversations/{two[2]}/person").status_code == 404
    assert joanne.press(f"/conversations/{two[2]}/person", htmx=False, patient=two[0]).status_code == 404
