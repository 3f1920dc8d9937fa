"""Tells open connections that something was said, so that they read on from their cursor.

A nudge carries nothing: whoever is woken reads the database, so a lost nudge costs a second and never a message.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict

# Another process (or a desk thread that could not reach the loop) is noticed by looking this often, in seconds.
LOOK_EVERY = 1.0


class Notifier:
    """Waiters by conversation id; '' wakes those who watch the whole desk."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._typing: dict[str, tuple[str, float]] = {}

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop the waiters live in."""
        self._loop = loop

    def nudge(self, conversation_id: str) -> None:
        """Wake everybody who watches this conversation or the desk; safe from any thread."""
        if self._loop is None or self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._wake, conversation_id)

    def _wake(self, conversation_id: str) -> None:
        for key in (conversation_id, ""):
            for event in self._waiting.get(key, ()):
                event.set()

    async def wait(self, conversation_id: str, seconds: float = LOOK_EVERY) -> bool:
        """Until nudged, or `seconds` have passed; True when nudged."""
        event = asyncio.Event()
        self._waiting[conversation_id].add(event)
        try:
            await asyncio.wait_for(event.wait(), seconds)
            return True
        except asyncio.TimeoutError:
            return False
        finally:
            waiting = self._waiting[conversation_id]
            waiting.discard(event)
            if not waiting:
                self._waiting.pop(conversation_id, None)
