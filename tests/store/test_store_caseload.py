"""The caseload on both databases, over the tables that the migrations make: listed, joined, handed over, counted once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from assistant.clock import clock
from assistant.conversations import records
from assistant.desk import accounts
from assistant.desk import caseload as listed
from assistant.desk.patient_view import view_of
from assistant.desk.roles import Staff
from assistant.house import House
from assistant.pathway import caseload, handing_over, patients, same_person, signposting, todo
from assistant.programme import load_programme
from assistant.settings import ROOT, Settings
from assistant.store.database import transaction
from assistant.store.pathway_tables import signposts
from assistant.store.tables import callbacks, outbox, tasks

PRACTICE = "wardown-park"


@pytest.fixture
def house(engine: Engine) -> House:
    return House(Settings(), engine, load_programme(ROOT / "programme"))


def look_after(connection: Connection, name: str, navigator: str, hours: float) -> str:
    talk, _ = records.begin(connection, channel="web", practice=PRACTICE)
    records.update(connection, talk, person_name=name, contact_number="+447700900321", safe_to_text=True)
    who = accounts.find(connection, navigator)
    assert who is not None
    patient = caseload.looked_after(connection, records.load(connection, talk), who.id)
    todo.add(connection, PRACTICE, "Ring", "", who.id, patient)
    connection.execute(callbacks.insert().values(
        id=f"call-{name}", conversation_id=talk, practice=PRACTICE, navigator=who.name, starts_at=clock.now() + timedelta(hours=hours),
        purpose="company", status="booked", created_at=clock.now(), patient_id=patient,
    ))  # fmt: skip
    return patient


def test_a_case_from_the_list_to_another_navigator(engine: Engine, house: House) -> None:
    clock.set(clock.now())
    try:
        with transaction(engine) as connection:
            for username, name in (("amina", "Amina Yusuf"), ("colin", "Colin Prior")):
                accounts.add_staff(connection, username, name, "navigator", PRACTICE)
            amina, colin = accounts.find(connection, "amina"), accounts.find(connection, "colin")
            assert amina is not None and colin is not None
            edna, raj = look_after(connection, "Edna", "amina", 30), look_after(connection, "Raj", "colin", 30)
            who = Staff(amina.id, "amina", "Amina Yusuf", "manager", PRACTICE, "", "")
            for sort in listed.SORTS:
                for due in listed.DUE:
                    total, found = listed.find(connection, who, whose="all", sort=sort, due=due)
                    assert total == len(found) == (0 if due else 2), (sort, due)
            assert [one.cases for one in listed.capacity(connection, who, None)] == [1, 1]

            change = same_person.merge(connection, patients.load(connection, edna), patients.load(connection, raj), amina.id)
            assert listed.find(connection, who, whose="all")[0] == 1
            same_person.undo(connection, patients.load(connection, edna), change, amina.id)
            assert listed.find(connection, who, whose="all")[0] == 2

            moved = handing_over.hand_over(connection, house, amina, colin, None)
            assert (moved.cases, moved.tasks, moved.calls, moved.clashes) == (1, 1, 0, 1), "both calls were at one time"
            assert handing_over.left_with(connection, amina).nothing
            assert view_of(connection, house, patients.load(connection, edna))["timeline"]
            assert connection.execute(sa.select(sa.func.count()).select_from(outbox)).scalar_one() == 2
            assert todo.tasks_of(connection, tasks.c.practice == PRACTICE, colin.id).someday
    finally:
        clock.run()


def test_one_press_counts_once(engine: Engine, house: House) -> None:
    practice, given = house.programme.practice(PRACTICE), [{"id": "L1", "name": "Kettle", "needs": ["loneliness"]}]
    numbers = set()
    for _ in range(2):
        with transaction(engine) as connection:
            numbers.add(signposting.hand_out(connection, practice, "rita", given, "press", "+447700900321"))
    with transaction(engine) as connection:
        assert connection.execute(sa.select(signposts.c.id)).scalars().all() == list(numbers)
        signposting.take_back(connection, signposting.load(connection, sa.true(), numbers.pop()))
        assert signposting.this_month(connection, sa.true()) == []
