"""The event stream: tells of changes, keeps a pulse, ends with the sign-in."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request

from assistant.clock import clock
from assistant.conversations import people
from assistant.desk import live
from assistant.desk.sessions import watching
from assistant.store.database import transaction


class Watcher(Request):
    """An open connection of a browser."""

    gone = False

    async def is_disconnected(self) -> bool:
        return self.gone


@pytest.fixture
def watcher(app, at_desk, monkeypatch):
    """Amina's open inbox."""
    monkeypatch.setattr(live, "SETTLE", 0)
    desk = at_desk("amina")
    cookie = f"linkway_staff={desk.cookies['linkway_staff']}".encode()
    request = Watcher({"type": "http", "app": app, "headers": [(b"cookie", cookie)], "state": {}})
    request.desk = desk
    return request


async def following(stream):
    return (await asyncio.wait_for(anext_of(stream), 10))["event"]


async def anext_of(stream):
    return await stream.__anext__()


async def test_a_nudge_brings_word_of_a_change(house, watcher, begin):
    house.notifier.bind(asyncio.get_running_loop())
    stream = live._changes(watcher, house, watching(watcher))
    assert await following(stream) == "pulse"
    conversation = begin(state="waiting")
    asyncio.get_running_loop().call_later(0.01, house.notifier.nudge, conversation)
    assert [await following(stream) for _ in range(2)] == ["changed", "pulse"]
    await stream.aclose()


async def test_without_a_nudge_another_processs_change_is_seen_and_quiet_brings_a_pulse(house, watcher, begin, monkeypatch):
    monkeypatch.setattr(live, "LOOK_EVERY", 0.01)
    stream = live._changes(watcher, house, watching(watcher))
    assert [await following(stream) for _ in range(3)] == ["pulse", "pulse", "pulse"]
    conversation = begin()
    with transaction(house.engine) as connection:
        people.flag_risk(connection, conversation, "wardown-park", 1, ["self_harm"])
    assert await following(stream) == "changed"
    await stream.aclose()


async def test_the_stream_ends_with_the_sign_in(house, watcher, monkeypatch):
    monkeypatch.setattr(live, "LOOK_EVERY", 0.01)
    stream = live._changes(watcher, house, watching(watcher))
    assert await following(stream) == "pulse"
    clock.shift(minutes=31)
    assert await following(stream) == "ended"
    with pytest.raises(StopAsyncIteration):
        await stream.__anext__()


async def test_a_closed_page_ends_the_stream(house, watcher, monkeypatch):
    monkeypatch.setattr(live, "LOOK_EVERY", 0.01)
    stream = live._changes(watcher, house, watching(watcher))
    await following(stream)
    watcher.gone = True
    with pytest.raises(StopAsyncIteration):
        await stream.__anext__()
