"""Holds several processes on one PostgreSQL apart, a conversation at a time. SQLite serves one process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from assistant.errors import Unavailable

# Conversations one process answers at once. Each holds a connection for its lock and one for its turn: the first
# come from a pool of their own, so that a crowd of waiting turns cannot starve the turns that are under way.
AT_ONCE = 8
AGAIN_SECONDS = 0.03  # contention is two messages of one person at two processes: rare, and a turn is short
_TRY = sa.text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))")
_RELEASE = sa.text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))")


class ProcessLocks:
    """`async with locks.hold(conversation_id)`: no other process is in there with the same id.

    The database gives the lock back by itself when the process that holds it dies.
    """

    def __init__(self, engine: Engine) -> None:
        """`engine` is the house's; on anything but PostgreSQL there is nothing to hold."""
        self._engine: Engine | None = None
        if engine.dialect.name == "postgresql":
            self._engine = sa.create_engine(
                engine.url, hide_parameters=True, pool_size=AT_ONCE, max_overflow=0, pool_pre_ping=True, isolation_level="AUTOCOMMIT"
            )
        self._places = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def hold(self, key: str) -> AsyncIterator[None]:
        """Wait for the lock without holding up the loop, and release it on the way out.

        Raises:
            Unavailable: the database cannot be reached.
        """
        if self._engine is None:
            yield
            return
        async with self._places:
            connection = self._connect()
            try:
                await self._taken(connection, key)
                yield
            finally:
                _let_go(connection, key)

    def _connect(self) -> Connection:
        assert self._engine is not None
        try:
            return self._engine.connect()
        except sa.exc.OperationalError as error:
            raise Unavailable("The records cannot be reached just now. Please try again.") from error

    async def _taken(self, connection: Connection, key: str) -> None:
        try:
            while not connection.execute(_TRY, {"key": key}).scalar_one():
                await asyncio.sleep(AGAIN_SECONDS)
        except sa.exc.OperationalError as error:
            raise Unavailable("The records cannot be reached just now. Please try again.") from error


@contextmanager
def one_process(engine: Engine, work: str) -> Iterator[None]:
    """For what is done once at a start: the second of two processes started together waits, and finds it done."""
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("SELECT pg_advisory_lock(hashtextextended(:key, 0))"), {"key": work})
        try:
            yield
        finally:
            connection.execute(_RELEASE, {"key": work})


def _let_go(connection: Connection, key: str) -> None:
    """Release; a connection that cannot say so any more is closed, which releases it too."""
    try:
        connection.execute(_RELEASE, {"key": key})
    except sa.exc.DBAPIError:
        connection.invalidate()
    finally:
        connection.close()
