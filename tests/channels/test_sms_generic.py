"""The generic gateway's webhook: signatures, durability, duplicates, STOP, and whatever else a phone may send."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sms_parts import (
    OTHER,
    PATIENT,
    SECRET,
    generic_body,
    make_house,
    outgoing,
    rows_of_conversations,
    said_by,
    send_generic,
    serving,
)
from standardwebhooks.webhooks import Webhook

from assistant.clock import clock
from assistant.conversations import messages, records
from assistant.house import House
from assistant.store.database import transaction


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with serving(house) as client:
        yield client


def test_a_text_begins_a_conversation_and_is_answered_in_the_background(
    house: House, client: TestClient
) -> None:
    answer = send_generic(client, generic_body("Hello, I feel lonely"))
    assert answer.status_code == 202 and answer.json() == {"accepted": True}
    [conversation] = rows_of_conversations(house)
    assert (conversation.channel, conversation.phone, conversation.state) == ("sms", PATIENT, "bot")
    assert conversation.practice == house.programme.practice().slug
    assert house.turns.wait(1) == [conversation.id]
    [text] = said_by(house, "patient")
    assert (text.text, text.provider_id, text.answered_at) == ("Hello, I feel lonely", "generic:g-1", None)
    assert text.extra["sent_at"] == "2026-11-20T09:30:00+00:00"
    [(welcome, status)] = outgoing(house)
    assert welcome == f"Hello from {house.programme.practice().name}. I am a bot." and status == "queued"


def test_a_second_delivery_does_nothing(house: House, client: TestClient) -> None:
    for _ in range(3):
        assert send_generic(client, generic_body("Hello")).status_code == 202
    assert len(said_by(house, "patient")) == 1 and len(outgoing(house)) == 1


def test_a_redelivery_after_a_crash_has_the_text_answered(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("Hello"))
    house.turns.wait(1)
    send_generic(client, generic_body("Hello"))
    assert len(house.turns.wait(2)) == 2, "stored but never answered: the turn is asked for again"
    [row] = said_by(house, "patient")
    with transaction(house.engine) as connection:
        messages.mark_answered(connection, row)
    send_generic(client, generic_body("Hello"))
    send_generic(client, generic_body("And this", "g-2"))
    assert len(house.turns.wait(3)) == 3, "an answered one is left alone"


def test_the_same_person_goes_on_in_the_same_conversation(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("One", "a"))
    send_generic(client, generic_body("Two", "b"))
    send_generic(client, generic_body("Hi", "c", sender="07700 900222"))
    assert [c.phone for c in rows_of_conversations(house)] == [PATIENT, OTHER]
    assert [m.text for m in said_by(house, "patient")] == ["One", "Two", "Hi"]


def test_a_closed_conversation_opens_again(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("One", "a"))
    [conversation] = rows_of_conversations(house)
    with transaction(house.engine) as connection:
        records.change_state(connection, conversation.id, "bot", "closed", staff_id="n1")
    send_generic(client, generic_body("Me again", "b"))
    [conversation] = rows_of_conversations(house)
    assert (conversation.state, conversation.staff_id) == ("bot", None)


def test_a_text_a_day_late_and_out_of_order_is_taken_as_it_comes(house: House, client: TestClient) -> None:
    late = generic_body("sent first", "a", sent_at="2026-11-19T10:00:00Z")
    send_generic(client, generic_body("sent second", "b", sent_at="2026-11-20T10:00:00+01:00"))
    assert send_generic(client, late).status_code == 202
    assert [(m.text, m.extra["sent_at"]) for m in said_by(house, "patient")] == [
        ("sent second", "2026-11-20T10:00:00+01:00"),
        ("sent first", "2026-11-19T10:00:00+00:00"),
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,not base64!"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v2," + "A" * 44},
        {"webhook-signature": ""},
        {"webhook-id": ""},
        {"webhook-id": "another"},
        {"webhook-timestamp": str(int(time.time()) - 86_400)},
        {"webhook-timestamp": str(int(time.time()) + 400)},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "9" * 400},
    ],
)
def test_a_bad_signature_is_401_and_stores_nothing(
    house: House, client: TestClient, headers: dict[str, str]
) -> None:
    answer = send_generic(client, generic_body("Hello"), **headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert rows_of_conversations(house) == []


def test_another_secret_an_old_signature_and_a_changed_body_are_refused(
    house: House, client: TestClient
) -> None:
    body = generic_body("Hello")
    assert send_generic(client, body, secret="whsec_" + "QUJD" * 8).status_code == 401
    assert client.post("/sms/generic", content=body).status_code == 401
    day_old = clock.now() - timedelta(days=1)
    headers = {"webhook-id": "x", "webhook-timestamp": str(int(day_old.timestamp()))}
    headers["webhook-signature"] = Webhook(SECRET).sign("x", day_old, body)
    assert client.post("/sms/generic", content=body, headers=headers).status_code == 401
    assert rows_of_conversations(house) == []


def test_without_a_secret_it_says_which_setting_and_asks_to_try_again(tmp_path: Path) -> None:
    with serving(make_house(tmp_path, sms_generic_secret="")) as client:
        answer = send_generic(client, generic_body("Hello"))
        assert answer.status_code == 503 and answer.json()["setting"] == "LINKWAY_SMS_GENERIC_SECRET"
        assert client.post("/sms/generic", content=b"{}").status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("not json", "body"),
        ("[1]", "body"),
        ("[" * 50_000, "body"),
        ('{"id": "x"}', "from"),
        (generic_body("Hello", sender="01582 400000"), "from"),
        (generic_body("Hello", sender="x" * 33), "from"),
        (generic_body("Hello", ""), "id"),
        (generic_body("Hello", "x" * 201), "id"),
        (generic_body("Hello", "a\nb"), "id"),
        (generic_body("Hello", sent_at="2026-11-20T09:30:00"), "sent_at"),
        (generic_body("Hello", sent_at="soon"), "sent_at"),
        (json.dumps({"id": "x", "from": PATIENT, "text": False}), "text"),
        (json.dumps({"id": 7, "from": PATIENT, "text": "Hello"}), "id"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(client: TestClient, body: str, field: str) -> None:
    answer = send_generic(client, body)
    assert answer.status_code == 422 and answer.json()["field"] == field


def test_more_than_64_kib_is_413(client: TestClient) -> None:
    assert send_generic(client, generic_body("x" * 70_000)).status_code == 413


def test_a_long_text_is_cut_with_a_note(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("y" * 2001))
    [text] = said_by(house, "patient")
    assert len(text.text) == 2000 and text.extra["cut"] is True


def test_long_ids_are_told_apart(house: House, client: TestClient) -> None:
    for message_id in ("x" * 199 + "1", "x" * 199 + "2", "x" * 199 + "1"):
        send_generic(client, generic_body("Hello", message_id))
    assert len(said_by(house, "patient")) == 2


def test_two_machines_answering_each_other_are_slowed(tmp_path: Path) -> None:
    house = make_house(tmp_path, messages_per_minute=3)
    with serving(house) as client:
        codes = [send_generic(client, generic_body("auto reply", str(n))).status_code for n in range(5)]
        assert codes == [202, 202, 202, 429, 429]
        assert send_generic(client, generic_body("auto reply", "0")).status_code == 202, (
            "a redelivery is no new text"
        )
        assert send_generic(client, generic_body("STOP", "stop")).status_code == 202


def test_a_database_that_is_away_is_503_and_the_gateway_tries_again(house: House, client: TestClient) -> None:
    house.engine.dispose()
    path = house.settings.home / "linkway.db"
    path.rename(path.with_suffix(".away"))
    path.mkdir()
    answer = send_generic(client, generic_body("Hello"))
    assert answer.status_code == 503 and answer.headers["retry-after"] == "30"
    path.rmdir()
    path.with_suffix(".away").rename(path)
    assert send_generic(client, generic_body("Hello")).status_code == 202
    assert len(said_by(house, "patient")) == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), number=st.text(max_size=20))
def test_no_text_and_no_sender_breaks_it(client: TestClient, text: str, number: str) -> None:
    for sender in (OTHER, number):
        body = generic_body(text, f"h-{time.monotonic_ns()}", sender=sender)
        assert send_generic(client, body).status_code in (202, 422, 429)


def test_half_a_surrogate_pair_is_taken(house: House, client: TestClient) -> None:
    assert send_generic(client, generic_body("\ud83d and \u202e right to left \u0007")).status_code == 202
    assert "right to left" in said_by(house, "patient")[0].text


def test_openapi_names_every_answer(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"202", "401", "413", "422", "429", "503"} <= set(paths["/sms/generic"]["post"]["responses"])
    assert {"200", "403", "413", "422", "429", "503"} <= set(paths["/sms/twilio"]["post"]["responses"])
    assert {"204", "403", "413", "422", "503"} <= set(paths["/sms/twilio/status"]["post"]["responses"])
    body = paths["/sms/generic"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert set(body["required"]) == {"id", "from", "text"}
