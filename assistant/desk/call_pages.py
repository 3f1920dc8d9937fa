"""The page of first calls: today, coming, to be marked, past."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.conversations import calendar_file, diary
from assistant.desk import audit, calls, csrf, day_view, inbox, recovery, sessions
from assistant.desk.at_the_desk import may_book
from assistant.desk.care import care_lines
from assistant.desk.pages import (
    HEADERS,
    ROOT,
    DeskRoute,
    Parts,
    fragment,
    page,
    render_parts,
    said,
    templates,
)
from assistant.desk.roles import Staff
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/calls", route_class=DeskRoute, include_in_schema=False)
PARTS = {"calls": "calls/_calls.html"}
FARTHEST_DAYS = 400


def _may_book(house: House, who: Staff) -> bool:
    """At one practice at least, where the account sees several."""
    return any(may_book(who, practice) for slug, practice in house.programme.practices.items() if who.practice in (None, slug))


def _parts(connection: Connection, house: House, who: Staff) -> Parts:
    found = calls.all_calls(connection, who)
    care = care_lines(connection, [*found.unmarked, *found.today, *found.coming, *found.past])
    return render_parts(PARTS, who=who, calls=found, care=care, can_book=_may_book(house, who))


@router.get("")
def calls_page(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)]
) -> HTMLResponse:
    """Names and numbers: opening it is audited."""
    who.need("calls")
    with transaction(house.engine) as connection:
        parts = _parts(connection, house, who)
        title = _title(connection, who)
        audit.record(connection, who.id, "calls.read", who.practice)
        first = not who.may("conversations") and recovery.to_be_made(connection, who.id)
    return page(request, "calls/calls.html", who, title=title, parts=parts, can_book=_may_book(house, who), first=first)


def _title(connection: Connection, who: Staff) -> str:
    """With the number of those who need this person; reception answers nobody in the chat."""
    return inbox.numbered("Calls", inbox.needing(connection, who) if who.may("conversations") else 0)


@router.get("/parts")
def calls_parts(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.watching)]
) -> HTMLResponse:
    """The list, if it has changed."""
    who.need("calls")
    with reading(house.engine) as connection:
        parts = _parts(connection, house, who)
        title = _title(connection, who)
    update = templates.get_template("_update.html").render(
        parts=parts, title=title, changed=parts.changed(request)
    )
    return fragment(update)


@router.get("/day")
def day_page(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(sessions.signed_in)],
    day: Annotated[str, Query(max_length=20)] = "",
    navigator: Annotated[str, Query(max_length=120)] = "",
    practice: Annotated[str, Query(max_length=64)] = "",
) -> HTMLResponse:
    """One day of the diary, a column for each navigator. A day that is none is today."""
    who.need("calls")
    here = house.programme.practice(who.practice or practice or None)
    shown = _day(day)
    with transaction(house.engine) as connection:
        columns = day_view.day_of(connection, who, here, shown, navigator or None)
        audit.record(connection, who.id, "calls.read", here.slug)
    return page(
        request, "calls/day.html", who, title=f"Calls, {shown:%A} {shown.day} {shown:%B}", day=shown, columns=columns,
        before=shown - timedelta(days=1), after=shown + timedelta(days=1), practice=here, navigator=navigator,
        practices=[] if who.practice else list(house.programme.practices.values()),
        names=[str(n.name) for n in here.navigators], holiday=diary.is_bank_holiday(here, shown),
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return day if abs((day - clock.today()).days) <= FARTHEST_DAYS else clock.today()


@router.get("/{call_id}/calendar.ics")
def calendar(
    house: TheHouse,
    who: Annotated[Staff, Depends(sessions.signed_in)],
    call_id: Annotated[str, Path(max_length=36)],
) -> Response:
    """The calendar file of a call, for the navigator's own calendar: without the patient's name, as patients get it."""
    with transaction(house.engine) as connection:
        call = calls.call_of(connection, who, call_id)
        audit.record(connection, who.id, "call.calendar", call_id)
    body = calendar_file.calendar_file(call, house.programme.practice(call.practice))
    headers = {**HEADERS, "Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(body, media_type=calendar_file.CONTENT_TYPE, headers=headers)


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
