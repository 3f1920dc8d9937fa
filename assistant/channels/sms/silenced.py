"""Somebody who stopped our texts writes again: told once how to have them back, so that nobody meets silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels import outbox_rows
from assistant.channels.outbox import queue_text
from assistant.channels.sms import opt_outs
from assistant.channels.sms.service_words import STOPPED_BEFORE
from assistant.conversations import messages
from assistant.store.tables import outbox

if TYPE_CHECKING:
    from assistant.house import House


def tell(connection: Connection, house: House, row: Row) -> None:
    """One text for each STOP, however often they write; it answers them, so it may go."""
    key = f"{outbox_rows.STOP_KEY}told:{opt_outs.newest(connection, row.phone)}"
    if connection.execute(sa.select(outbox.c.id).where(outbox.c.idempotency_key == key)).first():
        return
    text = STOPPED_BEFORE.format_map(house.programme.facts(row.practice))
    seq = messages.append(connection, row.id, "system", text)
    queue_text(
        connection, conversation_id=row.id, to=row.phone, body=text, idempotency_key=key, reply=True, seq=seq
    )
