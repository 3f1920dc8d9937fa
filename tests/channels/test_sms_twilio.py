"""Twilio: its own signature vectors, through its validator and through our endpoint; sending; delivery reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from requests.exceptions import ConnectTimeout
from sms_parts import PATIENT, TWILIO_TOKEN, make_house, rows, serving
from starlette.datastructures import FormData
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator

from assistant.channels.outbox import OutboxSender, queue_text
from assistant.channels.sms import opt_outs
from assistant.channels.sms.gateway import GatewayDown, GatewayRefused, NumberStopped
from assistant.channels.sms.twilio import TwilioGateway, is_from_twilio, looks_signed
from assistant.house import House
from assistant.store import tables
from assistant.store.database import reading, transaction

BASE = "https://linkway.example"
VECTOR_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
VECTOR = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
INBOUND = {
    "MessageSid": "SM1",
    "AccountSid": "AC1",
    "From": PATIENT,
    "To": "+447700900000",
    "Body": "Hello",
    "NumMedia": "0",
}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path, public_base_url=BASE, twilio_account_sid="AC1", twilio_from="+447700900000")


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with serving(house) as client:
        yield client


def post(
    client: TestClient, path: str, fields: Any, signature: str | None = None, token: str = TWILIO_TOKEN
) -> Any:
    """POST a form as Twilio does, signed over the public address."""
    pairs = list(fields.items()) if isinstance(fields, dict) else fields
    if signature is None:
        signature = RequestValidator(token).compute_signature(BASE + path, FormData(pairs))
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature}
    return client.post(path, content=urlencode(pairs), headers=headers)


@pytest.mark.parametrize(
    ("url", "fields", "signature"),
    [
        (VECTOR_URL, list(VECTOR.items()), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (VECTOR_URL.replace(".com", ".com:1234"), list(VECTOR.items()), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (VECTOR_URL.replace(".com", ".com:1234").replace("https", "http"), list(VECTOR.items()), "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (VECTOR_URL, list(VECTOR.items()), "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (VECTOR_URL.replace("https", "http"), list(VECTOR.items()), "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (
            VECTOR_URL,
            [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
)  # fmt: skip
def test_the_official_vectors(url: str, fields: list[tuple[str, str]], signature: str) -> None:
    assert looks_signed(signature)
    assert is_from_twilio(TWILIO_TOKEN, url, FormData(fields), signature)
    assert not is_from_twilio(TWILIO_TOKEN, url, FormData([*fields, ("More", "1")]), signature)
    assert not is_from_twilio("other", url, FormData(fields), signature)


def test_a_text_comes_in_and_is_answered_with_empty_twiml(house: House, client: TestClient) -> None:
    answer = post(client, "/sms/twilio?practice=1&x=%20y", {**INBOUND, "FromCity": "", "SomethingNew": "1"})
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/xml")
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    [text] = rows(house, tables.messages, sender="patient")
    assert (text.text, text.provider_id) == ("Hello", "twilio:SM1")
    assert len(house.turns.wait(1)) == 1
    post(client, "/sms/twilio", INBOUND)
    assert len(rows(house, tables.messages, sender="patient")) == 1


def test_repeated_fields_and_emoji_are_signed_as_they_come(house: House, client: TestClient) -> None:
    fields = [*({**INBOUND, "Body": "Hi 😊 & é+"}).items(), ("Media", "b"), ("Media", "a")]
    assert post(client, "/sms/twilio", fields).status_code == 200
    assert rows(house, tables.messages, sender="patient")[0].text == "Hi 😊 & é+"


@pytest.mark.parametrize("signature", ["", "nonsense", "A" * 27 + "=", "é"])
def test_a_bad_signature_is_403_and_stores_nothing(house: House, client: TestClient, signature: str) -> None:
    pairs = urlencode(INBOUND)
    headers = {
        b"content-type": b"application/x-www-form-urlencoded",
        b"x-twilio-signature": signature.encode(),
    }
    for path in ("/sms/twilio", "/sms/twilio/status"):
        answer = client.post(path, content=pairs, headers=headers)
        assert answer.status_code == 403 and answer.headers["content-type"] == "application/problem+json"
        assert client.post(path, content=pairs).status_code == 403
        assert post(client, path, INBOUND, token="other").status_code == 403
    assert rows(house, tables.messages) == []


def test_without_a_token_it_says_which_setting(tmp_path: Path) -> None:
    with serving(make_house(tmp_path, public_base_url=BASE, twilio_auth_token="")) as client:
        answer = post(client, "/sms/twilio", INBOUND)
        assert answer.status_code == 503 and answer.json()["setting"] == "LINKWAY_TWILIO_AUTH_TOKEN"


def test_faults_in_the_form_are_named_and_size_is_limited(client: TestClient) -> None:
    without = {name: value for name, value in INBOUND.items() if name != "MessageSid"}
    answer = post(client, "/sms/twilio", without)
    assert answer.status_code == 422 and answer.json()["field"] == "MessageSid"
    assert post(client, "/sms/twilio", [(f"f{n}", "1") for n in range(201)]).status_code == 422
    assert post(client, "/sms/twilio", {**INBOUND, "Body": "x" * 70_000}).status_code == 413


def test_a_short_code_is_left_alone(house: House, client: TestClient) -> None:
    assert post(client, "/sms/twilio", {**INBOUND, "From": "60123"}).status_code == 200
    assert rows(house, tables.messages) == []


def test_a_picture_without_words(house: House, client: TestClient) -> None:
    post(client, "/sms/twilio", {**INBOUND, "Body": "", "NumMedia": "2"})
    [text] = rows(house, tables.messages, sender="patient")
    assert text.extra["media"] == 2
    assert "not pictures" in rows(house, tables.outbox)[-1].body


def test_stop_is_mirrored_and_not_answered_a_second_time(house: House, client: TestClient) -> None:
    post(client, "/sms/twilio", {**INBOUND, "Body": "STOP"})
    post(client, "/sms/twilio", {**INBOUND, "Body": "HELP", "MessageSid": "SM2"})
    assert rows(house, tables.outbox) == [], "Twilio has answered both itself"
    post(client, "/sms/twilio", {**INBOUND, "Body": "Yes", "MessageSid": "SM3"})
    post(client, "/sms/twilio", {**INBOUND, "Body": "Arret", "MessageSid": "SM4", "OptOutType": "STOP"})
    assert [row.stopped for row in rows(house, tables.opt_outs)] == [True, False, True]


class FakeHttp(HttpClient):
    """Answers Twilio's client without a network."""

    def __init__(self, *answers: Response | Exception) -> None:
        super().__init__(None, False, None)
        self.answers, self.calls = list(answers), []

    def request(
        self,
        method: str,
        url: str,
        params=None,
        data=None,
        headers=None,
        auth=None,
        timeout=None,
        allow_redirects=False,
    ):  # type: ignore[no-untyped-def] # noqa: E501
        self.calls.append((method, url, data, auth))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def gateway(http: FakeHttp, sender: str = "+447700900000", base: str = BASE) -> TwilioGateway:
    return TwilioGateway("AC1", "token", sender, base, http_client=http)


