"""What was said arrives once and in order: the event stream and its resuming, the long poll, the states."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from live import LiveServer
from talk import Talk, is_problem

from assistant.clock import clock
from assistant.conversations import records
from assistant.desk import takeover
from assistant.desk.roles import Staff
from assistant.store.database import transaction

Begin = Callable[[], Talk]


def events(talk: Talk, count: int, **headers: str) -> list[tuple[str, str, Any]]:
    """The first `count` events as (kind, id, data)."""
    with talk.client.stream("GET", f"{talk.url}/events", headers={**talk.headers, **headers}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        return [event for _, event in zip(range(count), parsed(answer.iter_lines()))]


def parsed(lines: Iterator[str]) -> Iterator[tuple[str, str, Any]]:
    """Events out of the lines of a stream."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif fields.get("data"):
            yield fields.get("event", "message"), fields.get("id", ""), json.loads(fields["data"])
            fields = {}


def navigator(server: LiveServer, name: str = "Amina Yusuf") -> Staff:
    """Somebody who can take a conversation over."""
    account = server.hire(name)
    with transaction(server.house.engine) as connection:
        from assistant.desk.accounts import find

        row = find(connection, account.username)
    return Staff(row.id, row.username, row.name, row.role, row.practice, "", "")


def test_the_stream_gives_the_log_and_resumes_from_any_place(begin: Begin) -> None:
    talk = begin()
    talk.say("Do I have to pay?")
    log = talk.log()
    whole = events(talk, 1 + len(log))
    assert whole[0] == ("state", "", {"state": "bot"})
    assert [data for _, _, data in whole[1:]] == log
    assert [place for _, place, _ in whole[1:]] == [str(message["seq"]) for message in log]
    for last in ("1", "2"):
        resumed = events(talk, 1 + len(log) - int(last), **{"Last-Event-ID": last})
        assert [data for _, _, data in resumed[1:]] == log[int(last) :]
    for odd in ("x", "-1", "1.5", "9" * 20):
        assert events(talk, 1, **{"Last-Event-ID": odd})[0][0] == "state"
    assert is_problem(talk.client.get(f"{talk.url}/events", headers={**talk.headers, "Last-Event-ID": "9" * 21}), 422)


def test_what_is_said_meanwhile_comes_at_once(begin: Begin) -> None:
    talk, got = begin(), []
    ready = threading.Event()

    def listen() -> None:
        with httpx.Client(base_url=talk.client.base_url, timeout=30) as own:
            with own.stream("GET", f"{talk.url}/events", headers=talk.headers) as answer:
                for event in parsed(answer.iter_lines()):
                    got.append((time.monotonic(), event))
                    ready.set()
                    if event[0] == "message" and event[2]["from"] == "bot" and event[2]["seq"] > 1:
                        return

    thread = threading.Thread(target=listen)
    thread.start()
    assert ready.wait(10)
    talk.say("Do I have to pay?")
    said = time.monotonic()
    thread.join(15)
    messages = [event[2]["seq"] for _, event in got if event[0] == "message"]
    assert messages == [1, 2, 3]
    assert got[-1][0] - said < 1.0


def test_the_states_say_who_is_there_and_how_long_the_queue_is(begin: Begin, live_server: LiveServer) -> None:
    talk, first, amina = begin(), begin(), navigator(live_server)
    engine = live_server.house.engine
    with transaction(engine) as connection:
        for one in (first, talk):
            records.change_state(connection, one.id, "bot", "waiting", waiting_since=clock.now())
    waiting = talk.get("messages").json()
    assert waiting["state"] == "waiting" and waiting["queue_place"] >= 2
    assert events(talk, 1)[0][2] == {"state": "waiting", "queue_place": waiting["queue_place"]}
    with transaction(engine) as connection:
        takeover.claim(connection, amina, first.id)
    assert talk.get("messages").json()["queue_place"] == waiting["queue_place"] - 1
    with transaction(engine) as connection:
        takeover.claim(connection, amina, talk.id)
    live = {"state": "live", "navigator": "Amina Yusuf", "navigator_role": "social prescribing navigator"}
    assert events(talk, 1)[0][2] == live
    said = talk.say("Are you a person?").json()
    assert [message["from"] for message in said["messages"]] == ["patient"]  # the bot is silent
    assert {key: said[key] for key in live} == live
    with transaction(engine) as connection:
        takeover.hand_back(connection, amina, talk.id)
        takeover.close(connection, amina, first.id)
    assert talk.get("messages").json()["state"] == "bot" and first.get("messages").json()["state"] == "closed"
    assert first.say("Hello again").json()["state"] == "bot"


def test_a_long_poll_ends_with_news_of_either_kind(begin: Begin, live_server: LiveServer) -> None:
    talk = begin()

    def later(act: Callable[[], None]) -> None:
        threading.Timer(0.3, act).start()

    def wait() -> None:
        with transaction(live_server.house.engine) as connection:
            records.change_state(connection, talk.id, "bot", "waiting", waiting_since=clock.now())
        live_server.house.notifier.nudge(talk.id)

    began = time.monotonic()
    assert talk.get("messages", after=1, wait=1).json() == {"messages": [], "state": "bot"}
    assert 0.9 < time.monotonic() - began < 5
    began = time.monotonic()
    later(wait)
    changed = talk.get("messages", after=1, wait=20, state="bot").json()
    assert changed["state"] == "waiting" and changed["messages"] == []
    # A state that changed between two polls is told at once.
    assert talk.get("messages", after=1, wait=20, state="bot").json()["state"] == "waiting"
    assert time.monotonic() - began < 5
    later(lambda: talk.say("Do I have to pay?") and None)
    with httpx.Client(base_url=talk.client.base_url, timeout=60) as own:
        news = Talk(own, talk.id, talk.token).get("messages", after=1, wait=20, state="waiting").json()
    assert news["messages"][0]["text"] == "Do I have to pay?"


def test_an_erased_conversation_ends_its_stream(begin: Begin) -> None:
    talk = begin()
    with talk.client.stream("GET", f"{talk.url}/events", headers=talk.headers) as answer:
        stream = parsed(answer.iter_lines())
        next(stream)
        with httpx.Client(base_url=talk.client.base_url, timeout=30) as own:
            assert Talk(own, talk.id, talk.token).erase().json()["erased"] is True
        *_, last = stream
    assert last == ("state", "", {"state": "closed"})
