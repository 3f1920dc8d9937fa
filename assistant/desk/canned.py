"""A practice's ready replies: written once, put into the box for a reply with the names filled in, changed there, then sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import audit
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict, NotFound
from assistant.store.staff_tables import canned_replies

if TYPE_CHECKING:
    from assistant.programme import Practice

MOST_TITLE, MOST_TEXT, MOST_REPLIES = 60, 1000, 60
# What may stand in curly brackets, and what it becomes.
VARIABLES = {
    "first_name": "the patient's first name, or nothing where it is not known",
    "my_name": "your first name",
    "practice_name": "the name of the surgery",
    "practice_phone": "its phone number",
}
_BRACKETS = re.compile(r"\{([^{}]*)\}")


def replies_of(connection: Connection, practice: str) -> list[Row]:
    """A practice's replies, by title."""
    query = sa.select(canned_replies).where(canned_replies.c.practice == practice)
    return connection.execute(query.order_by(sa.func.lower(canned_replies.c.title), canned_replies.c.id)).all()


def filled(text: str, *, person_name: str | None, my_name: str, practice: Practice) -> str:
    """The reply as it goes into the box. Without a name 'Hello {first_name},' becomes 'Hello,'."""
    first = (person_name or "").split()[:1]
    if not first:
        text = re.sub(r"[ ,]*\{first_name\}", "", text)
    values = {
        "first_name": first[0] if first else "", "my_name": my_name,
        "practice_name": str(practice.name), "practice_phone": str(practice.phone),
    }  # fmt: skip
    return _BRACKETS.sub(lambda found: values.get(found[1], found[0]), text).strip()


def save(connection: Connection, staff: Staff, practice: str, title: str, text: str, reply_id: int | None = None) -> int:
    """Add a reply to the practice, or change the one of `reply_id`; its id.

    Raises:
        BadInput: no title or text, too long, an unknown {variable}, or more replies than anybody can look through.
        Conflict: the practice has one of this title.
        NotFound: no such reply in a practice of this person.
    """
    staff.need("conversations")
    if staff.practice not in (None, practice):
        raise NotFound("There is no such practice here.")
    title, text = " ".join(title.split()), text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not 1 <= len(title) <= MOST_TITLE:
        raise BadInput(f"Give a short title, up to {MOST_TITLE} characters.", field="title")
    if not 1 <= len(text) <= MOST_TEXT:
        raise BadInput(f"Write the reply, up to {MOST_TEXT:,} characters. This has {len(text):,}.", field="text")
    unknown = sorted(set(_BRACKETS.findall(text)) - set(VARIABLES))
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise BadInput(f"{{{unknown[0]}}} is not known. Use {known}, or leave the curly brackets out.", field="text")
    values = {"practice": practice, "title": title, "text": text, "staff_id": staff.id, "changed_at": clock.now()}
    if reply_id is None and len(replies_of(connection, practice)) >= MOST_REPLIES:
        raise BadInput(f"There are {MOST_REPLIES} replies already. Remove one that nobody uses first.", field="title")
    if reply_id is not None:
        _mine(connection, staff, reply_id)
    with connection.begin_nested() as savepoint:
        try:
            if reply_id is None:
                reply_id = int(connection.execute(canned_replies.insert().values(**values)).inserted_primary_key[0])
            else:
                connection.execute(canned_replies.update().where(canned_replies.c.id == reply_id).values(**values))
        except sa.exc.IntegrityError:
            savepoint.rollback()
            raise Conflict(f"There is a reply '{title}' already. Change that one, or choose another title.") from None
    audit.record(connection, staff.id, "reply.saved", str(reply_id))
    return reply_id


def remove(connection: Connection, staff: Staff, reply_id: int) -> None:
    """Take a reply off the list. Raises NotFound where there is none (any more)."""
    staff.need("conversations")
    _mine(connection, staff, reply_id)
    connection.execute(canned_replies.delete().where(canned_replies.c.id == reply_id))
    audit.record(connection, staff.id, "reply.removed", str(reply_id))


def _mine(connection: Connection, staff: Staff, reply_id: int) -> Row:
    query = sa.select(canned_replies).where(canned_replies.c.id == reply_id, staff.sees(canned_replies.c.practice))
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("There is no such reply here. A colleague may have removed it.")
    return row
