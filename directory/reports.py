"""What people outside say of a listing: 'this is wrong' from anybody, a correction from its provider. A person settles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from directory.tables import listing_reports

LONGEST_WORDS = 2000
LONGEST_CONTACT = 200
# More open ones of one listing say nothing new; a flood must not hide the other listings' reports.
MOST_OPEN = 30
SETTLED = ("resolved", "dismissed")


def report(
    connection: Connection,
    listing_id: str,
    words: str,
    contact: str,
    at: datetime,
    *,
    kind: str = "wrong",
    fields: Mapping[str, Sequence[Any]] | None = None,
) -> bool:
    """Keep what was said; False when the same is open already, or so much of this listing that nothing is added.

    The caller has checked lengths and cleaned the words.
    """
    waiting = connection.execute(
        sa.select(listing_reports.c.kind, listing_reports.c.words, listing_reports.c.fields).where(
            listing_reports.c.listing_id == listing_id, listing_reports.c.state == "open"
        )
    ).all()
    said = {name: list(pair) for name, pair in (fields or {}).items()}
    if len(waiting) >= MOST_OPEN or any((row.kind, row.words, row.fields) == (kind, words, said) for row in waiting):
        return False
    connection.execute(
        sa.insert(listing_reports).values(
            listing_id=listing_id, at=at.replace(tzinfo=None), kind=kind, words=words, contact=contact, fields=said, state="open"
        )
    )
    return True


def open_reports(connection: Connection, listing_id: str | None = None, most: int = 200) -> list[Row]:
    """Those nobody has settled, the oldest first."""
    query = sa.select(listing_reports).where(listing_reports.c.state == "open").order_by(listing_reports.c.id).limit(most)
    return list(connection.execute(query if listing_id is None else query.where(listing_reports.c.listing_id == listing_id)))


def settled_reports(connection: Connection, most: int = 30) -> list[Row]:
    """The latest that were settled."""
    query = sa.select(listing_reports).where(listing_reports.c.state != "open")
    return list(connection.execute(query.order_by(listing_reports.c.closed_at.desc(), listing_reports.c.id.desc()).limit(most)))


def count_open(connection: Connection) -> int:
    """How many wait for a person."""
    query = sa.select(sa.func.count()).select_from(listing_reports).where(listing_reports.c.state == "open")
    return int(connection.execute(query).scalar_one())


def one_report(connection: Connection, number: int) -> Row:
    """One by its number. Raises KeyError."""
    row = connection.execute(sa.select(listing_reports).where(listing_reports.c.id == number)).first()
    if row is None:
        raise KeyError(number)
    return row


def settle(connection: Connection, number: int, state: str, by: str, at: datetime) -> bool:
    """Resolved (it was so, and is put right) or dismissed; False when somebody settled it before. Raises KeyError."""
    one_report(connection, number)
    here = sa.and_(listing_reports.c.id == number, listing_reports.c.state == "open")
    values = {"state": state, "closed_at": at.replace(tzinfo=None), "closed_by": by[:200]}
    return bool(connection.execute(sa.update(listing_reports).where(here).values(values)).rowcount)


def open_again(connection: Connection, number: int) -> bool:
    """Undo `settle`; False when it is open already. Raises KeyError."""
    one_report(connection, number)
    here = sa.and_(listing_reports.c.id == number, listing_reports.c.state != "open")
    values = {"state": "open", "closed_at": None, "closed_by": None}
    return bool(connection.execute(sa.update(listing_reports).where(here).values(values)).rowcount)
