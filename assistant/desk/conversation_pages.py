"""A conversation's page: the whole thread, the summary, and taking over, replying, noting, handing back, closing."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from markupsafe import Markup
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON
from assistant.conversations import messages, records, typing
from assistant.desk import audit, canned, csrf, deliveries, flags, keeping, sessions, takeover, wording
from assistant.desk.accounts import names_by_id
from assistant.desk.care import care_lines
from assistant.desk.inbox import needing, numbered
from assistant.desk.outcomes import panel
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
from assistant.desk.roles import Staff, conversation_for
from assistant.desk.summary import flags_of, summary_of
from assistant.desk.unread import mark_read
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/conversations/{{conversation_id}}", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Fresh = Annotated[Staff, Depends(sessions.fresh)]
Watching = Annotated[Staff, Depends(sessions.watching)]
Writer = Annotated[Staff, Depends(csrf.writer)]
Id = Annotated[str, Path(max_length=36)]
Text = Annotated[str, Form(max_length=20_000)]
PARTS = {
    "bar": "conversation/_bar.html",
    "composer": "conversation/_composer.html",
    "panel": "conversation/_panel.html",
    "notes": "conversation/_notes.html",
    "texts": "conversation/_texts.html",
    "writing": "conversation/_writing.html",
}
MOST_MESSAGES = 5000


def _view(connection: Connection, house: House, who: Staff, row: Row) -> dict[str, Any]:
    """What the templates show of one conversation."""
    thread = messages.since(connection, row.id, 0, MOST_MESSAGES)
    names = names_by_id(connection)
    summary = summary_of(connection, house, row, thread)
    return {
        "row": row,
        "who": who,
        "title": wording.person(row),
        "practice": house.programme.practice(row.practice).name,
        "has_it": names.get(row.staff_id or "", ""),
        "mine": row.state == "live" and row.staff_id == who.id,
        "place": records.queue_place(connection, row.id),
        "summary": summary,
        "care": care_lines(connection, [row])[row.id],
        "flagged": {flag.message_seq: flag for flag in [*summary["flags"], *summary["open_flags"]]},
        "said_by_seq": {message.seq: message.text for message in thread},
        "notes": takeover.notes_of(connection, row.id),
        "names": names,
        "thread": thread,
        "most": takeover.MOST_REPLY,
        "kept": keeping.in_words(connection, house, row),
        "deliveries": deliveries.of(connection, row.id),
        "writing": typing.is_writing(connection, row.id, typing.PATIENT),
        "ready": _ready_replies(connection, house, who, row),
        "prefilled": "",
    }


def _ready_replies(connection: Connection, house: House, who: Staff, row: Row) -> list[dict[str, Any]]:
    """The practice's ready replies with the names filled in, for who has the conversation."""
    if row.state != "live" or row.staff_id != who.id:
        return []
    names = {"person_name": row.person_name, "my_name": who.first_name, "practice": house.programme.practice(row.practice)}
    return [
        {"id": reply.id, "title": reply.title, "text": canned.filled(reply.text, **names)}
        for reply in canned.replies_of(connection, row.practice)
    ]


def _parts(view: dict[str, Any]) -> Parts:
    """The composer's `once` makes a double click one reply. It and the ready replies are no part of what the page compares:
    a reply half written is not swept away because a colleague mended one."""
    parts = render_parts(PARTS, **{**view, "once": "", "ready": [], "prefilled": ""})
    fresh = templates.get_template(PARTS["composer"]).render(**{**view, "once": secrets.token_urlsafe(12)})
    parts.html["composer"] = Markup(fresh)
    return parts


