"""The inbox page, its parts, and what can be done from it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import audit, csrf, flags, recovery, sessions
from assistant.desk.account_pages import home
from assistant.desk.inbox import find_people, inbox_of, numbered
from assistant.desk.pages import ROOT, DeskRoute, Parts, fragment, page, render_parts, said, templates
from assistant.desk.roles import Staff
from assistant.house import House, TheHouse
from assistant.pathway import own_navigator
from assistant.store.database import reading, transaction

router = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Watching = Annotated[Staff, Depends(sessions.watching)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
PARTS = {
    "summary": "inbox/_summary.html",
    "flags": "inbox/_flags.html",
    "waiting": "inbox/_waiting.html",
    "live": "inbox/_live.html",
    "calls": "inbox/_calls.html",
    "tasks": "inbox/_tasks.html",
    "recent": "inbox/_recent.html",
}


def _parts(house: House, who: Staff) -> tuple[Parts, str]:
    with reading(house.engine) as connection:
        everything = inbox_of(connection, who)
        alerts = own_navigator.missing(connection, house.programme, who.practice)
    urgent = len(everything["flagged"]) + len(everything["waiting"])
    urgent += sum(1 for card in everything["live"] if card.mine and card.unanswered_since)
    return render_parts(PARTS, who=who, alerts=alerts, **everything), numbered("Inbox", urgent)


@router.get("", include_in_schema=False)
def without_slash() -> Response:
    """The address as people type it."""
    return RedirectResponse(f"{ROOT}/", status_code=307)


@router.get("/")
def inbox_page(request: Request, house: TheHouse, who: SignedIn) -> Response:
    """Who waits, who is being talked to, what is due."""
    if not who.may("conversations"):
        return RedirectResponse(home(who), status_code=303)
    parts, title = _parts(house, who)
    with transaction(house.engine) as connection:
        audit.record(connection, who.id, "inbox.read", who.practice)
        first = recovery.to_be_made(connection, who.id)
    return page(request, "inbox/inbox.html", who, title=title, parts=parts, first=first)


@router.get("/inbox/parts")
def inbox_parts(request: Request, house: TheHouse, who: Watching) -> HTMLResponse:
    """The parts that have changed since the page last asked."""
    who.need("conversations")
    parts, title = _parts(house, who)
    update = templates.get_template("_update.html").render(parts=parts, title=title, changed=parts.changed(request))
    return fragment(update)


@router.post("/flags/{flag_id}/acknowledge")
def acknowledge(request: Request, house: TheHouse, who: Writer, flag_id: Number) -> Response:
    """'I have seen this.' The button stands under the patient's words, on the conversation's page."""
    with transaction(house.engine) as connection:
        conversation_id = flags.acknowledge(connection, who, flag_id)
    house.notifier.nudge("")
    return said(request, f"{ROOT}/conversations/{conversation_id}", "Flag acknowledged. Your name is on it.")


@router.post("/tasks/{task_id}/done")
def task_done(request: Request, house: TheHouse, who: Writer, task_id: Number) -> Response:
    """Off the list."""
    with transaction(house.engine) as connection:
        flags.finish(connection, who, task_id)
    house.notifier.nudge("")
    return said(request, f"{ROOT}/", "Task marked as done.")


@router.post("/tasks/{task_id}/erase")
def erase(request: Request, house: TheHouse, who: Writer, task_id: Number) -> Response:
    """As the patient asked."""
    with transaction(house.engine) as connection:
        flags.erase_as_asked(connection, who, task_id)
    house.notifier.nudge("")
    return said(request, f"{ROOT}/", "The conversation has been erased, as the patient asked.")


@router.get("/people")
def people(request: Request, house: TheHouse, who: SignedIn, q: str = "") -> HTMLResponse:
    """Find somebody's conversations by name or number; who was found for whom is in the audit."""
    who.need("people")
    words, found = q.strip()[:80], []
    if len(words) >= 2:
        with transaction(house.engine) as connection:
            found = find_people(connection, who, words)
            audit.record(connection, who.id, "people.searched", f"{len(found)} found")
            for card in found:
                audit.record(connection, who.id, "person.found", card.row.id)
    return page(request, "people.html", who, title="Find a person", words=words, found=found)
