"""Reading and writing listings. Every write raises the version counter and leaves a line of history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from directory.records import Listing
from directory.tables import (
    directory_metadata,
    directory_state,
    imports,
    listing_changes,
    listing_moved,
    listings,
)

# SQLite takes at most 999 values in one statement on old builds.
_CHUNK = 500


@dataclass(frozen=True)
class Change:
    """What a write did to one listing: `action` is added, updated or removed; `fields` maps to (before,
    after)."""

    id: str
    name: str
    action: str
    fields: Mapping[str, tuple[Any, Any]]


class ChangedMeanwhile(Exception):
    """Somebody else changed the listing since it was read; `now` is how it stands."""

    def __init__(self, now: Listing) -> None:
        super().__init__(now.id)
        self.now = now


def create_tables(engine: Engine) -> None:
    """Makes the directory's tables where they are missing (the lead's migrations do the same for a live
    database)."""
    directory_metadata.create_all(engine)


def version(engine: Engine) -> int:
    """The counter that every write raises; 0 for a directory never written to."""
    with engine.connect() as connection:
        return version_in(connection)


def version_in(connection: Connection) -> int:
    """As `version`, in a transaction that is open already."""
    row = connection.execute(
        sa.select(directory_state.c.value).where(directory_state.c.name == "version")
    ).first()
    return int(row[0]) if row else 0


def all_listings(engine: Engine) -> tuple[int, list[Listing]]:
    """The version counter and every listing, in order of id, read together."""
    with engine.connect() as connection:
        with connection.begin():
            # The counter first: should a write slip between the two reads, the next look reloads.
            number = version_in(connection)
            return number, all_in(connection)


def hashes(connection: Connection) -> dict[str, str]:
    """The content hash of every listing by its id, in order of id."""
    rows = connection.execute(sa.select(listings.c.id, listings.c.content_hash).order_by(listings.c.id))
    return {row[0]: row[1] for row in rows}


def all_in(connection: Connection) -> list[Listing]:
    """Every listing, in order of id, in a transaction that is open already."""
    rows = connection.execute(sa.select(listings.c.document).order_by(listings.c.id))
    return [Listing.from_document(row[0]) for row in rows]


def get_listing(engine: Engine, identifier: str) -> Listing | None:
    """One listing by its public id, whatever its status."""
    with engine.connect() as connection:
        row = connection.execute(sa.select(listings.c.document).where(listings.c.id == identifier)).first()
    return Listing.from_document(row[0]) if row else None


def count(engine: Engine) -> int:
    """How many listings there are, hidden ones included."""
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(listings)).scalar_one())


def stored(connection: Connection, identifiers: Sequence[str]) -> dict[str, Listing]:
    """The listings that exist among `identifiers`."""
    found: dict[str, Listing] = {}
    for start in range(0, len(identifiers), _CHUNK):
        part = identifiers[start : start + _CHUNK]
        rows = connection.execute(sa.select(listings.c.document).where(listings.c.id.in_(part)))
        found.update((listing.id, listing) for listing in (Listing.from_document(row[0]) for row in rows))
    return found


def ids_of_source(connection: Connection, source: str) -> set[str]:
    """The ids of the listings that came from `source`."""
    return {row[0] for row in connection.execute(sa.select(listings.c.id).where(listings.c.source == source))}


def differences(before: Listing | None, after: Listing | None) -> dict[str, tuple[Any, Any]]:
    """The fields that differ, each with its value before and after, JSON-ready."""
    old = before.to_document() if before else {}
    new = after.to_document() if after else {}
    return {k: (old.get(k), new.get(k)) for k in sorted({*old, *new}) if old.get(k) != new.get(k)}


def plan(connection: Connection, wanted: Sequence[Listing], remove: Iterable[str] = ()) -> list[Change]:
    """What writing `wanted` and removing `remove` would change; unchanged listings are not in the answer."""
    known = stored(connection, [listing.id for listing in wanted])
    changes = []
    for listing in wanted:
        before = known.get(listing.id)
        altered = differences(before, listing)
        if before is None:
            changes.append(Change(listing.id, listing.name, "added", {}))
        elif altered:
            changes.append(Change(listing.id, listing.name, "updated", altered))
    gone = sorted(remove)
    names = stored(connection, gone)
    changes += [Change(i, names[i].name, "removed", differences(names[i], None)) for i in gone if i in names]
    return changes


def apply(
    connection: Connection,
    wanted: Sequence[Listing],
    changes: Sequence[Change],
    by: str,
    *,
    why: str | None = None,
    at: datetime | None = None,
    named: str | None = None,
) -> None:
    """Writes what `plan` found, inside the caller's transaction, with history and a raised version.

    `named` is what the history calls it ('accredited') where that says more than added, updated or removed.
    """
    if not changes:
        return
    now = at or _now()
    by_id = {listing.id: listing for listing in wanted}
    added = [_row(by_id[c.id], now) for c in changes if c.action == "added"]
    if added:
        connection.execute(sa.insert(listings), [{**row, "created_at": now} for row in added])
    updated = [_row(by_id[c.id], now) for c in changes if c.action == "updated"]
    if updated:
        columns = {name: sa.bindparam(name) for name in updated[0] if name != "id"}
        statement = sa.update(listings).where(listings.c.id == sa.bindparam("which")).values(columns)
        connection.execute(statement, [{"which": row.pop("id"), **row} for row in updated])
    removed = [c.id for c in changes if c.action == "removed"]
    for start in range(0, len(removed), _CHUNK):
        connection.execute(sa.delete(listings).where(listings.c.id.in_(removed[start : start + _CHUNK])))
    history = [
        {
            "listing_id": c.id,
            "at": now,
            "action": named or c.action,
            "by": by[:200],
            "why": why[:300] if why else None,
            "fields": {k: list(v) for k, v in c.fields.items()},
        }
        for c in changes
    ]
    connection.execute(sa.insert(listing_changes), history)
    raise_version(connection)


def save(engine: Engine, listing: Listing, by: str) -> Change | None:
    """Adds or updates one listing; None when nothing changed. `by` names the person or the source."""
    with engine.begin() as connection:
        changes = plan(connection, [listing])
        apply(connection, [listing], changes, by)
    return changes[0] if changes else None


def changed_in(
    connection: Connection,
    identifier: str,
    by: str,
    *,
    why: str | None = None,
    at: datetime | None = None,
    named: str | None = None,
    expect: str | None = None,
    **fields: Any,
) -> int | None:
    """Changes some fields of one listing in the caller's transaction; the number of the line of history, None when
    nothing changed.

    `expect` is the content hash the change was based on.

    Raises:
        KeyError: there is no such listing.
        ChangedMeanwhile: it is not as `expect` says any more.
    """
    row = connection.execute(
        sa.select(listings.c.document).where(listings.c.id == identifier).with_for_update()
    ).first()
    if row is None:
        raise KeyError(identifier)
    before = Listing.from_document(row[0])
    if expect is not None and before.content_hash() != expect:
        raise ChangedMeanwhile(before)
    after = before.with_changes(**fields)
    changes = plan(connection, [after])
    apply(connection, [after], changes, by, why=why, at=at, named=named)
    return newest_change(connection, identifier) if changes else None


def newest_change(connection: Connection, identifier: str) -> int | None:
    """The number of a listing's newest line of history."""
    newest = sa.select(sa.func.max(listing_changes.c.id)).where(listing_changes.c.listing_id == identifier)
    number: int | None = connection.execute(newest).scalar()
    return number


