"""Whatever is written gets an answer or a 4xx, never a 5xx, and comes back as it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from talk import CONVERSATIONS, Talk, is_problem

WORDS = [
    "\x00Hello\x00",
    "\x01\x02\x1b[2J\x7f\x9f bell \x07",
    "😀👨‍👩‍👧‍👦🏳️‍🌈" * 40,
    "مرحبا، أشعر بالوحدة",
    "\u202eolleh\u202c \u2066x\u2069",
    "שלום, אני מרגיש לבד",
    "Zalgo" + "\u0301\u0308\u0323" * 200,
    "ﬀ ǅ ß İ ı ﷺ 𝒽𝑒𝓁𝓅",
    "\ufeff\u200b\u200d\u2060",
    "\ud83d",
    "/restart",
    '/faq{"topic":"cost"}',
    "/talk_to_human{{{{",
    "//////",
    "/",
    "[help](intent){'a': 1}",
    "{practice_name} {0} {} %s %(x)s ${x} {{x}}",
    "'; DROP TABLE messages; --",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "../../etc/passwd",
    "\r\n\r\nHTTP/1.1 200 OK\r\n",
    "1",
    "-1",
    "99999999999999999999",
    "٣",
    "1e309",
    "NaN",
    "null",
    "a" * 2000,
    "\n" * 500 + "x" + "\n" * 500,
    "word " * 399,
    "?" * 2000,
    "😀" * 2000,
]


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
def test_any_words_are_answered(begin: Callable[[], Talk], words: str) -> None:
    talk = begin()
    # As JavaScript writes it: half a character goes as an escape.
    content = json.dumps({"text": words}).encode()
    answer = talk.client.post(
        f"{talk.url}/messages", content=content, headers={**talk.headers, "Content-Type": "application/json"}
    )
    assert answer.status_code == 200, answer.text
    mine, *replies = answer.json()["messages"]
    kept = words.replace("\x00", "").replace("\ud83d", "\ufffd").strip()
    assert mine["text"] == kept
    assert replies and all(reply["text"].strip() and reply["from"] == "bot" for reply in replies)
    assert "not working just now" not in replies[-1]["text"]
    assert talk.get("transcript").status_code == 200


def test_the_page_without_javascript_takes_any_words(begin: Callable[[], Talk]) -> None:
    talk = begin()
    start = talk.client.post("/chat/plain").text
    key = start.split('name="key" value="')[1].split('"')[0]
    for words in ("\x00", "\u202e\x07", "😀" * 2001, "x" * 19_999):
        answer = talk.client.post("/chat/plain", data={"key": key, "text": words})
        assert answer.status_code in (200, 422), answer.status_code
        assert answer.headers["content-type"].startswith("text/html")


def test_a_body_too_large_is_refused_by_its_length(begin: Callable[[], Talk]) -> None:
    talk = begin()
    assert is_problem(talk.say("x" * 300_000), 413)
    headers = {**talk.headers, "Content-Type": "application/json"}

    def endless() -> object:
        yield b'{"text": "'
        yield b"x" * 100
        yield b'"}'

    assert is_problem(talk.client.post(f"{talk.url}/messages", content=endless(), headers=headers), 411)
    assert is_problem(talk.client.post(CONVERSATIONS, content=b"{" * 300_000), 413)
    assert is_problem(talk.client.post("/sms/generic", content=b"x" * 70_000), 413)
    assert is_problem(talk.client.post("/demo/phone", json={"text": "x" * 70_000}), 413)
    assert len(talk.log()) == 1


def test_what_is_no_call_is_a_problem_too(client: httpx.Client) -> None:
    assert is_problem(client.get("/nothing/here"), 404)
    assert is_problem(client.put(CONVERSATIONS), 405)
    for path in ("/static/../settings.py", "/static/%2e%2e/%2e%2e/app.py", "/navigator/static/%00"):
        assert client.get(path).status_code in (400, 404, 405), path


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "query.limit"),
        ("limit=x", "query.limit"),
        ("offset=-1", "query.offset"),
        ("within_km=-2", "query.within_km"),
        ("within_km=nan", "query.within_km"),
        ("age=500", "query.age"),
        ("day=someday", "query.day.0"),
        ("cost=much", "query.cost"),
        ("online=perhaps", "query.online"),
        ("need=", "need"),
        ("time=25:99", None),
        ("q=" + "x" * 501, "query.q"),
    ],
)
def test_a_search_that_cannot_be_made_says_why(client: httpx.Client, query: str, field: str | None) -> None:
    assert is_problem(client.get(f"/api/v1/directory/search?{query}"), 422, field)


@pytest.mark.parametrize("words", WORDS[:24], ids=range(24))
def test_any_words_can_be_searched_for(client: httpx.Client, words: str) -> None:
    words = words.replace("\ud83d", "")[:60]
    for name in ("q", "near", "need", "language"):
        answer = client.get("/api/v1/directory/search", params={name: words})
        assert answer.status_code in (200, 422), answer.text
    assert client.get(f"/api/v1/directory/services/{quote(words[:30], safe='')}").status_code in (200, 404)


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": 1}, {"text": "x" * 2001}, {"text": "a", "b": 1}, [], None])
def test_the_demo_phone_names_what_it_cannot_send(client: httpx.Client, body: object) -> None:
    field = "body" if not isinstance(body, dict) else "b" if "b" in body else "text"
    assert is_problem(client.post("/demo/phone", json=body), 422, field)


@pytest.mark.parametrize("path", ["/sms/generic", "/sms/twilio", "/sms/twilio/status"])
@pytest.mark.parametrize("body", [b"", b"{}", b"\x00\xff", b"a=b&c=d", b'{"id":1}'])
def test_unsigned_texts_are_refused(client: httpx.Client, path: str, body: bytes) -> None:
    answer = client.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (401, 403, 422) and is_problem(answer, answer.status_code)
