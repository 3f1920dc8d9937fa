"""A served desk with people in it, and what a navigator does there; for the browser tests of the console."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Page

from assistant import errors
from assistant.clock import clock
from assistant.conversations import messages, people, records
from assistant.desk import accounts
from assistant.desk.router import desk_router, mount_files
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store import staff_tables  # noqa: F401 - its tables join the metadata
from assistant.store.database import open_engine, transaction
from assistant.store.tables import metadata
from directory.tables import directory_metadata

PRACTICE = "wardown-park"
ROOT = Path(__file__).parents[2]


class ServedDesk:
    """The console on a port of its own, over a fresh database."""

    def __init__(self, folder: Path) -> None:
        """Make the database, the staff and the server; `start` serves."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/navigator"
        engine = open_engine(f"sqlite:///{folder}/desk.db")
        metadata.create_all(engine)
        directory_metadata.create_all(engine)
        settings = Settings(home=folder, public_base_url=f"http://127.0.0.1:{self.port}")
        self.house = House(settings, engine, load_programme(ROOT / "programme"))
        with transaction(engine) as connection:
            self.staff = {
                username: accounts.add_staff(connection, username, name, role, PRACTICE)
                for username, name, role in (
                    ("amina", "Amina Yusuf", "navigator"), ("colin", "Colin Prior", "navigator"), ("grace", "Grace Obi", "manager"),
                )  # fmt: skip
            }
        self.server = uvicorn.Server(uvicorn.Config(self._app(), port=self.port, log_level="error", ws="none"))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def _app(self) -> FastAPI:
        @asynccontextmanager
        async def life(_: FastAPI) -> Any:
            self.house.notifier.bind(asyncio.get_running_loop())
            yield

        app = FastAPI(lifespan=life)
        app.state.house = self.house
        errors.install(app)
        app.include_router(desk_router)
        mount_files(app)
        return app

    def start(self) -> None:
        """Serve, and wait until it answers."""
        self.thread.start()
        until = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < until, "the desk did not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop serving; open event streams are cut."""
        self.server.should_exit = self.server.force_exit = True
        self.thread.join(10)

    def begin(self, *said: str, flag: list[str] | None = None, **values: Any) -> str:
        """A conversation in which the patient said so; its id."""
        with transaction(self.house.engine) as connection:
            conversation, _ = records.begin(connection, channel="web", practice=PRACTICE)
            for text in said:
                messages.append(connection, conversation, "patient", text, answered=True)
            if flag:
                people.flag_risk(connection, conversation, PRACTICE, 1, flag)
            if values.get("state") == "waiting":
                values["waiting_since"] = clock.now()
            records.update(connection, conversation, **values)
        self.house.notifier.nudge(conversation)
        return conversation

    def patient_says(self, conversation: str, text: str) -> None:
        """The patient writes, as a turn would store it."""
        with transaction(self.house.engine) as connection:
            messages.append(connection, conversation, "patient", text, answered=True)
        self.house.notifier.nudge(conversation)

    def sign_in(self, page: Page, username: str) -> None:
        """Fill in the form; lands on the inbox."""
        sign_in(page, self.address.removesuffix("/navigator"), self.staff[username])


def sign_in(page: Page, url: str, account: accounts.NewAccount) -> None:
    """At the console of the program at `url`; lands on the inbox."""
    page.goto(f"{url}/navigator/sign-in")
    page.get_by_label("Username").fill(account.username)
    page.get_by_label("Password").fill(account.password)
    page.get_by_label("One-time code").fill(accounts.current_code(account.totp_secret))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/navigator/")
