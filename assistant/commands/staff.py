"""`linkway staff`: navigators' and managers' accounts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.progress import console
from assistant.settings import get_settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from assistant.desk.accounts import NewAccount

app = typer.Typer(help="Accounts of navigators and managers.", no_args_is_help=True)
Username = Annotated[str, typer.Argument(help="What the person signs in with.")]


def engine() -> Engine:
    """The migrated database."""
    from assistant.store.database import open_engine
    from assistant.store.migrate import migrate

    opened = open_engine(get_settings().database)
    migrate(opened)
    return opened


def show(account: NewAccount) -> None:
    """Print a sign-in once; it cannot be shown again."""
    console.print(f"User name: {account.username}", markup=False)
    console.print(f"Password:  {account.password}", markup=False)
    console.print(f"One-time code: add this to an authenticator app: {account.otpauth_uri}", soft_wrap=True, markup=False)
    console.print("This is shown once. Keep it safe.")


@app.command("add")
def add_account(
    username: Username,
    name: Annotated[str, typer.Option(help="The name patients see.")],
    role: Annotated[str, typer.Option(help="receptionist, navigator, manager or editor.")] = "navigator",
    practice: Annotated[str | None, typer.Option(help="Slug of the practice; all if left out.")] = None,  # noqa: UP007
) -> None:
    """Add an account and print its sign-in."""
    from assistant.desk.accounts import add_staff
    from assistant.programme import load_programme
    from assistant.store.database import transaction

    if practice:
        load_programme(get_settings().programme_dir).practice(practice)
    with transaction(engine()) as connection:
        show(add_staff(connection, username, name, role, practice))


@app.command("list")
def list_accounts(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Who can sign in, and who no longer can; never a password."""
    from assistant.desk import accounts
    from assistant.store.database import reading

    with reading(engine()) as connection:
        rows = accounts.list_staff(connection)
    if as_json:
        found = [{"username": r.username, "name": r.name, "role": r.role, "practice": r.practice,
                  "created_at": r.created_at.isoformat(), "disabled": r.disabled_at is not None} for r in rows]  # fmt: skip
        print(json.dumps(found, ensure_ascii=False))
        return
    for row in rows:
        closed = "  (closed)" if row.disabled_at else ""
        print(f"{row.username:20} {row.name:24} {row.role:13} {row.practice or 'every practice'}{closed}")
    if not rows:
        console.print("There are no accounts. Add one: `linkway staff add USERNAME --name NAME`.")


@app.command("disable")
def disable(
    username: Username,
    to: Annotated[str | None, typer.Option(help="User name of the colleague who takes over cases, tasks and coming calls.")] = None,  # noqa: UP007
    leave: Annotated[bool, typer.Option("--leave-without-owner", help="Close the account though cases are left with nobody.")] = False,
) -> None:
    """Close an account; its sign-ins end at once. What the person has goes to a colleague, and patients are told the new name."""
    from assistant.desk import leaving
    from assistant.house import House
    from assistant.programme import load_programme
    from assistant.store.database import transaction

    settings, opened = get_settings(), engine()
    with transaction(opened) as connection:
        if to is None:
            leaving.disable(connection, username, leave=leave)
        else:
            house = House(settings, opened, load_programme(settings.programme_dir))
            console.print(leaving.in_words(leaving.hand_over_and_disable(connection, house, username, to)), markup=False)
    console.print(f"{username} can no longer sign in.", markup=False)


@app.command("reset")
def reset(username: Username) -> None:
    """Make a new password and one-time code."""
    from assistant.desk.accounts import reset_staff
    from assistant.store.database import transaction

    with transaction(engine()) as connection:
        show(reset_staff(connection, username))


@app.command("codes")
def codes(username: Username) -> None:
    """Make ten recovery codes for a lost phone; the old ones stop working."""
    from assistant.desk import accounts, recovery
    from assistant.errors import NotFound
    from assistant.store.database import transaction

    fresh = recovery.fresh_set()
    with transaction(engine()) as connection:
        row = accounts.find(connection, username)
        if row is None:
            raise NotFound(f"There is no account '{username}'. Check the spelling.", field="username")
        recovery.keep(connection, row.id, fresh)
    console.print("Each works once, in place of a one-time code:")
    for code in fresh.shown:
        console.print(code, markup=False)
    console.print("This is shown once. Keep it safe.")


@app.command("link")
def link(
    username: Username,
    email: Annotated[str | None, typer.Option(help="The address the issuer has verified.")] = None,  # noqa: UP007
    subject: Annotated[str | None, typer.Option(help="The issuer's id of the person.")] = None,  # noqa: UP007
) -> None:
    """Say who may sign in to this account through OpenID Connect; neither option ends the link."""
    from assistant.desk.accounts import link_staff
    from assistant.store.database import transaction

    with transaction(engine()) as connection:
        link_staff(connection, username, email=email, issuer=get_settings().oidc_issuer, subject=subject)
    console.print(f"{username} is linked." if email or subject else f"The link of {username} is ended.", markup=False)


@app.command("code")
def code(key: Annotated[str, typer.Argument(help="The one-time code key shown with the account.")]) -> None:
    """Print the one-time code of the moment, for trying things without an authenticator app."""
    import pyotp

    try:
        print(pyotp.TOTP(key).now())
    except Exception as error:
        raise typer.BadParameter("this is no one-time code key: letters A to Z and digits 2 to 7") from error
