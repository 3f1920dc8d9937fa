"""Signposting for clinicians and reception, who have no minute to learn it: search, tick, print or text; counted."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import audit, csrf, sessions
from assistant.desk.accounts import names_by_id
from assistant.desk.forms import posted
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.practices import chosen
from assistant.desk.roles import Staff
from assistant.desk.summary import name_of
from assistant.errors import BadInput, Conflict, Unavailable
from assistant.house import House, TheHouse
from assistant.pathway import signposting
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import signposts
from directory.search import Query as Wanted

router = APIRouter(prefix=f"{ROOT}/signpost", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
MOST_SHOWN = 8
SAID = {"texted": "On its way by text. It is counted.", "undone": "Taken back. It is no longer counted."}


def _page(
    request: Request, house: House, who: Staff, *, q: str, practice: str, near: str = "", done: str = "", fault: str = "",
    fields: dict[str, Any] | None = None, status: int = 200,
) -> HTMLResponse:
    """The search, what was found, and how to hand it out; after a fault with everything as it was."""
    result = None
    if q or near:
        if house.directory is None:
            raise Unavailable("The directory cannot be searched just now. Please try again later.")
        # No place told: from the practice's own, as patients' searches begin.
        start = near or house.programme.practice(practice).outcode
        result = house.directory.search(Wanted(text=q, near=start, viewer="patient", limit=MOST_SHOWN))
    return page(
        request, "signpost/signpost.html", who, status, title="Signpost", q=q, near=near, practice=practice, result=result,
        services=[match.as_service() for match in result.matches] if result else [], fault=fault, said=SAID.get(done, ""),
        fields=fields or {}, most=signposting.MOST_LISTINGS, once=secrets.token_urlsafe(12), practice_name=house.programme.practice(practice).name,
        practices=[(p.slug, p.name) for p in house.programme.practices.values()] if who.practice is None else [],
    )  # fmt: skip


@router.get("")
def signpost_page(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    q: Annotated[str, Query(max_length=500)] = "",
    near: Annotated[str, Query(max_length=60)] = "",
    practice: Annotated[str, Query(max_length=64)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """One box, in the patient's own words or a clinician's."""
    who.need("directory")
    words = q.replace("\x00", "").strip()
    return _page(request, house, who, q=words, near=near.replace("\x00", "").strip(), practice=chosen(house, who, practice), done=done)


@router.post("")
def hand_out(request: Request, house: TheHouse, who: Writer, fields: Annotated[dict[str, Any], Depends(posted)]) -> Response:
    """Print goes to the page to print; a text goes out at once. Neither keeps who it was for."""
    who.need("directory")
    practice = house.programme.practice(chosen(house, who, str(fields.get("practice") or "")))
    by_text, once = fields.get("how") == "text", str(fields.get("once") or "")[:40]
    try:
        given = signposting.services(house, fields.get("listing") or [])
        with transaction(house.engine) as connection:
            number = None
            if by_text:
                sure = fields.get("safe") == "yes"
                number = signposting.number_for(connection, str(fields.get("number") or ""), sure=sure, demo=house.settings.demo)
            signpost = signposting.hand_out(connection, practice, who.id, given, once, number)
            audit.record(connection, who.id, "signpost.texted" if by_text else "signpost.printed", str(signpost))
    except (BadInput, Conflict) as error:
        q, near = str(fields.get("q") or "")[:500], str(fields.get("near") or "")[:60]
        return _page(
            request, house, who, q=q, near=near, practice=practice.slug, fault=error.detail, fields=fields, status=error.status
        )
    if by_text:
        house.wake_outbox()
        return RedirectResponse(f"{ROOT}/signpost?done=texted", status_code=303, headers=HEADERS)
    return RedirectResponse(f"{ROOT}/signpost/{signpost}/print", status_code=303, headers=HEADERS)


@router.get("/given")
def given_page(request: Request, house: TheHouse, who: SignedIn, done: Annotated[str, Query(max_length=20)] = "") -> HTMLResponse:
    """What we handed out this month."""
    who.need("directory")
    with reading(house.engine) as connection:
        rows = signposting.this_month(connection, who.sees(signposts.c.practice))
        names = names_by_id(connection)
    listings = Counter(listing for row in rows for listing in row.listings)
    titles = {listing: name_of(house, listing) for listing in listings}
    return page(
        request, "signpost/given.html", who, title="What we handed out this month", rows=rows, names=names, titles=titles,
        most=listings.most_common(10), said=SAID.get(done, ""),
        practice_names={slug: practice.name for slug, practice in house.programme.practices.items()},
    )  # fmt: skip


@router.get("/{signpost_id}/print")
def print_page(request: Request, house: TheHouse, who: SignedIn, signpost_id: Number) -> HTMLResponse:
    """The list on a page of its own, for the patient to take away."""
    who.need("directory")
    with reading(house.engine) as connection:
        row = signposting.load(connection, who.sees(signposts.c.practice), signpost_id)
    practice = house.programme.practice(row.practice)
    found = [house.directory.get(listing, viewer="patient") if house.directory else None for listing in row.listings]
    return page(
        request, "signpost/print.html", who, title=f"Places to try, from {practice.name}", practice=practice, row=row,
        services=[match.as_service() for match in found if match], facts=practice.facts(),
    )  # fmt: skip


@router.post("/{signpost_id}/undo")
def undo(house: TheHouse, who: Writer, signpost_id: Number) -> Response:
    """A miscount is taken back."""
    who.need("directory")
    with transaction(house.engine) as connection:
        signposting.take_back(connection, signposting.load(connection, who.sees(signposts.c.practice), signpost_id))
        audit.record(connection, who.id, "signpost.undone", str(signpost_id))
    return RedirectResponse(f"{ROOT}/signpost/given?done=undone", status_code=303, headers=HEADERS)
