"""First calls as the desk works through them: today's, those to come, and those to be marked as done or missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations import records
from assistant.conversations.diary import CALL_MINUTES
from assistant.desk import audit
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict, NotFound
from assistant.house import House
from assistant.pathway import caseload, missed, telling
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


def query_of_calls(staff: Staff) -> sa.sql.Select:
    """Calls of this person's practice with what must be known before anybody rings."""
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
            conversations.c.safe_to_ring,
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
        query_of_calls(staff).where(
            callbacks.c.status == "booked", callbacks.c.starts_at >= _midnight(), callbacks.c.starts_at < _midnight(1)
        )
    ).all()


def all_calls(connection: Connection, staff: Staff) -> Calls:
    """Everything the page of calls shows."""
    rows = connection.execute(query_of_calls(staff).where(callbacks.c.starts_at >= clock.now() - LOOK_BACK)).all()
    over, tomorrow = clock.now() - timedelta(minutes=CALL_MINUTES), _midnight(1)
    booked = [row for row in rows if row.status == "booked"]
    return Calls(
        unmarked=[row for row in booked if row.starts_at < over],
        today=[row for row in booked if over <= row.starts_at < tomorrow],
        coming=[row for row in booked if row.starts_at >= tomorrow],
        past=[row for row in reversed(rows) if row.status in ("done", "missed") or (row.status != "booked" and row.starts_at <= clock.now())],
    )


def mark(connection: Connection, house: House, staff: Staff, call_id: str, ending: str) -> tuple[Row, str]:
    """Mark a booked call as done, missed or cancelled; of the last two the patient is told. The call, and what to tell staff.

    Raises:
        BadInput: an ending that is none, or 'done' and 'missed' before the call's time.
        NotFound: no such call in this person's practice.
        Conflict: it is marked already.
    """
    staff.need("calls")
    if ending not in ENDINGS:
        raise BadInput(f"Choose one of: {', '.join(ENDINGS)}.", field="ending")
    row = call_of(connection, staff, call_id)
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
    if ending == "done":
        own = caseload.navigator_named(connection, row.practice, row.navigator)
        patient_id = caseload.looked_after(connection, records.load(connection, row.conversation_id), own)
        caseload.joins(connection, patient_id, call_id)
        return row, "Marked as done."
    if ending == "cancelled":
        return row, f"Cancelled. {_TOLD[missed.tell_cancelled(connection, house, row)]}"
    how, tries = missed.tell_missed(connection, house, row)
    last = "" if tries < missed.MOST_TRIES else " That was the third time: there is a task for you, and no new offer was made."
    return row, f"Marked as missed. {_TOLD[how]}{last}"


def call_of(connection: Connection, staff: Staff, call_id: str) -> Row:
    """One call of this person's practice. Raises NotFound, also for another practice's."""
    staff.need("calls")
    row = connection.execute(query_of_calls(staff).where(callbacks.c.id == call_id)).first()
    if row is None:
        raise NotFound("There is no such call here.")
    return row


_TOLD = {
    "text": "The patient has been told kindly, by text and in the chat.",
    "chat": "The patient has been told kindly in the chat. It is not safe to text them, or there is no mobile number.",
    "before": "The patient has been told.",
    telling.NOBODY: "The patient has not been told: it is not safe to text them. Reach them in another way.",
}
