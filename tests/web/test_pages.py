"""The patient pages without a browser: headers, the sealed field, what the plain page does with refusals."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.errors import BadInput, NotFound, NotSignedIn
from assistant.web.context import PageContext
from assistant.web.link_pages import link_router
from assistant.web.pages import pages_router, site_router, static_files
from assistant.web.sealed import MINUTES, seal, unseal
from assistant.web.wording import distance, money, service_facts, spaced

PRACTICE = {
    "slug": "mill-lane",
    "name": "Mill Lane Surgery",
    "phone": "01632 960101",
    "navigator_name": "Ada Moss",
    "navigator_role": "Social prescribing navigator",
    "navigator_days": ["Monday", "Friday"],
    "service_hours": "Monday to Friday, 9am to 5pm",
    "numbers": {"999": "tel:999"},
}
GREETING = {
    "seq": 1,
    "from": "bot",
    "text": "Hello",
    "choices": [{"label": "Yes", "value": "/yes"}],
    "services": [],
}


class Chat:
    """A conversation kept in a list, with the callables that PageContext asks for."""

    def __init__(self) -> None:
        """One message; the clock stands at 1,000 seconds."""
        self.log: list[dict[str, Any]] = [dict(GREETING)]
        self.sent: list[tuple[Any, ...]] = []
        self.time = 1000.0

    def practice(self, slug: str | None) -> dict[str, Any]:
        if slug not in (None, "mill-lane"):
            raise NotFound("There is no such practice.")
        return PRACTICE

    async def create(self, practice: str | None, address: str) -> dict[str, Any]:
        return {"id": "one", "token": "secret", "state": "bot", "messages": self.log}

    async def send(
        self, conversation_id: str, token: str, *, text: Any, choice: Any, client_message_id: str
    ) -> Any:
        if token != "secret":
            raise NotSignedIn("Not yours.")
        if text and len(text) > 2000:
            raise BadInput("Use up to 2,000 characters.", field="text")
        self.sent.append((text, choice, client_message_id))
        self.log.append({"seq": 2, "from": "patient", "text": text or choice})
        return {"messages": [], "state": "bot"}

    async def messages(self, conversation_id: str, token: str) -> dict[str, Any]:
        return {"messages": self.log, "state": "bot"}

    async def linked(self, token: str) -> str:
        if token != "fresh":
            raise NotFound("This link was used already.")
        return "mill-lane"

    async def reopen(self, token: str) -> dict[str, Any]:
        await self.linked(token)
        return {"id": "one", "token": "secret", "practice": "mill-lane", "messages": self.log, "state": "bot"}

    async def services(self, conversation_id: str, token: str, ids: list[str]) -> list[dict[str, Any]]:
        if token != "secret":
            raise NotSignedIn("Not yours.")
        return [{"id": one, "name": f"Service {one}"} for one in ids or ["saved"]]


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def client(chat: Chat) -> TestClient:
    context = PageContext(
        practice=chat.practice,
        public_base_url="http://app.example",
        secret="a secret",
        now=lambda: chat.time,
        create=chat.create,
        send=chat.send,
        messages=chat.messages,
        services=chat.services,
        linked=chat.linked,
        reopen=chat.reopen,
        sites=("https://mill-lane.example",),
    )
    app = FastAPI()
    app.mount("/static", static_files())
    app.include_router(pages_router(context))
    app.include_router(link_router(context))
    app.state.site = FastAPI()
    app.state.site.include_router(site_router(context))
    return TestClient(app, base_url="http://app.example")


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, f"no field {name}"
    return found[1]


def test_no_page_allows_inline_code_and_none_holds_any(client: TestClient) -> None:
    for path in ("/", "/chat", "/chat/plain", "/answers", "/accessibility", "/privacy"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", answer.text)


def test_only_the_chat_may_be_framed_and_only_by_the_practices_sites(client: TestClient) -> None:
    policy = client.get("/chat").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://mill-lane.example" in policy
    for path in ("/", "/chat/plain", "/privacy"):
        assert "frame-ancestors 'none'" in client.get(path).headers["content-security-policy"]


def test_pages_with_a_conversation_are_kept_nowhere(client: TestClient) -> None:
    for answer in (
        client.get("/chat"),
        client.post("/chat/plain"),
        client.post("/chat/print", data={"token": "secret"}),
    ):
        assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
        assert "set-cookie" not in answer.headers


def test_the_practices_own_site_takes_the_loader_from_the_app(client: TestClient) -> None:
    page = TestClient(client.app.state.site, base_url="http://practice.example").get("/")
    assert '<script src="http://app.example/widget.js" data-practice="mill-lane"' in page.text
    assert "frame-src 'self' http://app.example" in page.headers["content-security-policy"]
    assert client.get("/widget.js").headers["access-control-allow-origin"] == "*"


def test_a_plain_turn_says_it_once_and_shows_the_whole_log(client: TestClient, chat: Chat) -> None:
    page = client.post("/chat/plain", data={"practice": "mill-lane"}).text
    said = {
        "key": field(page, "key"),
        "message_id": field(page, "message_id"),
        "text": " I am <b>lonely</b> ",
    }
    page = client.post("/chat/plain", data=said).text
    assert chat.sent == [("I am <b>lonely</b>", None, said["message_id"])]
    assert "Hello" in page and "I am &lt;b&gt;lonely&lt;/b&gt;" in page
    client.post("/chat/plain", data={"key": field(page, "key"), "choice": "/yes"})
    assert chat.sent[-1][:2] == (None, "/yes")


def test_an_answer_about_a_service_stands_beside_its_card_and_the_card_alone_says_the_rest(client: TestClient, chat: Chat) -> None:
    garden = {"name": "Garden", "access": ["step-free"]}
    said = {"seq": 2, "from": "bot", "choices": [], "services": [garden]}
    chat.log.append({**said, "text": "Garden. Access: Step-free.", "beside_cards": "Garden. Access: Step-free."})
    chat.log.append({**said, "seq": 3, "text": "Garden, run by us", "beside_cards": ""})
    page = client.post("/chat/plain", data={"key": field(client.post("/chat/plain").text, "key")}).text
    assert "Garden. Access: Step-free." in page and "Garden, run by us" not in page


def test_help_stands_after_the_first_words_and_can_be_pressed(client: TestClient, chat: Chat) -> None:
    contacts = [{"name": "Emergency services", "contact": "999"}, {"name": "Galop", "contact": "by web", "who": "LGBT+ people"}]
    chat.log.append({"seq": 2, "from": "bot", "text": "Call 999.\n\nI am a computer.", "contacts": contacts})
    chat.log.append({"seq": 3, "from": "patient", "text": "call 999"})
    page = client.post("/chat/plain", data={"key": field(client.post("/chat/plain").text, "key")}).text
    press = '<a class="nowrap" href="tel:999">999</a>'
    assert page.index(f"Call {press}.") < page.index(f"Emergency services: <b>{press}</b>") < page.index("I am a computer.")
    assert "Galop, for LGBT+ people" in page and '<p class="text">call 999</p>' in page
    assert 'data-numbers="{&#34;999&#34;: &#34;tel:999&#34;}"' in client.get("/chat").text


def test_what_is_refused_stays_in_the_box(client: TestClient, chat: Chat) -> None:
    page = client.post("/chat/plain").text
    answer = client.post("/chat/plain", data={"key": field(page, "key"), "text": "x" * 2001})
    assert answer.status_code == 422 and chat.sent == []
    assert "Use up to 2,000 characters." in answer.text and "x" * 2001 in answer.text


def test_a_changed_or_old_key_gets_a_page_with_a_way_on(client: TestClient, chat: Chat) -> None:
    key = field(client.post("/chat/plain").text, "key")
    for bad in (key[:-1] + ("0" if key[-1] != "0" else "1"), "é.é", "x", "." + key):
        answer = client.post("/chat/plain", data={"key": bad, "text": "Hello"})
        assert answer.status_code == 401 and "Start a new chat" in answer.text
    chat.time += MINUTES * 60 + 1
    assert client.post("/chat/plain", data={"key": key}).status_code == 401
    assert chat.sent == []


def test_the_printed_list_needs_the_conversations_key(client: TestClient) -> None:
    assert client.post("/chat/print", data={"conversation": "one", "token": "wrong"}).status_code == 401
    named = client.post(
        "/chat/print", data={"conversation": "one", "token": "secret", "services": "a,b"}
    ).text
    assert "Service a" in named and "Service b" in named
    key = field(client.post("/chat/plain").text, "key")
    assert "Service saved" in client.post("/chat/print", data={"key": key}).text


def test_the_printed_list_of_the_plain_page_leads_back_to_its_chat(client: TestClient, chat: Chat) -> None:
    page = client.post("/chat/plain").text
    said = {"key": field(page, "key"), "text": "Hello there"}
    printed = client.post("/chat/print", data={"key": field(client.post("/chat/plain", data=said).text, "key")}).text
    assert "Back to the chat" in printed and "/chat/plain?practice" not in printed
    assert "Hello there" in client.post("/chat/plain", data={"key": field(printed, "key")}).text
    own_tab = client.post("/chat/print", data={"conversation": "one", "token": "secret"}).text
    assert "Back to the chat" not in own_tab and "secret" not in own_tab


def test_what_needs_a_script_is_promised_only_where_one_runs(client: TestClient) -> None:
    promise = "Pressing Shift three times does the same."
    assert f"<span>{promise}</span>" in client.get("/chat").text
    assert f"<span data-with-script hidden>{promise}</span>" in client.get("/chat/plain").text


def test_an_unknown_practice_is_told_plainly(client: TestClient) -> None:
    for path in ("/chat?practice=nowhere", "/chat/plain?practice=nowhere"):
        answer = client.get(path)
        assert answer.status_code == 404 and "There is no such practice." in answer.text


def test_a_sealed_field_opens_with_its_own_secret_only() -> None:
    sealed = seal("one", "secret", 0.0, "key")
    assert unseal(sealed, MINUTES * 60, "key") == ("one", "secret")
    with pytest.raises(NotSignedIn):
        unseal(sealed, 0.0, "another key")


def test_unknown_facts_say_ask() -> None:
    facts = dict(service_facts({"name": "x", "cost": None, "when": [], "can_bring_someone": None, "distance_km": None}))
    assert set(facts.values()) == {"Ask"}
    assert (distance(0.3), distance(1.7), distance(3.2187)) == (
        "Less than half a mile",
        "About 1.1 miles",
        "About 2 miles",
    )
    prices = (0, 3, 2.5, "4.50", "by donation", "£2")
    assert [money(one) for one in prices] == ["Free", "£3", "£2.50", "£4.50", "By donation", "£2"]


def test_a_mobile_number_is_spaced_as_people_say_it() -> None:
    assert [spaced(one) for one in ("07700900000", "07700 900000", "85258", "")] == ["07700 900000", "07700 900000", "85258", ""]


def test_a_link_asks_first_and_then_opens_the_chat(client: TestClient) -> None:
    asked = client.get("/chat/go/fresh")
    assert asked.status_code == 200 and "Open your chat here?" in asked.text and "data-resume" not in asked.text
    assert asked.headers["cache-control"] == "no-store"
    opened = client.post("/chat/go/fresh")
    assert opened.status_code == 200 and "frame-ancestors 'none'" in opened.headers["content-security-policy"]
    key = re.search(r'data-resume="([^"]+)"', opened.text)
    assert key and json.loads(base64.b64decode(key[1])) == ["one", "secret"]


def test_without_javascript_a_link_opens_the_plain_page(client: TestClient) -> None:
    opened = client.post("/chat/go/fresh", data={"plain": "1"})
    assert opened.status_code == 200 and "Hello" in opened.text
    assert client.post("/chat/plain", data={"practice": "mill-lane", "key": field(opened.text, "key")}).status_code == 200


@pytest.mark.parametrize("token", ["used", "x" * 61, "%00"])
def test_a_link_that_is_over_says_so_in_words(client: TestClient, token: str) -> None:
    for answer in (client.get(f"/chat/go/{token}"), client.post(f"/chat/go/{token}")):
        assert answer.status_code in (404, 422)
