"""Pages of signing in and out, and of saying once more who one is."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.engine import Connection

from assistant.desk import csrf, oidc, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.errors import NotSignedIn
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction
from assistant.store.tables import conversations

router = APIRouter(prefix=ROOT, route_class=DeskRoute, include_in_schema=False)


def safe_next(address: str) -> str:
    """Where to go after signing in: a page of the console, never another site."""
    inside = address.startswith(f"{ROOT}/") and "\\" not in address and "//" not in address and address.isprintable()
    return address if inside and "/sign-in" not in address else f"{ROOT}/"


def home(who: Staff) -> str:
    """The first page of a role."""
    if who.may("conversations"):
        return f"{ROOT}/"
    return f"{ROOT}/calls" if who.may("calls") else f"{ROOT}/directory"


def sign_in_form(request: Request, house: House, *, next_page: str, fault: str = "", username: str = "", lost: bool = False) -> HTMLResponse:
    """The page to sign in on, with what went wrong."""
    token = csrf.fresh_sign_in_token()
    response = page(
        request, "sign_in.html", None, 401 if fault else 200,
        token=token, next=next_page, fault=fault, username=username, oidc=oidc_name(house), lost=lost,
    )  # fmt: skip
    secure = house.settings.public_base_url.startswith("https://")
    response.set_cookie(
        csrf.SIGN_IN_COOKIE, token, path=ROOT, httponly=True, samesite="strict", secure=secure, max_age=3600
    )
    return response


def oidc_name(house: House) -> str:
    """The OpenID Connect issuer's name as staff know it; '' where none is set up."""
    return house.settings.oidc_name if oidc.is_set_up(house.settings) else ""


@router.get("/sign-in")
def sign_in_page(request: Request, house: TheHouse, next: str = "", lost: str = "") -> HTMLResponse:
    """The form. `lost`: a form was sent after the sign-in had ended."""
    return sign_in_form(request, house, next_page=safe_next(next), lost=bool(lost))


@router.post("/sign-in", dependencies=[Depends(csrf.sign_in_form)])
def sign_in(
    request: Request,
    house: TheHouse,
    username: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=500)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Check, open the session, go on; every failure reads the same."""
    try:
        token = sessions.sign_in(house.engine, username, password, code)
    except NotSignedIn as error:
        return sign_in_form(request, house, next_page=safe_next(next), fault=error.detail, username=username)
    response = RedirectResponse(safe_next(next), status_code=303, headers=HEADERS)
    sessions.set_cookie(response, house.settings, token)
    response.delete_cookie(csrf.SIGN_IN_COOKIE, path=ROOT)
    return response


@router.get("/confirm")
def before_confirm(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(sessions.signed_in)],
    next: Annotated[str, Query(max_length=500)] = "",
) -> HTMLResponse:
    """Password and code once more, before an export or a change of an account."""
    return _confirm_page(request, house, who, safe_next(next))


def _confirm_page(request: Request, house: House, who: Staff, back: str, fault: str = "") -> HTMLResponse:
    name = oidc_name(house) if request.state.via == "oidc" else ""
    return page(request, "confirm.html", who, 401 if fault else 200, next=back, fault=fault, oidc=name)


@router.post("/confirm")
def confirm(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(csrf.writer)],
    password: Annotated[str, Form(max_length=500)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
    next: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Check, and go on to what was asked for."""
    try:
        sessions.confirm(house.engine, who, password, code)
    except NotSignedIn as error:
        return _confirm_page(request, house, who, safe_next(next), error.detail)
    return RedirectResponse(safe_next(next), status_code=303, headers=HEADERS)


@router.get("/sign-out")
def before_sign_out(
    request: Request, house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)]
) -> HTMLResponse:
    """Asks first: for an address that was typed or kept."""
    with reading(house.engine) as connection:
        return page(request, "sign_out.html", who, live=_talking_with(connection, who))


@router.post("/sign-out")
def sign_out(
    request: Request,
    house: TheHouse,
    who: Annotated[Staff, Depends(csrf.writer)],
    sure: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """End the session at once, or say first who would be left; those go back into the queue within seconds (desk/watch.py)."""
    with transaction(house.engine) as connection:
        live = 0 if sure else _talking_with(connection, who)
        if not live:
            sessions.sign_out(connection, who)
    if live:
        return page(request, "sign_out.html", who, live=live)
    house.notifier.nudge("")
    response = RedirectResponse(f"{ROOT}/sign-in", status_code=303, headers=HEADERS)
    sessions.clear_cookie(response, house.settings)
    return response


def _talking_with(connection: Connection, who: Staff) -> int:
    """How many conversations this person has."""
    return connection.execute(
        sa.select(sa.func.count())
        .select_from(conversations)
        .where(conversations.c.state == "live", conversations.c.staff_id == who.id)
    ).scalar_one()
