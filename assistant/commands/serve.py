"""`linkway serve`: everything a user needs, started in order; the first start makes the demo practice."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import socket
from functools import partial
from typing import Annotated, Any

import typer

from assistant.commands.progress import bar, busy, console
from assistant.errors import Unavailable
from assistant.memory import give_memory_back
from assistant.settings import Settings, get_settings


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=32, help="More than one needs PostgreSQL.")] = 1,
    site_port: Annotated[int | None, typer.Option(help="Port of the demo practice's own website.")] = None,  # noqa: UP007
) -> None:
    """Train and index what is missing or stale, then serve web chat, text messages and the console."""
    settings = get_settings()
    if workers > 1 and settings.database.startswith("sqlite"):
        raise typer.BadParameter("more than one worker needs PostgreSQL: set LINKWAY_DATABASE_URL", param_hint="--workers")
    if workers > 1:
        raise typer.BadParameter("start one `linkway serve` a worker behind your proxy; see docs/operations.md", param_hint="--workers")
    settings = settle(settings, host, port, site_port)
    check_free(host, port, "--port")
    if settings.demo:
        check_free(host, settings.demo_site_port, "--site-port")
    stay_alone(settings)
    from assistant.commands.model import ensure_model
    from assistant.dialogue.light import leave_out_training
    from assistant.opening import load_dialogue, open_house
    from assistant.store.locks import one_process

    with busy("Opening the database and the programme"):
        house = open_house(settings)
    with one_process(house.engine, "linkway demo"):
        account = prepare_demo(house) if settings.demo else None
    if house.directory is not None:
        with bar("Indexing the directory") as report:
            house.directory.refresh(progress=report)
    model = ensure_model()
    leave_out_training()
    with busy("Loading the assistant"):
        load_dialogue(house, model)
    give_memory_back()
    for part, wrong in house.not_ready.items():
        console.print(f"[bold]Not ready: {part}.[/bold] {wrong}", soft_wrap=True)
    import uvloop

    uvloop.install()  # the same loop at half the processor time; Rasa brings it
    with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it is stopped
        asyncio.run(run(house, host, port, settings.demo_site_port, account))


def check_free(host: str, port: int, option: str) -> None:
    """Look before minutes are spent on training.

    Raises:
        Unavailable: another program listens there, or this machine has no such address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Unavailable(f"Cannot listen on {host} port {port}: {error.strerror}. Choose another with {option}.") from error


def stay_alone(settings: Settings) -> None:
    """Two processes on one SQLite file would answer one message twice; the lock ends with the process, however it ends.

    Raises:
        Unavailable: another process serves this home.
    """
    if not settings.database.startswith("sqlite"):
        return
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = os.open(settings.home / "serving.lock", os.O_RDWR | os.O_CREAT, 0o600)  # held open until we end
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise Unavailable(
            f"Another `linkway serve` uses {settings.home}. Give this one its own --home, or set LINKWAY_DATABASE_URL "
            "to a PostgreSQL that both share."
        ) from error


def settle(settings: Settings, host: str, port: int, site_port: int | None) -> Settings:
    """Addresses follow the ports unless the settings say otherwise."""
    changes: dict[str, Any] = {}
    if "public_base_url" not in settings.__fields_set__:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        changes["public_base_url"] = f"http://{shown}:{port}"
    if site_port is not None:
        changes["demo_site_port"] = site_port
    return settings.copy(update=changes)


def prepare_demo(house: Any) -> Any:
    """Directory and account of the demo practice, once."""
    from assistant.demo import ensure_directory, ensure_navigator

    with bar("Making the demo directory") as report:
        done = ensure_directory(house, report)
    if done is not None and done.errors:
        console.print(f"{len(done.errors)} rows of the demo directory have faults; see `linkway directory check`.")
    return ensure_navigator(house)


async def run(house: Any, host: str, port: int, site_port: int, account: Any) -> None:
    """Serve the app, and in the demo the practice's own site on its port, until told to stop."""
    import uvicorn

    from assistant.app import create_app, create_site

    # `websockets` is held below what uvicorn needs by Rasa's pins, and nothing here uses them.
    # Without a log_config of uvicorn's own its lines go through ours, which leaves out what an exception quotes.
    options: dict[str, Any] = {"host": host, "ws": "none", "log_level": "warning", "access_log": False, "log_config": None}
    servers = [uvicorn.Server(uvicorn.Config(create_app(house), port=port, **options))]
    if house.settings.demo:
        servers.append(uvicorn.Server(uvicorn.Config(create_site(house), port=site_port, **options)))
        # One Ctrl-C must stop both.
        servers[1].install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    running = [asyncio.create_task(server.serve()) for server in servers]
    while not all(server.started for server in servers):
        if any(task.done() for task in running):
            break
        await asyncio.sleep(0.05)
    else:
        tell(house, port, site_port, account)
    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # open streams are cut now: no news, and no fault
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*running)


def tell(house: Any, port: int, site_port: int, account: Any) -> None:
    """Where everything is, the sign-in, and what to do next."""
    say = partial(console.print, soft_wrap=True)  # a key or an address broken in two is of no use
    base = house.settings.public_base_url
    site = base.replace(f":{port}", f":{site_port}") if house.settings.demo else base
    say("\n[bold green]Linkway is ready.[/bold green]\n")
    say(f"  The practice's page, with the chat   {site}/")
    say(f"  The navigators' console              {base}/navigator/")
    say(f"  The API, described                   {base}/docs\n")
    if account is not None:
        say("A navigator's sign-in, made just now and shown this once:")
        say("  User name  amina")
        say(f"  Password   {account.password}")
        say(f"  One-time code: add this key to an authenticator app: {account.totp_secret}")
        say("  No app at hand? `.venv/bin/linkway staff code KEY` prints the code of the moment.\n")
    elif house.settings.demo:
        say("Sign in as before. Lost it? `.venv/bin/linkway staff reset amina` makes a new one.\n")
    if house.settings.demo:
        say("What to do next: open the practice's page and write 'i sit in all day'.")
        say("For a person in the chat: sign in to the console in a second window first, in working")
        say("hours, then ask for a person and take the chat over. Ctrl-C stops it.")


def add(app: typer.Typer) -> None:
    """Register it."""
    app.command("serve")(serve)
