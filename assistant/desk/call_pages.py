"""The page of first calls: today, coming, to be marked, past."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, Response

from assistant.desk import audit, calls, csrf, sessions
from assistant.desk.pages import ROOT, DeskRoute, fragment, page, render_parts, said, templates
from assistant.desk.roles import Staff
from assistant.house import TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/calls", route_class=DeskRoute, include_in_schema=False)
PARTS = {"calls": "calls/_calls.html"}


@router.get("")
def calls_page(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)]
) -> HTMLResponse:
    """Names and numbers: opening it is audited."""
    who.need("calls")
    with transaction(house.engine) as connection:
        parts = render_parts(PARTS, who=who, calls=calls.all_calls(connection, who))
        audit.record(connection, who.id, "calls.read", who.practice)
    return page(request, "calls/calls.html", who, title="Calls", parts=parts)


@router.get("/parts")
def calls_parts(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.watching)]
) -> HTMLResponse:
    """The list, if it has changed."""
    who.need("calls")
    with reading(house.engine) as connection:
        parts = render_parts(PARTS, who=who, calls=calls.all_calls(connection, who))
    update = templates.get_template("_update.html").render(
        parts=parts, title="Calls - Linkway desk", changed=parts.changed(request)
    )
    return fragment(update)


@router.post("/{call_id}/mark")
def mark(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(csrf.writer)],
    call_id: Annotated[str, Path(max_length=36)],
    ending: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Done, missed or cancelled."""
    with transaction(house.engine) as connection:
        call, words = calls.mark(connection, house, who, call_id, ending)
    house.notifier.nudge(call.conversation_id)
    house.wake_outbox()
    return said(request, f"{ROOT}/calls", words)
