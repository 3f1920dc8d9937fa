"""Taking back one change of a listing, as long as nobody has changed the same again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from directory import store
from directory.records import Listing
from directory.tables import listing_changes, listing_moved


class CannotTakeBack(Exception):
    """Why a change stays; the message is for staff."""


def change_of(connection: Connection, number: int) -> str:
    """The id of the listing a change belongs to. Raises KeyError."""
    row = connection.execute(sa.select(listing_changes.c.listing_id).where(listing_changes.c.id == number)).first()
    if row is None:
        raise KeyError(number)
    return str(row.listing_id)


def take_back(connection: Connection, number: int, by: str, at: datetime) -> str:
    """Undo the change with this number; the id of its listing. The undoing is itself a change, and can be taken back.

    Raises:
        KeyError: there is no such change.
        CannotTakeBack: what it changed was changed again, or there is nothing of it to undo.
    """
    row = connection.execute(sa.select(listing_changes).where(listing_changes.c.id == number)).first()
    if row is None:
        raise KeyError(number)
    if not row.fields:
        raise CannotTakeBack("There is nothing before this. To take the listing from patients, close it.")
    words = f"What this undoes: {row.action}, on {row.at:%d/%m/%Y}"
    known = store.stored(connection, [row.listing_id]).get(row.listing_id)
    gone = row.action in ("removed", "merged away")
    if known is None and not gone:
        raise CannotTakeBack("This listing is no longer in the directory. Take back its removal first.")
    if known is not None and gone:
        raise CannotTakeBack("There is a listing with this id again, so it cannot be brought back.")
    if known is not None:
        again = _changed_since(known, row.fields)
        if again:
            raise CannotTakeBack(f"Changed again since: {', '.join(name.replace('_', ' ') for name in again)}. Edit it by hand.")
    document = {**(known.to_document() if known else {}), **{name: pair[0] for name, pair in row.fields.items()}}
    restored = Listing.from_document({name: value for name, value in document.items() if value is not None})
    changes = store.plan(connection, [restored])
    store.apply(connection, [restored], changes, by, why=words, at=at.replace(tzinfo=None), named="taken back")
    if gone:
        connection.execute(sa.delete(listing_moved).where(listing_moved.c.old_id == row.listing_id))
        store.raise_version(connection)
    return str(row.listing_id)


def _changed_since(listing: Listing, fields: dict[str, list[Any]]) -> Iterable[str]:
    now = listing.to_document()
    return [name for name, (_, after) in fields.items() if now.get(name) != after]
