"""How far each person of the team has read in a conversation, so that the inbox can say what is new to them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.desk.roles import Staff
from assistant.store.staff_tables import read_marks
from assistant.store.tables import messages


def mark_read(connection: Connection, staff: Staff, conversation_id: str, seq: int) -> None:
    """They have seen everything up to `seq`. A mark never goes back: an older page may be open beside."""
    mine = sa.and_(read_marks.c.staff_id == staff.id, read_marks.c.conversation_id == conversation_id)
    known = connection.execute(sa.select(read_marks.c.seq).where(mine)).scalar()
    if known is not None:
        connection.execute(read_marks.update().where(mine, read_marks.c.seq < seq).values(seq=seq))
        return
    with connection.begin_nested() as savepoint:
        try:
            connection.execute(read_marks.insert().values(staff_id=staff.id, conversation_id=conversation_id, seq=seq))
        except sa.exc.IntegrityError:
            savepoint.rollback()  # the same person in another window


def unread(connection: Connection, staff: Staff, conversation_ids: Iterable[str]) -> dict[str, int]:
    """Conversation id -> how many of the patient's messages this person has not seen; those with none are left out."""
    mark = sa.and_(read_marks.c.conversation_id == messages.c.conversation_id, read_marks.c.staff_id == staff.id)
    rows = connection.execute(
        sa.select(messages.c.conversation_id, sa.func.count())
        .select_from(messages.outerjoin(read_marks, mark))
        .where(
            messages.c.conversation_id.in_(list(conversation_ids)),
            messages.c.sender == "patient",
            messages.c.seq > sa.func.coalesce(read_marks.c.seq, 0),
        )
        .group_by(messages.c.conversation_id)
    )
    return {row[0]: row[1] for row in rows}
