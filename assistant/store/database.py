"""The engine and its transactions. SQLite waits its turn and syncs every commit; PostgreSQL as it comes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from assistant.errors import BadInput, Unavailable

# Gone, locked for long, full, shutting down, or every connection is taken.
AWAY = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)


def open_engine(url: str, patience: float = 15.0) -> Engine:
    """An engine for `url`; creates the folder of a SQLite file. `patience`: seconds a SQLite writer waits its turn.

    Raises:
        BadInput: `url` is no database address SQLAlchemy knows, or its driver is not installed.
    """
    try:
        return _open(url, patience)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadInput("LINKWAY_DATABASE_URL cannot be used: write sqlite:///FILE or postgresql://...") from error


def _open(url: str, patience: float) -> Engine:
    if not url.startswith("sqlite"):
        # Turns hold at most `locks.AT_ONCE` connections; texts, the desk and the web take the others for moments.
        return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=8, max_overflow=16)
    path = url.partition("///")[2]
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # Connections are kept: opening one a turn and closing it, with WAL's clean-up, cost more than the turn's own writes.
    # The one used last comes first: it has the newest pages and the statements; SQLite forgets both where another wrote.
    kept: dict[str, Any] = {"poolclass": sa.pool.StaticPool}
    if path:
        kept = {"poolclass": sa.pool.QueuePool, "pool_size": 8, "pool_use_lifo": True}
    # An error in the log must not quote the row: it holds what somebody said.
    engine = sa.create_engine(url, hide_parameters=True, connect_args={"timeout": patience, "check_same_thread": False}, **kept)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # We begin transactions ourselves: pysqlite's own BEGIN comes too late to hold readers and writers apart.
        connection.isolation_level = None
        _write_ahead(connection, patience)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # IMMEDIATE: two writers queue here instead of failing half-way through a turn.
        writing = connection.get_execution_options().get("writing", True)
        # To the driver itself: SQLAlchemy's way to it costs more than the statement.
        try:
            connection.connection.dbapi_connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
        except sqlite3.OperationalError as error:
            raise sa.exc.OperationalError("BEGIN", None, error, hide_parameters=True) from error

    return engine


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    """Switch the file to a write-ahead log, once in its life. SQLite does not wait for another process doing the same."""
    until = time.monotonic() + patience
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One write transaction; commits on the way out, rolls back on any error.

    Raises:
        Unavailable: the database cannot be reached, is locked for long, or its disk is full.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except AWAY as error:
        raise Unavailable("The records cannot be reached just now. Nothing was lost; please try again.") from error


def _reader(engine: Engine) -> Engine:
    """The same engine and its connections, for reading. Kept with the engine, so that it goes when the engine goes."""
    if "reader" not in engine.__dict__:
        engine.__dict__["reader"] = engine.execution_options(writing=False)
    reader: Engine = engine.__dict__["reader"]
    return reader


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A read: takes no write lock."""
    try:
        with _reader(engine).connect() as connection:
            yield connection
    except AWAY as error:
        raise Unavailable("The records cannot be reached just now. Please try again.") from error
