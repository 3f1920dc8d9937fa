"""The page of one service, with 'something not right here?'; and a provider's page behind a signed link. No account for either."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from assistant.channels.limits import Buckets, address_of
from assistant.channels.web_messages import for_print
from assistant.clock import clock
from assistant.errors import LinkwayError, NotFound, TooMany, Unavailable
from assistant.house import House
from assistant.store.database import transaction
from assistant.web import listing_words as words
from assistant.web.context import PageContext
from assistant.web.headers import page_headers
from assistant.web.pages import render, render_error
from directory import asking, reports, store
from directory.forms import PROVIDER_COLUMNS, as_cells, corrected
from directory.query import Match
from directory.records import Listing
from directory.text import clean

REPORTS_AN_HOUR = 6
PROVIDER = "its provider, by the link"


def listing_router(context: PageContext, house: House) -> APIRouter:
    """`/directory/{id}`, `/directory/{id}/wrong` and `/directory/confirm/{token}`."""
    router = APIRouter(include_in_schema=False)
    # Behind one address may be a whole surgery: each has some, each listing has some.
    limit = Buckets(REPORTS_AN_HOUR, 3600, words.MANY)

    def found(listing_id: str) -> Match:
        if house.directory is None:
            raise Unavailable("Services cannot be shown just now. Please try again later.")
        match = house.directory.get(listing_id[:100].replace("\x00", ""), viewer="patient")
        if match is None:
            raise NotFound(words.NOT_HERE)
        return match

    def show(request: Request, match: Match, *, status: int = 200, **values: Any) -> HTMLResponse:
        return render(
            request, "listing.html", context, status=status, service=for_print(match.as_service()), listing=match.listing,
            headers=page_headers(), **{"said": "", "fault": "", "wrong": "", "contact": "", "field": "", **values},
        )  # fmt: skip

    @router.get("/directory/{listing_id}", response_class=HTMLResponse)
    def one(request: Request, listing_id: str) -> HTMLResponse:
        try:
            return show(request, found(listing_id))
        except LinkwayError as error:
            return render_error(request, context, error)

    @router.post("/directory/{listing_id}/wrong", response_class=HTMLResponse)
    def wrong(
        request: Request, listing_id: str, wrong: str = Form("", max_length=20_000), contact: str = Form("", max_length=2_000),
        website: str = Form("", max_length=200),
    ) -> HTMLResponse:  # fmt: skip
        """Kept for a person to look at. `website` is a box nobody sees: what fills it in is a machine."""
        try:
            match = found(listing_id)
        except LinkwayError as error:
            return render_error(request, context, error)
        typed = {"wrong": wrong, "contact": contact}
        said, back = clean(wrong), " ".join(clean(contact).split())
        if not said or len(said) > reports.LONGEST_WORDS:
            fault = words.TOO_LONG if said else words.SAY_WHAT
            return show(request, match, status=422, fault=fault, field="wrong", **typed)
        if len(back) > reports.LONGEST_CONTACT:
            return show(request, match, status=422, fault=words.CONTACT_LONG, field="contact", **typed)
        if website:
            return show(request, match, said=words.THANKS)
        try:
            limit.take(address_of(request))
            with transaction(house.engine) as connection:
                new = reports.report(connection, match.id, said, back, clock.now())
        except TooMany as error:
            return show(request, match, status=429, fault=str(error.detail), field="wrong", **typed)
        except LinkwayError as error:
            return render_error(request, context, error)
        return show(request, match, said=words.THANKS if new else words.THANKS_AGAIN)

    _provider_pages(router, context, house)
    return router


def _provider_pages(router: APIRouter, context: PageContext, house: House) -> None:
    limit = Buckets(REPORTS_AN_HOUR * 5, 3600, words.MANY)

    def theirs(token: str) -> Listing:
        listing_id = asking.listing_of(token[:600], clock.today(), context.secret)
        if listing_id is None or house.directory is None:
            raise NotFound(words.LINK_OVER)
        match = house.directory.get(listing_id, viewer="staff")
        if match is None:
            raise NotFound(words.LINK_OVER)
        return match.listing

    def show(request: Request, token: str, listing: Listing, status: int = 200, **values: Any) -> HTMLResponse:
        shown: dict[str, Any] = {"said": "", "faults": {}, "typed": as_cells(listing), "note": "", "contact": "", **values}
        return render(
            request, "provider.html", context, status=status, token=token, listing=listing, columns=PROVIDER_COLUMNS,
            labels=words.LABELS, headers=page_headers(), **shown,
        )  # fmt: skip

    @router.get("/directory/confirm/{token}", response_class=HTMLResponse)
    def ask(request: Request, token: str) -> HTMLResponse:
        """Looking changes nothing: mail programs open links by themselves."""
        try:
            return show(request, token, theirs(token))
        except LinkwayError as error:
            return render_error(request, context, error)

    @router.post("/directory/confirm/{token}", response_class=HTMLResponse)
    async def answer(request: Request, token: str) -> HTMLResponse:
        """All still right, or what has changed; a change waits for a person."""
        try:
            limit.take(token[:600])
            listing = theirs(token)
            form = await request.form()
            if form.get("still") == "right":
                _confirm(house, listing)
                return show(request, token, listing, said=words.STILL_RIGHT)
            typed = {name: str(form.get(name, ""))[:20_000] for name in PROVIDER_COLUMNS if name in form}
            note, contact = clean(str(form.get("note", ""))), " ".join(clean(str(form.get("contact", ""))).split())
            changes, faults = corrected(typed, listing, house.directory.places) if house.directory else ({}, {})
            if len(note) > reports.LONGEST_WORDS:
                faults = {**faults, "note": words.TOO_LONG}
            if len(contact) > reports.LONGEST_CONTACT:
                faults = {**faults, "contact": words.CONTACT_LONG}
            if not faults and not changes and not note:
                faults = {"note": words.NOTHING_NEW}
            if faults:
                kept = {**as_cells(listing), **typed}
                return show(request, token, listing, status=422, faults=faults, typed=kept, note=note, contact=contact)
            with transaction(house.engine) as connection:
                reports.report(connection, listing.id, note, contact, clock.now(), kind="correction", fields=changes)
                asking.note_answer(connection, listing.id, clock.now())
            return show(request, token, listing, said=words.CORRECTED)
        except LinkwayError as error:
            return render_error(request, context, error)


def _confirm(house: House, listing: Listing) -> None:
    """Its provider says all is still right: that is a check, today."""
    at = clock.now().replace(tzinfo=None)
    with transaction(house.engine) as connection:
        try:
            store.changed_in(connection, listing.id, PROVIDER, at=at, named="confirmed", checked_on=clock.today())
        except KeyError as error:
            raise NotFound(words.LINK_OVER) from error
        asking.note_answer(connection, listing.id, clock.now())
