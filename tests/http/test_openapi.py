"""The OpenAPI document describes what the program does: schemathesis makes the requests and holds the answers to it."""

from __future__ import annotations

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from live import LiveServer
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from talk import CONVERSATIONS, Talk

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
EACH = 10  # examples of a call; the requests are few, the answers are held to every check
STREAMS = "/events$"  # an open stream has no end to wait for; test_streams.py reads it


@pytest.fixture(scope="session")
def document(live_server: LiveServer) -> schemathesis.BaseSchema:
    """What the program says of itself."""
    return schemathesis.openapi.from_url(f"{live_server.url}/openapi.json")


@pytest.fixture(scope="session")
def talk(client: httpx.Client) -> Talk:
    """A conversation whose id and token make half of the requests good ones."""
    made = client.post(CONVERSATIONS, json={"channel": "web"}).json()
    return Talk(client, made["id"], made["token"])


schema = schemathesis.pytest.from_fixture("document").exclude(path_regex=STREAMS)


@schema.parametrize()
@settings(
    max_examples=EACH, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_call_is_as_described(case: schemathesis.Case, talk: Talk) -> None:
    headers = {}
    if "conversation_id" in (case.path_parameters or {}) and case.method != "DELETE":
        case.path_parameters["conversation_id"] = talk.id
        headers = talk.headers
        (case.query or {}).pop("wait", None)  # a long poll would wait
    answer = case.call(headers=headers)
    case.validate_response(answer, checks=CHECKS)


def test_every_error_is_described_as_a_problem(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    problem = document["components"]["schemas"]["Problem"]
    assert {"type", "title", "status", "detail"} <= set(problem["required"]) and "field" in problem["properties"]
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            assert call.get("summary"), (path, method)
            for status, answer in call["responses"].items():
                if status.startswith(("4", "5")) and path != "/readyz":
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, status)
    for path in ("/api/v1/conversations", "/api/v1/directory/search", "/sms/generic", "/sms/twilio", "/readyz"):
        assert path in document["paths"]
