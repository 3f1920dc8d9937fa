"""Too fast is told plainly, and the page without JavaScript is no way around it. An app of its own: limits are small here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from talk import CONVERSATIONS, Talk, is_problem

from assistant.app import create_app
from assistant.house import House
from assistant.opening import ROOT
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store.database import open_engine
from assistant.store.migrate import migrate


@pytest.fixture
def small(tmp_path: Path) -> Iterator[TestClient]:
    """Two chats an hour, two messages a minute; no model: stored is enough."""
    import yaml

    settings = Settings(
        _env_file=None, home=tmp_path, programme_dir=ROOT / "programme", messages_per_minute=2, conversations_per_hour=2
    )
    engine = open_engine(settings.database)
    migrate(engine)
    responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    house = House(settings, engine, load_programme(ROOT / "programme"), responses=responses)
    with TestClient(create_app(house)) as client:
        yield client


def begun(client: TestClient) -> Talk:
    made = client.post(CONVERSATIONS, json={"channel": "web"}).json()
    return Talk(client, made["id"], made["token"])


def key_of(page: str) -> str:
    return page.split('name="key" value="')[1].split('"')[0]


def test_messages_are_slowed_and_a_repeated_one_costs_nothing(small: TestClient) -> None:
    talk = begun(small)
    for number in (1, 1, 1, 2):
        assert talk.say("Hello", client_message_id=str(number)).status_code == 200
    refused = talk.say("Hello", client_message_id="3")
    assert is_problem(refused, 429) and int(refused.headers["retry-after"]) > 0
    assert talk.get("messages").status_code == 200  # reading is not slowed


def test_the_plain_page_takes_from_the_same_bucket(small: TestClient) -> None:
    key = key_of(small.post("/chat/plain").text)
    for _ in range(2):
        assert small.post("/chat/plain", data={"key": key, "text": "Hello"}).status_code == 200
    page = small.post("/chat/plain", data={"key": key, "text": "One more"})
    assert page.status_code == 422 and "wait a minute" in page.text and "One more" in page.text


def test_chats_begun_on_the_page_and_by_the_api_count_together(small: TestClient) -> None:
    begun(small)
    assert small.post("/chat/plain").status_code == 200
    assert is_problem(small.post(CONVERSATIONS, json={"channel": "web"}), 429)
    refused = small.post("/chat/plain")
    assert refused.status_code == 429 and "wait a little" in refused.text
