"""A navigator takes a conversation over, speaks in it, hands it back or closes it. Only who has it may speak.

All run inside the caller's transaction; each state change is a compare-and-swap, so of two at once one gets a Conflict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations import messages, records, typing
from assistant.conversations.events import record_event
from assistant.desk import audit, presence, says
from assistant.desk.accounts import names_by_id
from assistant.desk.roles import POWERS, Staff, conversation_for
from assistant.errors import BadInput, Conflict
from assistant.pathway import caseload, telling
from assistant.store.staff_tables import notes
from assistant.store.staff_tables import presence as presence_table
from assistant.store.staff_tables import staff as staff_table

MOST_REPLY, MOST_NOTE = 2000, 4000


def _who_has_it(connection: Connection, row: Row) -> str:
    name = names_by_id(connection).get(row.staff_id or "", "Somebody")
    since = f" since {row.claimed_at.astimezone(LONDON):%H:%M}" if row.claimed_at else ""
    return f"{name} has this conversation{since}."


def claim(connection: Connection, staff: Staff, conversation_id: str) -> None:
    """Take over from the queue or from the bot; the patient is told who has joined.

    Raises:
        Conflict: somebody else has it (named), or it is closed. Claiming one's own again does nothing.
    """
    row = conversation_for(connection, staff, conversation_id, lock=True)
    if row.state == "live" and row.staff_id == staff.id:
        return
    if row.channel == "desk":
        raise Conflict("Nobody reads this: the patient was added by the team. Ring them, or book a call.")
    now = clock.now()
    won = records.change_state(
        connection, row.id, ("waiting", "bot"), "live", staff_id=staff.id, claimed_at=now, waiting_since=None
    )
    if not won:
        row = records.load(connection, row.id)
        if row.state == "closed":
            raise Conflict("This conversation is closed. It opens again when the patient writes.")
        raise Conflict(f"{_who_has_it(connection, row)} You can read along and leave a note.")
    waited = round((now - row.waiting_since).total_seconds()) if row.waiting_since else None
    presence.seen(connection, staff)
    telling.say(connection, row, "system", says.joined(staff.first_name, staff.role), navigator=staff.name)
    record_event(connection, "handoff_accepted", row.id, row.practice, staff=staff.id, waited_seconds=waited)
    caseload.looked_after(connection, row, staff.id if staff.role == "navigator" else None)
    audit.record(connection, staff.id, "conversation.claimed", row.id)


def _mine(connection: Connection, staff: Staff, conversation_id: str) -> Row:
    """The conversation, if this person has it. Raises Conflict, saying who does, otherwise."""
    row = conversation_for(connection, staff, conversation_id, lock=True)
    if row.state == "live" and row.staff_id == staff.id:
        return row
    if row.state == "live":
        raise Conflict(f"{_who_has_it(connection, row)} Only they can answer the patient.")
    raise Conflict("You do not have this conversation (any more). Take it over first.")


def _words(text: str, most: int, field: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise BadInput("Write something first.", field=field)
    if len(text) > most:
        raise BadInput(f"That is {len(text):,} characters. Please keep it to {most:,}.", field=field)
    return text


def reply(
    connection: Connection, staff: Staff, conversation_id: str, text: str, once: str = "", services: list[dict[str, Any]] | None = None
) -> int:
    """Say `text` (1 to 2,000 characters) to the patient under the navigator's name; the message's seq.

    `services` are Services of the contract that stand below it in the chat; the text names each.

    `once` names this one press of the button: the same again (a double click) says nothing twice.

    Raises:
        BadInput: empty or too long.
        Conflict: this person does not have the conversation.
    """
    row = _mine(connection, staff, conversation_id)
    key = f"desk-{once}" if once else None
    said = messages.find_client_message(connection, row.id, key) if key else None
    if said is not None:
        return int(said.seq)
    words = _words(text, MOST_REPLY, "text")
    typing.stop(connection, row.id, typing.STAFF)
    seq = telling.say(connection, row, "navigator", words, client_message_id=key, navigator=staff.name, services=services)
    audit.record(connection, staff.id, "conversation.replied", row.id)
    return seq


def add_note(connection: Connection, staff: Staff, conversation_id: str, text: str) -> None:
    """A private note (1 to 4,000 characters) for the team; patients never see it. Anybody who may read may leave one."""
    row = conversation_for(connection, staff, conversation_id)
    _keep_note(connection, staff, row, _words(text, MOST_NOTE, "note"))


def _keep_note(connection: Connection, staff: Staff, row: Row, words: str) -> None:
    connection.execute(notes.insert().values(conversation_id=row.id, staff_id=staff.id, at=clock.now(), text=words))
    audit.record(connection, staff.id, "conversation.noted", row.id)


def notes_of(connection: Connection, conversation_id: str) -> list[Row]:
    """The notes on a conversation, oldest first."""
    return connection.execute(
        sa.select(notes).where(notes.c.conversation_id == conversation_id).order_by(notes.c.id)
    ).all()


def hand_back(
    connection: Connection, staff: Staff, conversation_id: str, summary: str = "", *, tell_patient: bool = False
) -> None:
    """To the bot again; the patient is told. A summary is kept as a note, and said to the patient too when asked for.

    Raises:
        BadInput: the summary is too long, or is to be told and is empty.
        Conflict: this person does not have the conversation.
    """
    row = _mine(connection, staff, conversation_id)
    if summary.strip() or tell_patient:
        words = _words(summary, MOST_REPLY, "summary")
        _keep_note(connection, staff, row, f"Handed back to the helper: {words}")
        if tell_patient:
            telling.say(connection, row, "navigator", words, navigator=staff.name)
    _let_go(connection, staff, row, "bot", says.handed_back(staff.first_name), "handed_back")


@dataclass(frozen=True)
class Colleague:
    """Somebody a conversation can be passed to. `here`: at a console within the last minute."""

    id: str
    name: str
    role: str
    here: bool


def colleagues(connection: Connection, staff: Staff, practice: str) -> list[Colleague]:
    """Who else answers patients of `practice`, those at a console first."""
    rows = connection.execute(
        sa.select(staff_table.c.id, staff_table.c.name, staff_table.c.role, presence_table.c.seen_at)
        .outerjoin(presence_table, presence_table.c.staff_id == staff_table.c.id)
        .where(
            staff_table.c.disabled_at.is_(None),
            staff_table.c.id != staff.id,
            staff_table.c.role.in_([role for role, powers in POWERS.items() if "conversations" in powers]),
            sa.or_(staff_table.c.practice == practice, staff_table.c.practice.is_(None)),
        )
    ).all()
    limit = clock.now() - presence.AWAY_AFTER
    found = [Colleague(row.id, row.name, row.role, bool(row.seen_at and row.seen_at >= limit)) for row in rows]
    return sorted(found, key=lambda one: (not one.here, one.name))


def pass_on(connection: Connection, staff: Staff, conversation_id: str, to: str, summary: str) -> Colleague:
    """To a colleague who is at a console, with a note of what they need to know; the patient is told the new name.

    Raises:
        BadInput: nobody chosen, or no summary.
        Conflict: this person does not have the conversation, or the colleague is not at a console.
    """
    row = _mine(connection, staff, conversation_id)
    chosen = next((one for one in colleagues(connection, staff, row.practice) if one.id == to), None)
    if chosen is None:
        raise BadInput("Choose the colleague who goes on.", field="to")
    if not chosen.here:
        raise Conflict(f"{chosen.name} is not at a console just now. Choose somebody who is, so that the patient is not left waiting.")
    _keep_note(connection, staff, row, f"Passed to {chosen.name}: {_words(summary, MOST_REPLY, 'summary')}")
    now = clock.now()
    records.change_state(connection, row.id, "live", "live", staff_id=chosen.id, claimed_at=now)
    words = says.passed_on(staff.first_name, chosen.name.split()[0], chosen.role)
    telling.say(connection, row, "system", words, navigator=chosen.name)
    seconds = round((now - row.claimed_at).total_seconds()) if row.claimed_at else None
    record_event(connection, "handoff_closed", row.id, row.practice, staff=staff.id, how="passed_on", seconds=seconds)
    record_event(connection, "handoff_accepted", row.id, row.practice, staff=chosen.id, waited_seconds=0)
    audit.record(connection, staff.id, "conversation.passed_on", row.id)
    return chosen


def close(connection: Connection, staff: Staff, conversation_id: str) -> None:
    """Close for now; a new message of the patient opens it again. Raises Conflict when this person does not have it."""
    row = _mine(connection, staff, conversation_id)
    _let_go(connection, staff, row, "closed", says.closed(staff.first_name), "closed")


def _let_go(connection: Connection, staff: Staff, row: Row, state: str, told: str, how: str) -> None:
    records.change_state(connection, row.id, "live", state, staff_id=None, claimed_at=None, waiting_since=None)
    telling.say(connection, row, "system", told, navigator=staff.name)
    seconds = round((clock.now() - row.claimed_at).total_seconds()) if row.claimed_at else None
    record_event(connection, "handoff_closed", row.id, row.practice, staff=staff.id, how=how, seconds=seconds)
    audit.record(connection, staff.id, f"conversation.{how}", row.id)
