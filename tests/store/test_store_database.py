"""Transactions: all or nothing, writers that queue, and plain words when the disk is full or the database away."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from postgres import Cluster
from sqlalchemy.engine import Engine

from assistant.conversations import messages, records
from assistant.errors import Unavailable
from assistant.store.database import open_engine, reading, transaction
from assistant.store.migrate import migrate
from assistant.store.tables import opt_outs, wellbeing

PHONE = "+447700900111"
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=1)))


def stop(connection: sa.engine.Connection, phone: str = PHONE) -> None:
    connection.execute(opt_outs.insert().values(phone=phone, at=NOON, stopped=True))


def rows(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(opt_outs)).scalar_one())


def test_an_error_takes_back_the_whole_transaction(engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(engine) as connection:
        stop(connection)
        raise RuntimeError("half-way")
    assert rows(engine) == 0


def test_a_time_comes_back_as_the_same_instant_with_its_zone(engine: Engine) -> None:
    with transaction(engine) as connection:
        stop(connection)
        assert connection.execute(sa.select(opt_outs.c.at)).scalar_one() == NOON
        found = connection.execute(sa.select(opt_outs.c.phone).where(opt_outs.c.at >= NOON)).scalar()
    assert found == PHONE


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(sa.exc.StatementError, match="without a zone"), transaction(engine) as connection:
        connection.execute(opt_outs.insert().values(phone=PHONE, at=datetime(2026, 7, 1), stopped=True))


def test_words_of_every_script_come_back_as_they_went(engine: Engine) -> None:
    text = "naïve 😀 ਸਤ ਸ੍ਰੀ ਅਕਾਲ العربية \u202e rtl, 'quotes', \\ and %s"
    with transaction(engine) as connection:
        conversation, _ = records.begin(connection, channel="web", practice="wardown-park")
        messages.append(connection, conversation, "patient", text)
        connection.execute(
            wellbeing.insert().values(conversation_id=conversation, at=NOON, stage="start", answers={"ons_happy": "7", "said": text})
        )
    with reading(engine) as connection:
        assert messages.since(connection, conversation)[0].text == text
        assert connection.execute(sa.select(wellbeing.c.answers)).scalar_one() == {"ons_happy": "7", "said": text}


def test_many_writers_wait_their_turn_and_none_is_lost(engine: Engine) -> None:
    def write(number: int) -> None:
        with transaction(engine) as connection:
            stop(connection, f"+4477009{number:05}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(64)))
    assert rows(engine) == 64


def test_a_reader_is_not_held_up_by_a_writer_and_sees_what_is_committed(engine: Engine) -> None:
    with transaction(engine) as connection:
        stop(connection)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(rows, engine).result(5) == 0
    assert rows(engine) == 1


def test_a_locked_file_is_said_plainly_and_works_again_later(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'linkway.db'}"
    holder, other = open_engine(url), open_engine(url, patience=0.1)
    migrate(holder)
    with transaction(holder) as connection:
        stop(connection)
        with pytest.raises(Unavailable, match="Nothing was lost"), transaction(other) as second:
            stop(second)
        assert rows(other) == 0, "reading goes on"
    with transaction(other) as second:
        stop(second)
    assert rows(other) == 2


def test_a_full_disk_is_said_plainly_and_loses_nothing(tmp_path: Path) -> None:
    """SQLite's own limit stands for the disk's: the same error, at the same place."""
    engine = open_engine(f"sqlite:///{tmp_path / 'linkway.db'}")
    migrate(engine)
    with reading(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    full = True

    @sa.event.listens_for(engine, "begin")
    def limit(connection: sa.engine.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages if full else 2**30}")

    with transaction(engine) as connection:
        conversation, _ = records.begin(connection, channel="web", practice="wardown-park")
    with pytest.raises(Unavailable, match="Nothing was lost"), transaction(engine) as connection:
        for _ in range(200):
            messages.append(connection, conversation, "patient", "a long message " * 100)
    with reading(engine) as connection:
        assert messages.since(connection, conversation) == [], "half of it was kept"
    full = False
    with transaction(engine) as connection:
        assert messages.append(connection, conversation, "patient", "again") == 1


def test_postgresql_that_goes_away_and_comes_back(postgres: Cluster) -> None:
    """A database restarted under us: plain words meanwhile, then on as before, without a restart of ours."""
    engine = open_engine(postgres.database())
    migrate(engine)
    with transaction(engine) as connection:
        stop(connection)
    postgres.stop()
    try:
        with pytest.raises(Unavailable), transaction(engine) as connection:
            stop(connection)
        with pytest.raises(Unavailable):
            rows(engine)
    finally:
        postgres.start()
    assert rows(engine) == 1
    engine.dispose()


def test_postgresql_cut_in_the_middle_of_a_transaction_keeps_none_of_it(postgres: Cluster) -> None:
    engine = open_engine(postgres.database())
    migrate(engine)
    with pytest.raises(Unavailable), transaction(engine) as connection:
        stop(connection)
        mine = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with engine.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({mine})")
        stop(connection)
    assert rows(engine) == 0
    engine.dispose()


def test_more_writers_than_connections_wait_for_one(engine: Engine) -> None:
    """Threads of the desk and the outbox beyond the pool's size are held up, not refused."""
    together = threading.Barrier(40, timeout=30)

    def write(number: int) -> None:
        together.wait()
        with transaction(engine) as connection:
            stop(connection, f"+4477009{number:05}")

    with ThreadPoolExecutor(40) as pool:
        list(pool.map(write, range(40)))
    assert rows(engine) == 40
