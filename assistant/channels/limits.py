"""Rate limits: a small token bucket in memory, by conversation and by network address."""

from __future__ import annotations

import time
from collections import OrderedDict

from fastapi import Request

from assistant.errors import TooMany
from assistant.settings import Settings

REMEMBERED = 20_000  # buckets; the oldest untouched go first


class Buckets:
    """`take` allows `rate` a period of `seconds`, in bursts of up to `rate`."""

    def __init__(self, rate: int, seconds: float, words: str) -> None:
        """`words` tells the person what to do."""
        self._rate, self._seconds, self._words = rate, seconds, words
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Use one.

        Raises:
            TooMany: none is left just now.
        """
        now = time.monotonic()
        left, then = self._buckets.pop(key, (float(self._rate), now))
        left = min(self._rate, left + (now - then) * self._rate / self._seconds)
        self._buckets[key] = (max(left - 1, 0) if left >= 1 else left, now)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if left < 1:
            raise TooMany(self._words)


class Limits:
    """The limits of one app: chats begun and providers' pages by network address, messages by conversation."""

    def __init__(self, settings: Settings) -> None:
        """All empty; pages and API take from the same."""
        self.begun = Buckets(settings.conversations_per_hour, 3600, "Many chats were begun from here. Please wait a little.")
        self.said = Buckets(settings.messages_per_minute, 60, "That was a lot at once. Please wait a minute, then go on.")
        self.provider = Buckets(60, 60, "That was a lot at once. Please wait a minute, then open the link again.")


async def limits_of(request: Request) -> Limits:
    """FastAPI dependency: the limits of this app."""
    limits: Limits = request.app.state.limits
    return limits


def address_of(request: Request) -> str:
    """The network address a request came from; behind a proxy, the one uvicorn took from its headers."""
    return request.client.host if request.client else ""