def test_sending_asks_for_reports_under_our_id() -> None:
    http = FakeHttp(Response(201, '{"sid": "SM9"}'), Response(201, '{"sid": "SM10"}'))
    assert gateway(http).send(PATIENT, "Hello", "row-1", None) == "SM9"
    method, url, data, auth = http.calls[0]
    assert (method, auth) == ("POST", ("AC1", "token")) and url.endswith("/Accounts/AC1/Messages.json")
    assert data == {
        "To": PATIENT,
        "From": "+447700900000",
        "Body": "Hello",
        "StatusCallback": f"{BASE}/sms/twilio/status?text=row-1",
    }
    gateway(http, "MG7", "http://127.0.0.1:8080").send(PATIENT, "Hello", "row-2", None)
    assert http.calls[1][2] == {"To": PATIENT, "MessagingServiceSid": "MG7", "Body": "Hello"}


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (Response(400, '{"code": 21610, "message": "m"}'), NumberStopped),
        (Response(400, '{"code": 21614, "message": "m"}'), GatewayRefused),
        (Response(401, '{"code": 20003, "message": "m"}'), GatewayDown),
        (Response(429, '{"code": 20429, "message": "m"}'), GatewayDown),
        (Response(503, "<html>"), GatewayDown),
        (ConnectTimeout(), GatewayDown),
    ],
)
def test_what_can_be_mended_is_tried_again(answer: Any, raised: type[Exception]) -> None:
    with pytest.raises(raised) as caught:
        gateway(FakeHttp(answer)).send(PATIENT, "Hello", "row-1", None)
    assert type(caught.value) is raised and "Hello" not in str(caught.value)


def send_one(house: House) -> Any:
    with transaction(house.engine) as connection:
        queue_text(
            connection, conversation_id=None, to=PATIENT, body="Hello", idempotency_key="k", reply=True
        )
    sender = OutboxSender(house, gateway(FakeHttp(Response(201, '{"sid": "SM9"}'))))
    sender.send_due()
    return rows(house, tables.outbox)[0]


@pytest.mark.parametrize(
    ("reports", "ends"),
    [
        (["queued", "sent", "delivered"], "delivered"),
        (["delivered", "sent", "failed"], "delivered"),
        (["failed", "delivered"], "failed"),
        (["undelivered"], "failed"),
        (["sending", "nonsense"], "sent"),
    ],
)
def test_reports_never_go_back(house: House, client: TestClient, reports: list[str], ends: str) -> None:
    row = send_one(house)
    assert (row.status, row.provider_id) == ("sent", "SM9")
    for place, status in enumerate(reports):
        path = f"/sms/twilio/status?text={row.id}" if place % 2 else "/sms/twilio/status"
        assert post(client, path, {"MessageSid": "SM9", "MessageStatus": status}).status_code == 204
    assert rows(house, tables.outbox)[0].status == ends


def test_a_report_may_overtake_the_answer_to_the_sending(house: House, client: TestClient) -> None:
    with transaction(house.engine) as connection:
        queue_text(
            connection, conversation_id=None, to=PATIENT, body="Hello", idempotency_key="k", reply=True
        )

    class Slow:
        def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
            fields = {"MessageSid": "SM9", "MessageStatus": "delivered"}
            assert post(client, f"/sms/twilio/status?text={key}", fields).status_code == 204
            return "SM9"

    assert OutboxSender(house, Slow()).send_due() == 1
    [row] = rows(house, tables.outbox)
    assert (row.status, row.provider_id) == ("delivered", "SM9")


def test_a_report_of_stop_puts_the_number_on_the_list(house: House, client: TestClient) -> None:
    row = send_one(house)
    fields = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": "21610"}
    post(client, f"/sms/twilio/status?text={row.id}", fields)
    with reading(house.engine) as connection:
        assert opt_outs.stopped(connection, PATIENT)


def test_a_report_of_a_text_we_do_not_know_is_taken(client: TestClient) -> None:
    answer = post(client, "/sms/twilio/status", {"MessageSid": "SMother", "MessageStatus": "delivered"})
    assert answer.status_code == 204
