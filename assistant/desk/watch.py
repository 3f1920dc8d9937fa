"""What must happen though nobody clicks: a long wait is answered with an offer, a lost navigator is let go.

One pass is driven by the clock and by rows alone: it can run twice, late, in two processes or after a restart.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations import records
from assistant.conversations.events import record_event
from assistant.desk import audit, says
from assistant.desk.accounts import names_by_id
from assistant.errors import NotFound
from assistant.logs import log
from assistant.pathway import telling
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import presence
from assistant.store.tables import conversations, messages

if TYPE_CHECKING:
    from assistant.house import House

OFFER_AFTER = timedelta(minutes=3)
ABSENT_AFTER = timedelta(minutes=2)


def look(house: House) -> int:
    """One pass over what is due; the number of conversations changed."""
    with reading(house.engine) as connection:
        due = [(_offer_call, row.id) for row in _long_waiting(connection)]
        due += [(_release, row.id) for row in _left_alone(connection)]
    changed = 0
    for act, conversation_id in due:
        try:
            with transaction(house.engine) as connection:
                done = act(connection, house, conversation_id)
        except NotFound:
            continue  # erased between the look and the act
        if done:
            changed += 1
            house.notifier.nudge(conversation_id)
            house.wake_outbox()
    return changed


def _long_waiting(connection: Connection) -> list[Row]:
    return connection.execute(
        sa.select(conversations.c.id).where(
            conversations.c.state == "waiting", conversations.c.waiting_since <= clock.now() - OFFER_AFTER
        )
    ).all()


def _offer_call(connection: Connection, house: House, conversation_id: str) -> bool:
    """Once in each wait: the offer itself, standing in the conversation, is the mark that it was made."""
    row = records.load(connection, conversation_id, lock=True)
    if row.state != "waiting" or row.waiting_since > clock.now() - OFFER_AFTER:
        return False
    said = connection.execute(
        sa.select(messages.c.choices).where(
            messages.c.conversation_id == row.id, messages.c.sender == "system", messages.c.at >= row.waiting_since
        )
    ).scalars()
    if any(choice["value"] == says.BOOK_A_CALL["value"] for choices in said for choice in choices or []):
        return False
    navigator = str(house.programme.practice(row.practice).navigator.name).split()[0]
    telling.say(connection, row, "system", says.still_waiting(navigator), choices=[says.BOOK_A_CALL])
    return True


def _left_alone(connection: Connection) -> list[Row]:
    """Live conversations whose claimant's console has not been seen, counted from the takeover at the earliest."""
    limit = clock.now() - ABSENT_AFTER
    return connection.execute(
        sa.select(conversations.c.id)
        .outerjoin(presence, presence.c.staff_id == conversations.c.staff_id)
        .where(
            conversations.c.state == "live",
            sa.or_(conversations.c.claimed_at.is_(None), conversations.c.claimed_at <= limit),
            sa.or_(presence.c.seen_at.is_(None), presence.c.seen_at <= limit),
        )
    ).all()


def _release(connection: Connection, house: House, conversation_id: str) -> bool:
    """Back into the queue; the three minutes of an offer start again with the new wait."""
    if conversation_id not in {row.id for row in _left_alone(connection)}:
        return False
    row = records.load(connection, conversation_id, lock=True)
    now = clock.now()
    moved = records.change_state(
        connection, row.id, "live", "waiting", staff_id=None, claimed_at=None, waiting_since=now
    )
    if not moved:
        return False
    name = names_by_id(connection).get(row.staff_id or "", "the navigator")
    telling.say(connection, row, "system", says.cut_off(name.split()[0] if name != "the navigator" else name))
    seconds = round((now - row.claimed_at).total_seconds()) if row.claimed_at else None
    record_event(
        connection, "handoff_closed", row.id, row.practice, staff=row.staff_id, how="released", seconds=seconds
    )
    audit.record(connection, None, "conversation.released", row.id)
    log.warning("navigator absent", conversation=row.id, staff=row.staff_id)
    return True
