"""DELETE leaves nothing of a person in any table, the drawn phone included; a safety flag defers it and says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import httpx
import sqlalchemy as sa
from live import LiveServer
from talk import Talk, is_problem

from assistant.conversations import messages, records
from assistant.store import staff_tables  # noqa: F401 - its tables join the metadata
from assistant.store.database import reading, transaction
from assistant.store.demo_tables import demo_texts
from assistant.store.tables import conversations, metadata, outbox

Begin = Callable[[], Talk]


def rows_with(server: LiveServer, *needles: str) -> set[str]:
    """Tables with a row that holds one of the words in any column."""
    found = set()
    with reading(server.house.engine) as connection:
        tables: Iterable[sa.Table] = [*metadata.sorted_tables, demo_texts]
        for table in tables:
            for row in connection.execute(sa.select(table)):
                text = json.dumps([str(value) for value in row])
                if any(needle in text for needle in needles):
                    found.add(table.name)
    return found


def test_a_whole_way_leaves_no_trace(begin: Begin, live_server: LiveServer) -> None:
    talk, secret = begin(), "Xanthippe Quillfeather"
    shown = talk.say("is there a walking group near LU3?").json()["messages"][-1]
    talk.say(choice=shown["services"][0]["choices"][0]["value"])
    talk.say(f"Please ring me, {secret}")
    talk.say("I want to talk to a person")
    talk.say("I do not want any of this, thank you")
    before = rows_with(live_server, talk.id, secret)
    assert {"conversations", "messages", "tracker_events", "saved_services", "events"} <= before
    assert talk.erase().json() == {"erased": True, "detail": "The conversation is erased."}
    assert rows_with(live_server, talk.id, secret) == set()
    assert is_problem(talk.get("messages"), 401)
    assert is_problem(talk.erase(), 401)


def test_texts_go_from_the_drawn_phone_too(client: httpx.Client, live_server: LiveServer) -> None:
    secret = "Wilhelmina by text"
    live_server.clear_phone()
    assert client.post("/demo/phone", json={"text": f"Hello, I am {secret}"}).status_code == 202
    with transaction(live_server.house.engine) as connection:
        [row] = [r for r in connection.execute(sa.select(conversations)) if r.channel == "sms"]
        digest = records.token_digest("a token for the test")
        connection.execute(conversations.update().where(conversations.c.id == row.id).values(token_hash=digest))
    talk = Talk(client, row.id, "a token for the test")
    texts = _texts_once_answered(client, live_server, row.id)
    assert [text["direction"] for text in texts][:2] == ["in", "out"] and secret in texts[0]["text"]
    assert talk.erase().json()["erased"] is True
    assert rows_with(live_server, row.id, secret) == set()
    assert client.get("/demo/phone").json()["messages"] == []


def _texts_once_answered(client: httpx.Client, server: LiveServer, conversation: str) -> list[dict[str, str]]:
    """The phone's texts, when the turn has ended and the outbox is empty."""
    for _ in range(300):
        with reading(server.house.engine) as connection:
            open_rows = connection.execute(
                sa.select(outbox.c.id).where(outbox.c.conversation_id == conversation, outbox.c.status != "sent")
            ).all()
            open_rows += messages.unanswered(connection, conversation)
        if not open_rows:
            return list(client.get("/demo/phone").json()["messages"])
        client.get("/healthz")
    raise AssertionError("no answer came to the drawn phone")


def test_a_safety_flag_defers_it_and_says_so(begin: Begin, live_server: LiveServer) -> None:
    talk = begin()
    talk.say("I want to end my life")
    answer = talk.erase()
    assert answer.status_code == 202 and answer.json()["erased"] is False and "team" in answer.json()["detail"]
    assert len(talk.log()) >= 3 and "tasks" in rows_with(live_server, talk.id)
