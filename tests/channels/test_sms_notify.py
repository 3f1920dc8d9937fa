"""GOV.UK Notify: the real client against a fake Notify; its callbacks; what its answers mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from notify_parts import API_KEY, TEMPLATE, FakeNotify, refusal
from sms_parts import OTHER, PATIENT, begin, make_house, queue, rows, said_by, serving

from assistant.channels.outbox import OutboxSender
from assistant.channels.segments import count_segments
from assistant.channels.sms.gateway import GatewayDown, GatewayRefused
from assistant.channels.sms.gateways import faulty_settings, missing_settings, real_gateway
from assistant.channels.sms.notify import NotifyGateway, billed_segments, key_is_whole
from assistant.clock import clock
from assistant.house import House
from assistant.settings import Settings
from assistant.store import tables

TOKEN = "a-token-of-the-tests-which-is-long"
INBOUND = {
    "id": "8f4b1a2c-0000-4000-8000-000000000001",
    "source_number": "447700900111",
    "destination_number": "07700900000",
    "message": "Hello",
    "date_received": "2026-11-21T09:30:00.000000Z",
}


@pytest.fixture
def notify() -> Iterator[FakeNotify]:
    fake = FakeNotify()
    yield fake
    fake.close()


@pytest.fixture
def gateway(notify: FakeNotify) -> NotifyGateway:
    return NotifyGateway(API_KEY, TEMPLATE, notify.url, timeout=5)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path, sms_provider="notify", notify_callback_token=TOKEN)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with serving(house) as client:
        yield client


def post(client: TestClient, path: str, body: Any, token: str | None = TOKEN) -> Any:
    """As Notify calls back."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    return client.post(path, content=content, headers=headers)


def receipt(reference: str | None, status: str, notify_id: str = "n-1") -> dict[str, Any]:
    """A delivery receipt with everything Notify puts in."""
    return {
        "id": notify_id, "reference": reference, "to": "07700900111", "status": status, "created_at": "2026-11-21T09:30:00Z",
        "completed_at": None, "sent_at": None, "notification_type": "sms", "template_id": TEMPLATE, "template_version": 1,
    }  # fmt: skip


def test_a_text_goes_out_under_our_key_through_the_template(gateway: NotifyGateway, notify: FakeNotify) -> None:
    notify_id = gateway.send(PATIENT, "It's on Tuesday", "our-key", None)
    assert notify.accepted == [
        {"phone_number": PATIENT, "template_id": TEMPLATE, "personalisation": {"body": "It's on Tuesday"}, "reference": "our-key"}
    ]
    assert len(notify_id) == 36


def test_each_thread_has_a_client_of_its_own(gateway: NotifyGateway, notify: FakeNotify) -> None:
    clients = []

    def send(n: int) -> None:
        gateway.send(PATIENT, f"text {n}", f"k{n}", None)
        clients.append(gateway._client())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(12)))
    assert sorted(text["reference"] for text in notify.accepted) == sorted(f"k{n}" for n in range(12))
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(gateway._client).result() is not gateway._client()


