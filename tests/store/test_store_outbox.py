"""The outbox's rows under several processes: each text queued once, and in one pair of hands at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine, Row

from assistant.channels import outbox_rows
from assistant.channels.outbox import queue_text
from assistant.channels.outbox_rows import LEASE, Due, Taken
from assistant.clock import clock
from assistant.store.database import reading, transaction
from assistant.store.tables import outbox

HANDS = 8
PHONE = "+447700900111"


def queue(engine: Engine, key: str = "one", body: str = "Hello") -> None:
    with transaction(engine) as connection:
        queue_text(connection, conversation_id=None, to=PHONE, body=body, idempotency_key=key, reply=True)


def only_row(engine: Engine) -> Row:
    with reading(engine) as connection:
        return connection.execute(outbox.select()).one()


def take_at_once(engine: Engine, due: Due) -> list[Taken | str]:
    together, now = threading.Barrier(HANDS, timeout=30), clock.now()

    def one(_: int) -> Taken | str:
        together.wait()
        with transaction(engine) as connection:
            return outbox_rows.take(connection, due, now)

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(HANDS)))


def test_a_text_queued_by_many_hands_is_one_text(engine: Engine) -> None:
    """A turn answered again, here or in another process, queues nothing twice."""
    together = threading.Barrier(HANDS, timeout=30)

    def one(_: int) -> None:
        together.wait()
        queue(engine)

    with ThreadPoolExecutor(HANDS) as pool:
        list(pool.map(one, range(HANDS)))
    assert only_row(engine).status == "queued"


def test_of_many_processes_one_sends_it(engine: Engine) -> None:
    queue(engine)
    taken = take_at_once(engine, Due(only_row(engine).id, early=False))
    assert sorted(type(t).__name__ for t in taken) == ["Taken"] + ["str"] * (HANDS - 1)
    assert {t for t in taken if isinstance(t, str)} == {"busy"}
    assert (only_row(engine).status, only_row(engine).attempts) == ("sending", 1)


def test_a_text_in_dead_hands_goes_to_one_other_when_the_lease_ends(engine: Engine) -> None:
    queue(engine)
    due = Due(only_row(engine).id, early=False)
    with transaction(engine) as connection:
        dead = outbox_rows.take(connection, due, clock.now() - LEASE - timedelta(seconds=1))
    taken = [t for t in take_at_once(engine, due) if isinstance(t, Taken)]
    assert [t.attempts for t in taken] == [2]
    with transaction(engine) as connection:
        # Should the first come to life again, it changes nothing of what the second did.
        outbox_rows.settle_sent(connection, taken[0], "their-id", clock.now())
        outbox_rows.settle_down(connection, dead, "timed out", clock.now())  # type: ignore[arg-type]
    assert (only_row(engine).status, only_row(engine).provider_id) == ("sent", "their-id")


def test_one_persons_texts_are_given_out_in_the_order_they_were_written(engine: Engine) -> None:
    for number in range(5):
        queue(engine, f"key-{number}", f"Text {number}")
    with reading(engine) as connection:
        (queue_of_one,) = outbox_rows.due(connection, clock.now() + timedelta(seconds=1))
        bodies = [
            connection.execute(sa.select(outbox.c.body).where(outbox.c.id == due.id)).scalar_one() for due in queue_of_one
        ]
    assert bodies == [f"Text {number}" for number in range(5)]
