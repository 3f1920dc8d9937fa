"""Messages of a conversation: taken in once, numbered without gaps, read from a cursor."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.store.tables import UtcDateTime, conversations, messages

# Statements are made once: putting one together costs as much as running it.
_HERE = messages.c.conversation_id == sa.bindparam("here")
_NEXT_SEQ = (
    conversations.update()
    .where(conversations.c.id == sa.bindparam("here"))
    .values(last_seq=conversations.c.last_seq + sa.bindparam("more"), updated_at=sa.bindparam("now"))
)
# The same, and the number in one go; in words of SQL, for SQLAlchemy 1.4 does not say it for SQLite.
_NUMBERED = (
    sa.text("UPDATE conversations SET last_seq = last_seq + :more, updated_at = :now WHERE id = :here RETURNING last_seq")
    .bindparams(sa.bindparam("now", type_=UtcDateTime()))
    .columns(last_seq=sa.Integer)
)
_RETURNS = sqlite3.sqlite_version_info >= (3, 35)
_INSERT = messages.insert()
_LAST_SEQ = sa.select(conversations.c.last_seq).where(conversations.c.id == sa.bindparam("here"))
_UNANSWERED = (
    sa.select(messages).where(_HERE, messages.c.sender == "patient", messages.c.answered_at.is_(None)).order_by(messages.c.seq)
)
_AT_SEQ = sa.and_(_HERE, messages.c.seq == sa.bindparam("at_seq"))
_ANSWERED = messages.update().where(_AT_SEQ).values(answered_at=sa.bindparam("now"), extra=sa.bindparam("told", type_=messages.c.extra.type))
_SINCE = sa.select(messages).where(_HERE, messages.c.seq > sa.bindparam("after")).order_by(messages.c.seq).limit(sa.bindparam("most"))
_WITH_STATE = (
    sa.select(messages, conversations.c.state.label("standing"))
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .where(_HERE, messages.c.seq > sa.bindparam("after"))
    .order_by(messages.c.seq)
    .limit(sa.bindparam("most"))
)
_OFFERED = (
    sa.select(messages.c.choices).where(_HERE, messages.c.sender != "patient").order_by(messages.c.seq.desc()).limit(1)
)

PUBLIC_EXTRA = ("topic", "risks", "contacts", "understood", "navigator")


def append(
    connection: Connection,
    conversation_id: str,
    sender: str,
    text: str,
    *,
    choices: list[dict[str, str]] | None = None,
    services: list[dict[str, Any]] | None = None,
    payload: str | None = None,
    client_message_id: str | None = None,
    provider_id: str | None = None,
    answered: bool = False,
    **extra: Any,
) -> int:
    """Add a message and return its seq. The counter row is taken first, so two writers cannot share a number."""
    now = clock.now()
    seq = _numbers(connection, conversation_id, 1, now)
    row = _row(sender, text, choices=choices, services=services, **extra)
    row.update(payload=payload, client_message_id=client_message_id, provider_id=provider_id, answered_at=now if answered else None)
    connection.execute(_INSERT, {**row, "conversation_id": conversation_id, "seq": seq, "at": now})
    return seq


def append_all(connection: Connection, conversation_id: str, sender: str, said: Sequence[dict[str, Any]]) -> list[int]:
    """Add what one side says in a turn, each a dict as `append` takes it (text, choices, services and more); their seqs."""
    if not said:
        return []
    now = clock.now()
    first = _numbers(connection, conversation_id, len(said), now) - len(said) + 1
    at = {"conversation_id": conversation_id, "at": now}
    rows = [{**_row(sender, **one), **at, "seq": seq} for seq, one in enumerate(said, first)]
    connection.execute(_INSERT, rows if len(rows) > 1 else rows[0])
    return [row["seq"] for row in rows]


def _row(
    sender: str,
    text: str,
    *,
    choices: list[dict[str, str]] | None = None,
    services: list[dict[str, Any]] | None = None,
    **extra: Any,
) -> dict[str, Any]:
    kept = {key: value for key, value in extra.items() if value}
    return {
        "sender": sender, "text": text, "choices": choices or [], "services": services or [], "extra": kept,
        "payload": None, "client_message_id": None, "provider_id": None, "answered_at": None,
    }  # fmt: skip


def _numbers(connection: Connection, conversation_id: str, more: int, now: datetime) -> int:
    """Take so many numbers; the last of them."""
    told = {"here": conversation_id, "more": more, "now": now}
    if _RETURNS or connection.dialect.name != "sqlite":
        return int(connection.execute(_NUMBERED, told).scalar_one())
    connection.execute(_NEXT_SEQ, told)
    return int(connection.execute(_LAST_SEQ, {"here": conversation_id}).scalar_one())


def find_client_message(connection: Connection, conversation_id: str, client_message_id: str) -> Row | None:
    """The patient's message that came before under this client id, if any."""
    return connection.execute(
        sa.select(messages).where(
            messages.c.conversation_id == conversation_id, messages.c.client_message_id == client_message_id
        )
    ).first()


