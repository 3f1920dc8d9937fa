"""Pages of one person's data: what is held and until when, the safeguarding hold, objections, export and erasure."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.desk import audit, csrf, keeping, sessions
from assistant.desk.accounts import names_by_id
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.errors import BadInput, NotFound
from assistant.house import House, TheHouse
from assistant.pathway import objections, patients
from assistant.pathway.privacy import erase, export, holds, kinds
from assistant.pathway.privacy import person as people
from assistant.pathway.privacy.person import Person
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/privacy", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
# Taking or destroying a person's data: whoever asks has just proved again who they are.
FreshWriter = Annotated[Staff, Depends(csrf.fresh_writer)]
Which = Literal["patient", "conversation"]
Id = Annotated[str, Path(max_length=36)]
Words = Annotated[str, Form(max_length=2000)]
DONE = {
    "held": "The safeguarding hold is set. Nothing of this person is deleted while it stands.",
    "lifted": "The safeguarding hold is lifted. If the person asked to be erased, that task is on the inbox.",
    "noted": "The objection is noted, and holds from now on.",
    "withdrawn": "Noted. The objection no longer holds.",
    "erased": "Erased: everything of this person is gone. Backups hold it until they run out.",
}
OBJECTS_TO = {
    "texts": "Text messages that we start", "sharing": "Sharing with providers", "reports": "Use in reports",
    "all": "All of these",
}  # fmt: skip
TOLD = {"phone": "By phone", "in_person": "In person", "chat": "In the chat", "text": "By text", "letter": "By letter"}


@router.get("")
def privacy_page(
    request: Request, house: TheHouse, who: SignedIn, q: Annotated[str, Query(max_length=80)] = "",
    done: Annotated[str, Query(max_length=12)] = "",
) -> HTMLResponse:  # fmt: skip
    """Find a person by number or id; what is kept for how long, and when something was last deleted."""
    who.need("people")
    words, fault, found = q.strip(), "", []
    if words:
        try:
            with transaction(house.engine) as connection:
                found = people.find(connection, words, who.practice)
                audit.record(connection, who.id, "people.searched", f"{len(found)} found")
        except BadInput as error:
            fault = error.detail
    with reading(house.engine) as connection:
        runs = keeping.newest_runs(connection)
    practice = house.programme.practice(who.practice)
    lengths = {kind.name: (kind.words, kind.days(practice)) for kind in kinds.KINDS}
    lengths["audit"] = ("Who opened and changed what", practice.kept.days("audit"))
    return page(
        request, "privacy/privacy.html", who, title="Privacy", words=words, fault=fault, found=found, runs=runs, lengths=lengths,
        done=DONE.get(done, ""), practice=practice.name,
    )  # fmt: skip


@router.get("/{which}/{given}")
def person_page(
    request: Request, house: TheHouse, who: SignedIn, which: Which, given: Id, done: Annotated[str, Query(max_length=12)] = ""
) -> Response:
    """One person: what is held, until when, and what can be done."""
    with transaction(house.engine) as connection:
        person = _person_for(connection, who, given)
        audit.record(connection, who.id, "data.read", person.reference)
        held = erase.preview(connection, person)
        talks = [(row, keeping.in_words(connection, house, row)) for row in person.conversations]
        view: dict[str, Any] = {
            "person": person, "held": held, "talks": talks, "names": names_by_id(connection),
            "why_kept": people.why_kept(connection, person),
            "holds": holds.history(connection, person.patient_id) if person.patient_id else [],
            "objections": objections.history(connection, person.patient_id) if person.patient_id else [],
        }  # fmt: skip
    address = f"{ROOT}/privacy/{person.address}"
    return page(
        request, "privacy/person.html", who, title="What is held about a person", address=address, done=DONE.get(done, ""),
        year_ago=(clock.today() - timedelta(days=365)).isoformat(), objects_to=OBJECTS_TO, told=TOLD, most=holds.MOST_WORDS, **view,
    )  # fmt: skip


@router.post("/{which}/{given}/hold")
def set_hold(house: TheHouse, who: Writer, which: Which, given: Id, why: Words = "") -> Response:
    """A navigator may set one: safeguarding does not wait for a manager."""
    with transaction(house.engine) as connection:
        person = _person_for(connection, who, given)
        patient_id = _record_of(connection, person)
        holds.set_hold(connection, patient_id, why, who.id)
        audit.record(connection, who.id, "hold.set", patient_id)
    return _back(f"patient/{patient_id}", "held")


@router.post("/{which}/{given}/lift")
def lift_hold(house: TheHouse, who: Writer, which: Which, given: Id, why: Words = "") -> Response:
    """A manager lifts it."""
    who.need("oversight")
    with transaction(house.engine) as connection:
        patient_id = _record_of(connection, _person_for(connection, who, given))
        holds.lift(connection, patient_id, why, who.id)
        audit.record(connection, who.id, "hold.lifted", patient_id)
    return _back(f"patient/{patient_id}", "lifted")


@router.post("/{which}/{given}/objection")
def object_to(
    house: TheHouse, who: Writer, which: Which, given: Id, what: Annotated[str, Form(max_length=12)] = "",
    how: Annotated[str, Form(max_length=12)] = "",
) -> Response:  # fmt: skip
    """The person objects."""
    with transaction(house.engine) as connection:
        patient_id = _record_of(connection, _person_for(connection, who, given))
        objections.note(connection, patients.load(connection, patient_id), what, how, who.id)
        audit.record(connection, who.id, "objection.noted", patient_id)
    return _back(f"patient/{patient_id}", "noted")


@router.post("/{which}/{given}/objections/{number}/withdraw")
def withdraw(
    house: TheHouse, who: Writer, which: Which, given: Id, number: Annotated[int, Path(ge=1, le=2**31 - 1)]
) -> Response:
    """The person no longer objects."""
    with transaction(house.engine) as connection:
        patient_id = _record_of(connection, _person_for(connection, who, given))
        objections.withdraw(connection, patient_id, number, who.id)
        audit.record(connection, who.id, "objection.withdrawn", patient_id)
    return _back(f"patient/{patient_id}", "withdrawn")


@router.post("/{which}/{given}/export")
def export_person(house: TheHouse, who: FreshWriter, which: Which, given: Id) -> Response:
    """Everything of the person, as one zip."""
    who.need("oversight")
    with transaction(house.engine) as connection:
        person = _person_for(connection, who, given)
        audit.record(connection, who.id, "data.exported", person.reference)
        body = export.export_zip(connection, person)
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{export.file_name(person)}"'}
    return Response(body, media_type="application/zip", headers=headers)


@router.post("/{which}/{given}/erase")
def erase_person(
    house: TheHouse, who: FreshWriter, which: Which, given: Id, sure: Annotated[str, Form(max_length=3)] = ""
) -> Response:
    """For good, unless a flag or a hold keeps them."""
    who.need("oversight")
    if sure != "yes":
        raise BadInput("Tick the box to say that you are sure. Nothing was erased.", field="sure")
    with transaction(house.engine) as connection:
        person = _person_for(connection, who, given)
        told = erase.erase_person(connection, person.reference)
        audit.record(connection, who.id, "data.erased", person.reference)
    _forget(house, person, told)
    return RedirectResponse(f"{ROOT}/privacy?done=erased", status_code=303, headers=HEADERS)


def _forget(house: House, person: Person, told: erase.Erased) -> None:
    """After the commit: files, what Rasa holds in memory, and the other consoles."""
    erase.forget_in_files(house.settings.home, told)
    for conversation_id in person.conversation_ids:
        if house.dialogue is not None:
            house.dialogue.forget(conversation_id)
        house.notifier.nudge(conversation_id)
    house.notifier.nudge("")


def _person_for(connection: Connection, who: Staff, given: str) -> Person:
    """The person, if this member of staff may see them; another practice's cannot be told from nobody."""
    who.need("people")
    try:
        person = people.by_id(connection, given)
    except NotFound:
        person = None
    if person is None or who.practice not in (None, person.practice):
        raise NotFound("There is no such person here. They may have been erased.")
    return person


def _record_of(connection: Connection, person: Person) -> str:
    """The record that a hold or an objection is written to; made where there is none, for all of their conversations."""
    if person.patient_id:
        for row in person.conversations:
            if not row.patient_id:
                patients.link(connection, row.id, person.patient_id)
        return person.patient_id
    patient_id = patients.of_conversation(connection, person.conversations[0])
    for row in person.conversations[1:]:
        patients.link(connection, row.id, patient_id)
    return patient_id


def _back(address: str, done: str) -> Response:
    return RedirectResponse(f"{ROOT}/privacy/{address}?done={done}", status_code=303, headers=HEADERS)
