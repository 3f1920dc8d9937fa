"""A call or meeting that did not come about: a kind word and a new offer, at most three times, then a task and an open door.

Many miss the first call because they did not know who was ringing (Pescheny 2018, BJGP Open); nobody is chased for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.conversations import people
from assistant.pathway import reminder_words, telling
from assistant.store.tables import callbacks

if TYPE_CHECKING:
    from assistant.house import House

MOST_TRIES = 3
NO_ANSWER = "no_answer"  # the kind of the task


def missed_so_far(connection: Connection, conversation_id: str) -> int:
    """How often they were not reached since they last were."""
    rows = connection.execute(
        sa.select(callbacks.c.status)
        .where(callbacks.c.conversation_id == conversation_id, callbacks.c.status.in_(("missed", "done")))
        .order_by(callbacks.c.starts_at.desc())
    ).scalars()
    count = 0
    for status in rows:
        if status == "done":
            break
        count += 1
    return count


def tell_missed(connection: Connection, house: House, call: Row) -> tuple[str, int]:
    """After the call was marked as missed: how they were told (telling.reach), and the tries so far."""
    tries = missed_so_far(connection, call.conversation_id)
    practice = house.programme.practice(call.practice)
    if tries < MOST_TRIES:
        words, by_text = reminder_words.missed(call), reminder_words.missed_by_text(call, practice)
    else:
        words, by_text = (
            reminder_words.missed_for_the_last_time(call, practice), reminder_words.missed_last_by_text(call, practice)
        )  # fmt: skip
        people.add_task(
            connection, call.conversation_id, call.practice, NO_ANSWER,
            f"Not reached {tries} times, the last with {call.navigator}. They were told we will not keep ringing. "
            "Decide with the practice whether to try another way.",
        )  # fmt: skip
    offer = [reminder_words.BOOK_A_CALL] if tries < MOST_TRIES else None
    return telling.reach(connection, house, call.conversation_id, words, f"missed:{call.id}", choices=offer, by_text=by_text), tries


def tell_cancelled(connection: Connection, house: House, call: Row) -> str:
    """The team took it out of the diary: how they were told."""
    words = reminder_words.cancelled(call)
    return telling.reach(connection, house, call.conversation_id, words, f"cancelled:{call.id}", choices=[reminder_words.BOOK_A_CALL], by_text=words)
