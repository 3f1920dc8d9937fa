"""What keeps open consoles up to date: the event stream and the heartbeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sse_starlette import EventSourceResponse

from assistant.clock import clock
from assistant.conversations import typing
from assistant.desk import csrf, inbox, presence, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, fragment, templates
from assistant.desk.roles import Staff, conversation_for
from assistant.errors import LinkwayError
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)
LOOK_EVERY = 4.0  # seconds; also the pulse by which the page knows that the stream gets through
SETTLE = 0.3  # several nudges of one turn make one look
WARN_BEFORE = timedelta(minutes=3)


@router.get("/events")
async def events(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(sessions.watching)],
    conversation: Annotated[str, Query(max_length=36)] = "",
) -> EventSourceResponse:
    """`changed` when anything the desk shows has changed, `pulse` every few seconds, `ended` with the sign-in."""
    headers = {**HEADERS, "X-Accel-Buffering": "no"}
    return EventSourceResponse(_changes(request, house, who, conversation), headers=headers, ping=15)


async def _changes(request: Request, house: House, who: Staff, conversation: str = "") -> AsyncIterator[dict[str, str]]:
    last = await asyncio.to_thread(_look, request, house, who, conversation)
    while last is not None:
        yield {"event": "pulse", "data": "ok"}
        if await house.notifier.wait("", LOOK_EVERY):
            await asyncio.sleep(SETTLE)
        if await request.is_disconnected():
            return
        newest = await asyncio.to_thread(_look, request, house, who, conversation)
        if newest is not None and newest != last:
            yield {"event": "changed", "data": "ok"}
        last = newest
    yield {"event": "ended", "data": "ok"}


def _look(request: Request, house: House, who: Staff, conversation: str = "") -> str | None:
    """The stamp of what this person may see; None when they are signed out. A database that is down changes nothing."""
    try:
        sessions.watching(request)
        with reading(house.engine) as connection:
            writing = conversation and typing.is_writing(connection, conversation, typing.PATIENT)
            return inbox.stamp(connection, who) + (" writing" if writing else "")
    except LinkwayError as error:
        return None if error.status == 401 else "unknown"


@router.post("/conversations/{conversation_id}/typing", status_code=204)
def is_typing(
    house: TheHouse, who: Annotated[Staff, Depends(csrf.heartbeat)], conversation_id: Annotated[str, Path(max_length=36)]
) -> Response:
    """The navigator who has it is writing: the patient sees that, and nothing of what. From others it does nothing."""
    with reading(house.engine) as connection:
        row = conversation_for(connection, who, conversation_id)
        mine = row.state == "live" and row.staff_id == who.id
        known = typing.is_fresh(connection, row.id, typing.STAFF)
    if mine and not known:
        with transaction(house.engine) as connection:
            typing.note(connection, conversation_id, typing.STAFF)
        house.notifier.nudge(conversation_id)
    return Response(status_code=204, headers=HEADERS)


@router.post("/presence")
def beat(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(csrf.heartbeat)],
    active: Annotated[str, Form(max_length=1)] = "0",
) -> HTMLResponse:
    """Every 20 seconds from each open console. `active` 1: keys or pointer were used, which keeps the sign-in alive.

    Answers with a warning, as a piece of page, when the sign-in is about to end for want of activity.
    """
    with transaction(house.engine) as connection:
        if active == "1":
            sessions.touch(connection, who)
        elif who.may("conversations"):
            presence.seen(connection, who)
    idle = timedelta(seconds=0) if active == "1" else clock.now() - request.state.session_seen_at
    left = timedelta(minutes=house.settings.staff_idle_minutes) - idle
    ending = left <= WARN_BEFORE
    return fragment(templates.get_template("_session.html").render(ending=ending, csrf=who.csrf))
