"""A hold keeps everything; an objection is kept with who and how, and honoured at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from assistant.channels.outbox import queue_text
from assistant.conversations import erasing, people, records
from assistant.conversations.events import record_event
from assistant.errors import BadInput, Conflict, NotFound
from assistant.pathway import objections, patients, telling
from assistant.pathway.privacy import erase, holds
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import holds as holds_table
from assistant.store.tables import conversations, events, outbox, risk_flags, tasks

NUMBER = "+447700900123"


@pytest.fixture
def dorothy(house, talk):
    """Her conversation and her record."""
    conversation = talk(person_name="Dorothy Hale", contact_number=NUMBER, safe_to_text=True)
    with transaction(house.engine) as connection:
        return conversation, patients.of_conversation(connection, records.load(connection, conversation))


def object_to(house, patient, what, staff_id="s-1", how="phone"):
    with transaction(house.engine) as connection:
        return objections.note(connection, patients.load(connection, patient), what, how, staff_id)


def test_a_hold_keeps_the_person_and_lifting_it_lets_them_go(house, dorothy):
    conversation, patient = dorothy
    with transaction(house.engine) as connection:
        holds.set_hold(connection, patient, "  section 42   enquiry ", "s-1")
        assert erasing.held(connection, records.load(connection, conversation))
        with pytest.raises(Conflict, match="safeguarding hold"):
            erase.erase_person(connection, patient)
        with pytest.raises(Conflict, match="already"):
            holds.set_hold(connection, patient, "again", "s-2")
    with transaction(house.engine) as connection:
        holds.lift(connection, patient, "enquiry closed", "s-2")
        (line,) = holds.history(connection, patient)
        assert (line.why, line.set_by, line.lifted_by, line.lifted_why) == ("section 42 enquiry", "s-1", "s-2", "enquiry closed")
        with pytest.raises(Conflict, match="no safeguarding hold"):
            holds.lift(connection, patient, "again", "s-2")
        erase.erase_person(connection, patient)
        assert connection.execute(sa.select(sa.func.count()).select_from(holds_table)).scalar() == 0


@pytest.mark.parametrize(("why", "words"), [("", "Say in a few words"), ("   ", "Say in a few words"), ("x" * 201, "Shorten it to 200")])
def test_a_hold_needs_a_short_reason(house, dorothy, why, words):
    with transaction(house.engine) as connection, pytest.raises(BadInput, match=words):
        holds.set_hold(connection, dorothy[1], why, "s-1")


def test_the_wish_to_be_erased_waits_once_for_the_hold(house, dorothy):
    conversation, patient = dorothy
    with transaction(house.engine) as connection:
        holds.set_hold(connection, patient, "enquiry", "s-1")
        row = records.load(connection, conversation)
        erasing.defer(connection, row)
        erasing.defer(connection, row)
        assert connection.execute(sa.select(tasks.c.kind)).scalars().all() == ["erase"]


def test_a_patient_who_erases_the_chat_takes_an_empty_record_along(house, dorothy):
    conversation, patient = dorothy
    with transaction(house.engine) as connection:
        assert erasing.erase_as_patient(connection, records.load(connection, conversation)) is False
        with pytest.raises(NotFound):
            patients.load(connection, patient)


def test_a_record_with_more_in_it_stays_and_the_team_is_asked(house, dorothy, talk):
    conversation, patient = dorothy
    other = talk("another day")
    with transaction(house.engine) as connection:
        patients.link(connection, other, patient)
        people.record_wellbeing(connection, conversation, {"lonely_often": "Never"})
        assert erasing.erase_as_patient(connection, records.load(connection, conversation)) is True
        (task,) = connection.execute(sa.select(tasks)).all()
        assert (task.kind, task.patient_id, task.conversation_id) == ("message", patient, None)
        assert connection.execute(sa.select(conversations.c.id)).scalars().all() == [other]


def test_an_objection_to_texts_stops_what_waits_and_what_would_come(house, dorothy):
    conversation, patient = dorothy
    with transaction(house.engine) as connection:
        for key, reply in (("reminder", False), ("answer", True)):
            queue_text(connection, conversation_id=conversation, to=NUMBER, body="Hello", idempotency_key=key, reply=reply)
        row = records.load(connection, conversation)
        assert telling.text_number(connection, row) == NUMBER
    object_to(house, patient, "texts")
    with transaction(house.engine) as connection:
        states = dict(connection.execute(sa.select(outbox.c.idempotency_key, outbox.c.status)).all())
        assert states == {"reminder": "stopped", "answer": "queued"}
        assert telling.text_number(connection, row) is None
        assert telling.tell(connection, house, row, "Your call is tomorrow.", "reminder:1") == "chat"


@pytest.mark.parametrize("what", ["sharing", "all"])
def test_an_objection_to_sharing_blocks_a_referral_until_it_is_withdrawn(house, dorothy, what):
    _, patient = dorothy
    number = object_to(house, patient, what)
    with transaction(house.engine) as connection:
        assert objections.blocks_sharing(connection, patient)
        objections.withdraw(connection, patient, number, "s-2")
        assert not objections.blocks_sharing(connection, patient)
        (line,) = objections.history(connection, patient)
        assert (line.how, line.noted_by, line.withdrawn_by) == ("phone", "s-1", "s-2")
        with pytest.raises(Conflict, match="withdrawn already"):
            objections.withdraw(connection, patient, number, "s-2")
        with pytest.raises(NotFound):
            objections.withdraw(connection, "somebody else", number, "s-2")


def test_who_objects_to_reports_is_left_out_and_the_erased_still_count(house, dorothy, talk):
    conversation, patient = dorothy
    other = talk()
    with transaction(house.engine) as connection:
        for one in (conversation, other, None):
            record_event(connection, "declined", one, "wardown-park")
    declined = sa.select(sa.func.count()).where(events.c.kind == "declined", objections.counted(conversation=events.c.conversation_id))
    with reading(house.engine) as connection:
        assert connection.execute(declined).scalar() == 3
    object_to(house, patient, "reports")
    with transaction(house.engine) as connection:
        assert connection.execute(declined).scalar() == 2
        assert connection.execute(objections.left_out()).scalars().all() == [patient]
        erase.erase_person(connection, patient)
        # Erased while objecting: not even the count without the person stays.
        assert connection.execute(sa.select(sa.func.count()).where(events.c.kind == "declined")).scalar() == 2


def test_the_same_objection_twice_or_a_wrong_one_is_refused(house, dorothy):
    _, patient = dorothy
    object_to(house, patient, "texts")
    with pytest.raises(Conflict, match="stands already"):
        object_to(house, patient, "texts")
    with pytest.raises(BadInput, match="texts, sharing, reports or all"):
        object_to(house, patient, "everything")
    with pytest.raises(BadInput, match="by phone, in person"):
        object_to(house, patient, "sharing", how="by dream")


def test_an_event_keeps_its_count_and_loses_every_id_of_the_person(house, dorothy):
    conversation, patient = dorothy
    with transaction(house.engine) as connection:
        record_event(connection, "referral_made", conversation, "wardown-park", staff="s-1", patient=patient, need="money", seconds=4)
        erase.erase_person(connection, patient)
        row = connection.execute(sa.select(events).where(events.c.kind == "referral_made")).one()
    assert row.conversation_id is None and row.data == {"staff": "s-1", "need": "money", "seconds": 4}


def test_a_flag_that_waits_keeps_the_person(house, dorothy):
    conversation, patient = dorothy
    with transaction(house.engine) as connection:
        people.flag_risk(connection, conversation, "wardown-park", 1, ["self_harm"])
        with pytest.raises(Conflict, match="safety flag waits"):
            erase.erase_person(connection, patient)
        connection.execute(risk_flags.update().values(acknowledged_at=risk_flags.c.at))
        erase.erase_person(connection, patient)
