"""Two records of one person, and a conversation in the wrong one: put right, and taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, Response

from assistant.desk import audit, caseload, csrf, sessions
from assistant.desk.pages import ROOT, DeskRoute, page
from assistant.desk.patient_pages import back_to
from assistant.desk.roles import Staff, conversation_for
from assistant.errors import BadInput
from assistant.house import TheHouse
from assistant.pathway import adding, patients, same_person
from assistant.pathway import caseload as cases
from assistant.store.database import transaction

router = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Id = Annotated[str, Path(max_length=36)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Words = Annotated[str, Query(max_length=80)]


@router.get("/patients/{patient_id}/same")
def same_page(request: Request, house: TheHouse, who: SignedIn, patient_id: Id, q: Words = "") -> HTMLResponse:
    """Who may be the same person: by number and name, or by what is searched for."""
    words = q.replace("\x00", "").strip()
    with transaction(house.engine) as connection:
        row = caseload.patient_for(connection, who, patient_id)
        if len(words) >= 2:
            _, found = caseload.find(connection, who, whose="all", status="any", words=words, sort="name")
            alike = [case.row for case in found if case.row.id != row.id and case.row.practice == row.practice]
        else:
            alike = adding.duplicates(connection, row.practice, row.name, row.number, but=row.id) if row.name or row.number else []
        audit.record(connection, who.id, "patient.read", row.id)
        for other in alike:
            audit.record(connection, who.id, "person.found", other.id)
    return page(request, "patients/same.html", who, title="The same person?", row=row, alike=alike, words=words)


@router.post("/patients/{patient_id}/merge")
def merge(house: TheHouse, who: Writer, patient_id: Id, other: Annotated[str, Form(max_length=36)] = "") -> Response:
    """The other record becomes part of this one."""
    with transaction(house.engine) as connection:
        keep = caseload.patient_for(connection, who, patient_id)
        if not other:
            raise BadInput("Choose which record is the same person.", field="other")
        same_person.merge(connection, keep, caseload.patient_for(connection, who, other), who.id)
        audit.record(connection, who.id, "patient.merged", f"{keep.id}<{other}"[:80])
    house.notifier.nudge("")
    return back_to(patient_id, "merged", "#h-timeline")


@router.post("/patients/{patient_id}/undo/{change_id}")
def undo(house: TheHouse, who: Writer, patient_id: Id, change_id: Number) -> Response:
    """A merge or a move taken back."""
    with transaction(house.engine) as connection:
        row = caseload.patient_for(connection, who, patient_id)
        kind = same_person.undo(connection, row, change_id, who.id)
        audit.record(connection, who.id, "patient.unmerged" if kind == "merged" else "patient.moved_back", row.id)
    house.notifier.nudge("")
    return back_to(patient_id, "undone")


@router.get("/conversations/{conversation_id}/person")
def whose_page(request: Request, house: TheHouse, who: SignedIn, conversation_id: Id, q: Words = "") -> HTMLResponse:
    """Whose conversation it is, and who else it could be of."""
    words = q.replace("\x00", "").strip()
    with transaction(house.engine) as connection:
        talk = conversation_for(connection, who, conversation_id)
        number = talk.contact_number or talk.phone
        if len(words) >= 2:
            _, found = caseload.find(connection, who, whose="all", status="any", words=words, sort="name")
            alike = [case.row for case in found]
        else:
            alike = adding.duplicates(connection, talk.practice, talk.person_name, number) if talk.person_name or number else []
        alike = [row for row in alike if row.id != talk.patient_id and row.practice == talk.practice]
        for row in alike:
            audit.record(connection, who.id, "person.found", row.id)
        now = caseload.patient_for(connection, who, talk.patient_id) if talk.patient_id else None
    return page(request, "patients/whose.html", who, title="Whose conversation is this?", talk=talk, now=now, alike=alike, words=words)


@router.post("/conversations/{conversation_id}/person")
def move(house: TheHouse, who: Writer, conversation_id: Id, patient: Annotated[str, Form(max_length=36)] = "") -> Response:
    """To somebody known, or (`new`) to a record of their own."""
    with transaction(house.engine) as connection:
        talk = conversation_for(connection, who, conversation_id, lock=True)
        if patient == "new":
            made = patients.create(connection, talk.practice, "self", name=talk.person_name, number=talk.contact_number or talk.phone,
                                   navigator_id=who.id if who.role == "navigator" else None)  # fmt: skip
            cases.note_change(connection, made, "added", who.id, source="self")
            cases.told(connection, made, talk)
            patient = made
        elif not patient:
            raise BadInput("Choose whose conversation this is.", field="patient")
        same_person.move_conversation(connection, talk, caseload.patient_for(connection, who, patient), who.id)
        audit.record(connection, who.id, "patient.moved", f"{conversation_id}>{patient}"[:80])
    house.notifier.nudge("")
    return back_to(patient, "moved", "#h-timeline")
