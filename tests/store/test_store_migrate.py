"""The tables: made by migrations alone, once however many processes start, and never by guessing at a newer one's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Engine

from assistant.errors import BadInput, Unavailable
from assistant.store import pathway_tables, staff_tables  # noqa: F401 - registers their tables
from assistant.store.database import open_engine, transaction
from assistant.store.migrate import migrate
from assistant.store.tables import conversations, metadata
from directory.tables import directory_metadata


def tables(engine: Engine) -> set[str]:
    return set(sa.inspect(engine).get_table_names())


def test_an_empty_database_gets_every_table(engine: Engine) -> None:
    assert tables(engine) == {*metadata.tables, *directory_metadata.tables, "alembic_version"}


def test_the_migrations_make_just_what_the_code_describes(engine: Engine) -> None:
    """A column added to tables.py and forgotten in a migration works in tests of fresh tables and nowhere else."""
    ours = {"include_object": lambda o, name, kind, *_: kind != "table" or name in metadata.tables, "compare_type": False}
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=ours), metadata) == []


def test_migrating_again_keeps_everything(engine: Engine) -> None:
    before = tables(engine)
    with transaction(engine) as connection:
        connection.exec_driver_sql("INSERT INTO opt_outs (phone, at, stopped) VALUES ('+447700900111', '2026-11-21', true)")
    migrate(engine)
    assert tables(engine) == before
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM opt_outs").scalar() == 1


def test_processes_that_start_together_do_not_trip_over_each_other(url: str) -> None:
    engines = [open_engine(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, engines))
    assert {"messages", "outbox", "staff"} <= tables(engines[0])


def test_a_database_of_a_newer_program_is_refused_in_plain_words(engine: Engine) -> None:
    with transaction(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Unavailable, match="revision 9999, which this Linkway does not know"):
        migrate(engine)


def test_a_migration_cut_half_way_leaves_nothing_behind(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = open_engine(url)
    monkeypatch.setattr(directory_metadata, "create_all", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        migrate(engine)
    assert tables(engine) <= {"alembic_version"}
    monkeypatch.undo()
    migrate(engine)
    assert conversations.name in tables(engine)


@pytest.mark.parametrize("address", ["postgres://somebody@somewhere/x", "linkway.db", "mysql://x@y/z"])
def test_an_address_nobody_can_use_names_the_setting(address: str) -> None:
    with pytest.raises(BadInput, match="LINKWAY_DATABASE_URL"):
        open_engine(address)


def test_a_server_that_is_not_there_is_said_plainly() -> None:
    with pytest.raises(Unavailable):
        migrate(open_engine("postgresql://linkway@127.0.0.1:1/linkway"))
