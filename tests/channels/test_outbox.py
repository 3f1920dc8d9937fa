"""The outbox sends: order, retries and restarts, against a gateway on a real port."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sms_parts import (
    OTHER,
    PATIENT,
    SECRET,
    LocalGateway,
    Scripted,
    begin,
    make_house,
    queue,
    rows,
    sender_for,
)

from assistant.channels.outbox import OutboxSender
from assistant.channels.outbox_rows import ATTEMPTS, BACKOFF, FAILED_TEXT, LEASE
from assistant.channels.sms import opt_outs
from assistant.channels.sms.gateway import GatewayDown, GatewayRefused, NumberStopped
from assistant.channels.sms.generic import GenericGateway
from assistant.clock import clock
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


def test_a_text_is_sent_once_signed_and_under_its_row_id(house: House, gateway: LocalGateway) -> None:
    conversation = begin(house)
    queue(house, "It’s on Tuesday", "k1", conversation=conversation)
    queue(house, "It’s on Tuesday", "k1", conversation=conversation)
    sender = sender_for(house, gateway)
    assert sender.send_due(NOON) == 1
    assert sender.send_due(NOON + timedelta(days=1)) == 0
    [row] = rows(house, tables.outbox)
    assert row.status == "sent" and row.segments == 1 and row.attempts == 1
    assert gateway.accepted == [
        {
            "id": row.id,
            "to": PATIENT,
            "text": "It's on Tuesday",
            "conversation": conversation,
            "webhook-id": row.id,
        }
    ]


def test_an_hour_of_a_dead_gateway_loses_and_doubles_nothing(house: House, gateway: LocalGateway) -> None:
    sender = sender_for(house, gateway)
    gateway.up = False
    wanted = []
    for minute in range(0, 60, 5):
        now = NOON + timedelta(minutes=minute)
        clock.set(now)
        for to in (PATIENT, OTHER):
            wanted.append((to, f"text of minute {minute}"))
            queue(house, f"text of minute {minute}", f"{to}:{minute}", to)
        assert sender.send_due(now) == 0
    gateway.up = True
    for minute in range(60, 60 + 8 * 60, 10):
        sender.send_due(NOON + timedelta(minutes=minute))
    got = [(text["to"], text["text"]) for text in gateway.accepted]
    assert sorted(got) == sorted(wanted)
    for to in (PATIENT, OTHER):
        assert [t for n, t in got if n == to] == [t for n, t in wanted if n == to], (
            "order is kept for each person"
        )
    assert {row.status for row in rows(house, tables.outbox)} == {"sent"}


def test_order_is_kept_when_the_gateway_is_back_before_a_retry(house: House) -> None:
    carrier = Scripted(GatewayDown("HTTP 500"))
    sender = OutboxSender(house, carrier)
    queue(house, "first", "1")
    assert sender.send_due(NOON) == 0
    queue(house, "second", "2")
    assert sender.send_due(NOON + timedelta(seconds=1)) == 2
    assert carrier.sent == ["first", "second"]


def test_one_text_that_keeps_failing_holds_nobody_up(house: House, gateway: LocalGateway) -> None:
    gateway.refuse = {"poison"}
    sender = sender_for(house, gateway)
    queue(house, "poison", "1")
    sender.send_due(NOON)
    queue(house, "second", "2")
    assert sender.send_due(NOON + timedelta(seconds=1)) == 1
    assert [text["text"] for text in gateway.accepted] == ["second"]
    [poison] = rows(house, tables.outbox, idempotency_key="1")
    assert poison.attempts == 1, "a try before its time does not count"


def test_retries_back_off_and_end_as_failed_on_the_desk(house: House) -> None:
    conversation = begin(house)
    queue(house, "hello", "k", conversation=conversation)
    carrier = Scripted(*[GatewayDown("HTTP 503")] * ATTEMPTS)
    sender, now = OutboxSender(house, carrier), NOON
    for wait in BACKOFF:
        sender.send_due(now)
        [row] = rows(house, tables.outbox)
        assert row.status == "queued" and row.due_at == now + wait and row.last_error == "HTTP 503"
        assert sender.send_due(now + wait - timedelta(seconds=1)) == 0
        now += wait
    sender.send_due(now)
    [row] = rows(house, tables.outbox)
    assert row.status == "failed" and row.attempts == ATTEMPTS
    [task] = rows(house, tables.tasks)
    assert (task.conversation_id, task.kind, task.text) == (conversation, "message", FAILED_TEXT)


def test_a_refused_text_fails_at_once_and_tells_the_desk_once(house: House) -> None:
    conversation = begin(house)
    for key in ("a", "b"):
        queue(house, "hello", key, conversation=conversation)
    OutboxSender(house, Scripted(GatewayRefused("no"), GatewayRefused("no"))).send_due(NOON)
    OutboxSender(house, Scripted(GatewayRefused("no"))).send_due(NOON)
    assert [row.status for row in rows(house, tables.outbox)] == ["failed", "failed"]
    assert len(rows(house, tables.tasks)) == 1


def test_a_stop_the_carrier_knows_is_taken_over(house: House) -> None:
    conversation = begin(house)
    for key in ("a", "b"):
        queue(house, "hello", key, conversation=conversation)
    OutboxSender(house, Scripted(NumberStopped("Twilio 21610"))).send_due(NOON)
    assert [row.status for row in rows(house, tables.outbox)] == ["stopped", "stopped"]
    with transaction(house.engine) as connection:
        assert opt_outs.stopped(connection, PATIENT)
    assert [event.kind for event in rows(house, tables.events)] == [
        "conversation_started",
        "messages_stopped",
    ]


def test_a_fault_of_ours_in_a_gateway_loses_nothing(house: House) -> None:
    queue(house, "hello", "k")
    sender = OutboxSender(house, Scripted(RuntimeError("a slip")))
    assert sender.send_due(NOON) == 0
    assert sender.send_due(NOON + timedelta(seconds=5)) == 1


def test_a_row_of_a_dead_process_goes_again_after_its_lease(house: House, gateway: LocalGateway) -> None:
    queue(house, "hello", "k")

    class Dies:
        def send(self, *_: Any) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        OutboxSender(house, Dies()).send_due(NOON)
    [row] = rows(house, tables.outbox)
    assert row.status == "sending"
    sender = sender_for(house, gateway)
    assert sender.send_due(NOON + LEASE - timedelta(seconds=1)) == 0
    assert sender.send_due(NOON + LEASE) == 1
    assert gateway.accepted[0]["id"] == row.id, "the same key, so a gateway that had it can tell"


def test_two_senders_never_send_one_row_twice(house: House, gateway: LocalGateway) -> None:
    people = [f"+4477009001{number:02d}" for number in range(20)]
    for place, to in enumerate(people):
        queue(house, f"a{place}", f"a{place}", to)
        queue(house, f"b{place}", f"b{place}", to)
    start = threading.Barrier(3)

    def work() -> None:
        start.wait()
        sender = sender_for(house, gateway)
        for second in range(10):
            sender.send_due(NOON + timedelta(seconds=second))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    start.wait()
    for thread in threads:
        thread.join()
    assert len(gateway.accepted) == 40 and len({text["id"] for text in gateway.accepted}) == 40
    for place, to in enumerate(people):
        assert [t["text"] for t in gateway.accepted if t["to"] == to] == [f"a{place}", f"b{place}"]


def test_the_task_sends_when_woken_and_stops(house: House, gateway: LocalGateway, monkeypatch: Any) -> None:
    monkeypatch.setattr("assistant.channels.outbox.LOOK_EVERY", 60.0)
    arrived = threading.Event()

    class Telling:
        inner = GenericGateway(gateway.url, SECRET, timeout=5)

        def send(self, *given: Any) -> str:
            try:
                return self.inner.send(*given)
            finally:
                arrived.set()

    async def scene() -> None:
        sender = OutboxSender(house, Telling())
        task = asyncio.create_task(sender.run())
        await asyncio.sleep(0)
        await asyncio.to_thread(queue, house, "hello", "k")
        sender.wake()
        assert await asyncio.to_thread(arrived.wait, 10)
        await sender.stop()
        await asyncio.wait_for(task, 10)

    asyncio.run(scene())
    assert [text["text"] for text in gateway.accepted] == ["hello"]


def test_the_task_outlives_a_database_that_is_away(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr("assistant.channels.outbox.LOOK_EVERY", 0.01)
    looked: list[int] = []
    enough = threading.Event()

    async def scene() -> None:
        sender = OutboxSender(house, Scripted())

        def broken(*_: Any) -> int:
            looked.append(1)
            if len(looked) == 3:
                enough.set()
            raise sa.exc.OperationalError("select", {}, Exception("away"))

        monkeypatch.setattr(sender, "send_due", broken)
        task = asyncio.create_task(sender.run())
        assert await asyncio.to_thread(enough.wait, 10)
        await sender.stop()
        await asyncio.wait_for(task, 10)

    asyncio.run(scene())
    assert len(looked) >= 3
