"""An invitation to go on by text, and the YES or NO that a phone answers it with."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.store.tables import messages as messages_table
from assistant.store.tables import outbox

CONFIRM = "text_confirm"  # what stands with the chat's message about an invitation
_YES = re.compile(r"\W*(?:yes|yeah|yep|yup|y|ok|okay|sure|please|yes please|go on)\W*", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no|nope|nah|no thanks|no thank you|not me|wrong number|leave it|never mind|nevermind)\W*", re.IGNORECASE)


def says_yes(text: str) -> bool:
    """A plain yes and nothing else."""
    return bool(_YES.fullmatch(text))


def says_no(text: str) -> bool:
    """A plain no and nothing else, 'wrong number' included."""
    return bool(_NO.fullmatch(text))


def answers_invitation(text: str) -> bool:
    """Whether a text is the YES or NO an invitation asks for."""
    return says_yes(text) or says_no(text)


def invitation(connection: Connection, row: Row, before: int | None = None) -> int | None:
    """The seq of an invitation that the phone has not answered yet: no text came after it, and no other was sent."""
    texted = connection.execute(
        sa.select(sa.func.max(outbox.c.message_seq)).where(outbox.c.conversation_id == row.id)
    ).scalar()
    query = sa.select(messages_table.c.seq, messages_table.c.provider_id, messages_table.c.extra).where(
        messages_table.c.conversation_id == row.id
    )
    if before is not None:
        query = query.where(messages_table.c.seq < before)
    for one in connection.execute(query.order_by(messages_table.c.seq.desc()).limit(60)):
        if one.provider_id is not None:
            return None
        if (one.extra or {}).get("asks") == CONFIRM:
            return int(one.seq) if (texted or 0) < one.seq else None
    return None