def find_provider_message(connection: Connection, provider_id: str) -> Row | None:
    """The message a gateway delivered before under this id, if any."""
    return connection.execute(sa.select(messages).where(messages.c.provider_id == provider_id)).first()


def unanswered(connection: Connection, conversation_id: str) -> list[Row]:
    """The patient's messages no turn has answered yet, oldest first."""
    return connection.execute(_UNANSWERED, {"here": conversation_id}).all()


def conversations_with_unanswered(connection: Connection) -> list[str]:
    """Conversations a stopped process left a message of: they are answered at the next start."""
    query = (
        sa.select(messages.c.conversation_id)
        .where(messages.c.sender == "patient", messages.c.answered_at.is_(None))
        .distinct()
    )
    return list(connection.execute(query).scalars())


def mark_answered(connection: Connection, message: Row, **extra: Any) -> None:
    """The turn that answers `message` says so in its own transaction."""
    at = {"here": message.conversation_id, "at_seq": message.seq}
    connection.execute(_ANSWERED, {**at, "now": clock.now(), "told": {**(message.extra or {}), **extra}})


def since(connection: Connection, conversation_id: str, after: int = 0, limit: int = 500) -> list[Row]:
    """Messages with seq greater than `after`, in order."""
    return connection.execute(_SINCE, {"here": conversation_id, "after": after, "most": limit}).all()


def since_with_state(connection: Connection, conversation_id: str, after: int) -> list[Row]:
    """As `since`, each with the conversation's state as `standing`."""
    return connection.execute(_WITH_STATE, {"here": conversation_id, "after": after, "most": 500}).all()


def last_offered(connection: Connection, conversation_id: str) -> list[dict[str, str]]:
    """The choices of the newest message that is not the patient's: what a bare '2' refers to."""
    row = connection.execute(_OFFERED, {"here": conversation_id}).first()
    return list(row.choices or []) if row else []


def offered_values(connection: Connection, conversation_id: str) -> dict[str, str]:
    """Every choice ever offered here, value -> label: only these may come back as a choice."""
    rows = connection.execute(
        sa.select(messages.c.choices).where(
            messages.c.conversation_id == conversation_id, messages.c.sender != "patient"
        )
    )
    return {c["value"]: c["label"] for row in rows for c in (row.choices or [])}


def as_message(row: Row) -> dict[str, Any]:
    """A row as the Message of the HTTP contract."""
    extra = row.extra or {}
    return {
        "seq": row.seq,
        "at": row.at.isoformat(),
        "from": row.sender,
        "text": row.text,
        "choices": row.choices or [],
        "services": row.services or [],
        **({"client_message_id": row.client_message_id} if row.client_message_id else {}),
        **{key: extra[key] for key in PUBLIC_EXTRA if key in extra},
    }
