"""A navigator books a call or a first meeting for a patient, at a time that is really free; the patient is told."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations import calendar_file, diary
from assistant.desk import audit
from assistant.desk.roles import Staff, conversation_for
from assistant.errors import BadInput, Conflict
from assistant.pathway import reminder_words, telling
from assistant.secret import secret_key
from assistant.store.tables import callbacks

if TYPE_CHECKING:
    from assistant.house import House
    from assistant.programme import Practice

KINDS = {diary.CALL: "A call", diary.MEETING: "A meeting at the surgery"}
MOST_PURPOSE = 200


def free_by_day(
    connection: Connection, practice: Practice, kind: str, navigator: str | None
) -> list[tuple[date, list[tuple[datetime, str]]]]:
    """Every free time of the coming fifteen days, under its day."""
    days: dict[date, list[tuple[datetime, str]]] = {}
    for start, who in diary.free_slots(connection, practice, limit=1000, spread=False, kind=kind, navigator=navigator):
        days.setdefault(start.astimezone(LONDON).date(), []).append((start, who))
    return list(days.items())


def why_not_ring(row: Row) -> str:
    """Why this person may not be rung, in words for the page; '' where they may."""
    if not row.contact_number:
        return "No number is known. Ask for one first, or book a meeting."
    if row.safe_to_ring is False:
        return "They said it is not safe to ring. Book a meeting, or agree another number with them."
    return ""


def book_for(
    connection: Connection,
    house: House,
    staff: Staff,
    conversation_id: str,
    *,
    kind: str,
    starts_at: str,
    navigator: str = "",
    place: str = "",
    purpose: str = "",
) -> tuple[Row, str]:
    """Book it, an earlier one of this person is let go, and tell them; the call, and how they were told (telling.reach).

    Raises:
        BadInput: no kind, time, room or purpose that can be used; or a call to somebody who may not be rung.
        Conflict: the time is not free (any more).
    """
    row = conversation_for(connection, staff, conversation_id, lock=True)
    return book_in(
        connection, house, staff, row, kind=kind, starts_at=starts_at, navigator=navigator, place=place, purpose=purpose
    )  # fmt: skip


def book_in(
    connection: Connection, house: House, staff: Staff, row: Row, *, kind: str, starts_at: str, navigator: str, place: str, purpose: str
) -> tuple[Row, str]:
    """The same in a conversation that was found already; who may do it is the caller's business."""
    practice = house.programme.practice(row.practice)
    if kind not in KINDS:
        raise BadInput("Choose a call or a meeting.", field="kind")
    if kind == diary.CALL and (why := why_not_ring(row)):
        raise BadInput(why, field="kind")
    if kind == diary.MEETING and place not in diary.rooms(practice):
        raise BadInput("Choose the room.", field="place")
    words = " ".join(purpose.split())
    if not 1 <= len(words) <= MOST_PURPOSE:
        raise BadInput(f"Say what it is for, in up to {MOST_PURPOSE} characters. The patient reads this.", field="purpose")
    moment = _moment(starts_at)
    call = diary.book(
        connection, row.id, practice, moment, words, kind=kind, place=place or None, navigator=navigator or None
    )  # fmt: skip
    if call is None:
        raise Conflict("That time is not free any more. Choose another one.")
    for other in _elsewhere(connection, row, but=call.id):
        diary.let_go(connection, other, "moved")
    audit.record(connection, staff.id, "call.booked", call.id)
    link = calendar_file.address(house.settings.public_base_url, call.id, secret_key(house.settings))
    number = telling.in_words(row.contact_number)
    how = telling.reach(
        connection, house, call.conversation_id, reminder_words.booked_for_you(call, practice, number, link), f"booked:{call.id}",
        choices=reminder_words.CHANGE, by_text=reminder_words.booked_by_text(call, practice),
    )  # fmt: skip
    return call, how


def standing_for(connection: Connection, row: Row) -> Row | None:
    """The call or meeting that this person has to come: booked here, or in another conversation of theirs."""
    return diary.booked_call(connection, row.id) or next(iter(_elsewhere(connection, row)), None)


def _elsewhere(connection: Connection, row: Row, but: str = "") -> list[Row]:
    """What this patient has to come, wherever it was booked: one person is not rung twice because they wrote twice."""
    if not row.patient_id:
        return []
    theirs = sa.and_(callbacks.c.patient_id == row.patient_id, callbacks.c.status == "booked", callbacks.c.starts_at >= clock.now())
    return connection.execute(sa.select(callbacks).where(theirs, callbacks.c.id != but).order_by(callbacks.c.starts_at)).all()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput("Choose a time.", field="starts_at") from None
    if moment.tzinfo is None:
        raise BadInput("Choose a time.", field="starts_at")
    return moment.astimezone(clock.now().tzinfo)
