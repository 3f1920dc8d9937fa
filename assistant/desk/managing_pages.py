"""'Accounts': colleagues' accounts for managers. Every page asks for a fresh confirmation, so no form is lost to it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, Request
from fastapi.responses import HTMLResponse, Response

from assistant.desk import audit, csrf, managing, sessions
from assistant.desk.accounts import NewAccount
from assistant.desk.pages import ROOT, DeskRoute, page, said
from assistant.desk.roles import ROLES, Staff
from assistant.errors import BadInput, Conflict
from assistant.house import House, TheHouse
from assistant.pathway import handing_over
from assistant.store.database import reading, transaction

router = APIRouter(prefix=f"{ROOT}/accounts", route_class=DeskRoute, include_in_schema=False)
Fresh = Annotated[Staff, Depends(sessions.fresh)]
FreshWriter = Annotated[Staff, Depends(csrf.fresh_writer)]
Id = Annotated[str, Path(max_length=36)]
Word = Annotated[str, Form(max_length=300)]


@router.get("")
def accounts_page(request: Request, house: TheHouse, who: Fresh) -> HTMLResponse:
    """Who can sign in, and who no longer can."""
    return _list(request, house, who)


def _list(request: Request, house: House, who: Staff, fault: str = "", **typed: str) -> HTMLResponse:
    with transaction(house.engine) as connection:
        rows = managing.of_manager(connection, who)
        audit.record(connection, who.id, "accounts.read")
    return page(
        request, "account/accounts.html", who, 422 if fault else 200, title="Accounts", accounts=rows, fault=fault, typed=typed,
        **_choices(house, who),
    )  # fmt: skip


def _choices(house: House, who: Staff) -> dict[str, Any]:
    practices = house.programme.practices
    names = {slug: practice.name for slug, practice in practices.items()}
    return {"roles": ROLES, "practices": managing.practices_for(who, list(practices)), "practice_names": names}


@router.post("")
def add(
    request: Request, house: TheHouse, who: FreshWriter, username: Word = "", name: Word = "", role: Word = "", practice: Word = ""
) -> HTMLResponse:
    """Make an account; its sign-in is in this answer and never shown again."""
    try:
        chosen = managing.chosen_practice(who, practice, list(house.programme.practices))
        with transaction(house.engine) as connection:
            made = managing.add(connection, who, username, name, role, chosen)
    except (BadInput, Conflict) as error:
        return _list(request, house, who, error.detail, username=username, name=name, role=role, practice=practice)
    return _shown_once(request, who, made, "Account made")


def _shown_once(request: Request, who: Staff, made: NewAccount, title: str) -> HTMLResponse:
    groups = " ".join(made.totp_secret[place : place + 4] for place in range(0, len(made.totp_secret), 4))
    return page(request, "account/shown_once.html", who, title=title, made=made, groups=groups)


@router.get("/{staff_id}")
def account_page(request: Request, house: TheHouse, who: Fresh, staff_id: Id) -> HTMLResponse:
    """One account, and what can be done with it."""
    return _account(request, house, who, staff_id)


def _account(request: Request, house: House, who: Staff, staff_id: str, fault: str = "", **typed: str) -> HTMLResponse:
    with reading(house.engine) as connection:
        row = managing.one(connection, who, staff_id)
        left, has = managing.codes_left(connection, row), handing_over.left_with(connection, row)
    return page(
        request, "account/account.html", who, 422 if fault else 200, title=row.name, account=managing.described(row), left=left, has=has,
        own=row.id == who.id, fault=fault, typed=typed, oidc=bool(house.settings.oidc_issuer), **_choices(house, who),
    )  # fmt: skip


@router.post("/{staff_id}")
def change(
    request: Request, house: TheHouse, who: FreshWriter, staff_id: Id,
    name: Word = "", role: Word = "", practice: Word = "", email: Word = "",
) -> Response:  # fmt: skip
    """Name, role, practice, address."""
    try:
        chosen = managing.chosen_practice(who, practice, list(house.programme.practices))
        with transaction(house.engine) as connection:
            managing.change(connection, who, staff_id, name, role, chosen, email)
    except (BadInput, Conflict) as error:
        return _account(request, house, who, staff_id, error.detail, name=name, role=role, practice=practice, email=email)
    return said(request, f"{ROOT}/accounts", "Changed.")


@router.post("/{staff_id}/reset")
def reset(request: Request, house: TheHouse, who: FreshWriter, staff_id: Id) -> HTMLResponse:
    """A new sign-in, shown in this answer and never again."""
    with transaction(house.engine) as connection:
        made = managing.reset(connection, who, staff_id)
    return _shown_once(request, who, made, "New sign-in")


@router.post("/{staff_id}/close")
def close(request: Request, house: TheHouse, who: FreshWriter, staff_id: Id) -> Response:
    """Sign out everywhere, and let nobody in; not while they have cases, tasks or calls."""
    try:
        with transaction(house.engine) as connection:
            managing.close(connection, who, staff_id)
    except Conflict as error:
        return _account(request, house, who, staff_id, error.detail)
    house.notifier.nudge("")
    return said(request, f"{ROOT}/accounts", "Closed. They are signed out everywhere.")
