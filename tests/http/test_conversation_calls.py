"""A conversation by the HTTP API: begun, said, read on, streamed, taken away; every fault a problem that names its field."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from talk import CONVERSATIONS, Talk, is_problem

Begin = Callable[[], Talk]


def test_a_conversation_from_its_first_word(client: httpx.Client) -> None:
    answer = client.post(CONVERSATIONS, json={"channel": "web", "practice": "stopsley-green"})
    body = answer.json()
    assert answer.status_code == 201 and body["state"] == "bot" and len(body["token"]) > 30
    [welcome] = body["messages"]
    assert welcome["seq"] == 1 and welcome["from"] == "bot" and "Stopsley Green" in welcome["text"]
    assert welcome["choices"] and welcome["services"] == [] and welcome["at"].endswith("+00:00")


def test_an_answer_holds_what_was_understood_and_what_may_be_chosen(begin: Begin) -> None:
    talk = begin()
    mine, reply = talk.say("Do I have to pay?").json()["messages"]
    assert mine["from"] == "patient" and mine["understood"]["topic"] == "cost" and mine["understood"]["risks"] == []
    assert reply["from"] == "bot" and reply["topic"] == "cost" and reply["seq"] == mine["seq"] + 1
    choice = reply["choices"][0]
    chosen = talk.say(choice=choice["value"]).json()["messages"]
    assert chosen[0]["text"] == choice["label"] and chosen[-1]["from"] == "bot"


def test_services_bear_choices_that_stay_good(begin: Begin) -> None:
    """Cards are pressed long after: what stands on one is taken as long as the conversation lasts."""
    talk = begin()
    shown = talk.say("is there a walking group near LU3?").json()["messages"][-1]
    assert len(shown["services"]) >= 2
    assert all(service["name"] in shown["text"] for service in shown["services"])  # complete as text alone
    save, more = shown["services"][1]["choices"]
    talk.say("What is social prescribing?")
    assert "How to join" in talk.say(choice=more["value"]).json()["messages"][-1]["text"]
    saved = talk.say(choice=save["value"]).json()["messages"]
    assert saved[0]["text"].startswith("Save") and shown["services"][1]["name"] in saved[-1]["text"]
    assert is_problem(talk.say(choice=save["value"].replace("lu-", "xx-")), 422, "choice")


def test_the_same_client_id_says_it_once_even_at_the_same_time(begin: Begin) -> None:
    talk, once, answers = begin(), str(uuid.uuid4()), []

    def send() -> None:
        with httpx.Client(base_url=talk.client.base_url, timeout=60) as own:
            answers.append(Talk(own, talk.id, talk.token).say("Do I have to pay?", client_message_id=once))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.append(talk.say("Do I have to pay?", client_message_id=once))
    assert {answer.status_code for answer in answers} == {200}
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert [message["from"] for message in talk.log()] == ["bot", "patient", "bot"]


def test_reading_on_from_a_cursor(begin: Begin) -> None:
    talk = begin()
    talk.say("Do I have to pay?")
    log = talk.log()
    assert [message["seq"] for message in log] == list(range(1, len(log) + 1))
    assert talk.get("messages", after=2).json()["messages"] == log[2:]
    assert talk.get("messages", after=2**31 - 1).json()["messages"] == []


def test_another_ones_token_opens_nothing(begin: Begin, client: httpx.Client) -> None:
    mine, other = begin(), begin()
    for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": f"Basic {mine.token}"}, other.headers):
        for call in ("messages", "events", "transcript"):
            assert is_problem(client.get(f"{mine.url}/{call}", headers=headers), 401)
        assert is_problem(client.post(f"{mine.url}/messages", json={"text": "Hello"}, headers=headers), 401)
        assert is_problem(client.delete(mine.url, headers=headers), 401)
    # Whether a conversation exists is not told either.
    assert is_problem(client.get(f"{CONVERSATIONS}/{uuid.uuid4()}/messages", headers=mine.headers), 401)
    assert is_problem(client.get(f"{CONVERSATIONS}/nope/messages", headers=mine.headers), 404)


BAD_MESSAGES: list[tuple[Any, str]] = [
    ({}, "body"),
    ({"text": ""}, "body.text"),
    ({"text": " \n\t\u2003 "}, "body.text"),
    ({"text": "\x00\x00"}, "body.text"),
    ({"text": 5}, "body.text"),
    ({"text": False}, "body.text"),
    ({"text": ["a"]}, "body.text"),
    ({"text": "x" * 2001}, "body.text"),
    ({"text": "a", "choice": "/affirm"}, "body"),
    ({"choice": "/affirm"}, "choice"),
    ({"choice": ""}, "body.choice"),
    ({"choice": "x" * 501}, "body.choice"),
    ({"text": "a", "client_message_id": ""}, "body.client_message_id"),
    ({"text": "a", "client_message_id": "x" * 65}, "body.client_message_id"),
    ({"text": "a", "extra": 1}, "body.extra"),
    ([], "body"),
    ("text", "body"),
    (None, "body"),
]


@pytest.mark.parametrize(("body", "field"), BAD_MESSAGES)
def test_a_bad_message_names_its_field_and_loses_nothing(begin: Begin, body: Any, field: str) -> None:
    talk = begin()
    answer = talk.client.post(f"{talk.url}/messages", json=body, headers=talk.headers)
    assert is_problem(answer, 422, field)
    assert len(talk.log()) == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"text": "a"', b"[" * 5000, b'{"text": NaN}', b'{"text":"\\ud800"'])
def test_what_is_no_json_is_said_to_be_none(begin: Begin, raw: bytes) -> None:
    talk = begin()
    headers = {**talk.headers, "Content-Type": "application/json"}
    answer = talk.client.post(f"{talk.url}/messages", content=raw, headers=headers)
    assert answer.status_code in (400, 422) and is_problem(answer, answer.status_code)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "body.channel"),
        ({"channel": "fax"}, 422, "body.channel"),
        ({"channel": "web", "practice": "nowhere"}, 404, "practice"),
        ({"channel": "web", "practice": 7}, 422, "body.practice"),
        ({"channel": "web", "practice": "x" * 65}, 422, "body.practice"),
        ({"channel": "web", "more": 1}, 422, "body.more"),
    ],
)
def test_a_bad_beginning_names_its_field(client: httpx.Client, body: Any, status: int, field: str) -> None:
    assert is_problem(client.post(CONVERSATIONS, json=body), status, field)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": -1}, "query.after"),
        ({"after": "x"}, "query.after"),
        ({"after": 2**31}, "query.after"),
        ({"wait": 26}, "query.wait"),
        ({"wait": "1e3"}, "query.wait"),
        ({"state": "asleep"}, "query.state"),
    ],
)
def test_a_bad_cursor_names_its_field(begin: Begin, query: dict[str, Any], field: str) -> None:
    assert is_problem(begin().get("messages", **query), 422, field)


def test_the_transcript_is_the_whole_in_words(begin: Begin) -> None:
    talk = begin()
    talk.say("Do I have to pay?")
    answer = talk.get("transcript")
    assert answer.headers["content-type"].startswith("text/plain") and "chat.txt" in answer.headers["content-disposition"]
    assert all(message["text"] in answer.text for message in talk.log()) and "You: Do I have to pay?" in answer.text
