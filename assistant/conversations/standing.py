"""How a conversation stands when a turn begins: all that most turns ask of the database, read at once.

One statement costs a tenth of a millisecond of processor time before it has read anything; a turn used to begin with five.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.errors import NotFound
from assistant.store.tables import conversations, messages, tracker_events

_HERE = sa.bindparam("here")
_SAID = messages.alias("newest")
_NEWEST = (
    sa.select(messages.c.seq)
    .where(messages.c.conversation_id == _HERE, messages.c.sender != "patient")
    .order_by(messages.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)
# Counted among the conversation's own rows: asked with `answered_at is not null`, SQLite walks through every message of
# the practice that was ever answered, by the index on it.
_ANSWERED = (
    sa.select(sa.func.count(sa.case((messages.c.sender == "patient", messages.c.answered_at))))
    .where(messages.c.conversation_id == _HERE)
    .scalar_subquery()
)
_TRACKED = (
    sa.select(sa.func.count()).select_from(tracker_events).where(tracker_events.c.sender_id == _HERE).scalar_subquery()
)
# By name: the directory's own tables are not known here, and are not there where there is no directory.
_STATE = sa.table("directory_state", sa.column("name", sa.String), sa.column("value", sa.Integer))
_LISTINGS = sa.select(_STATE.c.value).where(_STATE.c.name == "version").scalar_subquery()
_STANDING = (
    sa.select(
        conversations,
        _SAID.c.seq.label("newest_seq"),
        _SAID.c.choices.label("newest_choices"),
        _SAID.c.extra.label("newest_extra"),
        _ANSWERED.label("answered"),
        _TRACKED.label("tracked"),
    )
    .select_from(conversations.outerjoin(_SAID, sa.and_(_SAID.c.conversation_id == _HERE, _SAID.c.seq == _NEWEST)))
    .where(conversations.c.id == _HERE)
)
# With the directory's version, where there is a directory, or without; and where rows are locked one by one.
_QUERIES = {
    (listings, locks): query.with_for_update(of=conversations) if locks else query
    for listings, query in ((True, _STANDING.add_columns(_LISTINGS.label("listings"))), (False, _STANDING))
    for locks in (True, False)
}
_HOW_MANY_ANSWERED = sa.select(_ANSWERED)


def standing(connection: Connection, conversation_id: str, *, listings: bool = True) -> Row:
    """The conversation's row, held to the end of the transaction, and beside its own columns:

    `newest_seq`, `newest_choices`, `newest_extra` of the newest message that is not the patient's; `answered`, how many
    of the patient's messages were; `tracked`, how many events Rasa keeps of it; with `listings` the directory's version.

    Raises:
        NotFound: no such conversation.
    """
    query = _QUERIES[listings, connection.dialect.name != "sqlite"]
    row = connection.execute(query, {"here": conversation_id}).first()
    if row is None:
        raise NotFound("There is no such conversation. It may have been deleted.")
    return row


def how_many_answered(connection: Connection, conversation_id: str) -> int:
    """How many of the patient's messages were answered so far."""
    return int(connection.execute(_HOW_MANY_ANSWERED, {"here": conversation_id}).scalar_one())
