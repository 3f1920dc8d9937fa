"""Minding the directory: what is missing, providers to be asked, what people say is wrong, likely doubles."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.desk import audit, csrf
from assistant.desk.listing_pages import (
    HERE,
    Id,
    Number,
    SignedIn,
    just_done,
    listing_in,
    policy_of,
    ready,
    signature,
)
from assistant.desk.listing_words import KIND_WORDS, LABELS, letter
from assistant.desk.pages import HEADERS, DeskRoute, page, templates
from assistant.desk.roles import Staff
from assistant.errors import BadInput, NotFound
from assistant.house import House, TheHouse
from assistant.secret import secret_key
from assistant.store.database import reading, transaction
from directory import asking, reports, store
from directory.forms import read_form
from directory.harmless import csv_bytes
from directory.quality import Quality, quality
from directory.records import Listing

router = APIRouter(prefix=HERE, route_class=DeskRoute, include_in_schema=False)
Writer = Annotated[Staff, Depends(csrf.writer)]
Did = Annotated[int | None, Query(ge=0, le=2**31 - 1)]
Of = Annotated[str, Query(max_length=100)]
SHOWN = 60
LETTERS = 25
templates.env.globals.update(KIND_WORDS=KIND_WORDS)


def _quality(house: House) -> Quality:
    return quality(ready(house).listings(viewer="staff"), clock.today(), policy_of(house))


@router.get("/quality")
def quality_page(
    request: Request, house: TheHouse, who: SignedIn, kind: Annotated[str, Query(max_length=40)] = "", did: Did = None, of: Of = ""
) -> HTMLResponse:
    """How many of each kind; one kind chosen, its listings with what mends them in one press."""
    who.need("directory")
    told = _quality(house)
    chosen = _of_kind(told, kind)
    with reading(house.engine) as connection:
        done = just_done(connection, of, did)
    return page(
        request, "directory/quality.html", who, title="What is missing", told=told, kind=kind, chosen=chosen[:SHOWN], all_chosen=len(chosen),
        did=done, stood_so=did == 0, policy=policy_of(house), may_change=who.may("listings"), back_to="quality",
    )  # fmt: skip


def _of_kind(told: Quality, kind: str) -> list[Listing]:
    if kind.startswith("without:"):
        return told.by_field.get(kind.removeprefix("without:"), [])
    return told.by_kind.get(kind, [])


@router.get("/quality.csv")
def quality_csv(house: TheHouse, who: SignedIn) -> Response:
    """Every fault as a row, for a spreadsheet. What a spreadsheet would run is made harmless."""
    who.need("directory")
    told, base = _quality(house), house.settings.public_base_url.rstrip("/")
    rows = [(KIND_WORDS[kind], listing) for kind, those in told.by_kind.items() for listing in those]
    rows += [(f"Missing: {LABELS.get(name, name)}", listing) for name, those in told.by_field.items() for listing in those]
    body = csv_bytes(
        ("what", "id", "name", "provider", "source", "phone", "email", "last_checked", "mend_it_here"),
        ([what, x.id, x.name, x.provider or "", x.source, x.phone or "", x.email or "", x.last_checked.isoformat() if x.last_checked else "",
          f"{base}{HERE}/listings/{x.id}"] for what, x in rows),
    )  # fmt: skip
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="directory-{clock.today().isoformat()}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/asking")
def asking_page(request: Request, house: TheHouse, who: SignedIn, did: Did = None, of: Of = "", asked: Of = "") -> HTMLResponse:
    """Providers to be asked whether all is still right, each with a letter ready to copy or print."""
    who.need("directory")
    listings, policy = ready(house).listings(viewer="staff"), policy_of(house)
    with reading(house.engine) as connection:
        now, waiting = asking.due(connection, listings, clock.today(), policy)
        done = just_done(connection, of, did)
    letters = {one.listing.id: letter_for(house, who, one.listing) for one in now[:LETTERS]} if who.may("listings") else {}
    return page(
        request, "directory/asking.html", who, title="Still right?", now=now[:LETTERS], all_now=len(now), waiting=waiting[:SHOWN],
        all_waiting=len(waiting), letters=letters, policy=policy, did=done, stood_so=did == 0, may_change=who.may("listings"),
        back_to="asking", asked=asked, again_days=asking.ASK_AGAIN.days,
    )  # fmt: skip


def letter_for(house: House, who: Staff, listing: Listing) -> str:
    """The letter about one listing, with the link its provider answers by."""
    practices = house.programme.practices
    practice = practices.get(who.practice or "") or next(iter(practices.values()))
    token = asking.link_token(listing.id, clock.today(), secret_key(house.settings))
    link = f"{house.settings.public_base_url.rstrip('/')}/directory/confirm/{token}"
    return letter(listing.name, listing.provider, practice.name, link, practice.phone)


@router.get("/asking/{listing_id}/letter")
def letter_page(request: Request, house: TheHouse, who: SignedIn, listing_id: Id) -> HTMLResponse:
    """One letter on a page of its own, to print."""
    who.need("listings")
    with reading(house.engine) as connection:
        listing = listing_in(connection, listing_id)
    return page(request, "directory/letter.html", who, title=f"Letter about {listing.name}", listing=listing, letter=letter_for(house, who, listing))


@router.post("/asking/{listing_id}/{step}")
def note_asked(house: TheHouse, who: Writer, listing_id: Id, step: Literal["sent", "undo"]) -> Response:
    """The letter went out (by post, e-mail or text, from the practice's own account), or did not after all."""
    who.need("listings")
    with transaction(house.engine) as connection:
        listing_in(connection, listing_id)
        if step == "sent":
            asking.note_asked(connection, listing_id, signature(who), clock.now())
        else:
            asking.forget_asked(connection, listing_id)
        audit.record(connection, who.id, f"listing.asked_{step}", listing_id)
    return RedirectResponse(f"{HERE}/asking" + (f"?asked={listing_id}" if step == "sent" else ""), status_code=303, headers=HEADERS)


@router.get("/reports")
def reports_page(request: Request, house: TheHouse, who: SignedIn, did: Did = None, of: Of = "", settled: Did = None) -> HTMLResponse:
    """What people say is wrong, and what providers corrected, with the listing."""
    who.need("directory")
    with reading(house.engine) as connection:
        waiting, past = reports.open_reports(connection), reports.settled_reports(connection)
        known = store.stored(connection, list({row.listing_id for row in (*waiting, *past)}))
        done = just_done(connection, of, did)
        last = next((row for row in past if row.id == settled), None)
    return page(
        request, "directory/reports.html", who, title="Said to be wrong", waiting=waiting, past=past, known=known, did=done,
        stood_so=did == 0, settled=last, may_change=who.may("listings"), back_to="reports",
    )  # fmt: skip


@router.post("/reports/{number}/{step}")
def settle(
    house: TheHouse, who: Writer, number: Number, step: Annotated[str, Path(regex="^(resolved|dismissed|open|accept)$")]
) -> Response:
    """Resolved, dismissed, back again; or a provider's correction taken over as it was written."""
    who.need("listings")
    change = None
    with transaction(house.engine) as connection:
        try:
            row = reports.one_report(connection, number)
            if step == "open":
                reports.open_again(connection, number)
            else:
                if step == "accept" and row.state == "open":
                    change = _take_over(connection, house, who, row)
                reports.settle(connection, number, "resolved" if step == "accept" else step, signature(who), clock.now())
        except KeyError as error:
            raise NotFound("There is no such report.") from error
        audit.record(connection, who.id, f"listing.report_{step}", row.listing_id)
    asked = f"?did={change}&of={row.listing_id}" if change else "" if step == "open" else f"?settled={number}"
    return RedirectResponse(f"{HERE}/reports{asked}", status_code=303, headers=HEADERS)


def _take_over(connection: Connection, house: House, who: Staff, row: Row) -> int | None:
    """What a provider wrote, checked again as a form is: the listing may have changed since."""
    listing = listing_in(connection, row.listing_id)
    wanted = {name: pair[1] for name, pair in row.fields.items()}
    read = read_form(wanted, listing, listing.source, ready(house).places)
    if read.listing is None:
        raise BadInput("; ".join(f"{LABELS.get(name, name)}: {fault}" for name, fault in read.errors.items()), field="fields")
    fields = {name: getattr(read.listing, name) for name in (*wanted, "latitude", "longitude", "cost_amount", "free_sessions")}
    fields["checked_on"] = clock.today()
    at = clock.now().replace(tzinfo=None)
    return store.changed_in(connection, listing.id, signature(who), why="as its provider wrote", at=at, named="corrected", **fields)


