"""The cases of Standard Webhooks' own test suite, posted to our endpoint; and its published signature."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sms_parts import SECRET, generic_body, make_house, rows, serving
from standardwebhooks.webhooks import Webhook

from assistant.house import House
from assistant.store import tables

OFFICIAL = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = generic_body("Hello")


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with serving(house) as client:
        yield client


def headers(at: float | None = None, secret: str = SECRET, body: str = BODY) -> dict[str, str]:
    """The three headers, signed as the suite's own helper does."""
    moment = datetime.fromtimestamp(int(at if at is not None else time.time()), timezone.utc)
    signature = Webhook(secret).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", moment, body)
    return {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def post(client: TestClient, sent: dict[str, str], body: str = BODY) -> int:
    status: int = client.post("/sms/generic", content=body.encode(), headers=sent).status_code
    return status


def test_the_published_signature() -> None:
    at = datetime.fromtimestamp(1614265330, timezone.utc)
    signature = Webhook(OFFICIAL).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_valid_signature_is_taken_and_with_another_secret_it_is_not(house: House, client: TestClient) -> None:
    assert post(client, headers()) == 202
    assert post(client, headers(secret=OFFICIAL)) == 401
    assert len(rows(house, tables.messages, sender="patient")) == 1


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(client: TestClient, missing: str) -> None:
    sent = headers()
    del sent[missing]
    assert post(client, sent) == 401


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-timestamp": "hello"},
        {"webhook-signature": "v1,dawfeoifkpqwoekfpqoekf"},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v2," + b64encode(b"x" * 32).decode()},
        {"webhook-id": "msg_another"},
    ],
)
def test_what_was_not_signed_so_is_refused(client: TestClient, change: dict[str, str]) -> None:
    assert post(client, {**headers(), **change}) == 401


@pytest.mark.parametrize(("off", "status"), [(-301, 401), (-290, 202), (290, 202), (310, 401)])
def test_five_minutes_either_way(client: TestClient, off: int, status: int) -> None:
    assert post(client, headers(time.time() + off)) == status


def test_one_of_several_signatures_is_enough(client: TestClient) -> None:
    sent = headers()
    others = ["v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=", "v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="]
    assert post(client, {**sent, "webhook-signature": " ".join([*others, sent["webhook-signature"], *others])}) == 202
    assert post(client, {**sent, "webhook-signature": " ".join(others)}) == 401


def test_a_secret_without_its_prefix_is_the_same_secret(client: TestClient) -> None:
    assert post(client, headers(secret=SECRET.removeprefix("whsec_"))) == 202


def test_a_changed_body_is_refused(client: TestClient) -> None:
    changed: Any = generic_body("Hello!")
    assert post(client, headers(), changed) == 401
