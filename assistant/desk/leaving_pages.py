"""The manager's page for a colleague who leaves: what they have, who takes it, all in one step."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import audit, csrf, leaving, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.errors import BadInput
from assistant.house import TheHouse
from assistant.pathway import caseload, handing_over
from assistant.store.database import transaction

router = APIRouter(prefix=f"{ROOT}/leaving", route_class=DeskRoute, include_in_schema=False)
_COUNTS = re.compile(r"(\d{1,6}-){4}\d{1,6}")  # of what was handed over: what the address brings back is only ever numbers


@router.get("")
def leaving_page(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(sessions.fresh)],  # so that no form is lost to the confirming
    person: Annotated[str, Query(max_length=36)] = "",
    moved: Annotated[str, Query(max_length=40)] = "",
) -> HTMLResponse:
    """Everybody with what they have; of the one chosen, all of it, and who could take it."""
    with transaction(house.engine) as connection:
        team = [(row, handing_over.left_with(connection, row)) for row in leaving.team(connection, who)]
        leaver = leaving.colleague(connection, who, person) if person else None
        left = handing_over.left_with(connection, leaver) if leaver else None
        others = [row for row in caseload.navigators(connection, who.practice) if leaver and row.id != leaver.id]
        if leaver:
            audit.record(connection, who.id, "caseload.read", leaver.id)
    done = leaving.in_words(handing_over.Moved(*map(int, moved.split("-")))) if _COUNTS.fullmatch(moved) else ""
    return page(
        request, "patients/leaving.html", who, title="A navigator leaves", team=team, leaver=leaver, left=left, others=others, said=done
    )


@router.post("")
def hand_over(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(csrf.fresh_writer)],  # it may close an account
    person: Annotated[str, Form(max_length=36)] = "",
    to: Annotated[str, Form(max_length=36)] = "",
    close: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Moved, told, and (if ticked) the sign-in closed; the page says how many of each."""
    if not to:
        raise BadInput("Choose who takes over.", field="to")
    with transaction(house.engine) as connection:
        leaver = leaving.colleague(connection, who, person)
        takers = {row.id: row for row in caseload.navigators(connection, who.practice)}
        if to not in takers:
            raise BadInput("Choose a navigator or manager who can sign in.", field="to")
        moved = leaving.hand_over(connection, house, who, leaver, takers[to], close == "yes")
    house.notifier.nudge("")
    house.wake_outbox()
    counts = "-".join(str(count) for count in (moved.cases, moved.tasks, moved.calls, moved.told, moved.clashes))
    return RedirectResponse(f"{ROOT}/leaving?person={person}&moved={counts}", status_code=303, headers=HEADERS)
