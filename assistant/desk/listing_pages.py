"""One listing: what patients see, what was decided about it, its history; each decision is one press and can be undone."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.desk import audit, csrf, sessions
from assistant.desk.listing_words import DONE, LABELS, field_value
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page, templates
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict, NotFound, Unavailable
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction
from directory import store, taking_back, trust
from directory.cells import CellError, parse_date
from directory.quality import faults
from directory.records import Listing
from directory.reports import open_reports
from directory.service import service_dict
from directory.visibility import Policy, visibility

HERE = f"{ROOT}/directory"
router = APIRouter(prefix=HERE, route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Id = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Text = Annotated[str, Form(max_length=2000)]
Act = Literal["accredit", "renew", "suspend", "lift", "checked", "open", "full", "paused", "closed"]
Back = Annotated[str, Form(max_length=20)]
# Pages a press can come from and goes back to.
PAGES = ("quality", "asking", "reports")
templates.env.filters["field_value"] = field_value
templates.env.globals.update(FIELD_LABELS=LABELS, DONE=DONE)


def signature(who: Staff) -> str:
    """How a person stands in the history of a listing."""
    return f"{who.name} ({who.username})"


def policy_of(house: House) -> Policy:
    """The practice's rules on freshness, as the search applies them."""
    return getattr(house.directory, "policy", None) or Policy()


def listing_in(connection: Connection, identifier: str) -> Listing:
    """The listing. Raises NotFound."""
    listing = store.stored(connection, [identifier.replace("\x00", "")]).get(identifier)
    if listing is None:
        raise NotFound("There is no such listing. It may have been removed or merged.")
    return listing


def just_done(connection: Connection, listing_id: str, number: int | None) -> dict[str, Any] | None:
    """The change that was just made, for the notice with 'Undo'; None for a number that is no change of this listing."""
    if not number:
        return None
    found = next((one for one in store.history_in(connection, listing_id, 20) if one["id"] == number), None)
    return {**found, "of": listing_id} if found else None


def went(listing_id: str, number: int | None, back: str = "") -> Response:
    """After a write: to the page one came from, which says what was done and offers to undo it."""
    base = f"{HERE}/{back}" if back in PAGES else f"{HERE}/listings/{listing_id}"
    return RedirectResponse(f"{base}?did={number or 0}&of={listing_id}", status_code=303, headers=HEADERS)


@router.get("/listings/{listing_id}")
def listing_page(
    request: Request, house: TheHouse, who: SignedIn, listing_id: Id, did: Annotated[int | None, Query(ge=0, le=2**31 - 1)] = None
) -> Response:
    """Everything about one listing. An id that was merged leads to the one that stayed."""
    who.need("directory")
    with reading(house.engine) as connection:
        new = store.moved(connection).get(listing_id)
        if new is not None:
            return RedirectResponse(f"{HERE}/listings/{new}", status_code=303, headers=HEADERS)
    return _show(request, house, who, listing_id, did=did)


def _show(
    request: Request, house: House, who: Staff, listing_id: str, *, did: int | None = None, act: str = "",
    fault: BadInput | None = None, typed: dict[str, str] | None = None,
) -> HTMLResponse:  # fmt: skip
    with reading(house.engine) as connection:
        listing = listing_in(connection, listing_id)
        history = store.history_in(connection, listing_id)
        reports = open_reports(connection, listing_id)
        done = just_done(connection, listing_id, did)
    today, policy = clock.today(), policy_of(house)
    until = policy.accredited_until(listing)
    return page(
        request, "directory/listing.html", who, status=fault.status if fault else 200, title=listing.name, listing=listing,
        service=service_dict(listing), hidden=visibility(listing, today, policy), until=until, faults=faults(listing, today, policy),
        history=history, reports=reports, did=done, stood_so=did == 0, act=act, fault=fault, typed=typed or {}, policy=policy,
        public=house.settings.public_base_url.rstrip("/"), may_change=who.may("listings"),
    )  # fmt: skip


@router.post("/listings/{listing_id}/{act}")
def decide(
    request: Request, house: TheHouse, who: Writer, listing_id: Id, act: Act, body: Text = "", until: Text = "", why: Text = "", back: Back = ""
) -> Response:
    """One decision. What was typed is shown again beside what is wrong with it."""
    who.need("listings")
    try:
        if len(why) > trust.LONGEST_WHY:
            raise trust.NotDecided("why", f"Keep the reason to {trust.LONGEST_WHY} characters.")
        with transaction(house.engine) as connection:
            listing_in(connection, listing_id)
            decision = trust.Decision(listing_id, signature(who), clock.now(), clock.today(), " ".join(why.replace("\x00", "").split()))
            number = _decide(connection, decision, act, body.replace("\x00", ""), until, policy_of(house))
            audit.record(connection, who.id, f"listing.{act}", listing_id)
    except trust.NotDecided as error:
        typed = {"body": body, "until": until, "why": why}
        return _show(request, house, who, listing_id, act=act, fault=BadInput(str(error), field=error.field), typed=typed)
    return went(listing_id, number, back)


def _decide(connection: Connection, decision: trust.Decision, act: Act, body: str, until: str, policy: Policy) -> int | None:
    if act in ("accredit", "renew"):
        last = _a_date(until)
        return trust.accredit(connection, decision, body, last, policy) if act == "accredit" else trust.renew(connection, decision, last, policy)
    if act == "suspend":
        return trust.suspend(connection, decision)
    if act == "lift":
        return trust.lift(connection, decision)
    return trust.checked_today(connection, decision) if act == "checked" else trust.set_state(connection, decision, act)


def _a_date(text: str) -> date | None:
    try:
        return parse_date(text) if text.strip() else None
    except CellError as error:
        raise trust.NotDecided("until", str(error)) from error


@router.post("/listings/{listing_id}/changes/{number}/take-back")
def take_back(house: TheHouse, who: Writer, listing_id: Id, number: Number, back: Back = "") -> Response:
    """Undo one change, if nobody has changed the same since."""
    who.need("listings")
    with transaction(house.engine) as connection:
        try:
            of = taking_back.change_of(connection, number)
            if of != listing_id:
                raise NotFound("There is no such change of this listing.")
            taking_back.take_back(connection, number, signature(who), clock.now())
        except KeyError as error:
            raise NotFound("There is no such change.") from error
        except taking_back.CannotTakeBack as error:
            raise Conflict(str(error)) from error
        audit.record(connection, who.id, "listing.taken_back", listing_id)
        newest = store.newest_change(connection, listing_id)
    return went(listing_id, newest, back)


def ready(house: House) -> Any:
    """The directory. Raises Unavailable when it is not loaded."""
    if house.directory is None:
        raise Unavailable("The directory cannot be used just now. Please try again later.")
    return house.directory