def update(engine: Engine, identifier: str, by: str, **fields: Any) -> Change | None:
    """Changes some fields of one listing (accredit, renew, suspend, mend). Raises KeyError when there is
    none."""
    with engine.begin() as connection:
        before = stored(connection, [identifier]).get(identifier)
        number = changed_in(connection, identifier, by, **fields)
        after = stored(connection, [identifier])[identifier]
    return Change(identifier, after.name, "updated", differences(before, after)) if number else None


def remove(engine: Engine, identifier: str, by: str) -> bool:
    """Removes one listing; False when there was none. Its history stays."""
    with engine.begin() as connection:
        changes = plan(connection, [], [identifier])
        apply(connection, [], changes, by)
    return bool(changes)


def moved(connection: Connection) -> dict[str, str]:
    """Where each merged listing went: old id -> the id that stands today, however often it was merged on."""
    direct = {row.old_id: row.new_id for row in connection.execute(sa.select(listing_moved))}
    last = {}
    for old in direct:
        new, seen = direct[old], {old}
        while new in direct and new not in seen:
            seen.add(new)
            new = direct[new]
        last[old] = new
    return last


def history(engine: Engine, identifier: str) -> list[dict[str, Any]]:
    """The changes of one listing, latest first: id, at, action, by, fields, why."""
    with engine.connect() as connection:
        return history_in(connection, identifier)


def history_in(connection: Connection, identifier: str, most: int = 500) -> list[dict[str, Any]]:
    """As `history`, in a transaction that is open already; the newest `most`."""
    statement = sa.select(listing_changes).where(listing_changes.c.listing_id == identifier)
    rows = connection.execute(statement.order_by(listing_changes.c.id.desc()).limit(most)).mappings().all()
    return [{key: row[key] for key in ("id", "at", "action", "by", "fields", "why")} for row in rows]


def record_import(connection: Connection, source: str, digest: str, counts: Mapping[str, int]) -> None:
    """Notes one run of an import."""
    connection.execute(
        sa.insert(imports).values(at=_now(), source=source, file_sha256=digest, counts=dict(counts))
    )


def raise_version(connection: Connection) -> None:
    """Raises the counter by one; the row is made on first use."""
    raised = connection.execute(
        sa.update(directory_state)
        .where(directory_state.c.name == "version")
        .values(value=directory_state.c.value + 1)
    )
    if raised.rowcount == 0:
        connection.execute(sa.insert(directory_state).values(name="version", value=1))


def _row(listing: Listing, now: datetime) -> dict[str, Any]:
    return {
        "id": listing.id,
        "source": listing.source,
        "name": listing.name,
        "status": listing.status,
        "accredited_until": listing.accredited_until,
        "checked_on": listing.checked_on,
        "content_hash": listing.content_hash(),
        "document": listing.to_document(),
        "updated_at": now,
    }


def _now() -> datetime:
    return datetime.now(timezone.utc).replace(tzinfo=None)
