"""The editors' page: what was not understood, and one press to make it an example, a new answer, or to put it aside."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.engine import Connection

from assistant.desk import audit, csrf, editing, sessions
from assistant.desk.accounts import names_by_id
from assistant.desk.pages import (
    HEADERS,
    ROOT,
    DeskRoute,
    Parts,
    fragment,
    is_htmx,
    page,
    render_parts,
    said,
    templates,
)
from assistant.desk.roles import Staff
from assistant.desk.training_labels import labels, words_of_labels
from assistant.house import House, TheHouse
from assistant.programme.answers import SMS_SEPTETS
from assistant.programme.drafts import as_entry
from assistant.store.database import reading, transaction

HERE = f"{ROOT}/not-understood"
router = APIRouter(prefix=HERE, route_class=DeskRoute, include_in_schema=False)
Writer = Annotated[Staff, Depends(csrf.writer)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Kind = Literal["examples", "answers", "ignored"]
Text = Annotated[str, Form(max_length=editing.MOST_FIELD)]
Away = Annotated[str, Form(max_length=1)]
PARTS = {"missed": "editing/_missed.html", "kept": "editing/_kept.html"}
SHOWN = 40
TITLE = "What was not understood"


def _parts(connection: Connection, house: House, who: Staff) -> Parts:
    """The list, and what was made of it."""
    groups = editing.missed(connection, who)
    examples, answers, ignored = (editing.kept(connection, who, kind) for kind in editing.TABLES)
    open_groups = editing.unsettled(groups, examples, answers, ignored)
    values: dict[str, Any] = {
        "who": who,
        "groups": open_groups[:SHOWN],
        "left_out": len(open_groups) - SHOWN,
        "examples": examples,
        "answers": [(row, as_entry(row.topic, row.question, row.answer, row.sms)) for row in answers],
        "ignored": editing.put_aside(groups, ignored),
        "names": names_by_id(connection),
        "words": words_of_labels(house.programme),
        "topics": house.programme.answers,
        "trained_at": _trained_at(house),
        "many": who.practice is None and len(house.programme.practices) > 1,
    }
    return render_parts(PARTS, **values)


def _trained_at(house: House) -> datetime | None:
    """When the helper that answers now was trained: lines kept later wait for the next training."""
    model = house.dialogue.model if house.dialogue is not None else None
    return datetime.fromtimestamp(model.stat().st_mtime, timezone.utc) if model and model.is_file() else None


@router.get("")
def editing_page(request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)]) -> HTMLResponse:
    """Patients' words, masked: opening it is audited."""
    with reading(house.engine) as connection:
        parts = _parts(connection, house, who)
    _looked(house, who)
    return page(request, "editing/editing.html", who, title=TITLE, parts=parts, days=editing.KEPT_DAYS)


def _looked(house: House, who: Staff, subject: str | None = None) -> None:
    with transaction(house.engine) as connection:
        audit.record(connection, who.id, "missed.read", subject or who.practice)


@router.get("/parts")
def editing_parts(request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.watching)]) -> HTMLResponse:
    """The parts that have changed; a list sent again is a look, and audited."""
    with reading(house.engine) as connection:
        parts = _parts(connection, house, who)
    changed = parts.changed(request)
    if changed:
        _looked(house, who)
    title = f"{TITLE} - Linkway desk"
    return fragment(templates.get_template("_update.html").render(parts=parts, title=title, changed=changed))


@router.get("/{message_id}")
def message_page(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)], message_id: Number
) -> HTMLResponse:
    """One message, with every topic to choose from, its line to change, and the form of a new answer."""
    with reading(house.engine) as connection:
        group = editing.group_of(connection, who, message_id)
    _looked(house, who, f"message {group.id}")
    return page(
        request, "editing/message.html", who, title=TITLE, group=group, labels=labels(house.programme),
        files=sorted({answer.group for answer in house.programme.answers.values()}),
        most=editing.MOST_EXAMPLE, most_field=editing.MOST_FIELD, most_sms=SMS_SEPTETS,
    )  # fmt: skip


def _done(request: Request, words: str, away: str) -> Response:
    """The notice on the list; from a message's own page, back to the list."""
    if away and is_htmx(request):
        return Response(headers={**HEADERS, "HX-Redirect": HERE})
    return said(request, HERE, words)


@router.post("/{message_id}/example")
def example(
    request: Request, house: TheHouse, who: Writer, message_id: Number,
    label: Annotated[str, Form(max_length=80)] = "", text: Text = "", away: Away = "",
) -> Response:  # fmt: skip
    """An example for the next training."""
    with transaction(house.engine) as connection:
        words = editing.add_example(connection, who, house.programme, message_id, label, text)
    return _done(request, f"Kept as an example of: {words}. The helper learns it at the next training.", away)


@router.post("/{message_id}/answer")
def answer(
    request: Request, house: TheHouse, who: Writer, message_id: Number, question: Text = "", first: Text = "",
    second: Text = "", sms: Text = "", file: Annotated[str, Form(max_length=60)] = "",
    away: Away = "",
) -> Response:  # fmt: skip
    """A new answer, to paste into the programme folder."""
    with transaction(house.engine) as connection:
        topic = editing.draft_answer(
            connection, who, house.programme, message_id, file=file, question=question, answer=[first, second], sms=sms
        )
    return _done(request, f"The answer {topic} is kept below, to paste into programme/answers/{file}.yml.", away)


@router.post("/{message_id}/ignore")
def ignore(request: Request, house: TheHouse, who: Writer, message_id: Number) -> Response:
    """Nothing to learn here."""
    with transaction(house.engine) as connection:
        editing.ignore(connection, who, message_id)
    return said(request, HERE, "Put aside. You can bring it back below.")


@router.post("/answers/{number}/example")
def example_of_answer(request: Request, house: TheHouse, who: Writer, number: Number) -> Response:
    """The patient's words as the first example of an answer that is in the programme now."""
    with transaction(house.engine) as connection:
        words = editing.example_of_answer(connection, who, house.programme, number)
    return said(request, HERE, f"Kept as an example of: {words}. The helper learns it at the next training.")


@router.post("/{kind}/{number}/undo")
def undo(request: Request, house: TheHouse, who: Writer, kind: Kind, number: Number) -> Response:
    """Take it back."""
    with transaction(house.engine) as connection:
        editing.take_back(connection, who, kind, number)
    return said(request, HERE, "Taken back. The message is in the list again if it is not too old.")
