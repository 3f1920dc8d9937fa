"""'My account': what everybody may change of their own, and where they are signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.desk import csrf, own_account, recovery, sessions
from assistant.desk.pages import HEADERS, ROOT, DeskRoute, page
from assistant.desk.roles import Staff
from assistant.errors import BadInput
from assistant.house import House, TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/me", route_class=DeskRoute, include_in_schema=False)
SignedIn = Annotated[Staff, Depends(sessions.signed_in)]
Fresh = Annotated[Staff, Depends(sessions.fresh)]
Writer = Annotated[Staff, Depends(csrf.writer)]
FreshWriter = Annotated[Staff, Depends(csrf.fresh_writer)]
Word = Annotated[str, Form(max_length=500)]
DONE = {"password": "Your password is changed. Your other sign-ins have ended.",
        "app": "Codes come from the new app now. Take the old key out of the old one."}  # fmt: skip


@router.get("")
def own_page(request: Request, house: TheHouse, who: SignedIn, done: str = "") -> HTMLResponse:
    """Who I am, my codes, my sign-ins."""
    settings = house.settings
    with reading(house.engine) as connection:
        left, rows = recovery.left(connection, who.id), own_account.sign_ins(connection, who)
    still = [row for row in rows if own_account.still_open(row, settings.staff_idle_minutes, settings.staff_absolute_hours)]
    practice = house.programme.practice(who.practice).name if who.practice in house.programme.practices else who.practice
    return page(
        request, "account/me.html", who, title="My account", left=left, few=recovery.FEW, rows=rows, still=still,
        practice=practice or "Every practice", done=DONE.get(done, ""),
    )  # fmt: skip


@router.get("/password")
def password_page(request: Request, who: Fresh) -> HTMLResponse:
    """The form."""
    return page(request, "account/password.html", who, title="Change my password", fault="", shortest=own_account.SHORTEST)


@router.post("/password")
def password(request: Request, house: TheHouse, who: FreshWriter, new: Word = "", again: Word = "") -> Response:
    """Change it."""
    try:
        hashed = own_account.hash_password(own_account.checked_password(who, new, again))
    except BadInput as error:
        return page(
            request, "account/password.html", who, 422, title="Change my password", fault=error.detail,
            shortest=own_account.SHORTEST,
        )  # fmt: skip
    with transaction(house.engine) as connection:
        own_account.change_password(connection, who, hashed)
    return _back("?done=password")


@router.get("/authenticator")
def app_page(request: Request, house: TheHouse, who: Fresh) -> HTMLResponse:
    """A new key to put into an app; the old one works until a code of the new one is given."""
    return _app_page(request, own_account.new_app(house.settings, who), who)


def _app_page(request: Request, app: dict[str, str], who: Staff, fault: str = "") -> HTMLResponse:
    title = "A new authenticator app"
    return page(request, "account/authenticator.html", who, 422 if fault else 200, title=title, app=app, fault=fault)


@router.post("/authenticator")
def app(
    request: Request,
    house: TheHouse,
    who: FreshWriter,
    secret: Annotated[str, Form(max_length=64)] = "",
    seal: Annotated[str, Form(max_length=64)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take the new app, if its code fits."""
    try:
        with transaction(house.engine) as connection:
            own_account.change_app(connection, house.settings, who, secret, seal, code)
    except BadInput as error:
        return _app_page(request, own_account.shown_again(house.settings, who, secret, seal), who, error.detail)
    return _back("?done=app")


@router.get("/codes")
def codes_page(request: Request, house: TheHouse, who: Fresh) -> HTMLResponse:
    """How many are left, and a button for new ones."""
    return _codes_page(request, house, who, ())


@router.post("/codes")
def codes(request: Request, house: TheHouse, who: FreshWriter) -> HTMLResponse:
    """Ten new codes, shown in this answer and never again."""
    fresh = recovery.fresh_set()
    with transaction(house.engine) as connection:
        recovery.keep(connection, who.id, fresh, who.id)
    return _codes_page(request, house, who, fresh.shown)


def _codes_page(request: Request, house: House, who: Staff, shown: tuple[str, ...]) -> HTMLResponse:
    with reading(house.engine) as connection:
        left = recovery.left(connection, who.id)
    return page(request, "account/codes.html", who, title="Recovery codes", left=left, shown=shown, most=recovery.HOW_MANY)


@router.post("/sign-out-everywhere")
def sign_out_everywhere(house: TheHouse, who: Writer) -> Response:
    """End every sign-in, this one included."""
    with transaction(house.engine) as connection:
        own_account.end_everywhere(connection, who)
    house.notifier.nudge("")
    response = RedirectResponse(f"{ROOT}/sign-in", status_code=303, headers=HEADERS)
    sessions.clear_cookie(response, house.settings)
    return response


def _back(query: str) -> Response:
    return RedirectResponse(f"{ROOT}/me{query}", status_code=303, headers=HEADERS)
