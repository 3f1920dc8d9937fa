"""What an import may not undo: what a person decided at the desk, and what the file says nothing of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from directory.records import COLUMNS, Listing

# An empty cell of these says nothing: a council's file knows of no accreditation but its own.
_TRUST = ("accredited_by", "accredited_on", "accredited_until", "checked_on")
# A position goes with its postcode, a price in figures with its words: they stand as long as those do, even where the file
# has an empty cell for them.
_FOLLOWS = {"latitude": "postcode", "longitude": "postcode", "cost_amount": "cost", "free_sessions": "cost"}


def keep_what_stood(
    wanted: Sequence[Listing], known: Mapping[str, Listing], columns: Collection[str]
) -> list[Listing]:
    """`wanted` as an import may write them over `known`; `columns` are those that the file has.

    A column the file lacks stays as it stood. Accreditation stands when the row brings none, the later of two checks
    counts, and a suspension always stands.
    """
    out = []
    for listing in wanted:
        before = known.get(listing.id)
        out.append(listing if before is None else _over(listing, before, columns))
    return out


def _over(listing: Listing, before: Listing, columns: Collection[str]) -> Listing:
    kept: dict[str, object] = {"suspended": before.suspended}
    for name in (*COLUMNS, "cost_amount"):
        if getattr(listing, name) not in (None, ()):
            continue
        leader = _FOLLOWS.get(name)
        if leader is None:
            stands = name not in columns
        else:
            stands = leader not in columns or getattr(listing, leader) == getattr(before, leader)
        if stands:
            kept[name] = getattr(before, name)
    if "status" not in columns:
        kept["status"] = before.status
    if listing.accredited_by is None:
        kept.update({name: getattr(before, name) for name in _TRUST[:3] if getattr(listing, name) is None})
    checks = [day for day in (listing.checked_on, before.checked_on) if day is not None]
    kept["checked_on"] = max(checks, default=None)
    return listing.with_changes(**kept)
