"""How the team's side tells a patient something: in the chat, and by text where that is safe and allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.outbox import queue_reply, queue_text
from assistant.channels.segments import plain_sms
from assistant.channels.sms.opt_outs import stopped
from assistant.conversations import messages
from assistant.pathway import objections
from assistant.store.tables import messages as messages_table

if TYPE_CHECKING:
    from assistant.house import House

Choices = list[dict[str, str]]


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
    connection: Connection, house: House, conversation: Row, text: str, key: str, *, choices: Choices | None = None
) -> str:
    """Tell a patient what they did not just ask for: once for each `key`, by text in the practice's hours only.

    It always stands in their chat. A text goes with it to a mobile that is safe to text and has not said STOP.
    Returns 'text', 'chat' (it stands in the chat alone) or 'before' (this key was told already). The caller nudges the
    conversation and wakes the outbox after the commit.
    """
    mark = f"told:{key}"[:64]
    if messages.find_client_message(connection, conversation.id, mark) is not None:
        return "before"
    seq = messages.append(
        connection, conversation.id, "system", text, choices=choices, client_message_id=mark, answered=True
    )
    number = text_number(connection, conversation)
    if number is None:
        return "chat"
    hours = house.programme.practice(conversation.practice).texts_allowed
    for part, body in enumerate(plain_sms({"text": text, "choices": choices or []}), 1):
        queue_text(
            connection, conversation_id=conversation.id, to=number, body=body,
            idempotency_key=f"{conversation.id}:{mark}:{part}", reply=False, hours=hours, seq=seq,
        )  # fmt: skip
    return "text"


def text_number(connection: Connection, conversation: Row) -> str | None:
    """The mobile this person may be texted on unasked, or None: none given, a landline, not safe, STOP, or an objection.

    By web a yes to "is it safe to text you?" is needed. Who writes by text may be texted unless they said no.
    """
    by_text = conversation.channel == "sms"
    number = conversation.phone if by_text else conversation.contact_number
    safe = conversation.safe_to_text is not False if by_text else conversation.safe_to_text is True
    mobile = bool(number) and number.startswith("+447") and not number.startswith(("+4470", "+4476"))
    if not (mobile and safe) or stopped(connection, number):
        return None
    return None if objections.objects_to(connection, conversation.patient_id, "texts") else number
