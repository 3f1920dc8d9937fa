"""The demo's drawn phone: in by the real signed path, back by the real outbox, with no carrier."""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, StrictStr
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from assistant.channels.segments import count_segments
from assistant.channels.sms.body import limited_body, read_json
from assistant.channels.sms.gateway import Gateway
from assistant.channels.sms.generic import signed
from assistant.channels.sms.generic_inbound import accept
from assistant.channels.sms.inbound import clean
from assistant.channels.sms.problems import PROBLEMS, json_body
from assistant.clock import clock
from assistant.house import TheHouse
from assistant.store.database import reading, transaction
from assistant.store.demo_tables import demo_metadata, demo_texts

DEMO_PHONE = "+447700900471"
# Made at each start and known to this process only: nobody else can sign for the drawn phone.
_SECRET = "whsec_" + b64encode(secrets.token_bytes(24)).decode()
LONGEST = 2000

demo_router = APIRouter(prefix="/demo", tags=["demo"])


class PhoneText(BaseModel):
    """Body of POST /demo/phone."""

    text: StrictStr = Field(..., min_length=1, max_length=LONGEST)

    class Config:
        """Unknown fields are faults."""

        extra = "forbid"


class DemoGateway:
    """Keeps the texts it is handed; the drawn phone reads them."""

    def __init__(self, engine: Engine) -> None:
        """They lie in the table demo_texts, which is made here when it is missing."""
        demo_metadata.create_all(engine)
        self._engine = engine

    def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
        """As `Gateway.send`; the same key again is kept once."""
        with transaction(self._engine) as connection:
            keep(connection, f"out:{key}", "out", body)
        return key


class WithDemoPhone:
    """The drawn phone's texts to the demo, everybody else's to a real carrier."""

    def __init__(self, demo: Gateway, real: Gateway) -> None:
        """Two gateways."""
        self._demo, self._real = demo, real

    def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
        """As `Gateway.send`."""
        carrier = self._demo if to == DEMO_PHONE else self._real
        return carrier.send(to, body, key, conversation)


def keep(connection: Connection, key: str, direction: str, text: str) -> None:
    """Add a text to the drawn phone, once."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"key": key, "at": clock.now(), "direction": direction, "text": text}
    statement = insert(demo_texts).values(**row, segments=count_segments(text))
    connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))


@demo_router.post(
    "/phone",
    status_code=202,
    responses={k: PROBLEMS[k] for k in (413, 422, 429, 503)},
    openapi_extra=json_body(PhoneText),
)
async def text_from_phone(request: Request, house: TheHouse) -> dict[str, bool]:
    """Send a text from the drawn phone. It is signed as a gateway would, and taken in as any text is."""
    text = clean(read_json(await limited_body(request), PhoneText).text)
    key = f"demo-{secrets.token_hex(8)}"
    body = {"id": key, "from": DEMO_PHONE, "to": house.settings.sms_number, "text": text}
    content = json.dumps({**body, "sent_at": clock.now().isoformat()})
    headers = signed(_SECRET, key, content)
    # On the phone first: an answer must not come before the text it answers.
    with transaction(house.engine) as connection:
        keep(connection, f"in:{key}", "in", text)
    await accept(house, headers, content.encode(), _SECRET, "demo")
    return {"accepted": True}


@demo_router.get("/phone", responses={k: PROBLEMS[k] for k in (422, 503)})
async def texts_on_phone(
    house: TheHouse,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="The last n you have.")] = 0,
) -> dict[str, list[dict[str, Any]]]:
    """What the drawn phone sent ('in') and got ('out'), from the cursor on, at most 200 at once."""
    t = demo_texts.c
    query = sa.select(t.n, t.at, t.direction, t.text, t.segments).where(t.n > after).order_by(t.n).limit(200)
    with reading(house.engine) as connection:
        rows = connection.execute(query).all()
    return {"messages": [{**dict(row._mapping), "at": row.at.isoformat()} for row in rows]}
