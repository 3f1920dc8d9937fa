"""A short list out of the directory: compare up to four, print for a patient, send in a conversation."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import csrf, sessions, takeover
from assistant.desk.listing_words import send_words
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page, templates
from assistant.desk.roles import Staff, conversation_for
from assistant.desk.wording import miles, uk_date
from assistant.errors import BadInput, NotFound, Unavailable
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction
from directory.query import Match

router = APIRouter(prefix=f"{ROOT}/directory", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Ids = Annotated[list[str], Query(max_items=20)]
Search = Annotated[str, Query(max_length=1500)]
Conversation = Annotated[str, Query(max_length=36)]
MOST_COMPARED, MOST_LISTED = 4, 12


def plain_facts(service: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value of what a patient asks before going. What is unknown says 'Ask'."""
    cost = service["cost"]
    after = cost["afterwards"] if cost["afterwards"] and cost["afterwards"] not in (cost["now"] or "") else None
    facts: list[tuple[str, Any]] = [
        ("Run by", service["provider"]),
        ("Where", service["where"]),
        ("When", "; ".join(service["when"] or [])),
        ("Cost", "; afterwards ".join(part for part in (cost["now"], after) if part)),
        ("Who meets you", service["who_meets_you"]),
        ("Bring someone", service["can_bring_someone"]),
        ("Who it is for", ", ".join([*(service["audience"] or []), *([f"aged {service['age_range']}"] if service["age_range"] else [])]) or "Everybody"),
        ("Languages", ", ".join(service["languages"] or [])),
        ("Access", ", ".join(service["access"] or [])),
        ("How to join", service["how_to_join"]),
        ("Contact", service["contact"]),
        ("Website", service["url"]),
    ]  # fmt: skip
    return [(label, str(value) if value else "Ask") for label, value in facts]


templates.env.filters["plain_facts"] = plain_facts


def chosen(house: House, ids: list[str]) -> list[Match]:
    """The listings ticked, each once, those no longer there passed over. Raises Unavailable."""
    if house.directory is None:
        raise Unavailable("The directory cannot be searched just now. Please try again later.")
    found = [house.directory.get(one[:100].replace("\x00", ""), viewer="staff") for one in dict.fromkeys(ids)]
    return list({match.id: match for match in found if match is not None}.values())


def for_patients(matches: list[Match]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """(services patients may see, (name, reason) of the others)."""
    shown = [match.as_service() for match in matches if match.hidden is None]
    return shown, [(match.listing.name, match.hidden.in_words) for match in matches if match.hidden is not None]


def _back(search: str) -> str:
    """The search one came from. What is not the query of a search leads to the plain page."""
    return f"{ROOT}/directory" + (f"?{search}" if search and "\n" not in search and "\r" not in search else "")


@router.get("/compare")
def compare(
    request: Request, house: TheHouse, who: SignedIn, id: Ids = [], search: Search = "", conversation: Conversation = ""  # noqa: B006
) -> HTMLResponse:
    """Side by side; rows that differ stand out."""
    who.need("directory")
    matches = chosen(house, id)
    services = [match.as_staff_service() for match in matches[:MOST_COMPARED]]
    columns = [plain_facts(service) for service in services]
    rows = [(column[0][0], [value for _, value in column]) for column in zip(*columns, strict=True)]
    if services:
        rows.append(("Distance", [miles(s["distance_km"]) if s["distance_km"] is not None else "Not known" for s in services]))
        rows.append(("Places", [str(s["capacity"] or "Ask") + (f", wait {s['wait_weeks']} weeks" if s["wait_weeks"] else "") for s in services]))
        rows.append(("Accredited until", [uk_date(s["accredited_until"]) or "Not known" for s in services]))
        rows.append(("Last checked", [uk_date(s["checked_on"]) or "Not known" for s in services]))
    rows = [row for row in rows if row[0] != "Distance" or any(value != "Not known" for value in row[1])]
    return page(
        request, "directory/compare.html", who, title="Compare", services=services, rows=rows, left_out=len(matches) > MOST_COMPARED,
        back=_back(search), search_query=search, conversation=conversation,
    )  # fmt: skip


@router.get("/print")
def print_list(request: Request, house: TheHouse, who: SignedIn, id: Ids = [], search: Search = "") -> HTMLResponse:  # noqa: B006
    """A list for a patient, without a name on it. What patients may not see is left out, and said."""
    who.need("directory")
    services, hidden = for_patients(chosen(house, id)[:MOST_LISTED])
    practice = house.programme.practices.get(who.practice or "")
    line = f"{practice.name}, phone {practice.phone}." if practice else ""
    return page(
        request, "directory/print.html", who, title="Places you could try", services=services, hidden=hidden, back=_back(search),
        public=house.settings.public_base_url.rstrip("/"), practice_line=line,
    )  # fmt: skip


@router.get("/send")
def look_over(
    request: Request, house: TheHouse, who: SignedIn, id: Ids = [], search: Search = "", conversation: Conversation = ""  # noqa: B006
) -> HTMLResponse:
    """What would be sent, to be changed before it goes."""
    who.need("conversations")
    with reading(house.engine) as connection:
        conversation_for(connection, who, conversation)
    services, hidden = for_patients(chosen(house, id)[:MOST_COMPARED])
    text = send_words(services, house.settings.public_base_url.rstrip("/")) if services else ""
    return page(
        request, "directory/send.html", who, title="Send in this conversation", services=services, hidden=hidden, text=text,
        conversation=conversation, back=_back(search), once=secrets.token_urlsafe(12),
    )  # fmt: skip


@router.post("/send")
def send(
    house: TheHouse,
    who: Annotated[Staff, Depends(csrf.writer)],
    conversation: Annotated[str, Form(max_length=36)] = "",
    id: Annotated[list[str], Form(max_items=20)] = [],  # noqa: B006
    text: Annotated[str, Form(max_length=20_000)] = "",
    once: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Say it in the navigator's name. What was hidden meanwhile is not sent."""
    if not conversation:
        raise NotFound("There is no such conversation here. It may have been deleted.")
    matches = chosen(house, id)
    services, hidden = for_patients(matches[:MOST_COMPARED])
    if hidden:
        raise BadInput(f"{hidden[0][0]} is not for patients any more: {hidden[0][1]} Go back and choose again.", field="id")
    with transaction(house.engine) as connection:
        takeover.reply(connection, who, conversation, text, once=once, services=services)
    house.notifier.nudge(conversation)
    house.wake_outbox()
    return RedirectResponse(f"{ROOT}/conversations/{conversation}#newest", status_code=303, headers=HEADERS)
