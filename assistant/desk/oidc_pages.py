"""Leaving for the OpenID Connect issuer and coming back, to sign in or to confirm who one is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from assistant.desk import audit, oidc, sessions
from assistant.desk.account_pages import safe_next, sign_in_form
from assistant.desk.pages import HEADERS, ROOT, DeskRoute
from assistant.desk.roles import Staff
from assistant.errors import LinkwayError, NotFound, NotSignedIn
from assistant.house import House, TheHouse
from assistant.store.database import transaction

router = APIRouter(prefix=f"{ROOT}/oidc", route_class=DeskRoute, include_in_schema=False)
COOKIE = "linkway_oidc"
COOKIE_PATH = f"{ROOT}/oidc"
Back = Annotated[str, Query(max_length=500)]


@router.get("/start")
def start(request: Request, house: TheHouse, next: Back = "") -> Response:
    """To the issuer, to sign in."""
    try:
        return _leave(house, safe_next(next), None)
    except LinkwayError as error:
        return sign_in_form(request, house, next_page=safe_next(next), fault=error.detail)


@router.get("/confirm")
def confirm(house: TheHouse, who: Annotated[Staff, Depends(sessions.signed_in)], next: Back = "") -> Response:
    """To the issuer, to say once more who one is."""
    return _leave(house, safe_next(next), who.session)


def _leave(house: House, back: str, session: str | None) -> Response:
    if not oidc.is_set_up(house.settings):
        raise NotFound("Signing in through another organisation is not set up here.")
    with oidc.make_client(house.settings) as client:
        where = oidc.discovered(client, house.settings)
    with transaction(house.engine) as connection:
        address, state = oidc.begin(connection, house.settings, where, back, session)
    response = RedirectResponse(address, status_code=303, headers=HEADERS)
    secure = house.settings.public_base_url.startswith("https://")
    # Lax: the issuer sends the browser back by a link of another site.
    response.set_cookie(COOKIE, state, path=COOKIE_PATH, httponly=True, samesite="lax", secure=secure, max_age=600)
    return response


@router.get("/callback")
def callback(
    request: Request,
    house: TheHouse,
    state: Annotated[str, Query(max_length=200)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> Response:
    """Back from the issuer: a session for the account it vouches for, or the session at hand confirmed."""
    back = f"{ROOT}/"
    try:
        if not oidc.is_set_up(house.settings):
            raise NotFound("Signing in through another organisation is not set up here.")
        with transaction(house.engine) as connection:
            row = oidc.take(connection, state, request.cookies.get(COOKIE, ""))
        back = row.back
        if not code:  # the person pressed Cancel there, or was refused
            raise NotSignedIn("You were not signed in there. Try again, or use your username, password and code.")
        with oidc.make_client(house.settings) as client:
            where = oidc.discovered(client, house.settings)
        who = oidc.vouched(house.settings, where, row, code)
        response = _confirmed(request, house, who, row.session, back) if row.session else _signed_in(house, who, back)
    except LinkwayError as error:
        response = sign_in_form(request, house, next_page=safe_next(back), fault=error.detail)
    response.delete_cookie(COOKIE, path=COOKIE_PATH)
    return response


def _signed_in(house: House, who: oidc.Vouched, back: str) -> Response:
    with transaction(house.engine) as connection:
        account = oidc.account_of(connection, who)
        token = sessions.open_session(connection, account, via="oidc") if account is not None else None
        if token is None:
            audit.record(connection, None, "sign_in.failed")
    if token is None:
        raise NotSignedIn(oidc.NOBODY)
    response = RedirectResponse(back, status_code=303, headers=HEADERS)
    sessions.set_cookie(response, house.settings, token)
    return response


def _confirmed(request: Request, house: House, who: oidc.Vouched, session: str, back: str) -> Response:
    """The same browser, the same person, signed in there just now."""
    here = sessions.signed_in(request)
    with transaction(house.engine) as connection:
        account = oidc.account_of(connection, who)
        good = account is not None and account.id == here.id and here.session == session and oidc.is_fresh(who)
        if good:
            sessions.mark_confirmed(connection, session)
        audit.record(connection, here.id, "sign_in.confirmed" if good else "sign_in.failed", here.id)
    if not good:
        raise NotSignedIn("That was not confirmed: sign in there anew, as the same person as here.")
    return RedirectResponse(back, status_code=303, headers=HEADERS)
