"""The page on which a navigator books a call or a first meeting, or moves the one that stands."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.conversations import diary
from assistant.desk import audit, booking, csrf, sessions, wording
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.roles import Staff, conversation_for
from assistant.errors import BadInput, Conflict
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/conversations/{{conversation_id}}/book", route_class=DeskRoute, include_in_schema=False)
Id = Annotated[str, Path(max_length=36)]
Short = Annotated[str, Query(max_length=120)]
Field = Annotated[str, Form(max_length=400)]


def _page(request: Request, house: House, who: Staff, conversation_id: str, status: int = 200, **asked: Any) -> HTMLResponse:
    with reading(house.engine) as connection:
        row = conversation_for(connection, who, conversation_id)
        practice = house.programme.practice(row.practice)
        standing = booking.standing_for(connection, row)
        kind = asked.get("kind") if asked.get("kind") in booking.KINDS else standing.kind if standing else diary.CALL
        names = [str(navigator.name) for navigator in practice.navigators]
        navigator = asked.get("navigator") if asked.get("navigator") in names else None
        days = booking.free_by_day(connection, practice, str(kind), navigator)
    return page(
        request, "booking.html", who, status, title=f"Book for {wording.person(row)}", row=row, practice=practice,
        standing=standing, kinds=booking.KINDS, kind=kind, names=names, navigator=navigator, days=days,
        rooms=diary.rooms(practice), minutes=diary.minutes_of(str(kind), practice), most=booking.MOST_PURPOSE,
        not_to_ring=booking.why_not_ring(row), fault=asked.get("fault", ""), kept=asked,
    )  # fmt: skip


@router.get("")
def booking_page(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(sessions.signed_in)],
    conversation_id: Id,
    kind: Short = "",
    navigator: Short = "",
) -> HTMLResponse:
    """Free times under their days, for a call or a meeting."""
    with transaction(house.engine) as connection:
        conversation_for(connection, who, conversation_id)
        audit.record(connection, who.id, "conversation.read", conversation_id)
    return _page(request, house, who, conversation_id, kind=kind, navigator=navigator)


@router.post("")
def book(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(csrf.writer)],
    conversation_id: Id,
    kind: Field = "",
    slot: Field = "",
    place: Field = "",
    purpose: Annotated[str, Form(max_length=20_000)] = "",
    filtered: Field = "",
) -> Response:
    """Book it. What was chosen is kept when it cannot be."""
    starts_at, _, navigator = slot.partition("|")
    try:
        with transaction(house.engine) as connection:
            call, _ = booking.book_for(
                connection, house, who, conversation_id,
                kind=kind, starts_at=starts_at, navigator=navigator, place=place, purpose=purpose,
            )  # fmt: skip
    except (BadInput, Conflict) as fault:
        kept = {"kind": kind, "slot": slot, "place": place, "purpose": purpose, "navigator": filtered}
        return _page(request, house, who, conversation_id, fault.status, fault=fault.detail, **kept)
    for one in {call.conversation_id, conversation_id}:
        house.notifier.nudge(one)
    house.wake_outbox()
    return RedirectResponse(f"{ROOT}/conversations/{conversation_id}", status_code=303, headers=HEADERS)
