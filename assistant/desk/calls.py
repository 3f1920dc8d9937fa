"""First calls as the desk works through them: today's, those to come, and those to be marked as done or missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations.diary import CALL_MINUTES, spoken
from assistant.desk import audit, says
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict, NotFound
from assistant.pathway import telling
from assistant.store.tables import callbacks, conversations, risk_flags

ENDINGS = ("done", "missed", "cancelled")
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class Calls:
    """`unmarked` are past and still booked; `today` and `coming` are ahead; `past` of the last 30 days are marked,
    or their time came and nobody was to ring any more."""

    unmarked: list[Row]
    today: list[Row]
    coming: list[Row]
    past: list[Row]


def _query(staff: Staff) -> sa.sql.Select:
    watched = (
        sa.select(sa.func.count(risk_flags.c.id))
        .where(risk_flags.c.conversation_id == callbacks.c.conversation_id)
        .scalar_subquery()
    )
    return (
        sa.select(
            callbacks,
            conversations.c.person_name,
            conversations.c.contact_number,
            conversations.c.safe_to_text,
            conversations.c.safe_to_leave_message,
            conversations.c.picture,
            watched.label("flags"),
        )
        .join(conversations, conversations.c.id == callbacks.c.conversation_id)
        .where(staff.sees(callbacks.c.practice))
        .order_by(callbacks.c.starts_at, callbacks.c.navigator)
    )


def _midnight(days: int = 0) -> datetime:
    """The start of the day in England, `days` from today."""
    return datetime.combine(clock.today() + timedelta(days=days), time(), tzinfo=LONDON)


def calls_of_today(connection: Connection, staff: Staff) -> list[Row]:
    """Today's calls that are booked, past ones still unmarked included."""
    return connection.execute(
        _query(staff).where(
            callbacks.c.status == "booked", callbacks.c.starts_at >= _midnight(), callbacks.c.starts_at < _midnight(1)
        )
    ).all()


def all_calls(connection: Connection, staff: Staff) -> Calls:
    """Everything the page of calls shows."""
    rows = connection.execute(_query(staff).where(callbacks.c.starts_at >= clock.now() - LOOK_BACK)).all()
    over, tomorrow = clock.now() - timedelta(minutes=CALL_MINUTES), _midnight(1)
    booked = [row for row in rows if row.status == "booked"]
    return Calls(
        unmarked=[row for row in booked if row.starts_at < over],
        today=[row for row in booked if over <= row.starts_at < tomorrow],
        coming=[row for row in booked if row.starts_at >= tomorrow],
        past=[row for row in reversed(rows) if row.status in ("done", "missed") or (row.status != "booked" and row.starts_at <= clock.now())],
    )


def mark(connection: Connection, staff: Staff, call_id: str, ending: str) -> Row:
    """Mark a booked call as done, missed or cancelled; of a missed or cancelled one the patient is told, and offered another.

    Raises:
        BadInput: an ending that is none, or 'done' and 'missed' before the call's time.
        NotFound: no such call in this person's practice.
        Conflict: it is marked already.
    """
    staff.need("calls")
    if ending not in ENDINGS:
        raise BadInput(f"Choose one of: {', '.join(ENDINGS)}.", field="ending")
    row = connection.execute(_query(staff).where(callbacks.c.id == call_id)).first()
    if row is None:
        raise NotFound("There is no such call here.")
    if ending in ("done", "missed") and row.starts_at > clock.now() + timedelta(minutes=CALL_MINUTES):
        raise BadInput("This call is still to come. Cancel it, or wait for its time.", field="ending")
    won = connection.execute(
        callbacks.update()
        .where(callbacks.c.id == call_id, callbacks.c.status == "booked")
        .values(status=ending, changed_at=clock.now())
    ).rowcount
    if not won:
        raise Conflict("This call was marked already. Load the page again to see how.")
    audit.record(connection, staff.id, f"call.{ending}", call_id)
    if ending != "done":
        _tell(connection, row, ending)
    return row


def _tell(connection: Connection, call: Row, ending: str) -> None:
    """In the conversation. By text only where the person has not said that texting is unsafe."""
    conversation = connection.execute(
        sa.select(conversations).where(conversations.c.id == call.conversation_id)
    ).first()
    if conversation is None or (conversation.channel == "sms" and conversation.safe_to_text is False):
        return
    text = says.call_missed(spoken(call.starts_at)) if ending == "missed" else says.call_cancelled(spoken(call.starts_at))
    telling.say(connection, conversation, "system", text, choices=[says.BOOK_A_CALL])
