"""What goes by its age and what never does; twice, half-way, in two processes, and with a person who comes back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa
import yaml

from assistant.channels.outbox import queue_text
from assistant.clock import clock
from assistant.conversations import messages, people, records
from assistant.desk import audit, keeping
from assistant.pathway import patients
from assistant.pathway.privacy import holds, retention
from assistant.pathway.privacy.files import FILE
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patients as patients_table
from assistant.store.pathway_tables import retention_runs
from assistant.store.staff_tables import editor_examples
from assistant.store.tables import callbacks, conversations, declines, events, outbox, risk_flags, wellbeing
from assistant.tending import PASSES


def count(house, table, *conditions):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar()


def run(house):
    return keeping.run_now(house, lambda done, total: None)


def patient_of(house, conversation, **values):
    with transaction(house.engine) as connection:
        patient = patients.of_conversation(connection, records.load(connection, conversation))
        if values:
            patients.update(connection, patient, **values)
        return patient


def test_a_chat_goes_after_its_days_and_its_refusal_stays_without_it(house, talk):
    old = talk("I feel alone")
    with transaction(house.engine) as connection:
        people.record_decline(connection, old, "wardown-park", stage="offer", reason="too_busy")
    clock.shift(days=60)
    young = talk()
    clock.shift(days=31)
    assert keeping.what_is_due(house).counts["chats"] == 1
    assert count(house, conversations) == 2, "a dry run changes nothing"
    done = run(house)
    assert done.counts["chats"] == 1 and run(house).total == 0
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(conversations.c.id)).scalars().all() == [young]
        assert connection.execute(sa.select(declines.c.reason, declines.c.conversation_id)).one() == ("too_busy", "")
        assert audit.verify(connection) is None
    assert count(house, messages.messages, messages.messages.c.conversation_id == old) == 0


@pytest.mark.parametrize("why", ["hold", "flag", "open", "live", "call", "flag of another chat"])
def test_what_keeps_a_chat(house, talk, why):
    kept = talk(person_name="Dorothy", contact_number="+447700900123")
    if why == "hold":
        patient = patient_of(house, kept, status="closed", closed_at=clock.now())
        with transaction(house.engine) as connection:
            holds.set_hold(connection, patient, "enquiry", "s-1")
    elif why == "open":
        patient_of(house, kept)
    elif why == "live":
        with transaction(house.engine) as connection:
            records.update(connection, kept, state="live")
    elif why == "call":
        with transaction(house.engine) as connection:
            connection.execute(callbacks.insert().values(
                id=str(uuid.uuid4()), conversation_id=kept, practice="wardown-park", navigator="Amina", status="booked",
                starts_at=clock.now() + timedelta(days=3000), purpose="a talk", created_at=clock.now(),
            ))  # fmt: skip
    else:
        flagged = kept
        if why == "flag of another chat":
            patient = patient_of(house, kept, status="closed", closed_at=clock.now())
            flagged = talk(contact_number="+447700900123")
            with transaction(house.engine) as connection:
                patients.link(connection, flagged, patient)
        with transaction(house.engine) as connection:
            people.flag_risk(connection, flagged, "wardown-park", 1, ["self_harm"])
    clock.shift(days=2000)
    run(house)
    assert count(house, conversations, conversations.c.id == kept) == 1


def test_outcomes_stay_with_the_record_until_the_record_goes(house, talk):
    chat = talk(person_name="Dorothy", contact_number="+447700900123")
    with transaction(house.engine) as connection:
        people.record_wellbeing(connection, chat, {"lonely_often": "Never"})
    patient = patient_of(house, chat, status="closed", closed_at=clock.now())
    clock.shift(days=100)
    assert run(house).counts["chats"] == 1
    assert count(house, wellbeing, wellbeing.c.patient_id == patient, wellbeing.c.conversation_id == "") == 1
    assert keeping.what_is_due(house).counts["records"] == 0
    clock.shift(days=700)
    assert run(house).counts["records"] == 1
    assert count(house, patients_table) == count(house, wellbeing) == 0


def test_who_comes_back_is_not_deleted_as_a_closed_record(house, talk):
    first = talk(person_name="Dorothy", contact_number="+447700900123")
    patient = patient_of(house, first, status="closed", closed_at=clock.now())
    clock.shift(days=760)
    again = talk(person_name="Dorothy", contact_number="+447700900123")
    with transaction(house.engine) as connection:
        patients.link(connection, again, patient)
    assert run(house).counts["records"] == 0
    assert count(house, patients_table) == 1


def test_texts_lose_words_and_number_and_keep_their_count(house, talk):
    chat = talk(channel="sms", phone="+447700900123")
    with transaction(house.engine) as connection:
        for key in ("sent", "waits"):
            queue_text(connection, conversation_id=chat, to="+447700900123", body="Your call is at ten.", idempotency_key=key, reply=True)
        connection.execute(outbox.update().where(outbox.c.idempotency_key == "sent").values(status="delivered"))
    clock.shift(days=31)
    with transaction(house.engine) as connection:
        messages.append(connection, chat, "patient", "still here", answered=True)
    assert run(house).counts["texts"] == 1
    with reading(house.engine) as connection:
        rows = {row.idempotency_key: row for row in connection.execute(sa.select(outbox))}
    assert (rows["sent"].body, rows["sent"].to, rows["sent"].segments) == ("", "", 1)
    assert rows["waits"].body == "Your call is at ten."


def test_editors_lines_go_from_the_file_too(house, talk):
    chat = talk("i sit in all day")
    with transaction(house.engine) as connection:
        connection.execute(editor_examples.insert().values(
            practice="wardown-park", conversation_id=chat, staff_id="s-1", at=clock.now(), text="i sit in all day (really)",
            label="describe_need/loneliness",
        ))  # fmt: skip
    file = house.settings.home / FILE
    other = {"text": "no money left", "metadata": {"author": "editors"}}
    file.write_text(yaml.safe_dump({"version": "3.1", "nlu": [
        {"intent": "describe_need", "examples": [{"text": "i sit in all day really", "metadata": {"author": "editors"}}, other]}
    ]}))  # fmt: skip
    clock.shift(days=91)
    assert run(house).counts["chats"] == 1
    assert yaml.safe_load(file.read_text())["nlu"] == [{"intent": "describe_need", "examples": [other]}]
    assert count(house, editor_examples) == 0


def test_counts_without_a_person_go_after_years(house, talk):
    talk()
    clock.shift(days=91)
    run(house)
    assert count(house, events) == 1
    clock.shift(days=1800)
    assert run(house).counts["events"] == 1 and count(house, events) == 0


def test_the_audit_is_cut_and_its_chain_stays_whole(house):
    with transaction(house.engine) as connection:
        for _ in range(5):
            audit.record(connection, "s-1", "conversation.read", "c-1")
    for _ in range(2):
        clock.shift(days=2191)
        done = run(house)
        assert done.counts["audit"] >= 1
        with transaction(house.engine) as connection:
            assert audit.verify(connection) is None
            audit.record(connection, "s-1", "conversation.read", "c-1")
            assert audit.verify(connection) is None


def test_a_cut_that_the_chain_does_not_tell_of_is_found(house):
    with transaction(house.engine) as connection:
        for _ in range(5):
            audit.record(connection, "s-1", "conversation.read", "c-1")
        connection.execute(audit.audit.delete().where(audit.audit.c.id <= 2))
        assert audit.verify(connection) == 1


def test_stopped_half_way_it_goes_on_where_it_was(house, talk, monkeypatch):
    for _ in range(5):
        talk()
    clock.shift(days=91)
    real, calls = retention._chat, []

    def stop_at_the_third(*arguments):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(retention, "_chat", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        run(house)
    monkeypatch.undo()
    assert count(house, conversations) == 3
    assert run(house).counts["chats"] == 3 and count(house, conversations) == 0


def test_a_flag_that_comes_between_the_look_and_the_act_keeps_the_chat(house, talk, monkeypatch):
    chat = talk()
    clock.shift(days=91)
    real = retention.due_of

    def then_a_flag(connection, kind, practice, only=None):
        found = real(connection, kind, practice, only)
        if kind.name == "chats" and only is None and found and count(house, risk_flags) == 0:
            with transaction(house.engine) as other:
                people.flag_risk(other, chat, "wardown-park", 1, ["self_harm"])
        return found

    monkeypatch.setattr(retention, "due_of", then_a_flag)
    run(house)
    assert count(house, conversations) == 1


def test_the_daily_pass_runs_once_a_night_a_little_at_a_time(house, talk):
    assert keeping.look in PASSES
    for _ in range(keeping.A_LOOK + 5):
        talk()
    clock.shift(days=91)
    clock.set(clock.now().replace(hour=2))
    assert keeping.look(house) == 0, "not before three"
    clock.shift(hours=2)
    assert keeping.look(house) == keeping.A_LOOK
    assert keeping.look(house) == 5
    assert keeping.look(house) == 0
    with reading(house.engine) as connection:
        (row,) = connection.execute(sa.select(retention_runs)).all()
    assert row.counts["chats"] == keeping.A_LOOK + 5 and row.finished_at is not None
    talk()
    clock.shift(days=1)
    keeping.look(house)
    assert count(house, retention_runs) == 2


def test_two_processes_share_one_night(house, talk):
    clock.shift(days=1)
    assert keeping._begin(house, "2026-11-24") and not keeping._begin(house, "2026-11-24")


def test_the_conversation_says_when_it_goes(house, talk):
    chat = talk(person_name="Dorothy", contact_number="+447700900123")
    with reading(house.engine) as connection:
        assert keeping.in_words(connection, house, records.load(connection, chat)) == "Deleted by age on 21 February 2027, if nothing more is said."
    patient = patient_of(house, chat)
    with transaction(house.engine) as connection:
        assert keeping.in_words(connection, house, records.load(connection, chat)) == "Not deleted by age. The case is open."
        patients.update(connection, patient, status="closed", closed_at=clock.now())
        people.flag_risk(connection, chat, "wardown-park", 1, ["self_harm"])
        assert "safety flag waits" in keeping.in_words(connection, house, records.load(connection, chat))
        holds.set_hold(connection, patient, "enquiry", "s-1")
        assert "safeguarding hold" in keeping.in_words(connection, house, records.load(connection, chat))

