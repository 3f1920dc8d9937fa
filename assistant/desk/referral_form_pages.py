"""'Refer to a service': choose a service, fill in one short form, read what the service will see, send."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Connection

from assistant.desk import audit, csrf, referral_form, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.referral_form import Person
from assistant.desk.roles import Staff
from assistant.errors import BadInput, NotFound
from assistant.house import House, TheHouse
from assistant.pathway import caseload, referrals
from assistant.pathway.referral_letters import CONSENT, REACH, seen_by_provider
from assistant.pathway.referral_steps import conversation_of, load
from assistant.providers import view
from assistant.store.database import reading, transaction
from directory.needs import load_needs

router = APIRouter(prefix=f"{ROOT}/referrals", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
FIELDS = ("conversation", "patient", "listing", "referral", "first_name", "need", "note", "reach", "number", "consent", "contact")


async def form_values(request: Request) -> dict[str, str]:
    """The form's fields by name, each cut at what no honest form reaches."""
    form = await request.form()
    return {name: str(form.get(name, ""))[:4000] for name in FIELDS}


Values = Annotated[dict[str, str], Depends(form_values)]


@router.get("/new")
def new_referral(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    conversation: Annotated[str, Query(max_length=36)] = "",
    patient: Annotated[str, Query(max_length=36)] = "",
    listing: Annotated[str, Query(max_length=100)] = "",
    q: Annotated[str, Query(max_length=300)] = "",
) -> HTMLResponse:
    """First the service, then the form. Opening it is a read of the person, and audited."""
    with transaction(house.engine) as connection:
        person = referral_form.person(connection, who, conversation, patient)
        audit.record(connection, who.id, "referral.begun", conversation or patient)
    if listing:
        match = house.directory.get(listing, viewer="patient") if house.directory else None
        if match is None:
            raise NotFound("This service cannot be chosen: it is not in the directory, or hidden from patients just now.")
        service = match.as_service()
        given = referral_form.draft(person, service["needs"], referral_form.contact_of(service))
        return _form(request, house, who, person, {**given, "listing": listing}, service["name"])
    with reading(house.engine) as connection:
        services = referral_form.services(connection, house, person, q)
    return page(request, "referrals/choose.html", who, title="Refer to a service", person=person, services=services, q=q,
                up=house.directory is not None)  # fmt: skip


def _form(
    request: Request, house: House, who: Staff, person: Person, given: dict[str, str], service: str, fault: BadInput | None = None
) -> HTMLResponse:
    return page(
        request, "referrals/form.html", who, fault.status if fault else 200, title=f"Refer to {service}", person=person, given=given,
        service=service, fault=fault, needs=load_needs(), REACH=REACH, CONSENT=CONSENT, most_note=referrals.MOST_NOTE,
    )  # fmt: skip


def _again(request: Request, house: House, who: Staff, given: dict[str, str], fault: BadInput | None) -> HTMLResponse:
    """The form with everything that was typed."""
    with reading(house.engine) as connection:
        person = referral_form.person(connection, who, given["conversation"], given["patient"])
    match = house.directory.get(given["listing"], viewer="staff") if house.directory else None
    return _form(request, house, who, person, given, match.listing.name if match else "a service", fault)


@router.post("/form")
def back_to_form(request: Request, house: TheHouse, who: Writer, given: Values) -> HTMLResponse:
    """From the preview, to change something."""
    return _again(request, house, who, given, None)


@router.post("/preview")
def preview(request: Request, house: TheHouse, who: Writer, given: Values) -> HTMLResponse:
    """Just what the service will see, before anything is sent."""
    try:
        with reading(house.engine) as connection:
            person = referral_form.person(connection, who, given["conversation"], given["patient"])
            wanted = referral_form.wanted(house, person, given)
            referrals.check(wanted)
            listing = referrals.eligible(connection, house, wanted.listing_id)
    except BadInput as fault:
        return _again(request, house, who, given, fault)
    practice = house.programme.practice(person.practice)
    values: dict[str, Any] = {
        "practice": person.practice, "service": listing.name, "first_name": wanted.first_name, "need": wanted.need, "note": wanted.note,
        "reach_how": wanted.reach_how, "reach_number": wanted.reach_number,
        "free_sessions": referrals.free_sessions(listing, practice.session_limit),
    }  # fmt: skip
    seen = seen_by_provider(house, values)
    return page(
        request, "referrals/preview.html", who, title="Read it before it goes", given=given, person=person, service=listing.name,
        before=view.person(seen, accepted=False), after=view.person(seen, accepted=True), wanted=wanted, CONSENT=CONSENT,
        practice=practice.name, days=practice.provider_silence_days,
    )  # fmt: skip


@router.post("")
def send(request: Request, house: TheHouse, who: Writer, given: Values) -> Response:
    """Make it. Sent twice (a double click), it is one referral."""
    try:
        with transaction(house.engine) as connection:
            person = referral_form.person(connection, who, given["conversation"], given["patient"])
            wanted = referral_form.wanted(house, person, given)
            patient_id, conversation_id = _patient(connection, person, who)
            made = referrals.make(connection, house, patient_id, conversation_id, wanted, who.id)
            audit.record(connection, who.id, "referral.made", made)
            told = conversation_of(connection, load(connection, made))
    except BadInput as fault:
        return _again(request, house, who, given, fault)
    if told is not None:
        house.notifier.nudge(told.id)
    house.notifier.nudge("")
    house.wake_outbox()
    return RedirectResponse(f"{ROOT}/referrals/{made}?done=made", status_code=303, headers=HEADERS)


def _patient(connection: Connection, person: Person, who: Staff) -> tuple[str, str | None]:
    if person.conversation is None:
        return str(person.patient.id), None  # type: ignore[union-attr]
    own = who.id if who.role == "navigator" else None
    return caseload.looked_after(connection, person.conversation, own), str(person.conversation.id)
