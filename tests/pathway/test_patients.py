"""Patients: made once from a conversation, found again only by number and name together, kept up to date by what is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.conversations import people, records
from assistant.errors import NotFound
from assistant.pathway import caseload, patients
from assistant.store import pathway_tables, staff_tables  # noqa: F401 - their tables join the metadata
from assistant.store.database import open_engine, transaction
from assistant.store.tables import callbacks, metadata, tasks, wellbeing

DOROTHY = {"person_name": "Dorothy Hale", "contact_number": "+447700900123"}


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """A write transaction on a fresh SQLite file, on a Monday morning."""
    clock.set(datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc))
    engine = open_engine(f"sqlite:///{tmp_path}/patients.db")
    metadata.create_all(engine)
    with transaction(engine) as opened:
        yield opened
    engine.dispose()
    clock.run()


def talk(connection: Connection, practice: str = "wardown-park", **values: object) -> sa.engine.Row:
    conversation_id, _ = records.begin(connection, channel="web", practice=practice)
    if values:
        records.update(connection, conversation_id, **values)
    return records.load(connection, conversation_id)


def test_a_conversation_becomes_one_patient_however_often_it_is_asked(connection: Connection) -> None:
    row = talk(connection, **DOROTHY, safe_to_text=True, picture={"needs": ["money"]})
    first = patients.of_conversation(connection, row)
    assert patients.of_conversation(connection, records.load(connection, row.id)) == first
    made = patients.load(connection, first)
    assert (made.name, made.number, made.safe_to_text, made.needs) == ("Dorothy Hale", "+447700900123", True, ["money"])
    assert (made.source, made.status, made.practice) == ("self", "open", "wardown-park")


def test_what_was_promised_and_answered_before_goes_with_it(connection: Connection) -> None:
    row = talk(connection, **DOROTHY)
    people.add_task(connection, row.id, row.practice, "message", "Please ring")
    people.record_wellbeing(connection, row.id, {"ons_happy": 4})
    patient_id = patients.of_conversation(connection, row)
    for table in (tasks, wellbeing):
        assert connection.execute(sa.select(table.c.patient_id)).scalars().all() == [patient_id]


@pytest.mark.parametrize(
    ("second", "same"),
    [
        ({"person_name": " dorothy hale ", "contact_number": "+447700900123"}, True),
        ({"person_name": "Frank Hale", "contact_number": "+447700900123"}, False),  # households share a phone
        ({"person_name": "Dorothy Hale", "contact_number": "+447700900124"}, False),
        ({"contact_number": "+447700900123"}, False),
        ({"person_name": "Dorothy Hale"}, False),
    ],
)
def test_who_comes_back_is_known_by_number_and_name_together(connection: Connection, second: dict, same: bool) -> None:
    first = patients.of_conversation(connection, talk(connection, **DOROTHY))
    assert (patients.of_conversation(connection, talk(connection, **second)) == first) is same


def test_another_practice_never_shares_a_patient(connection: Connection) -> None:
    first = patients.of_conversation(connection, talk(connection, **DOROTHY))
    assert patients.of_conversation(connection, talk(connection, practice="stopsley-green", **DOROTHY)) != first


def test_looking_somebody_up_makes_nobody(connection: Connection) -> None:
    row = talk(connection, **DOROTHY)
    assert patients.known(connection, row) is None
    assert connection.execute(sa.select(sa.func.count()).select_from(pathway_tables.patients)).scalar() == 0


def test_conversations_are_listed_newest_first(connection: Connection) -> None:
    old = talk(connection, **DOROTHY)
    patient_id = patients.of_conversation(connection, old)
    clock.shift(minutes=1)
    new = talk(connection, **DOROTHY)
    assert patients.of_conversation(connection, new) == patient_id
    assert [row.id for row in patients.conversations_of(connection, patient_id)] == [new.id, old.id]


def test_an_erased_patient_is_said_plainly_to_be_gone(connection: Connection) -> None:
    with pytest.raises(NotFound, match="may have been erased"):
        patients.load(connection, "nobody")


def test_whoever_looked_after_somebody_first_stays_their_navigator(connection: Connection) -> None:
    row = talk(connection, **DOROTHY)
    patient_id = caseload.looked_after(connection, row, "amina")
    assert caseload.looked_after(connection, row, "colin") == patient_id
    assert patients.load(connection, patient_id).navigator_id == "amina"


def test_a_person_without_a_navigator_gets_one_when_somebody_looks_after_them(connection: Connection) -> None:
    row = talk(connection)
    patient_id = caseload.looked_after(connection, row)
    assert patients.load(connection, patient_id).navigator_id is None
    caseload.looked_after(connection, row, "amina")
    assert patients.load(connection, patient_id).navigator_id == "amina"


def test_what_is_told_later_fills_in_the_record(connection: Connection) -> None:
    row = talk(connection)
    patient_id = caseload.looked_after(connection, row)
    picture = {"needs": ["loneliness"], "access_needs": "wheelchair", "wishes": {"language": ["Bengali"], "access": ["step_free"]}}
    records.update(connection, row.id, **DOROTHY, safe_to_text=True, picture=picture)
    caseload.told(connection, patient_id, records.load(connection, row.id))
    known = patients.load(connection, patient_id)
    assert (known.name, known.number, known.safe_to_text) == ("Dorothy Hale", "+447700900123", True)
    assert (known.access, known.language, known.needs) == (["wheelchair", "step_free"], "Bengali", ["loneliness"])


def test_a_no_to_texts_holds_and_a_yes_from_elsewhere_does_not_undo_it(connection: Connection) -> None:
    patient_id = caseload.looked_after(connection, talk(connection, **DOROTHY, safe_to_text=False))
    assert caseload.looked_after(connection, talk(connection, **DOROTHY, safe_to_text=True)) == patient_id
    assert patients.load(connection, patient_id).safe_to_text is False
    other = caseload.looked_after(connection, talk(connection, person_name="Raj", contact_number="+447700900124", safe_to_text=True))
    caseload.looked_after(connection, talk(connection, person_name="Raj", contact_number="+447700900124", safe_to_text=False))
    assert patients.load(connection, other).safe_to_text is False


def test_nothing_needed_is_no_access_need(connection: Connection) -> None:
    assert caseload.access_of({"access_needs": "no"}) == caseload.access_of({"access_needs": "skipped"}) == caseload.access_of({}) == []
    assert caseload.access_of({"access_needs": "bad hip, Urdu", "wishes": {"language": ["Urdu"], "moves": ["stick"]}}) == ["bad hip", "stick"]


def test_who_comes_back_after_closing_is_open_again_with_the_same_navigator(connection: Connection) -> None:
    patient_id = caseload.looked_after(connection, talk(connection, **DOROTHY), "amina")
    caseload.close(connection, patients.load(connection, patient_id), "disengaged:travel", "amina")
    assert patients.load(connection, patient_id).status == "closed"
    assert caseload.looked_after(connection, talk(connection, **DOROTHY), "colin") == patient_id
    again = patients.load(connection, patient_id)
    assert (again.status, again.ended, again.end_reason, again.closed_at, again.navigator_id) == ("open", None, None, None, "amina")


def test_a_call_is_marked_as_theirs(connection: Connection) -> None:
    row = talk(connection, **DOROTHY)
    patient_id = caseload.looked_after(connection, row)
    connection.execute(
        callbacks.insert().values(
            id="call", conversation_id=row.id, practice=row.practice, navigator="Amina Yusuf", starts_at=clock.now(),
            purpose="a first talk", status="booked", created_at=clock.now(),
        )
    )  # fmt: skip
    caseload.joins(connection, patient_id, "call")
    assert connection.execute(sa.select(callbacks.c.patient_id)).scalar() == patient_id
