"""A house over a SQLite file with people in it, for the tests of calls, reminders and what is told; again over the same file."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import diary, messages, records
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store import pathway_tables, staff_tables  # noqa: F401 - their tables join the metadata
from assistant.store.database import open_engine, reading, transaction
from assistant.store.tables import callbacks, metadata, outbox

PROGRAMME = load_programme(Path(__file__).parents[2] / "programme")
PRACTICE = PROGRAMME.practice("wardown-park")
MOBILE = "+447700900123"
SAFE = {"contact_number": MOBILE, "safe_to_ring": True, "safe_to_text": True, "person_name": "Dorothy Hale"}
LONDON = ZoneInfo("Europe/London")


def london(*moment: int) -> datetime:
    """An instant by the clock on a wall in England."""
    return datetime(*moment, tzinfo=LONDON)  # type: ignore[arg-type,misc]


def house_at(folder: Path) -> House:
    """A new process, as far as the database can tell."""
    engine = open_engine(f"sqlite:///{folder}/diary.db")
    metadata.create_all(engine)
    settings = Settings(_env_file=None, home=folder, public_base_url="https://linkway.test", secret_key="s" * 40)
    return House(settings, engine, PROGRAMME)


def begin(house: House, channel: str = "web", practice: str = PRACTICE.slug, **values: Any) -> str:
    """A conversation with these columns; its id."""
    phone = values.pop("phone", MOBILE if channel == "sms" else None)
    with transaction(house.engine) as connection:
        conversation, _ = records.begin(connection, channel=channel, practice=practice, phone=phone)
        if values.get("state") == "waiting":
            values.setdefault("waiting_since", clock.now())
        if values:
            records.update(connection, conversation, **values)
    return conversation


def row_of(house: House, conversation: str) -> Any:
    """The conversation as it stands."""
    with reading(house.engine) as connection:
        return records.load(connection, conversation)


def book(house: House, conversation: str, starts_at: datetime, **more: Any) -> Any:
    """A call by the diary's own rules; its row."""
    with transaction(house.engine) as connection:
        call = diary.book(connection, conversation, PRACTICE, starts_at, "what could help you", **more)
    assert call is not None, "no free slot then"
    return call


def said(house: House, conversation: str) -> list[str]:
    """Every message's words."""
    with reading(house.engine) as connection:
        return [row.text for row in messages.since(connection, conversation)]


def texts(house: House, status: str = "queued") -> list[str]:
    """Bodies of the texts on their way."""
    with reading(house.engine) as connection:
        query = sa.select(outbox.c.body).where(outbox.c.status == status).order_by(outbox.c.created_at)
        return list(connection.execute(query).scalars())


def set_call(house: House, call_id: str, **values: Any) -> None:
    """Change a call's row, as the desk or the chat would."""
    with transaction(house.engine) as connection:
        connection.execute(callbacks.update().where(callbacks.c.id == call_id).values(**values))


def link_in(text: str) -> str:
    """The path of the calendar file named in a message."""
    found = re.search(r"https://linkway\.test(/calendar/\S+\.ics)", text)
    assert found, text
    return found[1]
