"""Likely doubles side by side: 'the same' merges them with the values a person chose, 'not the same' is remembered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.clock import clock
from assistant.desk import audit, csrf
from assistant.desk.listing_pages import HERE, SignedIn, ready, signature
from assistant.desk.listing_words import LABELS, field_value
from assistant.desk.pages import HEADERS, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.errors import Conflict, NotFound
from assistant.house import TheHouse
from assistant.store.database import reading, transaction
from directory import doubles, merging, store
from directory.records import Listing
from directory.taking_back import CannotTakeBack

router = APIRouter(prefix=f"{HERE}/duplicates", route_class=DeskRoute, include_in_schema=False)
Writer = Annotated[Staff, Depends(csrf.writer)]
OneId = Annotated[str, Form(max_length=100)]
SHOWN = 20
SAID = {
    "merged": "Merged. The old id leads to the one that stayed. You can undo it below.",
    "apart": "Remembered: these are not the same. They are not shown again.",
    "undone": "Undone: both are here again as they were.",
    "partly": "The listing that went is here again. The other was changed since, so it stays as it is: look at its history.",
    "again": "They are looked at again.",
}


@router.get("")
def doubles_page(
    request: Request, house: TheHouse, who: SignedIn, said: Annotated[str, Query(max_length=10)] = "",
    one: Annotated[str, Query(max_length=100)] = "", other: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:  # fmt: skip
    """The surest first. Found now, from what the directory says now."""
    who.need("directory")
    listings, meanings = ready(house).meanings()
    with reading(house.engine) as connection:
        apart = doubles.said_apart(connection)
        merged = merging.merged_lately(connection)
        kept = store.stored(connection, [row.new_id for row in merged])
    pairs = doubles.find_pairs(listings, meanings, apart=apart)
    known = {listing.id: listing for listing in listings}
    shown = [(pair, *_the_fuller_first(known[pair.first], known[pair.second])) for pair in pairs[:SHOWN]]
    return page(
        request, "directory/doubles.html", who, title="Likely doubles", total=len(pairs), said=SAID.get(said, ""),
        pairs=[(pair, keep, drop, _rows(keep, drop)) for pair, keep, drop in shown], merged=merged, kept=kept,
        may_change=who.may("listings"), undo_apart=(one, other) if said == "apart" and one and other else None,
    )  # fmt: skip


def _the_fuller_first(one: Listing, two: Listing) -> tuple[Listing, Listing]:
    """Which stays unless somebody says otherwise: the accredited, then the one that says more."""

    def worth(listing: Listing) -> tuple[bool, int]:
        return bool(listing.accredited_by), len(listing.to_document())

    return (two, one) if worth(two) > worth(one) else (one, two)


def _rows(keep: Listing, drop: Listing) -> list[tuple[str, str, str, str, bool]]:
    """(first field of the group, words, value kept, value of the other, whether the other's is the better guess)."""
    here, there = keep.to_document(), drop.to_document()
    out = []
    for group in merging.differing(keep, drop):
        words = ", ".join(LABELS.get(name, name) for name in group if name not in ("latitude", "longitude", "cost_amount"))
        told = [
            "; ".join(field_value(d.get(name)) for name in group if d.get(name) is not None and name not in ("latitude", "longitude", "cost_amount"))
            for d in (here, there)
        ]
        out.append((group[0], words, told[0] or "empty", told[1] or "empty", not any(here.get(name) for name in group)))
    return out


@router.post("/merge")
def merge(
    house: TheHouse, who: Writer, keep: OneId = "", drop: OneId = "", seen: Annotated[str, Form(max_length=80)] = "",
    take: Annotated[list[str], Form(max_items=60)] = [],  # noqa: B006
) -> Response:  # fmt: skip
    """Make one of two. `seen` is how both stood on the page: changed since, nothing happens."""
    who.need("listings")
    with transaction(house.engine) as connection:
        known = store.stored(connection, [keep, drop])
        if len(known) < 2:
            raise Conflict("One of the two is no longer here: they may be merged already.")
        if seen != f"{known[keep].content_hash()}.{known[drop].content_hash()}":
            raise Conflict("One of the two was changed meanwhile. Load the page again and look once more.")
        merging.merge(connection, keep, drop, take, signature(who), clock.now())
        audit.record(connection, who.id, "listing.merged", keep)
    return _back("merged")


@router.post("/apart")
def apart(house: TheHouse, who: Writer, one: OneId = "", other: OneId = "", undo: Annotated[str, Form(max_length=1)] = "") -> Response:
    """Not the same; or looked at again."""
    who.need("listings")
    with transaction(house.engine) as connection:
        if len(store.stored(connection, [one, other])) < 2:
            raise NotFound("One of the two is no longer here.")
        if undo:
            doubles.look_again(connection, one, other)
        else:
            doubles.keep_apart(connection, one, other, signature(who), clock.now())
        audit.record(connection, who.id, "listing.apart", one)
    return _back("again") if undo else _back("apart", f"&one={one}&other={other}")


@router.post("/{old_id}/undo")
def undo(house: TheHouse, who: Writer, old_id: Annotated[str, Path(max_length=100)]) -> Response:
    """Take a merge back."""
    who.need("listings")
    with transaction(house.engine) as connection:
        try:
            whole = merging.unmerge(connection, old_id, signature(who), clock.now())
        except KeyError as error:
            raise NotFound("There is no such merge. It may be undone already.") from error
        except CannotTakeBack as error:
            raise Conflict(str(error)) from error
        audit.record(connection, who.id, "listing.unmerged", old_id)
    return _back("undone" if whole else "partly")


def _back(said: str, more: str = "") -> Response:
    return RedirectResponse(f"{HERE}/duplicates?said={said}{more}", status_code=303, headers=HEADERS)
