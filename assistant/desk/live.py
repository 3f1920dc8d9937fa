"""What keeps open consoles up to date: the event stream and the heartbeat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from sse_starlette import EventSourceResponse

from assistant.clock import clock
from assistant.desk import csrf, inbox, presence, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, fragment, templates
from assistant.desk.roles import Staff
from assistant.errors import LinkwayError
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)
LOOK_EVERY = 4.0  # seconds; also the pulse by which the page knows that the stream gets through
SETTLE = 0.3  # several nudges of one turn make one look
WARN_BEFORE = timedelta(minutes=3)


@router.get("/events")
async def events(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.watching)]
) -> EventSourceResponse:
    """`changed` when anything the desk shows has changed, `pulse` every few seconds, `ended` with the sign-in."""
    headers = {**HEADERS, "X-Accel-Buffering": "no"}
    return EventSourceResponse(_changes(request, house, who), headers=headers, ping=15)


async def _changes(request: Request, house: House, who: Staff) -> AsyncIterator[dict[str, str]]:
    last = await asyncio.to_thread(_look, request, house, who)
    while last is not None:
        yield {"event": "pulse", "data": "ok"}
        if await house.notifier.wait("", LOOK_EVERY):
            await asyncio.sleep(SETTLE)
        if await request.is_disconnected():
            return
        newest = await asyncio.to_thread(_look, request, house, who)
        if newest is not None and newest != last:
            yield {"event": "changed", "data": "ok"}
        last = newest
    yield {"event": "ended", "data": "ok"}


def _look(request: Request, house: House, who: Staff) -> str | None:
    """The stamp of what this person may see; None when they are signed out. A database that is down changes nothing."""
    try:
        sessions.watching(request)
        with reading(house.engine) as connection:
            return inbox.stamp(connection, who)
    except LinkwayError as error:
        return None if error.status == 401 else "unknown"


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
