"""Letting go of a conversation: pass it to a colleague, or back to the helper, with what the next one needs to know."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import audit, csrf, sessions, takeover, wording
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.roles import Staff, conversation_for
from assistant.errors import BadInput, Conflict
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/conversations/{{conversation_id}}", route_class=DeskRoute, include_in_schema=False)
Writer = Annotated[Staff, Depends(csrf.writer)]
Id = Annotated[str, Path(max_length=36)]
Summary = Annotated[str, Form(max_length=20_000)]


def _page(request: Request, house: House, who: Staff, conversation_id: str, fault: str = "", **kept: str) -> HTMLResponse:
    with reading(house.engine) as connection:
        row = conversation_for(connection, who, conversation_id)
        colleagues = takeover.colleagues(connection, who, row.practice)
    mine = row.state == "live" and row.staff_id == who.id
    return page(
        request, "conversation/pass_on.html", who, 422 if fault else 200, title=f"Pass on {wording.person(row)}", row=row,
        mine=mine, colleagues=colleagues, fault=fault, kept=kept, most=takeover.MOST_REPLY,
    )  # fmt: skip


@router.get("/pass-on")
def pass_on_page(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)], conversation_id: Id
) -> HTMLResponse:
    """Who is at a console, and a box for the summary."""
    with transaction(house.engine) as connection:
        conversation_for(connection, who, conversation_id)
        audit.record(connection, who.id, "conversation.read", conversation_id)
    return _page(request, house, who, conversation_id)


@router.post("/pass-on")
def pass_on(
    request: Request, house: TheHouse, who: Writer, conversation_id: Id,
    to: Annotated[str, Form(max_length=36)] = "", summary: Summary = "",
) -> Response:  # fmt: skip
    """To a colleague. What was written is kept when it cannot be done."""
    try:
        with transaction(house.engine) as connection:
            takeover.pass_on(connection, who, conversation_id, to, summary)
    except (BadInput, Conflict) as fault:
        return _page(request, house, who, conversation_id, fault.detail, to=to, summary=summary)
    return _done(house, conversation_id)


@router.post("/hand-back-with")
def hand_back_with(
    request: Request, house: TheHouse, who: Writer, conversation_id: Id, summary: Summary = "",
    tell: Annotated[str, Form(max_length=1)] = "",
) -> Response:  # fmt: skip
    """To the helper, with a summary in the notes and, where ticked, to the patient."""
    try:
        with transaction(house.engine) as connection:
            takeover.hand_back(connection, who, conversation_id, summary, tell_patient=tell == "1")
    except (BadInput, Conflict) as fault:
        return _page(request, house, who, conversation_id, fault.detail, back=summary, tell=tell)
    return _done(house, conversation_id)


def _done(house: House, conversation_id: str) -> Response:
    house.notifier.nudge(conversation_id)
    house.wake_outbox()
    return RedirectResponse(f"{ROOT}/conversations/{conversation_id}", status_code=303, headers=HEADERS)
