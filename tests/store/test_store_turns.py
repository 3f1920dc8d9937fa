"""Turns on one database: what a stopped process left is answered, and several processes answer nothing twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgres import Cluster
from sqlalchemy.engine import Connection, Engine

from assistant.conversations import messages, records
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store.database import open_engine, reading, transaction
from assistant.store.locks import AT_ONCE, ProcessLocks
from assistant.store.migrate import migrate
from assistant.turns import Turns

PROGRAMME = load_programme(Path(__file__).parents[2] / "programme")
PATIENCE = 20.0  # seconds; a stall would be the pool's 30


class Said:
    """What assistant.dialogue.agent.Said is."""

    def __init__(self, text: str) -> None:
        self.replies: list[dict[str, Any]] = [{"text": text}]
        self.understood: dict[str, Any] = {}
        self.slots: dict[str, Any] = {}
        self.active_form = None


class Echo:
    """Stands where the Rasa agent stands: repeats the message, in `seconds`; fails on 'break'."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds, self.under_way, self.most = seconds, Counter[str](), 0

    async def talk(self, connection: Connection, conversation_id: str, channel: str, text: str, tracked: int | None = None) -> Said:
        self.under_way[conversation_id] += 1
        self.most = max(self.most, self.under_way[conversation_id])
        if self.seconds:
            await asyncio.sleep(self.seconds)
        self.under_way[conversation_id] -= 1
        if text == "break":
            raise RuntimeError("broken")
        return Said(f"You said {text}")

    def forget(self, conversation_id: str) -> None:
        """Nothing is kept."""


def process(url: str, home: Path, dialogue: Echo) -> Turns:
    """The turns of a process of its own on the database `url`."""
    house = House(Settings(_env_file=None, home=home), open_engine(url), PROGRAMME)
    house.dialogue = dialogue  # type: ignore[assignment]
    house.turns = Turns(house)
    return house.turns


def ask(engine: Engine, *texts: str) -> str:
    """A conversation in which these wait for an answer."""
    with transaction(engine) as connection:
        conversation, _ = records.begin(connection, channel="web", practice=PROGRAMME.practice().slug)
        for text in texts:
            messages.append(connection, conversation, "patient", text)
    return conversation


def answers(engine: Engine, conversation: str) -> list[str]:
    with reading(engine) as connection:
        said = messages.since(connection, conversation)
        assert messages.unanswered(connection, conversation) == []
    assert [m.seq for m in said] == list(range(1, len(said) + 1))
    return [m.text for m in said if m.sender == "bot"]


async def test_what_a_stopped_process_left_is_answered_once_and_in_order(engine: Engine, url: str, tmp_path: Path) -> None:
    left = [ask(engine, "one", "two"), ask(engine, "three")]
    turns = process(url, tmp_path, Echo())
    assert await turns.recover() == 2
    assert await turns.recover() == 0
    assert [answers(engine, c) for c in left] == [["You said one", "You said two"], ["You said three"]]


async def test_a_turn_that_breaks_costs_an_apology_and_not_the_next_message(engine: Engine, url: str, tmp_path: Path) -> None:
    conversation = ask(engine, "break", "go on")
    await process(url, tmp_path, Echo()).answer(conversation)
    sorry, after = answers(engine, conversation)
    assert sorry.startswith("Sorry, something on our side is not working") and after == "You said go on"
    with reading(engine) as connection:
        assert [r.text for r in connection.execute(sa.text("SELECT text FROM tasks"))] == ["break"]


async def test_two_processes_asked_at_once_answer_each_message_once(postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.database()
    migrate(open_engine(url))
    both = Echo(0.01)
    first, second = process(url, tmp_path, both), process(url, tmp_path, both)
    engine, texts = open_engine(url), [f"text {n}" for n in range(8)]
    conversation = ask(engine, *texts)
    await asyncio.wait_for(asyncio.gather(*(turns.answer(conversation) for turns in [first, second] * 4)), PATIENCE)
    assert answers(engine, conversation) == [f"You said {text}" for text in texts]
    assert both.most == 1, "two processes were in one conversation"


async def test_a_crowd_is_answered_without_starving_for_connections(postgres: Cluster, tmp_path: Path) -> None:
    """Each turn needs a connection beside its lock: sharing one pool, a crowd of locks left none for the turns."""
    url = postgres.database()
    migrate(open_engine(url))
    engine, turns = open_engine(url), process(url, tmp_path, Echo(0.02))
    crowd = [ask(engine, "hello", "again") for _ in range(60)]
    await asyncio.wait_for(asyncio.gather(*(turns.answer(c) for c in crowd)), PATIENCE)
    assert {tuple(answers(engine, c)) for c in crowd} == {("You said hello", "You said again")}


async def test_the_lock_of_a_process_that_dies_is_free_at_once(postgres: Cluster) -> None:
    url = postgres.database()
    dead, alive = ProcessLocks(open_engine(url)), ProcessLocks(open_engine(url))
    async with dead.hold("a-conversation"):
        waiting = asyncio.create_task(entered(alive, "a-conversation"))
        async with alive.hold("another"):
            assert not waiting.done(), "another process went in although the lock is held"
        with open_engine(url).connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
        assert await asyncio.wait_for(waiting, PATIENCE)
    async with dead.hold("a-conversation"):
        pass  # its broken connection was replaced


async def entered(locks: ProcessLocks, key: str) -> bool:
    async with locks.hold(key):
        return True


async def test_a_wait_that_is_given_up_leaves_no_lock_behind(postgres: Cluster) -> None:
    url = postgres.database()
    first, second = ProcessLocks(open_engine(url)), ProcessLocks(open_engine(url))
    async with first.hold("a-conversation"):
        for _ in range(AT_ONCE * 2):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(entered(second, "a-conversation"), 0.05)
    with open_engine(url).connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").scalar() == 0
    assert await asyncio.wait_for(entered(second, "a-conversation"), PATIENCE)
