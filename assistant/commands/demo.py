"""`linkway demo`: a month of invented life for the demo's practices, and who can sign in to look at it."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.commands.progress import busy, console
from assistant.settings import get_settings


def demo(again: Annotated[bool, typer.Option("--again", help="Take the demo's own rows away and make them anew, as of today.")] = False) -> None:
    """Fill a month of believable, invented life, so that every page and plot has something to show."""
    from assistant.demo_month.fill import fill
    from assistant.house import House
    from assistant.programme import load_programme
    from assistant.store.database import open_engine
    from assistant.store.migrate import migrate
    from directory.store import create_tables

    settings = get_settings()
    engine = open_engine(settings.database)
    migrate(engine)
    create_tables(engine)
    house = House(settings=settings, engine=engine, programme=load_programme(settings.programme_dir))
    with busy("Making the demo's month"):
        done = fill(house, again=again)
    if not done.rows:
        console.print("The demo's month is there already. `linkway demo --again` makes it anew, as of today.")
        console.print(f"User names: {', '.join(done.usernames)}. Lost a password? `linkway staff reset NAME`.", soft_wrap=True)
    else:
        console.print(f"{done.rows:,} rows for {len(house.programme.practices)} practices. Everybody in them is invented.")
        for account in done.accounts:
            practice = house.programme.practice(account.practice).name if account.practice else "every practice"
            console.print(f"\n{account.name}, {account.role}, {practice}", markup=False)
            console.print(f"  User name  {account.username}\n  Password   {account.password}", markup=False)
            console.print(f"  One-time code: add this key to an authenticator app, or `linkway staff code KEY`: {account.totp_secret}",
                          soft_wrap=True, markup=False)  # fmt: skip
        known = [name for name in done.usernames if name not in {account.username for account in done.accounts}]
        if known:
            console.print(f"\nAs before: {', '.join(known)}. Lost a password? `linkway staff reset NAME`.", soft_wrap=True)
    base = settings.public_base_url
    console.print(f"\nStart with `make run`. Then: the console {base}/navigator/, the reports {base}/navigator/reports", soft_wrap=True)


def add(app: typer.Typer) -> None:
    """Register it."""
    app.command("demo")(demo)
