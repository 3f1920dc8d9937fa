"""How the team's side tells a patient something: in the chat, and by text where that is safe and allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.outbox import queue_reply, queue_text
from assistant.channels.segments import plain_sms
from assistant.channels.sms.opt_outs import stopped
from assistant.conversations import messages, records
from assistant.errors import NotFound
from assistant.pathway import objections
from assistant.pathway.numbers import is_mobile
from assistant.store.tables import messages as messages_table
from assistant.store.tables import outbox

if TYPE_CHECKING:
    from assistant.house import House

Choices = list[dict[str, str]]
NOBODY = "nobody"
BOOK_A_CALL = {"label": "Book a call", "value": "/book_callback"}


def say(
    connection: Connection,
    conversation: Row,
    sender: str,
    text: str,
    *,
    choices: Choices | None = None,
    client_message_id: str | None = None,
    **extra: Any,
) -> int:
    """Add a message from `sender` (navigator or system) and return its seq.

    In a conversation by text it goes into the outbox in the same transaction, as an answer that is waited for; the
    caller wakes the sender afterwards. What nobody waits for is `tell`'s.
    """
    seq = messages.append(
        connection, conversation.id, sender, text,
        choices=choices, client_message_id=client_message_id, answered=True, **extra,
    )  # fmt: skip
    if conversation.channel == "sms":
        row = connection.execute(
            sa.select(messages_table).where(
                messages_table.c.conversation_id == conversation.id, messages_table.c.seq == seq
            )
        ).one()
        queue_reply(connection, conversation, [messages.as_message(row)], key_prefix=conversation.id)
    return seq


def tell(
    connection: Connection,
    house: House,
    conversation: Row,
    text: str,
    key: str,
    *,
    choices: Choices | None = None,
    by_text: str | None = None,
) -> str:
    """Tell a patient what they did not just ask for: once for each `key`, by text in the practice's hours only.

    It always stands in their chat. A text goes with it to a mobile that is safe to text and has not said STOP: the same
    words with the choices numbered, or `by_text` where a text must say it in its own way.
    Returns 'text', 'chat' (it stands in the chat alone) or 'before' (this key was told already). The caller nudges the
    conversation and wakes the outbox after the commit.
    """
    mark = mark_of(key)
    if told(connection, conversation.id, key):
        return "before"
    seq = messages.append(
        connection, conversation.id, "system", text, choices=choices, client_message_id=mark, answered=True
    )
    number = text_number(connection, conversation)
    if number is None:
        return "chat"
    hours = house.programme.practice(conversation.practice).texts_allowed
    message = {"text": text, "choices": choices or []} if by_text is None else {"text": by_text}
    for part, body in enumerate(plain_sms(message), 1):
        queue_text(
            connection, conversation_id=conversation.id, to=number, body=body,
            idempotency_key=f"{conversation.id}:{mark}:{part}", reply=False, hours=hours, seq=seq,
        )  # fmt: skip
    return "text"


def reach(connection: Connection, house: House, conversation_id: str, text: str, key: str, **more: Any) -> str:
    """As `tell`, and 'nobody' where it would be seen by nobody: a conversation by text that may not be texted, or an erased one.

    Staff are told so, and find another way.
    """
    try:
        conversation = records.load(connection, conversation_id, lock=True)
    except NotFound:
        return NOBODY
    if conversation.channel == "sms" and text_number(connection, conversation) is None:
        return NOBODY
    return tell(connection, house, conversation, text, key, **more)


def mark_of(key: str) -> str:
    """What a message told under `key` is marked with; the texts that go with it have it in their own key."""
    return f"told:{key}"[:64]


def told(connection: Connection, conversation_id: str, key: str) -> bool:
    """Whether `key` was told in this conversation already."""
    return messages.find_client_message(connection, conversation_id, mark_of(key)) is not None


def withdraw(connection: Connection, conversation_id: str, key: str) -> int:
    """Take back the texts under `key` that have not gone out yet; how many. What stands in the chat stays."""
    begins = f"{conversation_id}:{mark_of(key)}:"
    waiting = sa.and_(outbox.c.idempotency_key.startswith(begins, autoescape=True), outbox.c.status == "queued")
    return int(connection.execute(outbox.update().where(waiting).values(status="stopped", last_error="no longer true")).rowcount)


def in_words(number: str | None) -> str:
    """'07700 900123', as people here write it."""
    home = f"0{number[3:]}" if number and number.startswith("+44") else number or ""
    return f"{home[:5]} {home[5:]}" if len(home) == 11 else home


def text_number(connection: Connection, conversation: Row) -> str | None:
    """The mobile this person may be texted on unasked, or None: none given, a landline, not safe, STOP, or an objection.

    By web a yes to "is it safe to text you?" is needed. Who writes by text may be texted unless they said no.
    """
    by_text = conversation.channel == "sms"
    number = conversation.phone if by_text else conversation.contact_number
    safe = conversation.safe_to_text is not False if by_text else conversation.safe_to_text is True
    if not (number and is_mobile(number) and safe) or stopped(connection, number):
        return None
    return None if objections.objects_to(connection, conversation.patient_id, "texts") else number
