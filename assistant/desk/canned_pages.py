"""The page of ready replies: add, change, remove."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, Response

from assistant.desk import canned, csrf, sessions
from assistant.desk.pages import ROOT, DeskRoute, page, said
from assistant.desk.roles import Staff
from assistant.errors import LinkwayError
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/replies", route_class=DeskRoute, include_in_schema=False)
Writer = Annotated[Staff, Depends(csrf.writer)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Title = Annotated[str, Form(max_length=400)]
Text = Annotated[str, Form(max_length=20_000)]
Slug = Annotated[str, Form(max_length=64)]


def _page(request: Request, house: House, who: Staff, fault: LinkwayError | None = None, **kept: object) -> HTMLResponse:
    who.need("conversations")
    practices = [p for p in house.programme.practices.values() if who.practice in (None, p.slug)]
    with reading(house.engine) as connection:
        groups = [(practice, canned.replies_of(connection, practice.slug)) for practice in practices]
    return page(
        request, "replies.html", who, fault.status if fault else 200, title="Ready replies", groups=groups,
        variables=canned.VARIABLES, most_title=canned.MOST_TITLE, most_text=canned.MOST_TEXT, fault=fault, kept=kept,
    )  # fmt: skip


@router.get("")
def replies(request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)]) -> HTMLResponse:
    """Every reply of the practice, each in a box of its own to change."""
    return _page(request, house, who)


@router.post("")
def add(request: Request, house: TheHouse, who: Writer, title: Title = "", text: Text = "", practice: Slug = "") -> Response:
    """A new one. What was written is kept when it cannot be used."""
    slug = who.practice or house.programme.practice(practice or None).slug
    try:
        with transaction(house.engine) as connection:
            canned.save(connection, who, slug, title, text)
    except LinkwayError as fault:
        return _page(request, house, who, fault, title=title, text=text, practice=slug)
    return said(request, f"{ROOT}/replies", "Reply added.")


@router.post("/{reply_id}")
def change(request: Request, house: TheHouse, who: Writer, reply_id: Number, title: Title = "", text: Text = "",
           practice: Slug = "") -> Response:  # fmt: skip
    """Other words."""
    slug = who.practice or house.programme.practice(practice or None).slug
    try:
        with transaction(house.engine) as connection:
            canned.save(connection, who, slug, title, text, reply_id)
    except LinkwayError as fault:
        return _page(request, house, who, fault, reply_id=reply_id, title=title, text=text)
    return said(request, f"{ROOT}/replies", "Reply changed.")


@router.post("/{reply_id}/remove")
def remove(request: Request, house: TheHouse, who: Writer, reply_id: Number) -> Response:
    """Off the list."""
    with transaction(house.engine) as connection:
        canned.remove(connection, who, reply_id)
    return said(request, f"{ROOT}/replies", "Reply removed.")
