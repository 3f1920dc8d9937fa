"""What the tests of text messages share: a house on a real SQLite file, an app, and a gateway on a real port."""

from __future__ import annotations

import json
import shutil
import tempfile
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.engine import Row
from standardwebhooks.webhooks import Webhook

from assistant import errors
from assistant.channels.outbox import OutboxSender, queue_text
from assistant.channels.sms.demo import demo_router
from assistant.channels.sms.generic import GenericGateway, signed
from assistant.channels.sms.webhooks import sms_router
from assistant.conversations import records
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store import tables
from assistant.store.database import open_engine, reading, transaction
from assistant.store.demo_tables import demo_metadata
from assistant.store.tables import metadata

SECRET = "whsec_" + b64encode(b"a secret of the tests, 24+ bytes").decode()
TWILIO_TOKEN = "12345"
PATIENT = "+447700900111"
OTHER = "+447700900222"
WELCOME = {
    "utter_welcome": [
        {"text": "Hello from {practice_name}."},
        {"channel": "sms", "text": "Hello from {practice_name}. I am a bot.", "buttons": []},
    ]
}
_programme = load_programme(Path(__file__).parents[2] / "programme")


class RecordingTurns:
    """Stands where turns.py stands and notes who was to be answered."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self._changed = threading.Condition()

    async def answer(self, conversation_id: str) -> None:
        with self._changed:
            self.answered.append(conversation_id)
            self._changed.notify_all()

    def wait(self, count: int) -> list[str]:
        """Until `count` turns were asked for; the background task may still be on its way."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.answered) >= count, 10)
            return list(self.answered)


@cache
def empty_database() -> Path:
    """A file with every table, made once for the run: each test has its own copy."""
    path = Path(tempfile.mkdtemp()) / "empty.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    demo_metadata.create_all(engine)
    engine.dispose()
    return path


def make_house(folder: Path, **settings: Any) -> House:
    """A house on a new SQLite file in `folder`."""
    values = {"home": folder, "sms_generic_secret": SECRET, "twilio_auth_token": TWILIO_TOKEN, **settings}
    shutil.copy(empty_database(), folder / "linkway.db")
    engine = open_engine(f"sqlite:///{folder / 'linkway.db'}")
    house = House(settings=Settings(_env_file=None, **values), engine=engine, programme=_programme)
    house.responses = WELCOME
    house.turns = RecordingTurns()  # type: ignore[assignment]
    return house


@contextmanager
def serving(house: House) -> Iterator[TestClient]:
    """The app with the routers of text messages."""
    app = FastAPI()
    app.state.house = house
    errors.install(app)
    app.include_router(sms_router)
    app.include_router(demo_router)
    with TestClient(app) as client:
        yield client


def generic_body(text: str, message_id: str = "g-1", sender: str = PATIENT, **more: Any) -> str:
    """The JSON of a text from the generic gateway."""
    fields = {"id": message_id, "from": sender, "to": "+447700900000", "text": text}
    return json.dumps({**fields, "sent_at": "2026-11-20T09:30:00Z", **more})


def send_generic(client: TestClient, body: str, secret: str = SECRET, **headers: str) -> Any:
    """POST a signed text."""
    return client.post(
        "/sms/generic", content=body.encode(), headers={**signed(secret, "delivery", body), **headers}
    )


def rows(house: House, table: sa.Table, **equal: Any) -> list[Row]:
    """Rows of a table in the order they were made."""
    order = table.c.id if table.name != "outbox" else table.c.created_at
    query = sa.select(table).order_by(order)
    for name, value in equal.items():
        query = query.where(table.c[name] == value)
    with reading(house.engine) as connection:
        return connection.execute(query).all()


class LocalGateway:
    """An SMS gateway on a port of this machine: accepts, or fails, or hangs up, and remembers what it accepted."""

    def __init__(self) -> None:
        self.up = True
        self.tries = 0
        self.status = 202
        self.accepted: list[dict[str, Any]] = []
        self.refuse: set[str] = set()  # texts it answers with 500
        self._lock = threading.Lock()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                with gateway._lock:
                    gateway.tries += 1
                    if not gateway.up:
                        self.close_connection = True
                        self.connection.shutdown(2)
                        return
                    content = Webhook(SECRET).verify(body, dict(self.headers))
                    failed = content["text"] in gateway.refuse
                    if not failed:
                        gateway.accepted.append({**content, "webhook-id": self.headers["webhook-id"]})
                self.send_response(500 if failed else gateway.status)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/texts"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def queue(
    house: House,
    body: str,
    key: str,
    to: str = PATIENT,
    *,
    reply: bool = True,
    conversation: str | None = None,
) -> None:
    with transaction(house.engine) as connection:
        queue_text(
            connection, conversation_id=conversation, to=to, body=body, idempotency_key=key, reply=reply
        )


def sender_for(house: House, gateway: LocalGateway) -> OutboxSender:
    return OutboxSender(house, GenericGateway(gateway.url, SECRET, timeout=5))


def begin(house: House) -> str:
    with transaction(house.engine) as connection:
        slug = house.programme.practice().slug
        return records.begin(connection, channel="sms", practice=slug, phone=PATIENT)[0]


class Scripted:
    """A gateway that does what it is told, for faults a server cannot show."""

    def __init__(self, *outcomes: Exception | str) -> None:
        self.outcomes = list(outcomes)
        self.sent: list[str] = []

    def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
        outcome = self.outcomes.pop(0) if self.outcomes else "id"
        if isinstance(outcome, Exception):
            raise outcome
        self.sent.append(body)
        return outcome


def rows_of_conversations(house: House) -> list[Any]:
    with reading(house.engine) as connection:
        return connection.execute(tables.conversations.select()).all()


def said_by(house: House, sender: str) -> list[Any]:
    return rows(house, tables.messages, sender=sender)


def outgoing(house: House) -> list[tuple[str, str]]:
    return [(row.body, row.status) for row in rows(house, tables.outbox)]