@pytest.mark.parametrize(
    ("status", "content", "raised", "words"),
    [
        (429, refusal(429, "RateLimitError", "Exceeded rate limit for key type LIVE"), GatewayDown, "too many"),
        (500, refusal(500, "Exception", "Internal server error"), GatewayDown, "500"),
        (503, "<html>busy</html>", GatewayDown, "503"),
        (400, refusal(400, "ValidationError", "phone_number Not a valid phone number"), GatewayRefused, "can be texted"),
        (400, refusal(400, "BadRequestError", "Can’t send to this recipient when service is in trial mode"), GatewayRefused, "trial"),
        (400, refusal(400, "BadRequestError", "Missing personalisation: body"), GatewayRefused, "lacks"),
        (403, refusal(403, "AuthError", "Invalid token: API key not found"), GatewayRefused, "API_KEY"),
        (403, refusal(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"), GatewayDown, "clock"),
        (201, "not json", GatewayDown, "could not be read"),
    ],
)
def test_what_its_answers_mean(
    gateway: NotifyGateway, notify: FakeNotify, status: int, content: Any, raised: type[Exception], words: str
) -> None:
    notify.answers = [(status, content)]
    with pytest.raises(raised, match=words) as caught:
        gateway.send(PATIENT, "my secret words", "k", None)
    assert "secret" not in str(caught.value)
    if raised is GatewayDown:
        assert not isinstance(caught.value, GatewayRefused)


def test_a_key_of_another_service_is_final_and_half_a_key_waits(notify: FakeNotify) -> None:
    other = API_KEY[:-36] + "00000000-0000-4000-8000-000000000000"
    with pytest.raises(GatewayRefused, match="API_KEY"):
        NotifyGateway(other, TEMPLATE, notify.url).send(PATIENT, "hello", "k", None)
    with pytest.raises(GatewayDown, match="whole key"):
        NotifyGateway("linkway", TEMPLATE, notify.url).send(PATIENT, "hello", "k", None)
    assert notify.accepted == []


def test_918_characters_go_and_919_do_not(gateway: NotifyGateway, notify: FakeNotify) -> None:
    gateway.send(PATIENT, "x" * 918, "k", None)
    with pytest.raises(GatewayRefused, match="918"):
        gateway.send(PATIENT, "x" * 919, "k2", None)
    assert notify.tries == 1


def test_nobody_there_is_tried_again(notify: FakeNotify, gateway: NotifyGateway) -> None:
    notify.up = False
    with pytest.raises(GatewayDown):
        gateway.send(PATIENT, "hello", "k", None)


def test_an_hour_without_notify_loses_and_doubles_nothing(house: House, notify: FakeNotify, gateway: NotifyGateway) -> None:
    sender, noon = OutboxSender(house, gateway), clock.now()
    notify.answers = [(429, refusal(429, "RateLimitError", "Exceeded")), (500, "{}")]
    for minute in range(0, 60, 10):
        for to in (PATIENT, OTHER):
            queue(house, f"minute {minute}", f"{to}:{minute}", to)
        sender.send_due(noon + timedelta(minutes=minute)) if minute == 0 else None
        notify.up = False
        sender.send_due(noon + timedelta(minutes=minute))
    notify.up = True
    for minute in range(60, 600, 20):
        sender.send_due(noon + timedelta(minutes=minute))
    got = [(text["phone_number"], text["personalisation"]["body"]) for text in notify.accepted]
    assert sorted(got) == sorted((to, f"minute {m}") for m in range(0, 60, 10) for to in (PATIENT, OTHER))
    assert len({text["reference"] for text in notify.accepted}) == 12


def test_a_text_comes_in_is_stored_once_and_answered(house: House, client: TestClient) -> None:
    assert post(client, "/sms/notify", {**INBOUND, "something_new": 1}).status_code == 204
    [text] = said_by(house, "patient")
    assert (text.text, text.provider_id) == ("Hello", f"notify:{INBOUND['id']}")
    assert text.extra["sent_at"].startswith("2026-11-21T09:30:00")
    assert len(house.turns.wait(1)) == 1  # type: ignore[union-attr]
    assert post(client, "/sms/notify", INBOUND).status_code == 204
    assert len(said_by(house, "patient")) == 1
    assert rows(house, tables.conversations)[0].phone == PATIENT


def test_a_text_a_day_late_and_out_of_order_is_taken_as_it_comes(house: House, client: TestClient) -> None:
    for n, when in ((1, "2026-11-21T09:30:00Z"), (2, "2026-11-20T09:29:00Z")):
        body = {**INBOUND, "id": f"late-{n}", "message": f"text {n}", "date_received": when}
        assert post(client, "/sms/notify", body).status_code == 204
    assert [row.text for row in said_by(house, "patient")] == ["text 1", "text 2"]


@pytest.mark.parametrize("path", ["/sms/notify", "/sms/notify/status"])
def test_only_our_bearer_token_is_let_in(house: House, client: TestClient, path: str) -> None:
    for token in (None, "", "wrong", TOKEN[:-1], TOKEN + "x"):
        answer = post(client, path, INBOUND, token)
        assert answer.status_code == 401 and answer.headers["content-type"] == "application/problem+json"
    strange = client.post(path, content=b"{}", headers=[(b"authorization", "Bearer \xe9".encode("latin-1"))])
    assert strange.status_code == 401
    assert rows(house, tables.messages) == []


def test_without_a_token_of_ours_it_is_503_and_names_the_setting(tmp_path: Path) -> None:
    with serving(make_house(tmp_path)) as client:
        answer = post(client, "/sms/notify", INBOUND)
        assert answer.status_code == 503 and answer.json()["setting"] == "LINKWAY_NOTIFY_CALLBACK_TOKEN"


def test_storage_away_is_503_so_that_notify_tries_again(house: House, client: TestClient) -> None:
    house.engine.dispose()
    path = house.settings.home / "linkway.db"
    path.rename(path.with_suffix(".away"))
    path.mkdir()
    assert post(client, "/sms/notify", INBOUND).status_code == 503
    assert post(client, "/sms/notify/status", receipt("x", "delivered")).status_code == 503
    path.rmdir()
    path.with_suffix(".away").rename(path)
    assert post(client, "/sms/notify", INBOUND).status_code == 204
    assert len(said_by(house, "patient")) == 1


@pytest.mark.parametrize("number", ["GOVUK", "441582400000", "60123", ""])
def test_whom_nobody_could_answer_is_taken_and_left_alone(house: House, client: TestClient, number: str) -> None:
    assert post(client, "/sms/notify", {**INBOUND, "source_number": number}).status_code == 204
    assert rows(house, tables.messages) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [(b"not json", "body"), (b"[1]", "body"), ({}, "id"), ({**INBOUND, "message": False}, "message")],
)
def test_a_field_that_cannot_be_used_is_named(client: TestClient, body: Any, field: str) -> None:
    answer = post(client, "/sms/notify", body)
    assert answer.status_code == 422 and answer.json()["field"] == field
    assert post(client, "/sms/notify", b"x" * 70_000).status_code == 413


@pytest.mark.parametrize(
    ("reports", "ends"),
    [
        (["delivered"], "delivered"),
        (["sending", "delivered", "delivered"], "delivered"),
        (["delivered", "sent", "temporary-failure"], "delivered"),
        (["permanent-failure", "sent"], "failed"),
        (["temporary-failure"], "failed"),
        (["technical-failure"], "failed"),
        (["created", "pending", "something-new"], "sent"),
    ],
)
def test_receipts_never_go_back(
    house: House, client: TestClient, gateway: NotifyGateway, reports: list[str], ends: str
) -> None:
    queue(house, "hello", "k", conversation=begin(house))
    OutboxSender(house, gateway).send_due()
    [row] = rows(house, tables.outbox)
    for status in reports:
        assert post(client, "/sms/notify/status", receipt(row.id, status)).status_code == 204
    [row] = rows(house, tables.outbox)
    assert row.status == ends
    assert len(rows(house, tables.tasks)) == (1 if ends == "failed" else 0)
    if ends == "failed":
        assert row.last_error == f"Notify {next(s for s in reports if 'failure' in s)}"


def test_a_receipt_may_overtake_the_answer_and_may_be_of_an_unknown_text(house: House, client: TestClient) -> None:
    queue(house, "hello", "k")
    [row] = rows(house, tables.outbox)
    assert post(client, "/sms/notify/status", receipt(row.id, "delivered")).status_code == 204
    assert post(client, "/sms/notify/status", receipt("never-was", "delivered")).status_code == 204
    assert post(client, "/sms/notify/status", receipt(None, "delivered", "nor-this")).status_code == 204
    assert [row.status for row in rows(house, tables.outbox)] == ["delivered"]


@pytest.mark.parametrize(
    ("text", "notify_bills", "ours"),
    [
        ("a" * 160, 1, 1),
        ("a" * 161, 2, 2),
        ("a" * 152 + "€" + "a" * 152, 2, 3),  # no room is left where an escape would straddle
        ("😊" * 80, 1, 3),  # a question mark each
        ("ŵ" * 70, 1, 1),
        ("ŵ" * 71, 2, 2),
        ("", 0, 0),
    ],
)
def test_segments_are_counted_as_the_provider_bills_them(text: str, notify_bills: int, ours: int) -> None:
    assert (billed_segments(text), count_segments(text)) == (notify_bills, ours)


def test_what_was_sent_is_kept_with_notifys_own_count(house: House, gateway: NotifyGateway) -> None:
    queue(house, "a" * 152 + "€" + "a" * 152, "k")
    OutboxSender(house, gateway).send_due()
    assert sum(row.segments for row in rows(house, tables.outbox)) == sum(
        billed_segments(row.body) for row in rows(house, tables.outbox)
    )


def test_the_settings_choose_it_and_doctor_knows_what_is_wrong() -> None:
    def made(**values: Any) -> Settings:
        return Settings(_env_file=None, sms_provider="notify", **values)

    whole = made(notify_api_key=API_KEY, notify_template_id=TEMPLATE, notify_callback_token=TOKEN)
    assert isinstance(real_gateway(whole), NotifyGateway) and faulty_settings(whole) == []
    assert missing_settings(made()) == [
        "LINKWAY_NOTIFY_API_KEY", "LINKWAY_NOTIFY_TEMPLATE_ID", "LINKWAY_NOTIFY_CALLBACK_TOKEN",
    ]  # fmt: skip
    short = faulty_settings(made(notify_api_key=API_KEY[-36:], notify_template_id=TEMPLATE, notify_callback_token="abc"))
    assert "whole key" in short[0] and "short" in short[1]
    assert key_is_whole(API_KEY) and key_is_whole("my-key-" + API_KEY[-73:]) and not key_is_whole("x")


def test_openapi_names_every_answer(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"204", "401", "413", "422", "429", "503"} <= set(paths["/sms/notify"]["post"]["responses"])
    assert {"204", "401", "413", "422", "503"} <= set(paths["/sms/notify/status"]["post"]["responses"])
