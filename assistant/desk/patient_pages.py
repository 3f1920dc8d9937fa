"""The caseload and the patient's page, and what is done there: add, edit, close, open again, notes, tasks, print."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import audit, caseload, csrf, sessions
from assistant.desk.forms import posted
from assistant.desk.outcomes import panel
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.patient_view import view_of
from assistant.desk.practices import chosen, limit_of
from assistant.desk.roles import Staff
from assistant.desk.wording import phone
from assistant.errors import NotFound
from assistant.house import TheHouse
from assistant.pathway import adding, patients, same_person, taxonomy, todo
from assistant.pathway import caseload as cases
from assistant.store.database import reading, transaction
from directory.needs import load_needs

router = APIRouter(prefix=f"{ROOT}/patients", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Id = Annotated[str, Path(max_length=36)]
Fields = Annotated[dict[str, Any], Depends(posted)]
Key = Annotated[str, Query(max_length=20)]
# What was just done, said on the page it led to.
SAID = {
    "added": "Added. The first call is on the list of tasks.", "edited": "Details changed.", "same": "Nothing was changed.",
    "closed": "Case closed. You can open it again below.", "reopened": "Case opened again.", "noted": "Note kept. Only staff can read it.",
    "task": "Put on the list of tasks.", "done": "Task marked as done.", "undone": "Taken back.", "given": "Changed.",
    "assigned": "The case has a navigator.", "merged": "The two records are one now. You can take it back below.",
    "moved": "The conversation is this person's now. You can take it back below.",
}  # fmt: skip


def back_to(patient_id: str, done: str = "", place: str = "") -> Response:
    """To the patient's page, which says what was done."""
    query = f"?done={done}" if done else ""
    return RedirectResponse(f"{ROOT}/patients/{patient_id}{query}{place}", status_code=303, headers=HEADERS)


