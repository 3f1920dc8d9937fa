"""The whole program on PostgreSQL: two processes, one conversation, and either may die."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from mortal import Gateway, MortalServer
from postgres import Cluster

from assistant.conversations import messages as messages_of
from assistant.store.database import open_engine, reading, transaction
from assistant.store.tables import messages, tracker_events

SCRIPT = (
    "hello", "is there a walking group near LU3", "more please", "what does it cost", "i sit in all day and see nobody", "yes please",
    "can somebody ring me", "thank you",
)  # fmt: skip


@pytest.fixture(scope="module")
def processes(
    postgres: Cluster, trained_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, list[MortalServer]]]:
    """The database's address, and two processes on it that were started together on an empty one."""
    folder, url, gateway = tmp_path_factory.mktemp("served"), postgres.database(), Gateway()
    settings = {"LINKWAY_DATABASE_URL": url, "LINKWAY_SECRET_KEY": "the same for both"}
    servers = [MortalServer(folder / str(n), trained_model, gateway, folder / f"log{n}", **settings) for n in range(2)]
    try:
        for server in servers:
            server.begin()
        for server in servers:
            server.wait_ready()
        yield url, servers
    finally:
        for server in servers:
            server.close()
        gateway.close()


def begin(server: MortalServer) -> tuple[str, dict[str, str]]:
    begun = httpx.post(f"{server.url}/api/v1/conversations", json={"channel": "web"}, timeout=60).json()
    return begun["id"], {"Authorization": f"Bearer {begun['token']}"}


def say(server: MortalServer, conversation: str, bearer: dict[str, str], text: str, **more: str) -> dict[str, Any]:
    path = f"{server.url}/api/v1/conversations/{conversation}/messages"
    answer = httpx.post(path, json={"text": text, **more}, headers=bearer, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


def shape(url: str, conversation: str) -> list[tuple[Any, ...]]:
    """What of a conversation does not vary with the wording."""
    m = messages.c
    query = sa.select(m.seq, m.sender, m.choices, m.services).where(m.conversation_id == conversation).order_by(m.seq)
    with reading(open_engine(url)) as connection:
        return [(r.seq, r.sender, r.choices, [s["id"] for s in r.services]) for r in connection.execute(query)]


def test_a_conversation_goes_on_whichever_process_a_message_comes_to(processes: tuple[str, list[MortalServer]]) -> None:
    url, (first, second) = processes
    alone, bearer = begin(first)
    for text in SCRIPT:
        say(first, alone, bearer, text)
    shared, bearer = begin(second)
    for number, text in enumerate(SCRIPT):
        say((first, second)[number % 2], shared, bearer, text)
    assert shape(url, shared) == shape(url, alone)
    assert any(services for *_, services in shape(url, alone)), "no service was shown"


def left_by(url: str, conversation: str, text: str) -> None:
    """What a process that dies between storing a message and its turn leaves behind."""
    with transaction(open_engine(url)) as connection:
        messages_of.append(connection, conversation, "patient", text)


def test_what_a_dead_process_left_is_answered_by_another_or_when_it_is_back(processes: tuple[str, list[MortalServer]]) -> None:
    url, (first, second) = processes
    active, bearer = begin(first)
    silent, _ = begin(first)
    first.kill()
    for conversation in (active, silent):
        left_by(url, conversation, "hello")
    answered = say(second, active, bearer, "what does it cost", client_message_id="1")
    # Both wait when the second comes, so both answers follow it.
    assert [m["from"] for m in answered["messages"]] == ["patient", "bot", "bot"]
    first.begin()
    first.wait_ready()
    assert say(first, active, bearer, "what does it cost", client_message_id="1") == answered
    with reading(open_engine(url)) as connection:
        assert messages_of.conversations_with_unanswered(connection) == []
        rows = connection.execute(sa.select(tracker_events.c.sender_id, tracker_events.c.data)).all()
    seen = Counter(row.sender_id for row in rows if json.loads(row.data)["event"] == "user")
    assert (seen[active], seen[silent]) == (2, 1)
