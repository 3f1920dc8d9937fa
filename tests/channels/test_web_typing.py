"""Who is writing, over the web API: the fact alone, by the stream's `typing` event and by long poll, over by the clock."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from assistant import errors
from assistant.channels import web
from assistant.channels.limits import Limits
from assistant.clock import clock
from assistant.conversations import records, typing
from assistant.desk import accounts
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store.database import open_engine, reading, transaction
from assistant.store.tables import metadata


@pytest.fixture
def served(tmp_path):
    """The API on a port of its own, without a model: a person answers."""
    engine = open_engine(f"sqlite:///{tmp_path}/web.db")
    metadata.create_all(engine)
    house = House(Settings(_env_file=None, home=tmp_path), engine, load_programme(web.__file__.split("assistant")[0] + "programme"))

    @asynccontextmanager
    async def life(_):
        house.notifier.bind(asyncio.get_running_loop())
        yield

    app = FastAPI(lifespan=life)
    app.state.house, app.state.limits = house, Limits(house.settings)
    errors.install(app)
    app.include_router(web.router)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.02)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1/conversations", timeout=20) as client:
        yield house, client
    server.should_exit = server.force_exit = True
    thread.join(10)
    clock.run()


@pytest.fixture
def live(served):
    """A conversation that Amina has: (house, client, id, headers)."""
    house, client = served
    clock.set(clock.now())
    with transaction(house.engine) as connection:
        accounts.add_staff(connection, "amina", "Amina Yusuf", "navigator", "wardown-park")
        staff = accounts.find(connection, "amina")
        conversation, token = records.begin(connection, channel="web", practice="wardown-park")
        records.update(connection, conversation, state="live", staff_id=staff.id, claimed_at=clock.now())
    return house, client, conversation, {"Authorization": f"Bearer {token}"}


def writes(house, conversation, side):
    with transaction(house.engine) as connection:
        typing.note(connection, conversation, side)
    house.notifier.nudge(conversation)


def patient_writes(house, conversation):
    with reading(house.engine) as connection:
        return typing.is_writing(connection, conversation, typing.PATIENT)


def test_the_patient_says_that_they_write_and_it_ends_by_the_clock(live):
    house, client, conversation, headers = live
    for _ in range(3):  # as often as keys are pressed
        assert client.post(f"/{conversation}/typing", headers=headers).status_code == 204
    assert patient_writes(house, conversation)
    clock.shift(seconds=9)
    assert not patient_writes(house, conversation)


def test_a_message_ends_the_writing(live):
    house, client, conversation, headers = live
    client.post(f"/{conversation}/typing", headers=headers)
    client.post(f"/{conversation}/messages", headers=headers, json={"text": "Hello"})
    assert not patient_writes(house, conversation)


@pytest.mark.parametrize("state", ["bot", "waiting", "closed"])
def test_to_the_helper_nobody_writes(live, state):
    house, client, conversation, headers = live
    with transaction(house.engine) as connection:
        records.update(connection, conversation, state=state, waiting_since=clock.now())
    assert client.post(f"/{conversation}/typing", headers=headers).status_code == 204
    assert not patient_writes(house, conversation)


def test_without_its_token_nothing_is_noted(live):
    house, client, conversation, _ = live
    assert client.post(f"/{conversation}/typing").status_code == 401
    assert client.post(f"/{conversation}/typing", headers={"Authorization": "Bearer x"}).status_code == 401
    assert not patient_writes(house, conversation)


def test_the_stream_says_who_writes_and_that_they_stopped(live):
    house, client, conversation, headers = live
    found = []
    with client.stream("GET", f"/{conversation}/events", headers=headers) as answer:
        kind = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            if line.startswith("data: "):
                found.append((kind, json.loads(line.removeprefix("data: "))))
                if len(found) == 1:
                    writes(house, conversation, typing.STAFF)
                if len(found) == 2:
                    clock.shift(seconds=9)
                if len(found) == 3:
                    break
    assert found[0][0] == "state" and "typing" not in found[0][1]
    assert found[1:] == [
        ("typing", {"from": "navigator", "typing": True, "name": "Amina"}), ("typing", {"from": "navigator", "typing": False}),
    ]  # fmt: skip


def test_a_long_poll_ends_with_it(live):
    house, client, conversation, headers = live
    timer = threading.Timer(0.3, writes, (house, conversation, typing.STAFF))
    timer.start()
    answer = client.get(f"/{conversation}/messages", headers=headers, params={"wait": 15, "state": "live"}).json()
    timer.join()
    assert answer["typing"] == "Amina" and answer["messages"] == [] and answer["state"] == "live"
