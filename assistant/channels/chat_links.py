"""The way from texts back to the web chat: a link in a text, good once and for an hour; only its hash is kept."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels import texting_words as words
from assistant.clock import clock
from assistant.conversations import records
from assistant.errors import NotFound
from assistant.store.tables import chat_links

if TYPE_CHECKING:
    from assistant.house import House

GOOD_FOR = timedelta(minutes=60)
ADDRESS = "/chat/go/"
_WANTS_LINK = re.compile(
    r"\W*(?:(?:please|pls|can you|could you)\W*)?(?:(?:send|text)(?: me)?(?: (?:a|the|that))? link|web(?: ?chat| ?page| ?site)?|link"
    r"|(?:go|carry) on (?:on the )?(?:web|online|website)|chat on the web(?:site)?|back to the web(?: ?page| ?site)?)"
    r"\W*(?:please|pls)?\W*",
    re.IGNORECASE,
)


def wants_link(text: str) -> bool:
    """'WEB', 'send me a link' and their like, as the whole message."""
    return len(text) <= 60 and bool(_WANTS_LINK.fullmatch(text))


def reply(connection: Connection, house: House, row: Row) -> str:
    """The text with a new link; older ones of this conversation stop working."""
    connection.execute(
        chat_links.update()
        .where(chat_links.c.conversation_id == row.id, chat_links.c.used_at.is_(None))
        .values(used_at=clock.now())
    )
    token = secrets.token_urlsafe(16)
    connection.execute(
        chat_links.insert().values(
            token_hash=records.token_digest(token), conversation_id=row.id, made_at=clock.now(),
            expires_at=clock.now() + GOOD_FOR,
        )
    )  # fmt: skip
    return words.LINK.format(address=f"{house.settings.public_base_url}{ADDRESS}{token}")


def practice_of(connection: Connection, token: str) -> str:
    """The practice of a link that still works; looking changes nothing.

    Raises:
        NotFound: never was, used, too old, or its conversation was erased; the four cannot be told apart.
    """
    return str(_good(connection, token).practice)


def redeem(connection: Connection, token: str) -> tuple[str, str, str]:
    """Use the link up: (practice, conversation, new bearer token). Pages opened before lose their key.

    Raises:
        NotFound: as `practice_of`, or somebody was quicker.
    """
    row = _good(connection, token)
    used = connection.execute(
        chat_links.update()
        .where(chat_links.c.token_hash == records.token_digest(token), chat_links.c.used_at.is_(None))
        .values(used_at=clock.now())
    )
    if used.rowcount != 1:
        raise NotFound(words.LINK_OVER)
    bearer = secrets.token_urlsafe(32)
    records.update(connection, row.id, token_hash=records.token_digest(bearer), channel="web")
    return str(row.practice), str(row.id), bearer


def _good(connection: Connection, token: str) -> Row:
    link = connection.execute(
        sa.select(chat_links).where(
            chat_links.c.token_hash == records.token_digest(token),
            chat_links.c.used_at.is_(None),
            chat_links.c.expires_at > clock.now(),
        )
    ).first()
    if link is None:
        raise NotFound(words.LINK_OVER)
    try:
        return records.load(connection, link.conversation_id)
    except NotFound as error:
        raise NotFound(words.LINK_OVER) from error
