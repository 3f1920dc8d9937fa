"""The HTTP tests talk to the running program as any client would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from live import LiveServer
from talk import CONVERSATIONS, Talk


@pytest.fixture(scope="session")
def client(live_server: LiveServer) -> Iterator[httpx.Client]:
    """A client of the running program."""
    with live_server.client() as made:
        yield made


@pytest.fixture
def begin(client: httpx.Client) -> Callable[[], Talk]:
    """`begin()`: a new conversation."""

    def make() -> Talk:
        made = client.post(CONVERSATIONS, json={"channel": "web"}).json()
        return Talk(client, made["id"], made["token"])

    return make
