"""Making one listing of two: the values a person chose, the old id leading to the one that stays, and the way back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from directory import store
from directory.records import FIELDS, Listing
from directory.tables import listing_changes, listing_moved
from directory.taking_back import CannotTakeBack, take_back

NEVER = frozenset(("id", "source"))
# Fields that hang together: an address of the one with the position of the other is nowhere.
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("postcode", "address", "town", "latitude", "longitude"), ("cost", "cost_amount", "free_sessions", "cost_afterwards"),
    ("accredited_by", "accredited_on", "accredited_until"), ("days", "start_time", "end_time", "schedule"),
)  # fmt: skip


def differing(one: Listing, two: Listing) -> list[tuple[str, ...]]:
    """The fields, or groups of fields that go together, in which two listings differ."""
    grouped = {name: group for group in TOGETHER for name in group}
    out: list[tuple[str, ...]] = []
    for name in FIELDS:
        group = grouped.get(name, (name,))
        if name in NEVER or group in out:
            continue
        if any(getattr(one, each) != getattr(two, each) for each in group):
            out.append(group)
    return out


def merge(connection: Connection, keep: str, drop: str, take: Collection[str], by: str, at: datetime) -> None:
    """`drop` goes; of it the fields in `take` are kept (with those that go together). Its id leads to `keep` from now on.

    A suspension of either stays. Raises KeyError when one of the two is not there (any more).
    """
    known = store.stored(connection, [keep, drop])
    stays, goes = known[keep], known[drop]
    chosen = {name for group in differing(stays, goes) if set(group) & set(take) for name in group}
    values = {name: getattr(goes, name) for name in chosen}
    values["suspended"] = stays.suspended or goes.suspended
    stamp = at.replace(tzinfo=None)
    before = store.newest_change(connection, keep)
    after = stays.with_changes(**values)
    why = f"the same as {goes.name} ({drop})"
    store.apply(connection, [after], store.plan(connection, [after]), by, why=why, at=stamp, named="merged")
    kept = store.newest_change(connection, keep)
    why = f"the same as {stays.name} ({keep})"
    store.apply(connection, [], store.plan(connection, [], [drop]), by, why=why, at=stamp, named="merged away")
    connection.execute(
        sa.insert(listing_moved).values(
            old_id=drop, new_id=keep, at=stamp, by=by[:200],
            kept_change=kept if kept != before else None, gone_change=store.newest_change(connection, drop),
        )
    )  # fmt: skip


def merged_lately(connection: Connection, most: int = 20) -> list[Row]:
    """The newest merges that stand, with the name of what went."""
    rows = connection.execute(
        sa.select(listing_moved, listing_changes.c.fields)
        .join(listing_changes, listing_changes.c.id == listing_moved.c.gone_change)
        .order_by(listing_moved.c.at.desc(), listing_moved.c.old_id)
        .limit(most)
    )
    return list(rows)


def unmerge(connection: Connection, old_id: str, by: str, at: datetime) -> bool:
    """Bring back what went, and what the other had before; False when the other was changed since and stays as it is.

    Raises:
        KeyError: there is no such merge.
        CannotTakeBack: the id is in use again.
    """
    row = connection.execute(sa.select(listing_moved).where(listing_moved.c.old_id == old_id)).first()
    if row is None or row.gone_change is None:
        raise KeyError(old_id)
    take_back(connection, row.gone_change, by, at)
    if row.kept_change is None:
        return True
    try:
        take_back(connection, row.kept_change, by, at)
    except CannotTakeBack:
        return False
    return True
