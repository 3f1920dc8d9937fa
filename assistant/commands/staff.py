"""`linkway staff`: navigators' and managers' accounts."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.progress import console
from assistant.settings import get_settings

app = typer.Typer(help="Accounts of navigators and managers.", no_args_is_help=True)
Username = Annotated[str, typer.Argument(help="What the person signs in with.")]


def engine() -> object:
    """The migrated database."""
    from assistant.store.database import open_engine
    from assistant.store.migrate import migrate

    opened = open_engine(get_settings().database)
    migrate(opened)
    return opened


def show(username: str, account: object) -> None:
    """Print a sign-in once; it cannot be shown again."""
    console.print(f"User name: {username}")
    console.print(f"Password:  {account.password}")  # type: ignore[attr-defined]
    console.print(f"One-time code: add this to an authenticator app: {account.otpauth_uri}", soft_wrap=True)  # type: ignore[attr-defined]
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
    with transaction(engine()) as connection:  # type: ignore[arg-type]
        show(username, add_staff(connection, username, name, role, practice))


@app.command("disable")
def disable(username: Username) -> None:
    """Close an account; its sign-ins end at once."""
    from assistant.desk.accounts import disable_staff
    from assistant.store.database import transaction

    with transaction(engine()) as connection:  # type: ignore[arg-type]
        disable_staff(connection, username)
    console.print(f"{username} can no longer sign in.")


@app.command("reset")
def reset(username: Username) -> None:
    """Make a new password and one-time code."""
    from assistant.desk.accounts import reset_staff
    from assistant.store.database import transaction

    with transaction(engine()) as connection:  # type: ignore[arg-type]
        show(username, reset_staff(connection, username))


@app.command("code")
def code(key: Annotated[str, typer.Argument(help="The one-time code key shown with the account.")]) -> None:
    """Print the one-time code of the moment, for trying things without an authenticator app."""
    import pyotp

    try:
        print(pyotp.TOTP(key).now())
    except Exception as error:
        raise typer.BadParameter("this is no one-time code key: letters A to Z and digits 2 to 7") from error
