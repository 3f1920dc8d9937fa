"""One message at a time per conversation, without waiting in ticks.

Rasa's own lock store looks once a second, so that two quick texts take a second (facts/rasa.md, section 2). Within a
process an asyncio lock does; several processes on one PostgreSQL are held apart by an advisory lock, see turns.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore


class AsyncioLockStore(InMemoryLockStore):
    """`lock` hands out an asyncio lock per conversation; unused ones vanish by themselves."""

    def __init__(self) -> None:
        """Start with no locks."""
        super().__init__()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 60, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation; Rasa's two times do not apply."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            yield TicketLock(conversation_id)
