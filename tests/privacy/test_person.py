"""Who is meant by an id or a number: one person, all of theirs, and never somebody who shares the phone."""

from __future__ import annotations

import pytest

from assistant.errors import BadInput, Conflict, NotFound
from assistant.pathway import patients
from assistant.pathway.privacy import erase, export
from assistant.pathway.privacy import person as people
from assistant.store.database import reading, transaction

NUMBER = "+447700900123"


@pytest.fixture
def find(house):
    def look(words, practice=None):
        with reading(house.engine) as connection:
            return people.find(connection, words, practice)

    return look


def record(house, talk, **values):
    """A conversation that became somebody's record; both ids."""
    conversation = talk(contact_number=NUMBER, **values)
    with transaction(house.engine) as connection:
        from assistant.conversations import records

        return patients.of_conversation(connection, records.load(connection, conversation)), conversation


def test_a_number_as_people_write_it_finds_the_person_with_all_their_conversations(house, talk, find):
    patient, first = record(house, talk, person_name="Dorothy Hale")
    second = talk(person_name="dorothy hale ", contact_number=NUMBER)
    nameless = talk(channel="sms", phone=NUMBER, contact_number=NUMBER)
    for words in ("07700 900123", NUMBER, patient, first, second, nameless):
        (person,) = find(words)
        assert person.patient_id == patient and set(person.conversation_ids) == {first, second, nameless}, words
        assert person.numbers == {NUMBER} and not person.shared


def test_two_people_of_one_phone_stay_two(house, talk, find):
    patient, hers = record(house, talk, person_name="Dorothy Hale")
    his = talk(person_name="Stan Hale", contact_number=NUMBER)
    nameless = talk(channel="sms", phone=NUMBER)
    found = find(NUMBER)
    assert sorted(person.conversation_ids for person in found) == sorted([[hers], [his], [nameless]])
    assert all(not person.numbers and person.shared == {NUMBER} for person in found)
    with reading(house.engine) as connection, pytest.raises(Conflict, match="3 people use this number"):
        people.one(connection, NUMBER)
    with transaction(house.engine) as connection:
        told = erase.erase_person(connection, patient)
        assert any("same number" in line for line in told.kept)
    (stan,) = find(NUMBER)
    assert stan.name == "Stan Hale" and set(stan.conversation_ids) == {his, nameless}


def test_another_practice_is_another_person(house, talk, find):
    here = talk(person_name="Dorothy Hale", contact_number=NUMBER)
    there = talk(person_name="Dorothy Hale", contact_number=NUMBER, practice="stopsley-green")
    assert [person.conversation_ids for person in find(NUMBER, "wardown-park")] == [[here]]
    assert find(there, "wardown-park") == []


def test_a_landline_is_a_number_too(house, talk, find):
    conversation = talk(contact_number="+441632960111")
    assert find("01632 960111")[0].conversation_ids == [conversation]


@pytest.mark.parametrize("words", ["", "hello", "' or 1=1 --", "\x00"])
def test_what_is_no_number_is_said(find, words):
    with pytest.raises(BadInput, match="07700 900123"):
        find(words)


def test_nobody_is_said(house, find):
    assert find("07700 900999") == [] and find("0" * 8 + "-0000-0000-0000-" + "0" * 12) == []
    with reading(house.engine) as connection, pytest.raises(NotFound):
        people.one(connection, "07700 900999")


def test_the_export_of_somebody_without_a_record_has_no_record(house, talk):
    conversation = talk("secret words")
    with reading(house.engine) as connection:
        data = export.everything(connection, people.by_id(connection, conversation))
    assert data["sections"]["The record"] == [] and data["sections"]["Messages"][0]["text"] == "secret words"