@router.get("")
def patients_page(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    whose: Annotated[str, Query(max_length=36)] = "",
    status: Literal["open", "closed", "any"] = "open",
    q: Annotated[str, Query(max_length=80)] = "",
    due: Literal["", "overdue", "today", "week", "nothing"] = "",
    sort: Literal["due", "name", "newest", "quiet"] = "due",
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> HTMLResponse:
    """Mine first for a navigator; a manager begins with everybody's."""
    who.need("conversations")
    whose = whose or ("mine" if who.role == "navigator" else "all")
    asked = {"whose": whose, "status": status, "q": q.replace("\x00", ""), "due": due, "sort": sort}
    with transaction(house.engine) as connection:
        total, found = caseload.find(connection, who, words=asked["q"], start=start, **{k: v for k, v in asked.items() if k != "q"})
        capacity = caseload.capacity(connection, who, limit_of(house, who))
        nobody = caseload.without_navigator(connection, who)
        audit.record(connection, who.id, "patients.read", who.practice)
        for case in found if asked["q"] else []:
            audit.record(connection, who.id, "person.found", case.row.id)
    return page(
        request, "patients/patients.html", who, title="Patients", asked=asked, total=total, found=found, start=start, step=caseload.PAGE,
        capacity=capacity, nobody=nobody, SORTS=caseload.SORTS, DUE=caseload.DUE,
        link={key: value for key, value in asked.items() if value},
    )  # fmt: skip


def _form(
    request: Request, house: TheHouse, who: Staff, template: str, fields: dict[str, Any], faults: dict[str, str], **more: Any
) -> HTMLResponse:
    """The form with what was written in it, and beside each fault how to mend it."""
    return page(
        request, template, who, 422 if faults else 200, fields=fields, faults=faults, SOURCES=taxonomy.SOURCES,
        bands=[(band, band) for band in taxonomy.AGE_BANDS], sexes=[(sex, sex.capitalize()) for sex in taxonomy.SEXES], all_needs=load_needs(),
        practices=[(p.slug, p.name) for p in house.programme.practices.values()] if who.practice is None else [], **more,
    )  # fmt: skip


@router.get("/add")
def add_page(request: Request, house: TheHouse, who: SignedIn) -> HTMLResponse:
    """One short form."""
    who.need("conversations")
    return _form(request, house, who, "patients/add.html", {"source": "clinician"}, {}, title="Add a patient", alike=[])


@router.post("/add")
def add(request: Request, house: TheHouse, who: Writer, fields: Fields) -> Response:
    """Somebody a GP sends. Who may be the same person is shown first; a second press adds them all the same."""
    who.need("conversations")
    practice = chosen(house, who, fields.get("practice", ""))
    try:
        values = adding.checked(fields, house.settings.demo, adding.NEEDED)
        faults = {} if fields.get("consent") == "yes" else {"consent": "Only somebody who agreed can be added. Ask them first."}
    except adding.Wrong as error:
        values, faults = {}, error.faults
    if not faults and fields.get("source", "") not in taxonomy.SOURCES:
        faults["source"] = "Choose who referred them."
    with transaction(house.engine) as connection:
        alike = adding.duplicates(connection, practice, values["name"], values["number"]) if not faults else []
        asked = str(fields.get("sure", ""))
        if not faults and (not alike or asked == ",".join(sorted(row.id for row in alike))):
            navigator = who.id if who.role == "navigator" else None
            patient_id = adding.add(connection, practice, who.id, navigator, fields["source"], values)
            audit.record(connection, who.id, "patient.added", patient_id)
            house.notifier.nudge("")
            return back_to(patient_id, "added")
        for row in alike:
            audit.record(connection, who.id, "person.found", row.id)
    return _form(request, house, who, "patients/add.html", fields, faults, title="Add a patient", alike=alike, number=values.get("number"))


@router.get("/{patient_id}")
def patient_page(request: Request, house: TheHouse, who: SignedIn, patient_id: Id, done: Key = "") -> Response:
    """Everything known of one person."""
    return _patient(request, house, who, patient_id, "patients/patient.html", done)


@router.get("/{patient_id}/print")
def print_page(request: Request, house: TheHouse, who: SignedIn, patient_id: Id) -> Response:
    """The same on paper, without the console around it."""
    return _patient(request, house, who, patient_id, "patients/print.html", "")


def _patient(request: Request, house: TheHouse, who: Staff, patient_id: str, template: str, done: str) -> Response:
    with transaction(house.engine) as connection:
        try:
            row = caseload.patient_for(connection, who, patient_id)
        except NotFound:
            now = same_person.became(connection, patient_id)
            if now is None:
                raise
            caseload.patient_for(connection, who, now)
            return back_to(now)
        audit.record(connection, who.id, "patient.printed" if template.endswith("print.html") else "patient.read", row.id)
        team = cases.navigators(connection, row.practice)
    # Not inside the write: the directory may have to write new vectors before it can name a service.
    with reading(house.engine) as connection:
        view = view_of(connection, house, row)
        outcomes = panel(connection, patient=row)
    return page(request, template, who, said=SAID.get(done, ""), team=team, outcomes=outcomes, ENDING_GROUPS=taxonomy.ENDING_GROUPS, **view)


@router.get("/{patient_id}/edit")
def edit_page(request: Request, house: TheHouse, who: SignedIn, patient_id: Id) -> HTMLResponse:
    """What is known, to be mended."""
    with transaction(house.engine) as connection:
        row = caseload.patient_for(connection, who, patient_id)
        audit.record(connection, who.id, "patient.read", row.id)
    fields = {**row._mapping, "access": ", ".join(row.access or []), "seen": row.updated_at.isoformat(), "number": phone(row.number)}
    fields |= {way: {True: "yes", False: "no"}.get(fields[way], "") for way in patients.WAYS}
    return _form(request, house, who, "patients/edit.html", fields, {}, title=f"Edit {row.name or 'details'}", row=row)


@router.post("/{patient_id}/edit")
def edit(request: Request, house: TheHouse, who: Writer, patient_id: Id, fields: Fields) -> Response:
    """Keep it; contact and safety hold for their conversations too."""
    with transaction(house.engine) as connection:
        row = caseload.patient_for(connection, who, patient_id)
        try:
            values = adding.checked(fields, house.settings.demo, {})
        except adding.Wrong as error:
            return _form(request, house, who, "patients/edit.html", fields, error.faults, title=f"Edit {row.name or 'details'}", row=row)
        changed = adding.edit(connection, row, who.id, str(fields.get("seen", "")), values)
        if changed:
            audit.record(connection, who.id, "patient.edited", row.id)
    house.notifier.nudge("")
    return back_to(patient_id, "edited" if changed else "same")


@router.post("/{patient_id}/close")
def close(house: TheHouse, who: Writer, patient_id: Id, ending: Annotated[str, Form(max_length=60)] = "") -> Response:
    """With a reason of the taxonomy."""
    with transaction(house.engine) as connection:
        cases.close(connection, caseload.patient_for(connection, who, patient_id), ending, who.id)
        audit.record(connection, who.id, "patient.closed", patient_id)
    return back_to(patient_id, "closed")


@router.post("/{patient_id}/reopen")
def reopen(house: TheHouse, who: Writer, patient_id: Id) -> Response:
    """As if it had not been closed; both stay in the timeline."""
    with transaction(house.engine) as connection:
        cases.reopen(connection, caseload.patient_for(connection, who, patient_id), who.id)
        audit.record(connection, who.id, "patient.reopened", patient_id)
    return back_to(patient_id, "reopened")


@router.post("/{patient_id}/navigator")
def assign(house: TheHouse, who: Writer, patient_id: Id, navigator: Annotated[str, Form(max_length=36)] = "") -> Response:
    """Whose case it is."""
    with transaction(house.engine) as connection:
        cases.assign(connection, caseload.patient_for(connection, who, patient_id), navigator, who.id)
        audit.record(connection, who.id, "patient.assigned", patient_id)
    return back_to(patient_id, "assigned")


@router.post("/{patient_id}/note")
def note(house: TheHouse, who: Writer, patient_id: Id, note: Annotated[str, Form(max_length=20_000)] = "") -> Response:
    """A private note."""
    with transaction(house.engine) as connection:
        row = caseload.patient_for(connection, who, patient_id)
        cases.add_note(connection, row.id, who.id, note)
        patients.update(connection, row.id)
        audit.record(connection, who.id, "patient.noted", patient_id)
    return back_to(patient_id, "noted", "#h-notes")


@router.post("/{patient_id}/task")
def task(house: TheHouse, who: Writer, patient_id: Id, fields: Fields) -> Response:
    """Something to do for this person."""
    with transaction(house.engine) as connection:
        row = caseload.patient_for(connection, who, patient_id)
        words, due, owner = (str(fields.get(name) or "") for name in ("text", "due", "owner"))
        number = todo.add(connection, row.practice, words, due, owner, row.id)
        audit.record(connection, who.id, "task.added", str(number))
    house.notifier.nudge("")
    return back_to(patient_id, "task", "#h-tasks")
