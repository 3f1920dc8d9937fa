"""Whose text it is: the conversation a number's text goes on in, the web page's included; never one of two people's."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.sms.invitation import answers_invitation, invitation
from assistant.clock import clock
from assistant.store.pathway_tables import patients
from assistant.store.tables import conversations

# A number given on the web page so long ago may be somebody else's by now: networks give numbers out again.
GIVEN_WITHIN = timedelta(days=180)
_LOOKED_AT = 50


def conversation_of(connection: Connection, phone: str, text: str) -> Row | None:
    """The newest conversation of the person with this number (E.164), by text or on the web page, or None.

    A chat of the web page counts when the number was given there and said to be safe to text, or when its patient asked
    to go on by text. Where two people share the phone, only what was begun or asked for by text counts: one person's
    story must never open to another's text. A phone that was invited to go on by text, and has not said YES or NO, may
    be a stranger's by a slip of the finger: what it writes begins a conversation of its own.
    """
    given = sa.and_(
        conversations.c.contact_number == phone,
        conversations.c.safe_to_text.is_(True),
        conversations.c.updated_at > clock.now() - GIVEN_WITHIN,
    )
    rows = connection.execute(
        sa.select(conversations)
        .where(sa.or_(conversations.c.phone == phone, given))
        .order_by(conversations.c.updated_at.desc(), conversations.c.id)
        .limit(_LOOKED_AT)
    ).all()
    invited = [row for row in rows if row.channel == "web" and row.phone == phone and invitation(connection, row)]
    if invited and answers_invitation(text):
        return invited[0]
    rows = [row for row in rows if row not in invited]
    if rows and len(_people(connection, phone, rows)) > 1:
        rows = [row for row in rows if row.phone == phone]
    return rows[0] if rows else None


def _people(connection: Connection, phone: str, rows: list[Row]) -> set[str]:
    """The names this number goes by. A chat without a name is nobody's in particular."""
    known = connection.execute(
        sa.select(patients.c.id, patients.c.name, patients.c.number).where(
            sa.or_(patients.c.number == phone, patients.c.id.in_([row.patient_id for row in rows if row.patient_id]))
        )
    ).all()
    by_id = {one.id: _plain(one.name) for one in known}
    names = {_plain(row.person_name) or by_id.get(row.patient_id, "") for row in rows}
    names |= {_plain(one.name) for one in known if one.number == phone}
    return names - {""}


def _plain(name: str | None) -> str:
    return " ".join((name or "").casefold().split())
