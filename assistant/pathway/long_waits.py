"""Nobody came in ten minutes, or the team has gone home: whoever waits for a person gets a call in the diary instead.

A call is made only where a number is known that they said is safe to ring, and nothing was said of danger at home;
otherwise the team has a task and they are asked. Once in each wait: what was said is the mark.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations import calendar_file, diary, people, records
from assistant.conversations.events import record_event
from assistant.errors import NotFound
from assistant.pathway import reminder_words, telling
from assistant.secret import secret_key
from assistant.store.database import reading, transaction
from assistant.store.tables import conversations, risk_flags

if TYPE_CHECKING:
    from assistant.house import House
    from assistant.programme import Practice

CALL_AFTER = timedelta(minutes=10)
WATCHED = frozenset({"domestic_abuse", "domestic_abuse_covert"})


def look(house: House) -> int:
    """One pass; how many were told."""
    with reading(house.engine) as connection:
        waiting = connection.execute(sa.select(conversations).where(conversations.c.state == "waiting")).all()
        due = [row.id for row in waiting if _is_due(house, row) and not telling.told(connection, row.id, _key(row))]
    told = 0
    for conversation_id in due:
        try:
            with transaction(house.engine) as connection:
                done = _see_to(connection, house, conversation_id)
        except NotFound:
            continue  # erased between the look and the act
        if done:
            told += 1
            house.notifier.nudge(conversation_id)
            house.wake_outbox()
    return told


def _key(row: Row) -> str:
    return f"waited:{int(row.waiting_since.timestamp())}"


def _is_due(house: House, row: Row) -> bool:
    practice = house.programme.practices.get(row.practice)
    if practice is None or row.state != "waiting" or row.waiting_since is None:
        return False
    return row.waiting_since <= clock.now() - CALL_AFTER or not diary.working_time(practice, clock.local())


def _see_to(connection: Connection, house: House, conversation_id: str) -> bool:
    row = records.load(connection, conversation_id, lock=True)
    if not _is_due(house, row) or telling.told(connection, row.id, _key(row)):
        return False
    practice = house.programme.practice(row.practice)
    standing = diary.booked_call(connection, row.id)
    if standing is not None:
        _say(connection, row, reminder_words.waited_call_stands(standing))
    elif (row.safety or {}).get("no_capture"):
        _say(connection, row, reminder_words.waited_under_16(practice))
    elif not _may_be_rung(connection, row) or not _book(connection, house, row, practice):
        people.add_task(connection, row.id, row.practice, people.CALL_REQUEST, "Asked for a person, and nobody was free. Would like a call.")
        words = reminder_words.waited_no_number(str(practice.navigator.name).split()[0])
        _say(connection, row, words, [reminder_words.BOOK_A_CALL])
    return True


def _say(connection: Connection, row: Row, words: str, choices: telling.Choices | None = None) -> None:
    """An answer they wait for: at any hour, in the conversation."""
    telling.say(connection, row, "system", words, choices=choices, client_message_id=telling.mark_of(_key(row)))


def _may_be_rung(connection: Connection, row: Row) -> bool:
    """A number they gave to be rung on, and no word of danger at home: there a call nobody expects can do harm."""
    said = connection.execute(sa.select(risk_flags.c.risks).where(risk_flags.c.conversation_id == row.id)).scalars()
    watched = any(WATCHED & set(risks or []) for risks in said)
    return bool(row.contact_number) and row.safe_to_ring is True and not watched


def _book(connection: Connection, house: House, row: Row, practice: Practice) -> bool:
    """The first free time; False when the diary has none."""
    for start, _ in diary.free_slots(connection, practice, limit=3, spread=False):
        call = diary.book(connection, row.id, practice, start, "what could help you")
        if call is None:
            continue  # taken meanwhile
        record_event(connection, "callback_requested", row.id, row.practice, how="waited")
        records.change_state(connection, row.id, "waiting", "bot", waiting_since=None)
        number = telling.in_words(row.contact_number)
        link = calendar_file.address(house.settings.public_base_url, call.id, secret_key(house.settings))
        telling.tell(
            connection, house, row, reminder_words.waited_long(call, number, link), _key(row),
            choices=reminder_words.CHANGE, by_text=reminder_words.waited_by_text(call),
        )  # fmt: skip
        return True
    return False
