"""Conversations under many hands: numbers without gaps, a message once, one winner of every race."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from assistant.channels.sms import opt_outs
from assistant.clock import clock
from assistant.conversations import diary, erasing, messages, people, records
from assistant.conversations.standing import how_many_answered, standing
from assistant.errors import NotFound
from assistant.programme import load_programme
from assistant.store.database import reading, transaction
from assistant.store.tables import callbacks, conversations, tasks

HANDS = 8
PRACTICE = load_programme(Path(__file__).parents[2] / "programme").practice()
Answer = TypeVar("Answer")


def begin(engine: Engine, channel: str = "web", phone: str | None = None) -> str:
    with transaction(engine) as connection:
        return records.begin(connection, channel=channel, practice=PRACTICE.slug, phone=phone)[0]


def at_once(engine: Engine, work: Callable[[Connection, int], Answer], hands: int = HANDS) -> list[Answer]:
    """What `work(connection, number)` gives in so many transactions that begin together."""
    together = threading.Barrier(hands, timeout=30)

    def one(number: int) -> Answer:
        together.wait()
        with transaction(engine) as connection:
            return work(connection, number)

    with ThreadPoolExecutor(hands) as pool:
        return list(pool.map(one, range(hands)))


def test_messages_of_many_hands_are_numbered_without_gap_or_double(engine: Engine) -> None:
    conversation = begin(engine)
    given = at_once(engine, lambda c, n: [messages.append(c, conversation, "patient", f"{n}.{i}") for i in range(5)])
    assert sorted(seq for few in given for seq in few) == list(range(1, HANDS * 5 + 1))
    with reading(engine) as connection:
        assert [m.seq for m in messages.since(connection, conversation)] == list(range(1, HANDS * 5 + 1))
        assert records.load(connection, conversation).last_seq == HANDS * 5


def test_what_a_side_says_in_a_turn_is_numbered_in_order(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = begin(engine)
    said = [{"text": "one"}, {"text": "two", "choices": [{"label": "Yes", "value": "/yes"}], "topic": "cost"}]
    for returns in (True, False):  # as an older SQLite counts, too
        monkeypatch.setattr(messages, "_RETURNS", returns)
        with transaction(engine) as connection:
            assert messages.append_all(connection, conversation, "bot", []) == []
            before = records.load(connection, conversation).last_seq
            assert messages.append_all(connection, conversation, "bot", said) == [before + 1, before + 2]
    with reading(engine) as connection:
        rows = messages.since(connection, conversation)
    assert [(row.seq, row.text, row.extra) for row in rows][2:] == [(3, "one", {}), (4, "two", {"topic": "cost"})]
    assert rows[3].choices == [{"label": "Yes", "value": "/yes"}] and rows[3].answered_at is None


def test_a_turn_sees_how_its_conversation_stands(engine: Engine) -> None:
    conversation, other = begin(engine), begin(engine)
    with transaction(engine) as connection:
        new = standing(connection, conversation, listings=False)
        assert (new.state, new.newest_seq, new.answered, new.tracked) == ("bot", None, 0, 0)
        for one in (conversation, other, conversation):
            messages.append(connection, one, "patient", "hello", answered=True)
            messages.append(connection, one, "bot", "hi", choices=[{"label": "A", "value": "a"}], asks="x")
        messages.append(connection, conversation, "patient", "and?")
        stood = standing(connection, conversation, listings=False)
        assert (stood.id, stood.newest_seq, stood.answered) == (conversation, 4, how_many_answered(connection, conversation))
        assert stood.answered == 2 and stood.newest_choices[0]["value"] == "a" and stood.newest_extra == {"asks": "x"}
        with pytest.raises(NotFound):
            standing(connection, "nobody", listings=False)


def test_a_turn_does_not_walk_through_the_messages_of_others(engine: Engine) -> None:
    """With `answered_at is not null` SQLite takes the index over everybody's answered messages, and a turn slows with the practice."""
    if engine.dialect.name != "sqlite":
        pytest.skip("the plan is SQLite's")
    from assistant.conversations.standing import _QUERIES

    words = str(_QUERIES[False, False].compile(engine, compile_kwargs={"literal_binds": True, "render_postcompile": True}))
    with reading(engine) as connection:
        plan = [row[3] for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + words.replace(":here", "'x'").replace("?", "'x'"))]
    assert plan and not [step for step in plan if "ix_messages_unanswered" in step or step.startswith("SCAN messages")]


def test_a_message_taken_back_leaves_no_gap(engine: Engine) -> None:
    conversation = begin(engine)
    with pytest.raises(ZeroDivisionError), transaction(engine) as connection:
        messages.append(connection, conversation, "patient", "lost")
        raise ZeroDivisionError
    with transaction(engine) as connection:
        assert messages.append(connection, conversation, "patient", "kept") == 1


@pytest.mark.parametrize("name", ["client_message_id", "provider_id"])
def test_the_database_itself_refuses_a_message_a_second_time(engine: Engine, name: str) -> None:
    conversation = begin(engine)

    def add(connection: Connection, _: int) -> bool:
        try:
            with connection.begin_nested():
                messages.append(connection, conversation, "patient", "hello", **{name: "the-same"})  # type: ignore[arg-type]
            return True
        except sa.exc.IntegrityError:
            return False

    assert sum(at_once(engine, add)) == 1
    with reading(engine) as connection:
        assert [m.seq for m in messages.since(connection, conversation)] == [1]


