"""The drawn phone of the demo, and which gateway an installation gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sms_parts import PATIENT, LocalGateway, make_house, rows, serving

from assistant.channels.outbox import OutboxSender, queue_text
from assistant.channels.sms.demo import DEMO_PHONE, DemoGateway, WithDemoPhone
from assistant.channels.sms.gateways import gateway_for, missing_settings
from assistant.channels.sms.generic import GenericGateway
from assistant.channels.sms.twilio import TwilioGateway
from assistant.house import House
from assistant.store import tables
from assistant.store.database import transaction


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path, sms_generic_secret="")


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with serving(house) as client:
        yield client


def test_a_text_goes_in_by_the_signed_path_and_the_answer_comes_back(
    house: House, client: TestClient
) -> None:
    assert client.post("/demo/phone", json={"text": " Hello? "}).status_code == 202
    [text] = rows(house, tables.messages, sender="patient")
    assert text.text == "Hello?" and text.provider_id.startswith("demo:")
    OutboxSender(house, gateway_for(house)).send_due()
    first = client.get("/demo/phone").json()["messages"]
    assert [(m["n"], m["direction"], m["segments"]) for m in first] == [(1, "in", 1), (2, "out", 1)]
    assert first[0]["text"] == "Hello?" and first[1]["text"].endswith("I am a bot.") and first[1]["at"]
    client.post("/demo/phone", json={"text": "STOP"})
    OutboxSender(house, gateway_for(house)).send_due()
    later = client.get("/demo/phone", params={"after": 2}).json()["messages"]
    assert [m["n"] for m in later] == [3, 4] and later[1]["text"].startswith("You will get no more texts")


def test_the_demo_gateway_keeps_a_text_once(house: House, client: TestClient) -> None:
    gateway = DemoGateway(house.engine)
    for _ in range(2):
        gateway.send(DEMO_PHONE, "Hello", "row-1", None)
    assert len(client.get("/demo/phone").json()["messages"]) == 1


@pytest.mark.parametrize("body", [{"text": ""}, {"text": "x" * 2001}, {"text": 5}, {}, {"text": "a", "b": 1}])
def test_faults_are_named(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post("/demo/phone", json=body)
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"


def test_the_cursor_has_a_limit(client: TestClient) -> None:
    assert client.get("/demo/phone", params={"after": -1}).status_code == 422


def test_the_drawn_phone_never_reaches_a_real_gateway(house: House, client: TestClient) -> None:
    real = LocalGateway()
    carrier = WithDemoPhone(
        DemoGateway(house.engine), GenericGateway(real.url, "whsec_" + "QUJD" * 8, timeout=5)
    )
    with transaction(house.engine) as connection:
        queue_text(
            connection, conversation_id=None, to=DEMO_PHONE, body="Hi", idempotency_key="1", reply=True
        )
    assert OutboxSender(house, carrier).send_due() == 1
    real.close()
    assert real.tries == 0 and len(client.get("/demo/phone").json()["messages"]) == 1


def test_the_gateway_follows_the_settings(tmp_path: Path) -> None:
    def given(name: str, **settings: object) -> House:
        (tmp_path / name).mkdir()
        return make_house(tmp_path / name, **settings)

    nothing = given("a", demo=False)
    assert gateway_for(nothing) is None
    assert missing_settings(nothing.settings) == ["LINKWAY_SMS_GENERIC_URL"]
    assert isinstance(
        gateway_for(given("b", demo=False, sms_generic_url="https://gateway.example")), GenericGateway
    )
    twilio = {"sms_provider": "twilio", "twilio_account_sid": "AC1", "twilio_from": PATIENT}
    assert isinstance(gateway_for(given("c", demo=False, **twilio)), TwilioGateway)
    assert isinstance(gateway_for(given("d", **twilio)), WithDemoPhone)
    assert isinstance(gateway_for(given("e", sms_generic_secret="")), DemoGateway)
