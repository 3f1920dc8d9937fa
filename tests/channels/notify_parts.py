"""A GOV.UK Notify on a port of this machine: checks the token as Notify does, and answers as it is told."""

from __future__ import annotations

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

SERVICE, SECRET_PART, TEMPLATE = str(uuid.uuid4()), str(uuid.uuid4()), str(uuid.uuid4())
API_KEY = f"linkway-tests-{SERVICE}-{SECRET_PART}"


class FakeNotify:
    """Takes POST /v2/notifications/sms with a valid JWT; `answers` are given first, one a request."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.accepted: list[dict[str, Any]] = []
        self.tries = 0
        self.up = True
        self._lock = threading.Lock()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with fake._lock:
                    fake.tries += 1
                    if not fake.up:
                        self.close_connection = True
                        self.connection.shutdown(2)
                        return
                    status, content = fake.answer(self.path, self.headers.get("authorization", ""), body)
                out = content.encode() if isinstance(content, str) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, path: str, authorization: str, body: dict[str, Any]) -> tuple[int, Any]:
        """What Notify says to this."""
        if path != "/v2/notifications/sms":
            return 404, refusal(404, "NoResultFound", "no such address")
        token = authorization.removeprefix("Bearer ")
        try:
            assert get_token_issuer(token) == SERVICE and decode_jwt_token(token, SECRET_PART)
        except (TokenError, AssertionError):
            return 403, refusal(403, "AuthError", "Invalid token: signature, api key not found")
        if self.answers:
            return self.answers.pop(0)
        if body["template_id"] != TEMPLATE:
            return 400, refusal(400, "BadRequestError", "Template not found")
        if len(body["personalisation"]["body"]) > 918:
            return 400, refusal(400, "BadRequestError", "Text messages cannot be longer than 918 characters.")
        self.accepted.append(body)
        return 201, {"id": str(uuid.uuid4()), "reference": body["reference"]}

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


def refusal(status: int, error: str, message: str) -> dict[str, Any]:
    """Notify's way of saying no."""
    return {"status_code": status, "errors": [{"error": error, "message": message}]}