def test_one_client_id_may_be_used_in_two_conversations(engine: Engine) -> None:
    first, second = begin(engine), begin(engine)
    with transaction(engine) as connection:
        for conversation in (first, second):
            messages.append(connection, conversation, "patient", "hello", client_message_id="1")
        found = messages.find_client_message(connection, second, "1")
    assert found is not None and found.conversation_id == second


def test_of_many_navigators_one_gets_the_conversation(engine: Engine) -> None:
    conversation = begin(engine)
    won = at_once(engine, lambda c, n: records.change_state(c, conversation, ("bot", "waiting"), "live", staff_id=f"staff-{n}"))
    assert sum(won) == 1
    with reading(engine) as connection:
        row = records.load(connection, conversation)
    assert (row.state, row.staff_id) == ("live", f"staff-{won.index(True)}")


def test_of_many_patients_one_gets_the_time(engine: Engine) -> None:
    clock.set(datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc))
    try:
        with reading(engine) as connection:
            start, navigator = diary.free_slots(connection, PRACTICE)[0]
        on_site = sum(1 for moment, _ in diary.slots(PRACTICE) if moment == start)
        patients = [begin(engine) for _ in range(HANDS)]
        booked = at_once(engine, lambda c, n: diary.book(c, patients[n], PRACTICE, start, "a first call") is not None)
        assert sum(booked) == on_site
        with reading(engine) as connection:
            taken = connection.execute(sa.select(callbacks.c.navigator, callbacks.c.starts_at)).all()
        assert len(set(taken)) == len(taken) and (navigator, start) in taken
    finally:
        clock.run()


def test_a_call_that_is_moved_is_not_one_that_was_cancelled(engine: Engine) -> None:
    clock.set(datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc))
    try:
        conversation = begin(engine)
        with transaction(engine) as connection:
            (first, _), (second, _), *_ = diary.free_slots(connection, PRACTICE)
            for start in (first, second):
                assert diary.book(connection, conversation, PRACTICE, start, "a first call") is not None
            assert diary.cancel(connection, conversation)
            rows = connection.execute(sa.select(callbacks.c.starts_at, callbacks.c.status).order_by(callbacks.c.starts_at))
            assert [tuple(row) for row in rows] == [(first, "moved"), (second, "cancelled")]
    finally:
        clock.run()


def test_what_is_missing_is_put_before_the_team_once_for_each_thing(engine: Engine) -> None:
    conversation, other = begin(engine), begin(engine)

    def texts(of: str) -> list[str]:
        query = sa.select(tasks.c.text).where(tasks.c.conversation_id == of, tasks.c.kind == "unmet_need").order_by(tasks.c.id)
        return list(connection.execute(query).scalars())

    with transaction(engine) as connection:
        for what, more in (("work", "Near LU3."), ("work_shops", ""), ("work", "Near LU4."), ("100% silk", ""), ("100% silk", "")):
            people.tell_missing(connection, conversation, PRACTICE.slug, what, more)
        people.tell_missing(connection, other, PRACTICE.slug, "work", "")
        connection.execute(tasks.update().values(done_at=clock.now()))
        people.tell_missing(connection, conversation, PRACTICE.slug, "work", "Again.")
        assert texts(conversation) == ["Looked for: work. Near LU3.", "Looked for: work_shops.", "Looked for: 100% silk."]
        assert texts(other) == ["Looked for: work."]


def test_the_newest_word_on_texts_holds(engine: Engine) -> None:
    phone = "+447700900111"
    with transaction(engine) as connection:
        assert not opt_outs.stopped(connection, phone)
        for stop in (True, False, True):
            opt_outs.record(connection, phone, stop=stop)
        assert opt_outs.stopped(connection, phone) and people.opted_out(connection, phone)


def test_a_refusal_is_completed_not_doubled(engine: Engine) -> None:
    conversation = begin(engine)
    told: list[dict[str, Any]] = [{"stage": "offer"}, {"reason": "travel"}, {"age_band": "65-74"}]
    with transaction(engine) as connection:
        for values in told:
            people.record_decline(connection, conversation, PRACTICE.slug, **values)
        rows = connection.exec_driver_sql("SELECT stage, reason, age_band FROM declines").all()
    assert [tuple(row) for row in rows] == [("offer", "travel", "65-74")]


def test_erasing_leaves_nothing_that_names_the_conversation(engine: Engine) -> None:
    """Looked for in every column of every table, so that a table added later is not forgotten."""
    conversation, phone = begin(engine, "sms", "+447700900111"), "+447700900111"
    with transaction(engine) as connection:
        messages.append(connection, conversation, "patient", "something private")
        people.record_decline(connection, conversation, PRACTICE.slug, stage="offer")
        people.record_wellbeing(connection, conversation, {"ons_happy": "7"})
        people.add_task(connection, conversation, PRACTICE.slug, "message", "something private")
        people.flag_risk(connection, conversation, PRACTICE.slug, 1, ["suicide_ideation"])
        people.save_service(connection, conversation, "a-listing")
        opt_outs.record(connection, phone, stop=True)
        erasing.erase(connection, conversation)
    left = []
    everything = sa.MetaData()
    everything.reflect(engine)
    with reading(engine) as connection:
        for table in everything.tables.values():
            for row in connection.execute(table.select()):
                if conversation in repr(tuple(row)) or "something private" in repr(tuple(row)):
                    left.append(table.name)
        assert opt_outs.stopped(connection, phone), "an opt-out belongs to the number"
        assert connection.execute(sa.select(sa.func.count()).select_from(conversations)).scalar_one() == 0
    assert left == []
