"""Messages of a conversation: taken in once, numbered without gaps, read from a cursor."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.store.tables import conversations, messages

# Statements are made once: putting one together costs as much as running it.
_HERE = messages.c.conversation_id == sa.bindparam("here")
_NEXT_SEQ = (
    conversations.update()
    .where(conversations.c.id == sa.bindparam("here"))
    .values(last_seq=conversations.c.last_seq + 1, updated_at=sa.bindparam("now"))
)
_LAST_SEQ = sa.select(conversations.c.last_seq).where(conversations.c.id == sa.bindparam("here"))
_UNANSWERED = (
    sa.select(messages).where(_HERE, messages.c.sender == "patient", messages.c.answered_at.is_(None)).order_by(messages.c.seq)
)
_AT_SEQ = sa.and_(_HERE, messages.c.seq == sa.bindparam("at_seq"))
_ANSWERED = messages.update().where(_AT_SEQ).values(answered_at=sa.bindparam("now"), extra=sa.bindparam("told", type_=messages.c.extra.type))
_SINCE = sa.select(messages).where(_HERE, messages.c.seq > sa.bindparam("after")).order_by(messages.c.seq).limit(sa.bindparam("most"))
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
    connection.execute(_NEXT_SEQ, {"here": conversation_id, "now": now})
    seq: int = connection.execute(_LAST_SEQ, {"here": conversation_id}).scalar_one()
    connection.execute(
        messages.insert(),
        dict(
            conversation_id=conversation_id,
            seq=seq,
            at=now,
            sender=sender,
            text=text,
            choices=choices or [],
            services=services or [],
            payload=payload,
            client_message_id=client_message_id,
            provider_id=provider_id,
            answered_at=now if answered else None,
            extra={key: value for key, value in extra.items() if value},
        ),
    )
    return seq


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
