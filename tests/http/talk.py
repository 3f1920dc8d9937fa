"""A conversation by the HTTP API, and what every refusal must look like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

CONVERSATIONS = "/api/v1/conversations"


@dataclass
class Talk:
    """One conversation by the API."""

    client: httpx.Client
    id: str
    token: str

    @property
    def url(self) -> str:
        """Its address."""
        return f"{CONVERSATIONS}/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        """Its bearer token."""
        return {"Authorization": f"Bearer {self.token}"}

    def say(self, text: str | None = None, **body: Any) -> httpx.Response:
        """POST a message."""
        fields = {"text": text, **body} if text is not None else body
        return self.client.post(f"{self.url}/messages", json=fields, headers=self.headers)

    def get(self, what: str, **query: Any) -> httpx.Response:
        """GET a part of it."""
        return self.client.get(f"{self.url}/{what}", params=query, headers=self.headers)

    def log(self) -> list[dict[str, Any]]:
        """Every message."""
        return list(self.get("messages").json()["messages"])

    def erase(self) -> httpx.Response:
        """DELETE it."""
        return self.client.delete(self.url, headers=self.headers)


def is_problem(answer: httpx.Response, status: int, field: str | None = None) -> bool:
    """Whether it is RFC 9457 problem details of this status, naming the field and a fix where there is one."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:300]}"
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status and body["title"] and len(body["detail"]) > 8
    assert field is None or body.get("field") == field, body
    return True
