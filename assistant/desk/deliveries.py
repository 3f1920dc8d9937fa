"""What became of the texts of a conversation, in words: on the way, sent, delivered, or failed and what to do then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk.wording import day_and_time
from assistant.store.tables import outbox

# A text in several parts is as far as its worst part.
_WORST = ("failed", "stopped", "queued", "sending", "sent", "delivered")
RING = "Ring them instead, if that is safe."
# What gateways say in `last_error` -> what it means for whoever reads the page.
_WHY = (
    ("permanent-failure", "the number does not take texts. Check it with the patient"),
    ("temporary-failure", "their phone was off or out of reach for three days"),
    ("technical-failure", "the carrier had a fault. Send it again"),
    ("Twilio 30003", "their phone is off or out of reach"),
    ("Twilio 30004", "the number has blocked our texts"),
    ("Twilio 30005", "the number does not exist. Check it with the patient"),
    ("Twilio 30006", "the number is a landline. Ask for a mobile"),
    ("Twilio 30007", "the carrier took it for spam. Tell whoever looks after the server"),
    ("not a number that can be texted", "the number cannot be texted. Check it with the patient"),
    ("trial mode", "our text service is not live yet. Tell whoever looks after the server"),
    ("Notify 403", "our text service does not know us. Tell whoever looks after the server"),
)


@dataclass(frozen=True)
class Delivery:
    """Where the text of one message is. `state` is an outbox status; `words` say it, and what to do."""

    state: str
    words: str
    segments: int


def of(connection: Connection, conversation_id: str) -> dict[int, Delivery]:
    """Message seq -> what became of its text, for those that were texted."""
    rows: dict[int, list[Row]] = defaultdict(list)
    query = sa.select(outbox).where(outbox.c.conversation_id == conversation_id, outbox.c.message_seq.is_not(None))
    for row in connection.execute(query.order_by(outbox.c.created_at)):
        rows[row.message_seq].append(row)
    return {seq: _delivery(parts) for seq, parts in rows.items()}


def _delivery(parts: list[Row]) -> Delivery:
    worst = min(parts, key=lambda row: _WORST.index(row.status) if row.status in _WORST else len(_WORST))
    return Delivery(worst.status, _words(worst), sum(row.segments for row in parts))


def _words(row: Row) -> str:
    if row.status == "failed":
        return f"Text not delivered: {why(row.last_error)}. {RING}"
    if row.status == "stopped":
        return f"No text: they have stopped our texts. {RING}"
    if row.status == "delivered":
        return "Text delivered"
    if row.status == "sent":
        return "Text sent"
    if row.last_error:
        return f"Text waits: the text service was away. Next try {day_and_time(row.due_at)}"
    return f"Text goes {day_and_time(row.due_at)}" if row.due_at > clock.now() and row.status == "queued" else "Text on its way"


def why(error: str | None) -> str:
    """A gateway's words as a reason somebody can act on."""
    return next((words for sign, words in _WHY if sign in (error or "")), "the carrier could not deliver it")
