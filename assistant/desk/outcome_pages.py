"""Asking the closing questions from the desk, and the form for answers given by phone."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import audit, csrf, outcomes, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page, said
from assistant.desk.roles import Staff
from assistant.errors import BadInput
from assistant.house import TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/outcomes", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Id = Annotated[str, Query(max_length=36)]
FormId = Annotated[str, Form(max_length=36)]


@router.post("/ask")
def ask(request: Request, house: TheHouse, who: Writer, conversation: FormId = "", patient: FormId = "") -> Response:
    """Send the offer; the person may say no, and skip any question."""
    with transaction(house.engine) as connection:
        subject = outcomes.subject_for(connection, who, conversation, patient)
        words = outcomes.ask(connection, house, who, subject)
    if subject.conversation is not None:
        house.notifier.nudge(subject.conversation.id)
        house.wake_outbox()
    return said(request, f"{ROOT}{subject.back}", words)


@router.get("/answers")
def form(request: Request, house: TheHouse, who: SignedIn, conversation: Id = "", patient: Id = "") -> HTMLResponse:
    """The eight questions in their exact words, to read aloud."""
    with transaction(house.engine) as connection:
        subject = outcomes.subject_for(connection, who, conversation, patient)
        audit.record(connection, who.id, "wellbeing.read", subject.patient_id or conversation)
    return _form(request, house, who, subject, {}, secrets.token_urlsafe(12), "")


async def fields(request: Request) -> dict[str, str]:
    """What the form holds, each at most 60 characters: the longest answer has 21."""
    return {key: value[:60] for key, value in (await request.form()).items() if isinstance(value, str)}


@router.post("/answers")
def keep(request: Request, house: TheHouse, who: Writer, data: Annotated[dict[str, str], Depends(fields)]) -> Response:
    """Keep them, once however often it is pressed; a fault is said above the form, with what was chosen still chosen."""
    once = data.get("once", "")[:40] or secrets.token_urlsafe(12)
    with reading(house.engine) as connection:
        subject = outcomes.subject_for(connection, who, data.get("conversation", "")[:36], data.get("patient", "")[:36])
    try:
        with transaction(house.engine) as connection:
            outcomes.keep_typed(connection, who, subject, data.get("stage", ""), data, once)
    except BadInput as error:
        return _form(request, house, who, subject, data, once, error.detail)
    return RedirectResponse(f"{ROOT}{subject.back}", status_code=303, headers=HEADERS)


def _form(request: Request, house: TheHouse, who: Staff, subject: outcomes.Subject, given: dict[str, str], once: str, fault: str) -> HTMLResponse:
    with reading(house.engine) as connection:
        row = subject.conversation
        known = outcomes.panel(connection, conversation=row) if row is not None else None
    stage = given.get("stage") or ("end" if known and known["times"]["start"] is not None else "start")
    key = {"patient": subject.query.partition("=")[2]} if subject.query.startswith("patient") else {"conversation": row.id if row else ""}
    return page(
        request, "outcomes/answers.html", who, 422 if fault else 200, title=f"Wellbeing answers of {subject.name}", subject=subject,
        questions=outcomes.questions(), stages=outcomes.STAGES, given=given, stage=stage, once=once, fault=fault, key=key,
    )  # fmt: skip
