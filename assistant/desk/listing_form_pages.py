"""Adding and editing a listing: one form in groups, errors beside the fields, nothing typed is lost, a look before it is kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.clock import clock
from assistant.desk import audit, csrf
from assistant.desk.listing_pages import HERE, Id, SignedIn, listing_in, policy_of, ready, signature
from assistant.desk.listing_words import GROUPS, LABELS, LONG, field_value
from assistant.desk.pages import HEADERS, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.desk.wording import need_options
from assistant.errors import NotFound
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction
from directory import store
from directory.doubles import find_pairs
from directory.forms import FORM_COLUMNS, Read, as_cells, longest, read_form
from directory.needs import load_needs
from directory.records import COLUMNS, Listing
from directory.service import service_dict
from directory.visibility import visibility

router = APIRouter(prefix=HERE, route_class=DeskRoute, include_in_schema=False)
SOURCE = "desk"
# Longer than any field takes, so that its own error is shown; what is beyond cannot be kept even for that.
MOST_TYPED = 60_000


async def typed(request: Request, who: Annotated[Staff, Depends(csrf.writer)]) -> dict[str, str]:
    """What the form held: known columns alone; ticked needs joined."""
    form = await request.form()
    values = {name: str(form.get(name, ""))[:MOST_TYPED] for name in (*FORM_COLUMNS, "expect", "step", "anyway") if name in form}
    values["needs"] = "; ".join(str(one)[:60] for one in form.getlist("needs")[:40])
    return values


Typed = Annotated[dict[str, str], Depends(typed)]
Writer = Annotated[Staff, Depends(csrf.writer)]


@router.get("/new")
def new_page(request: Request, house: TheHouse, who: SignedIn) -> HTMLResponse:
    """An empty form."""
    who.need("listings")
    return _form(request, who, None, {**dict.fromkeys(COLUMNS, ""), "status": "open", "checked_on": clock.today().isoformat()})


@router.get("/listings/{listing_id}/edit")
def edit_page(request: Request, house: TheHouse, who: SignedIn, listing_id: Id) -> HTMLResponse:
    """The listing as it stands."""
    who.need("listings")
    with reading(house.engine) as connection:
        listing = listing_in(connection, listing_id)
    return _form(request, who, listing, as_cells(listing))


@router.post("/new")
def new(request: Request, house: TheHouse, who: Writer, values: Typed) -> Response:
    """Look at it first, then keep it. One that is here already under another id is named before."""
    who.need("listings")
    read = read_form(values, None, SOURCE, ready(house).places)
    if read.listing is None:
        return _form(request, who, None, values, read)
    with reading(house.engine) as connection:
        twin = store.stored(connection, [read.listing.id]).get(read.listing.id)
        doubles = [] if values.get("anyway") else _doubles(store.all_in(connection), read.listing)
    if twin is not None:
        doubles = [twin]
    if values.get("step") != "keep" or twin is not None or doubles:
        return _form(request, who, None, values, read, look=read.listing, house=house, doubles=doubles, blocked=twin is not None)
    with transaction(house.engine) as connection:
        if read.listing.id in store.stored(connection, [read.listing.id]):
            return RedirectResponse(f"{HERE}/listings/{read.listing.id}", status_code=303, headers=HEADERS)  # pressed twice
        changes = store.plan(connection, [read.listing])
        store.apply(connection, [read.listing], changes, signature(who), at=clock.now().replace(tzinfo=None))
        audit.record(connection, who.id, "listing.added", read.listing.id)
    return RedirectResponse(f"{HERE}/listings/{read.listing.id}", status_code=303, headers=HEADERS)


@router.post("/listings/{listing_id}/edit")
def edit(request: Request, house: TheHouse, who: Writer, listing_id: Id, values: Typed) -> Response:
    """Look at it first, then keep it. Changed by somebody meanwhile: both versions are shown, and what was typed stays."""
    who.need("listings")
    places = ready(house).places
    with reading(house.engine) as connection:
        now = listing_in(connection, listing_id)
    read = read_form(values, now, SOURCE, places)
    if read.listing is None:
        return _form(request, who, now, values, read)
    if values.get("expect") != now.content_hash():
        return _form(request, who, now, values, read, meanwhile=_both(now, read.listing), look=read.listing, house=house)
    if values.get("step") != "keep":
        return _form(request, who, now, values, read, look=read.listing, house=house)
    fields = {name: getattr(read.listing, name) for name in (*FORM_COLUMNS, "cost_amount")}
    try:
        with transaction(house.engine) as connection:
            number = store.changed_in(
                connection, listing_id, signature(who), at=clock.now().replace(tzinfo=None), named="edited", expect=values["expect"], **fields
            )
            if number:
                audit.record(connection, who.id, "listing.edited", listing_id)
    except KeyError as error:
        raise NotFound("There is no such listing. It may have been removed or merged.") from error
    except store.ChangedMeanwhile as error:
        return _form(request, who, error.now, values, read, meanwhile=_both(error.now, read.listing), look=read.listing, house=house)
    return RedirectResponse(f"{HERE}/listings/{listing_id}?did={number or 0}", status_code=303, headers=HEADERS)


def _doubles(listings: list[Listing], listing: Listing) -> list[Listing]:
    pairs = find_pairs([*listings, listing], only={listing.id})
    ids = {one for pair in pairs for one in (pair.first, pair.second)} - {listing.id}
    return [one for one in listings if one.id in ids]


def _both(now: Listing, mine: Listing) -> list[tuple[str, str, str]]:
    """(field, as it stands now, as it was typed) of what differs."""
    changed = store.differences(now, mine)
    return [(LABELS.get(name, name), field_value(theirs), field_value(own)) for name, (theirs, own) in changed.items()]


def _form(
    request: Request, who: Staff, listing: Listing | None, values: dict[str, str], read: Read | None = None, *,
    look: Listing | None = None, house: House | None = None, meanwhile: list[tuple[str, str, str]] | None = None,
    doubles: list[Listing] | None = None, blocked: bool = False,
) -> HTMLResponse:  # fmt: skip
    ticked = {part.strip() for part in values.get("needs", "").split(";")}
    shown: dict[str, Any] = {}
    if look is not None and house is not None:
        shown = {"service": service_dict(look), "hidden": visibility(look, clock.today(), policy_of(house))}
    errors = read.errors if read else {}
    return page(
        request, "directory/form.html", who, status=422 if errors else 409 if meanwhile or blocked else 200,
        title=f"Edit {listing.name}" if listing else "Add a listing", listing=listing, values={**dict.fromkeys(COLUMNS, ""), **values},
        ticked=ticked, errors=errors, warnings=read.warnings if read else {}, groups=GROUPS, long=LONG, longest=longest,
        needs=need_options(load_needs()), look=look, meanwhile=meanwhile, doubles=doubles or [], blocked=blocked,
        expect=listing.content_hash() if listing else "", **shown,
    )  # fmt: skip
