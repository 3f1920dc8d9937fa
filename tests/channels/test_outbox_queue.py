"""What is queued and when it may go: keys, parts, numbers, STOP and quiet hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from sms_parts import (
    OTHER,
    PATIENT,
    LocalGateway,
    Scripted,
    begin,
    make_house,
    queue,
    rows,
    sender_for,
)

from assistant.channels.outbox import OutboxSender, queue_reply, queue_text, was_queued
from assistant.channels.quiet_hours import next_start
from assistant.channels.sms import opt_outs
from assistant.channels.sms.gateway import GatewayDown
from assistant.clock import clock
from assistant.conversations import records
from assistant.errors import BadInput
from assistant.house import House
from assistant.store import tables
from assistant.store.database import transaction

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    clock.set(NOON)
    yield
    clock.run()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path)


@pytest.fixture
def gateway() -> Iterator[LocalGateway]:
    gateway = LocalGateway()
    yield gateway
    gateway.close()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-23T12:00:00+00:00", "2026-11-23T12:00:00+00:00"),
        ("2026-11-23T20:00:00+00:00", "2026-11-24T08:00:00+00:00"),
        ("2026-11-23T07:59:59+00:00", "2026-11-23T08:00:00+00:00"),
        ("2026-07-01T06:59:00+00:00", "2026-07-01T07:00:00+00:00"),  # 07:59 British Summer Time
        ("2026-07-01T19:30:00+00:00", "2026-07-02T07:00:00+00:00"),  # 20:30 British Summer Time
        ("2026-03-28T22:00:00+00:00", "2026-03-29T07:00:00+00:00"),  # the night the clocks go forward
        ("2026-10-24T21:00:00+00:00", "2026-10-25T08:00:00+00:00"),  # the night they go back
        ("2026-10-25T00:30:00+00:00", "2026-10-25T08:00:00+00:00"),  # in the hour that comes twice
    ],
)
def test_what_we_start_waits_for_the_morning(house: House, gateway: LocalGateway, now: str, due: str) -> None:
    moment, opening = datetime.fromisoformat(now), datetime.fromisoformat(due)
    assert next_start(moment) == opening
    clock.set(moment)
    queue(house, "a reminder", "ours", reply=False)
    queue(house, "an answer", "reply", to=OTHER)
    sender = sender_for(house, gateway)
    sender.send_due(moment)
    assert "an answer" in [text["text"] for text in gateway.accepted]
    if opening > moment:
        sender.send_due(opening - timedelta(seconds=1))
        assert [text["text"] for text in gateway.accepted] == ["an answer"]
    sender.send_due(opening)
    assert sorted(text["text"] for text in gateway.accepted) == ["a reminder", "an answer"]


def test_a_reminder_that_is_late_waits_for_the_next_morning(house: House) -> None:
    late = datetime(2026, 11, 23, 19, 59, 58, tzinfo=timezone.utc)
    clock.set(late)
    queue(house, "a reminder", "ours", reply=False)
    carrier = Scripted(GatewayDown("HTTP 500"))
    sender = OutboxSender(house, carrier)
    sender.send_due(late)
    sender.send_due(late + timedelta(seconds=5))
    assert carrier.sent == []
    [row] = rows(house, tables.outbox)
    assert row.due_at == datetime(2026, 11, 24, 8, tzinfo=timezone.utc)
    assert sender.send_due(row.due_at) == 1


def test_a_retry_keeps_the_practices_own_hours(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    teatime = datetime(2026, 11, 23, 16, 59, 58, tzinfo=timezone.utc)
    clock.set(teatime)
    practice = house.programme.practice()
    shorter = practice.copy(update={"texts_allowed": (time(9), time(17))})
    monkeypatch.setitem(house.programme.practices, practice.slug, shorter)
    queue(house, "a reminder", "ours", reply=False, conversation=begin(house))
    queue(house, "an answer", "reply", to=OTHER)
    carrier = Scripted(GatewayDown("HTTP 500"), GatewayDown("HTTP 500"))
    sender = OutboxSender(house, carrier)
    for seconds in (0, 5, 40, 3600):
        sender.send_due(teatime + timedelta(seconds=seconds))
    assert carrier.sent == ["an answer"]
    [row] = rows(house, tables.outbox, idempotency_key="ours")
    assert row.due_at == datetime(2026, 11, 24, 9, tzinfo=timezone.utc)
    assert sender.send_due(row.due_at) == 1


def test_replies_of_a_turn_are_queued_once_and_only_for_texts(house: House) -> None:
    conversation = begin(house)
    said = [
        {
            "seq": 2,
            "text": "Shall I look?",
            "choices": [{"label": "Yes", "value": "/y"}, {"label": "No", "value": "/n"}],
        },
        {"seq": 3, "text": "A sentence about a group near you. " * 14, "choices": []},
    ]
    for _ in range(2):
        with transaction(house.engine) as connection:
            queue_reply(connection, records.load(connection, conversation), said, key_prefix=conversation)
    queued = rows(house, tables.outbox)
    assert [row.idempotency_key for row in queued] == [
        f"{conversation}:2:1",
        f"{conversation}:3:1",
        f"{conversation}:3:2",
    ]
    assert queued[0].body == "Shall I look?\nReply 1 Yes, 2 No." and all(row.reply for row in queued)
    with transaction(house.engine) as connection:
        web, _ = records.begin(connection, channel="web", practice=house.programme.practice().slug)
        queue_reply(connection, records.load(connection, web), said)
    assert len(rows(house, tables.outbox)) == 3


def test_without_a_gateway_texts_wait(house: House) -> None:
    queue(house, "hello", "k")
    assert OutboxSender(house, None).send_due(NOON) == 0
    assert [row.status for row in rows(house, tables.outbox)] == ["queued"]


def test_landlines_and_empty_texts_are_refused(house: House) -> None:
    with pytest.raises(BadInput) as refused:
        queue(house, "hello", "k", to="01582 400000")
    assert refused.value.field == "to"
    with pytest.raises(ValueError):
        queue(house, " \n", "k")


def test_nothing_goes_to_a_number_that_said_stop_but_the_confirmation(
    house: House, gateway: LocalGateway
) -> None:
    queue(house, "written before", "1")
    with transaction(house.engine) as connection:
        assert opt_outs.record(connection, PATIENT, stop=True)
        assert not opt_outs.record(connection, PATIENT, stop=True)
    queue(house, "written after", "2")
    queue(house, "You will get no more texts.", "stop:x:1")
    assert sender_for(house, gateway).send_due(NOON) == 1
    assert [text["text"] for text in gateway.accepted] == ["You will get no more texts."]
    assert [row.status for row in rows(house, tables.outbox)] == ["stopped", "stopped", "sent"]


def test_parts_of_one_answer_arrive_in_order(house: House, gateway: LocalGateway) -> None:
    queue(house, "One sentence of a long answer about the walking group. " * 14, "long")
    sender_for(house, gateway).send_due(NOON)
    texts = [text["text"] for text in gateway.accepted]
    assert len(texts) == 3 and [text[:5] for text in texts] == ["(1/3)", "(2/3)", "(3/3)"]
    assert [row.idempotency_key for row in rows(house, tables.outbox)] == ["long/1", "long/2", "long/3"]


def test_the_sender_is_woken_for_a_text_and_for_nothing_else(house: House) -> None:
    with transaction(house.engine) as connection:
        assert not was_queued(connection)
        queue_text(connection, conversation_id=None, to=PATIENT, body="Hello", idempotency_key="once", reply=True)
        assert was_queued(connection) and not was_queued(connection)
