"""The page on which a call or a meeting is booked for somebody at the desk, and the slip they take away."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.conversations import diary
from assistant.desk import at_the_desk, audit, booking, calls, csrf, sessions
from assistant.desk.forms import posted
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.practices import chosen
from assistant.desk.roles import Staff
from assistant.errors import BadInput, Conflict
from assistant.house import House, TheHouse
from assistant.pathway import adding
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/calls", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Short = Annotated[str, Query(max_length=120)]


def _page(request: Request, house: House, who: Staff, fields: dict[str, Any], faults: dict[str, str], fault: str = "", status: int = 200) -> HTMLResponse:
    with reading(house.engine) as connection:
        moved = calls.call_of(connection, who, fields["call"]) if fields.get("call") else None
        practice = house.programme.practice(moved.practice if moved is not None else chosen(house, who, str(fields.get("practice") or "")))
        at_the_desk.need(who, practice)
        kind = fields.get("kind") or (moved.kind if moved is not None else diary.CALL)
        kind = kind if kind in booking.KINDS else diary.CALL
        names = [str(navigator.name) for navigator in practice.navigators]
        navigator = fields.get("navigator") if fields.get("navigator") in names else None
        days = booking.free_by_day(connection, practice, kind, navigator)
    return page(
        request, "calls/book.html", who, status, title="Move a call" if moved is not None else "Book a call or a meeting", practice=practice,
        moved=moved, kinds=booking.KINDS, kind=kind, names=names, navigator=navigator, days=days, kept=fields, fields=fields, faults=faults,
        fault=fault, rooms=diary.rooms(practice), minutes=diary.minutes_of(kind, practice), most=booking.MOST_PURPOSE, purpose=at_the_desk.PURPOSE,
        practices=[] if who.practice else list(house.programme.practices.values()),
    )  # fmt: skip


@router.get("/book")
def book_page(
    request: Request, house: TheHouse, who: SignedIn, kind: Short = "", navigator: Short = "", practice: Short = "", call: Short = ""
) -> HTMLResponse:
    """Free times, and who it is for; `call` is one that is moved."""
    who.need("calls")
    return _page(request, house, who, {"kind": kind, "navigator": navigator, "practice": practice, "call": call}, {})


@router.post("/book")
def book(request: Request, house: TheHouse, who: Writer, fields: Annotated[dict[str, Any], Depends(posted)]) -> Response:
    """Book it; what was typed is kept when it cannot be."""
    who.need("calls")
    try:
        with transaction(house.engine) as connection:
            moved = calls.call_of(connection, who, str(fields["call"])) if fields.get("call") else None
            practice = house.programme.practice(moved.practice if moved is not None else chosen(house, who, str(fields.get("practice") or "")))
            at_the_desk.need(who, practice)
            values = at_the_desk.checked(fields, house.settings.demo) if moved is None else None
            call, how = at_the_desk.book(connection, house, who, practice, fields, values, moved)
    except adding.Wrong as wrong:
        return _page(request, house, who, fields, wrong.faults, status=wrong.status)
    except (BadInput, Conflict) as error:
        return _page(request, house, who, fields, {}, error.detail, error.status)
    house.notifier.nudge(call.conversation_id)
    house.notifier.nudge("")
    house.wake_outbox()
    return RedirectResponse(f"{ROOT}/calls/{call.id}/slip?told={how}", status_code=303, headers=HEADERS)


@router.get("/{call_id}/slip")
def slip(request: Request, house: TheHouse, who: SignedIn, call_id: Annotated[str, Path(max_length=36)], told: Short = "") -> HTMLResponse:
    """Day, time and whom they will speak with, to print and take away. It says nothing of why."""
    with transaction(house.engine) as connection:
        call = calls.call_of(connection, who, call_id)
        audit.record(connection, who.id, "call.slip", call_id)
    practice = house.programme.practice(call.practice)
    by = next((one for one in practice.navigators if one.name == call.navigator), practice.navigator)
    return page(request, "calls/slip.html", who, title="Booked", when=diary.spoken(call.starts_at), call=call, practice=practice, by=by, told=told)


