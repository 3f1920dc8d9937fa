"""The page of what is due: mine or the whole team's, with owner and day; done, given on, taken back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import audit, csrf, flags, sessions
from assistant.desk.accounts import names_by_id
from assistant.desk.forms import posted
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.patient_pages import SAID, back_to
from assistant.desk.practices import chosen
from assistant.desk.roles import Staff
from assistant.house import TheHouse
from assistant.pathway import caseload as cases
from assistant.pathway import todo
from assistant.store.database import transaction
from assistant.store.tables import tasks

router = APIRouter(prefix=f"{ROOT}/tasks", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Back = Annotated[str, Form(max_length=36)]  # 'mine', 'all', or the id of the patient whose page it was


def _went(back: str, done: str) -> Response:
    if back in ("mine", "all", ""):
        return RedirectResponse(f"{ROOT}/tasks?whose={back or 'mine'}&done={done}", status_code=303, headers=HEADERS)
    return back_to(back if back.replace("-", "").isalnum() else "", done, "#h-tasks")


@router.get("")
def tasks_page(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    whose: Literal["", "mine", "all"] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> HTMLResponse:
    """Names of patients stand in it: opening it is audited."""
    who.need("conversations")
    whose = whose or ("mine" if who.role == "navigator" else "all")
    with transaction(house.engine) as connection:
        found = todo.tasks_of(connection, who.sees(tasks.c.practice), who.id if whose == "mine" else None)
        names, team = names_by_id(connection), cases.navigators(connection, who.practice)
        audit.record(connection, who.id, "tasks.read", who.practice)
    return page(
        request, "tasks/tasks.html", who, title="Tasks", tasks=found, whose=whose, names=names, team=team, said=SAID.get(done, ""),
        practices=[(p.slug, p.name) for p in house.programme.practices.values()] if who.practice is None else [],
    )  # fmt: skip


@router.post("/add")
def add(house: TheHouse, who: Writer, fields: Annotated[dict[str, Any], Depends(posted)]) -> Response:
    """For nobody in particular: what is about a patient is added on their page."""
    who.need("conversations")
    words, due, owner, practice = (str(fields.get(name) or "") for name in ("text", "due", "owner", "practice"))
    with transaction(house.engine) as connection:
        number = todo.add(connection, chosen(house, who, practice), words, due, owner)
        audit.record(connection, who.id, "task.added", str(number))
    house.notifier.nudge("")
    return _went("mine" if owner == who.id else "all", "task")


@router.post("/{task_id}/tick")
def tick(house: TheHouse, who: Writer, task_id: Number, back: Back = "") -> Response:
    """Done, and back to where it stood."""
    with transaction(house.engine) as connection:
        flags.finish(connection, who, task_id)
    house.notifier.nudge("")
    return _went(back, "done")


@router.post("/{task_id}/undo")
def undo(house: TheHouse, who: Writer, task_id: Number, back: Back = "") -> Response:
    """On the list again."""
    who.need("conversations")
    with transaction(house.engine) as connection:
        todo.undo(connection, todo.load(connection, who.sees(tasks.c.practice), task_id))
        audit.record(connection, who.id, "task.undone", str(task_id))
    house.notifier.nudge("")
    return _went(back, "undone")


@router.post("/{task_id}/give")
def give(
    house: TheHouse,
    who: Writer,
    task_id: Number,
    owner: Annotated[str, Form(max_length=36)] = "",
    due: Annotated[str, Form(max_length=10)] = "",
    back: Back = "",
) -> Response:
    """Another owner or day."""
    who.need("conversations")
    with transaction(house.engine) as connection:
        todo.give(connection, todo.load(connection, who.sees(tasks.c.practice), task_id), owner, due)
        audit.record(connection, who.id, "task.given", str(task_id))
    house.notifier.nudge("")
    return _went(back, "given")
