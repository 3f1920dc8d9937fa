"""A conversation as a record: begin, find, change state. State is ours (bot, waiting, live, closed), never Rasa's."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations.events import record_event
from assistant.errors import NotFound, NotSignedIn
from assistant.store.tables import conversations

# Made once: a turn looks its conversation up several times.
_BY_ID = sa.select(conversations).where(conversations.c.id == sa.bindparam("here"))
_CHANGE = conversations.update().where(conversations.c.id == sa.bindparam("here"))

STATES = ("bot", "waiting", "live", "closed")


def token_digest(token: str) -> str:
    """What is stored of a bearer token: whoever reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(connection: Connection, *, channel: str, practice: str, phone: str | None = None) -> tuple[str, str]:
    """Make a conversation; returns its id and the bearer token, which is shown this once."""
    conversation_id, token, now = str(uuid.uuid4()), secrets.token_urlsafe(32), clock.now()
    connection.execute(
        conversations.insert().values(
            id=conversation_id,
            token_hash=token_digest(token),
            channel=channel,
            practice=practice,
            state="bot",
            created_at=now,
            updated_at=now,
            last_seq=0,
            phone=phone,
            contact_number=phone,
            safety={},
            picture={},
        )
    )
    record_event(connection, "conversation_started", conversation_id, practice, channel=channel)
    return conversation_id, token


def load(connection: Connection, conversation_id: str, *, lock: bool = False) -> Row:
    """The conversation's row. `lock` holds it to the end of the transaction (PostgreSQL; SQLite holds all).

    Raises:
        NotFound: no such conversation.
    """
    query = _BY_ID.with_for_update() if lock and connection.dialect.name != "sqlite" else _BY_ID
    row = connection.execute(query, {"here": conversation_id}).first()
    if row is None:
        raise NotFound("There is no such conversation. It may have been deleted.")
    return row


def authorise(connection: Connection, conversation_id: str, token: str) -> Row:
    """The row, if `token` is its bearer token.

    Raises:
        NotSignedIn: the token is missing or wrong; says the same for a conversation that does not exist.
    """
    row = connection.execute(_BY_ID, {"here": conversation_id}).first()
    given = token_digest(token or "")
    if row is None or not hmac.compare_digest(row.token_hash or "", given):
        raise NotSignedIn("This conversation needs its own token. Start a new conversation to get one.")
    return row


def find_by_phone(connection: Connection, phone: str) -> Row | None:
    """The newest conversation by text with this number (E.164) that was not deleted."""
    return connection.execute(
        sa.select(conversations)
        .where(conversations.c.phone == phone, conversations.c.channel == "sms")
        .order_by(conversations.c.created_at.desc())
        .limit(1)
    ).first()


def update(connection: Connection, conversation_id: str, **values: Any) -> None:
    """Set columns and touch `updated_at`."""
    connection.execute(_CHANGE, {"here": conversation_id, "updated_at": clock.now(), **values})


def change_state(connection: Connection, conversation_id: str, old: str | tuple[str, ...], new: str, **values: Any) -> bool:
    """Move from `old` to `new` by compare-and-swap; False when somebody else was first."""
    old = (old,) if isinstance(old, str) else old
    result = connection.execute(
        conversations.update()
        .where(conversations.c.id == conversation_id, conversations.c.state.in_(old))
        .values(state=new, updated_at=clock.now(), **values)
    )
    return result.rowcount == 1


def queue_place(connection: Connection, conversation_id: str) -> int:
    """1 for the first in the practice's queue; 0 when not waiting."""
    row = load(connection, conversation_id)
    if row.state != "waiting":
        return 0
    return connection.execute(
        sa.select(sa.func.count())
        .select_from(conversations)
        .where(
            conversations.c.practice == row.practice,
            conversations.c.state == "waiting",
            conversations.c.waiting_since <= row.waiting_since,
        )
    ).scalar_one()
