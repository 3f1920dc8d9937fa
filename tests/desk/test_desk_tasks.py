"""Tasks: what is due, whose it is, done and taken back; and the inbox's list beside it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from desk_browser import section

from assistant.clock import clock
from assistant.conversations import people, records
from assistant.pathway import caseload
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import staff as staff_table
from assistant.store.tables import tasks


def id_of(house, username):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(staff_table.c.id).where(staff_table.c.username == username)).scalar_one()


def groups(page):
    """Heading -> the words of its tasks."""
    return {name: [word for word in ("Ring Edna", "Write", "Tidy up", "Ring back") if word in body]
            for name, body in re.findall(r'<h2 id="h-([a-z]+)">.*?</h2>(.*?)</section>', page, re.S)}  # fmt: skip


@pytest.fixture
def edna(house, begin, staff):
    """A patient of Amina's; the id."""
    talk = begin(person_name="Edna Marsh")
    with transaction(house.engine) as connection:
        amina = connection.execute(sa.select(staff_table.c.id).where(staff_table.c.username == "amina")).scalar_one()
        return caseload.looked_after(connection, records.load(connection, talk), amina)


def test_tasks_stand_under_their_day_and_done_can_be_undone(house, at_desk, edna):
    amina = at_desk("amina")
    to = amina.press(f"/patients/{edna}/task", htmx=False, text="Ring Edna", due="2026-11-24", owner=id_of(house, "amina"))
    assert to.status_code == 303 and "Ring Edna" in amina.look(f"/patients/{edna}").text
    assert amina.press("/tasks/add", htmx=False, text="Tidy up", due="", owner="").status_code == 303
    assert amina.press("/tasks/add", htmx=False, text="Write", due="2026-11-23", owner=id_of(house, "colin")).status_code == 303
    assert groups(amina.look("/tasks?whose=mine").text) == {"coming": ["Ring Edna"], "add": []}
    everybodys = groups(amina.look("/tasks?whose=all").text)
    assert (everybodys["today"], everybodys["coming"], everybodys["someday"]) == (["Write"], ["Ring Edna"], ["Tidy up"])
    inbox = section(amina.look("/").text, "tasks")
    assert "Write" in inbox and "Tidy up" in inbox and "Ring Edna" not in inbox, "what is due later waits on the page of tasks"
    clock.shift(days=2)
    amina = at_desk("amina")
    assert groups(amina.look("/tasks").text)["overdue"] == ["Ring Edna"]
    assert amina.press("/tasks/1/tick", htmx=False, back="mine").headers["location"].endswith("/tasks?whose=mine&done=done")
    assert amina.press("/tasks/1/tick", htmx=False, back="mine").status_code == 409
    assert groups(amina.look("/tasks").text)["done"] == ["Ring Edna"]
    assert amina.press("/tasks/1/undo", htmx=False, back=edna).headers["location"] == f"/navigator/patients/{edna}?done=undone#h-tasks"
    assert amina.press("/tasks/1/undo", htmx=False).status_code == 409
    with reading(house.engine) as connection:
        row = connection.execute(sa.select(tasks).where(tasks.c.id == 1)).one()
    assert (row.done_at, row.done_by) == (None, None)


def test_what_nobody_owns_is_mine_when_the_patient_is(house, at_desk, edna):
    with transaction(house.engine) as connection:
        people.add_task(connection, None, "wardown-park", "message", "Ring back")
        connection.execute(tasks.update().values(patient_id=edna))
    assert groups(at_desk("amina").look("/tasks").text)["someday"] == ["Ring back"]
    assert "someday" not in groups(at_desk("colin").look("/tasks").text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": " "}, "Say what is to be done"), ({"text": "x" * 501}, "1 to 500"), ({"due": "soon"}, "Choose a day"),
        ({"due": "2026-11-22"}, "from today on"), ({"due": "2030-01-01"}, "within a year"), ({"owner": "rita"}, "Choose somebody"),
        ({"owner": "joanne"}, "Choose somebody"), ({"owner": "nobody"}, "Choose somebody"),
    ],
)  # fmt: skip
def test_a_task_that_cannot_be_says_why(house, at_desk, fields, words):
    fields = {"text": "Write", "due": "2026-11-24", "owner": "", **fields}
    if fields["owner"] in ("rita", "joanne"):
        fields["owner"] = id_of(house, fields["owner"])
    answer = at_desk("amina").press("/tasks/add", htmx=False, **fields)
    assert answer.status_code == 422 and words in answer.text


def test_a_task_is_given_on_and_an_old_day_may_stay(house, at_desk, edna):
    amina = at_desk("amina")
    amina.press(f"/patients/{edna}/task", htmx=False, text="Ring Edna", due="2026-11-23", owner="")
    clock.shift(days=3)
    amina, colin = at_desk("amina"), id_of(house, "colin")
    assert amina.press("/tasks/1/give", htmx=False, owner=colin, due="2026-11-23", back="all").status_code == 303
    assert amina.press("/tasks/1/give", htmx=False, owner=colin, due="2026-11-22").status_code == 422
    assert groups(at_desk("colin").look("/tasks").text)["overdue"] == ["Ring Edna"]


def test_other_practices_and_roles_have_no_part_in_it(at_desk, edna):
    at_desk("amina").press(f"/patients/{edna}/task", htmx=False, text="Ring Edna")
    for username, status in (("joanne", 404), ("rita", 403), ("edith", 403)):
        desk = at_desk(username)
        for act in ("tick", "undo", "give"):
            assert desk.press(f"/tasks/1/{act}", htmx=False).status_code == status, (username, act)
        page = desk.look("/tasks?whose=all")
        assert page.status_code == (200 if status == 404 else status) and "Ring Edna" not in page.text


def test_nowhere_else_is_led_to(at_desk, edna):
    amina = at_desk("amina")
    amina.press(f"/patients/{edna}/task", htmx=False, text="Ring Edna")
    to = amina.press("/tasks/1/tick", htmx=False, back="//evil.example/x").headers["location"]
    assert to.startswith("/navigator/patients/?")
