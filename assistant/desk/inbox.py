"""The inbox: who waits, who is being talked to, what is due today, and what has been said lately."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import presence, wording
from assistant.desk.accounts import names_by_id
from assistant.desk.calls import calls_of_today
from assistant.desk.care import care_lines
from assistant.desk.flags import due_tasks, waiting_flags
from assistant.desk.roles import Staff
from assistant.desk.unread import unread
from assistant.store.tables import callbacks, conversations, messages, risk_flags, tasks
from directory.needs import need_label

MOST_RECENT = 12
MOST_FOUND = 50
RECENT = timedelta(days=14)


@dataclass(frozen=True)
class Card:
    """One conversation as the inbox shows it: who and how long, never what was said."""

    row: Row
    who: str
    needs: str
    care: str = ""  # access needs and language, wherever the person appears
    has_it: str = ""
    mine: bool = False
    unanswered_since: Any = None  # of a live one: when the patient wrote what is not answered yet
    unread: int = 0  # messages of the patient that this person has not seen


def card(row: Row, names: dict[str, str], staff: Staff, unanswered: Any = None, care: str = "", new: int = 0) -> Card:
    """A conversation's card."""
    needs = [need_label(need) for need in (row.picture or {}).get("needs") or []]
    return Card(
        row, wording.person(row), ", ".join(needs), care, names.get(row.staff_id or "", ""), row.staff_id == staff.id, unanswered, new
    )


def inbox_of(connection: Connection, staff: Staff) -> dict[str, Any]:
    """Everything on the inbox page."""
    names = names_by_id(connection)
    query = sa.select(conversations).where(staff.sees(conversations.c.practice))
    waiting = connection.execute(
        query.where(conversations.c.state == "waiting").order_by(conversations.c.waiting_since)
    ).all()
    live = connection.execute(query.where(conversations.c.state == "live").order_by(conversations.c.claimed_at)).all()
    recent = connection.execute(
        query.where(
            conversations.c.state.in_(("bot", "closed")),
            conversations.c.updated_at >= clock.now() - RECENT,
            # A page that was opened and left, without a word, is nobody's work.
            sa.exists().where(messages.c.conversation_id == conversations.c.id, messages.c.sender == "patient"),
        )
        .order_by(conversations.c.updated_at.desc())
        .limit(MOST_RECENT)
    ).all()
    calls = calls_of_today(connection, staff)
    care = care_lines(connection, [*waiting, *live, *recent, *calls])
    new = unread(connection, staff, [row.id for row in (*waiting, *live, *recent)])

    def shown(row: Row, unanswered: Any = None) -> Card:
        return card(row, names, staff, unanswered, care[row.id], new.get(row.id, 0))

    return {
        "flagged": waiting_flags(connection, staff),
        "waiting": [shown(row) for row in waiting],
        "live": [shown(row, unanswered_since(connection, row.id)) for row in live],
        "calls": calls,
        "care": care,
        "tasks": due_tasks(connection, staff),
        "recent": [shown(row) for row in recent],
        "here": presence.here(connection, staff.practice),
    }


def unanswered_since(connection: Connection, conversation_id: str) -> Any:
    """When the patient wrote what nobody has answered yet. What the safety screen says by itself is no answer."""
    here = messages.c.conversation_id == conversation_id
    ours = connection.execute(
        sa.select(messages.c.seq, messages.c.extra)
        .where(here, messages.c.sender.in_(("navigator", "system")))
        .order_by(messages.c.seq.desc())
    )
    answered = next((row.seq for row in ours if (row.extra or {}).get("navigator")), 0)
    return connection.execute(
        sa.select(messages.c.at)
        .where(here, messages.c.sender == "patient", messages.c.seq > answered)
        .order_by(messages.c.seq)
        .limit(1)
    ).scalar()


def needing(connection: Connection, staff: Staff) -> int:
    """How many people need this person now: those in the queue, and their own who wrote and have no answer yet."""
    rows = connection.execute(
        sa.select(conversations.c.id, conversations.c.state).where(
            staff.sees(conversations.c.practice),
            sa.or_(
                conversations.c.state == "waiting",
                sa.and_(conversations.c.state == "live", conversations.c.staff_id == staff.id),
            ),
        )
    ).all()
    return sum(1 for row in rows if row.state == "waiting" or unanswered_since(connection, row.id))


def numbered(title: str, count: int) -> str:
    """'(2) Inbox - Linkway desk': a page's title with the number that calls for somebody."""
    return f"({count}) {title} - Linkway desk" if count else f"{title} - Linkway desk"


def find_people(connection: Connection, staff: Staff, words: str) -> list[Card]:
    """Conversations whose name holds `words`, or whose number ends in their figures; newest first, at most 50."""
    staff.need("people")
    fits = fitting(words, conversations.c.person_name, conversations.c.contact_number, conversations.c.phone)
    rows = connection.execute(
        sa.select(conversations)
        .where(staff.sees(conversations.c.practice), fits)
        .order_by(conversations.c.updated_at.desc())
        .limit(MOST_FOUND)
    ).all()
    names = names_by_id(connection)
    return [card(row, names, staff) for row in rows]


def fitting(words: str, name: Any, *numbers: Any) -> Any:
    """The SQL condition: the name holds `words`, or a number ends in their figures (at least five).

    Phones write O’Brien where a keyboard writes O'Brien, and SQLite knows no capitals beyond A to Z.
    """
    figures = "".join(c for c in words if c.isdigit()).removeprefix("44").lstrip("0")
    plain = words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    within = re.sub(r"(?<=\w)['`\u2018\u2019](?=\w)", "_", plain)  # any one character
    ways = dict.fromkeys((within, within.lower(), within.upper(), within.title()))
    fits = sa.or_(*(name.ilike(f"%{way}%", escape="\\") for way in ways))
    return sa.or_(fits, *(number.like(f"%{figures}") for number in numbers)) if len(figures) >= 5 else fits


def stamp(connection: Connection, staff: Staff) -> str:
    """A digest that changes with anything the inbox shows, for changes that another process made."""
    parts: list[Any] = []
    for column, practice in (
        (conversations.c.updated_at, conversations.c.practice),
        (risk_flags.c.id, risk_flags.c.practice),
        (risk_flags.c.acknowledged_at, risk_flags.c.practice),
        (risk_flags.c.alerted_at, risk_flags.c.practice),
        (tasks.c.id, tasks.c.practice),
        (tasks.c.done_at, tasks.c.practice),
        (callbacks.c.created_at, callbacks.c.practice),
        (callbacks.c.changed_at, callbacks.c.practice),
    ):
        parts.append(connection.execute(sa.select(sa.func.max(column)).where(staff.sees(practice))).scalar())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