@router.get("")
def conversation_page(
    request: Request,
    house: TheHouse,
    who: SignedIn,
    conversation_id: Id,
    use: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> HTMLResponse:
    """Everything said and known. `use`: the ready reply to put into the box, where no script does it."""
    with transaction(house.engine) as connection:
        row = conversation_for(connection, who, conversation_id)
        mark_read(connection, who, conversation_id, row.last_seq)
        audit.record(connection, who.id, "conversation.read", conversation_id)
    # Not inside the write: the directory may have to write new vectors before it can name a service.
    with reading(house.engine) as connection:
        view = _view(connection, house, who, conversation_for(connection, who, conversation_id))
        tab = numbered(view["title"], needing(connection, who))
        outcomes = panel(connection, conversation=view["row"])
    view["prefilled"] = next((reply["text"] for reply in view["ready"] if reply["id"] == use), "")
    view["tab"] = tab
    return page(request, "conversation/conversation.html", parts=_parts(view), outcomes=outcomes, **view)


@router.get("/parts")
def conversation_parts(
    request: Request,
    house: TheHouse,
    who: Watching,
    conversation_id: Id,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> HTMLResponse:
    """Messages after `after`, and the parts that have changed. New messages are a read, and audited."""
    with reading(house.engine) as connection:
        row = conversation_for(connection, who, conversation_id)
        view = _view(connection, house, who, row)
        tab = numbered(view["title"], needing(connection, who))
    fresh = [message for message in view["thread"] if message.seq > after]
    if fresh:
        with transaction(house.engine) as connection:
            mark_read(connection, who, row.id, fresh[-1].seq)
            audit.record(connection, who.id, "conversation.read", row.id)
    parts = _parts(view)
    update = templates.get_template("conversation/_update.html").render(
        **{**view, "parts": parts, "changed": parts.changed(request), "fresh": fresh, "tab": tab}
    )
    return fragment(update)


@router.post("/claim")
def claim(request: Request, house: TheHouse, who: Writer, conversation_id: Id) -> Response:
    """Take over."""
    with transaction(house.engine) as connection:
        takeover.claim(connection, who, conversation_id)
    _tell(house, conversation_id)
    return _went(request, conversation_id, "You have this conversation. The patient has been told you are here.")


@router.post("/reply")
def reply(
    request: Request,
    house: TheHouse,
    who: Writer,
    conversation_id: Id,
    text: Text = "",
    once: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Say something to the patient; htmx gets an empty box back."""
    with transaction(house.engine) as connection:
        takeover.reply(connection, who, conversation_id, text, once=once)
    _tell(house, conversation_id)
    if not is_htmx(request):
        return RedirectResponse(f"{_address(conversation_id)}#newest", status_code=303, headers=HEADERS)
    with reading(house.engine) as connection:
        row = conversation_for(connection, who, conversation_id)
        view = {
            "row": row, "who": who, "mine": True, "once": secrets.token_urlsafe(12), "most": takeover.MOST_REPLY,
            "ready": _ready_replies(connection, house, who, row),
        }  # fmt: skip
    response = fragment(templates.get_template(PARTS["composer"]).render(**view))
    response.headers["HX-Trigger"] = "desk-changed"
    return response


@router.post("/note")
def note(request: Request, house: TheHouse, who: Writer, conversation_id: Id, note: Text = "") -> Response:
    """Leave a private note."""
    with transaction(house.engine) as connection:
        takeover.add_note(connection, who, conversation_id, note)
    house.notifier.nudge("")
    return _went(request, conversation_id, "Note kept. Only staff can read it.")


@router.post("/hand-back")
def hand_back(request: Request, house: TheHouse, who: Writer, conversation_id: Id) -> Response:
    """Back to the helper."""
    with transaction(house.engine) as connection:
        takeover.hand_back(connection, who, conversation_id)
    _tell(house, conversation_id)
    return _went(request, conversation_id, "Handed back. The helper answers the patient again.")


@router.post("/acknowledge")
def acknowledge_all(
    request: Request, house: TheHouse, who: Writer, conversation_id: Id, newest: Annotated[int, Form(ge=0, le=2**31 - 1)] = 0
) -> Response:
    """All flags that stood on the page; one that came since waits to be read."""
    with transaction(house.engine) as connection:
        count = flags.acknowledge_all(connection, who, conversation_id, newest)
    house.notifier.nudge("")
    return _went(request, conversation_id, f"{count} flags acknowledged. Your name is on them.")


@router.post("/close")
def close(request: Request, house: TheHouse, who: Writer, conversation_id: Id) -> Response:
    """Close for now."""
    with transaction(house.engine) as connection:
        takeover.close(connection, who, conversation_id)
        left = sum(1 for flag in flags_of(connection, conversation_id) if not flag.acknowledged_at)
    _tell(house, conversation_id)
    still = f" {left} safety {'flag still waits' if left == 1 else 'flags still wait'} to be acknowledged." if left else ""
    return _went(request, conversation_id, f"Closed. It opens again when the patient writes.{still}")


@router.get("/transcript")
def transcript(house: TheHouse, who: Fresh, conversation_id: Id) -> PlainTextResponse:
    """The thread as plain text, to keep with the record."""
    with transaction(house.engine) as connection:
        row = conversation_for(connection, who, conversation_id)
        thread = messages.since(connection, row.id, 0, MOST_MESSAGES)
        audit.record(connection, who.id, "transcript.read", row.id)
    lines = []
    for message in thread:
        name = (message.extra or {}).get("navigator") if message.sender == "navigator" else None
        at = message.at.astimezone(LONDON)
        lines.append(f"{at:%d/%m/%Y %H:%M} {name or wording.SENDERS[message.sender]}\n{message.text}\n")
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="conversation-{row.id[:8]}.txt"'}
    return PlainTextResponse("\n".join(lines), headers=headers)


def _address(conversation_id: str) -> str:
    return f"{ROOT}/conversations/{conversation_id}"


def _went(request: Request, conversation_id: str, words: str) -> Response:
    return said(request, _address(conversation_id), words)


def _tell(house: House, conversation_id: str) -> None:
    """After the commit: wake the patient's page, the other consoles and the sender of texts."""
    house.notifier.nudge(conversation_id)
    house.wake_outbox()
