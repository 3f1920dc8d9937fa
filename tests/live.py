"""The whole program as `linkway serve` runs it, on free ports and with a home of its own, for tests from outside."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import socket
import threading
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

import httpx

from assistant.channels.sms.demo import DEMO_PHONE
from assistant.commands.serve import prepare_demo, run
from assistant.conversations import erasing, records
from assistant.desk import accounts
from assistant.logs import configure
from assistant.opening import load_dialogue, open_house
from assistant.settings import Settings
from assistant.store.database import transaction
from assistant.store.demo_tables import demo_texts
from assistant.store.tables import opt_outs

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60
SECRETS = {
    "sms_generic_secret": "whsec_" + b64encode(b"a secret of the tests, 24+ bytes").decode(),
    "twilio_auth_token": "12345",
    "notify_callback_token": "the token of the tests",
}
# Tests talk faster than people; one test makes the limits small again, on an app of its own.
PATIENCE = {"messages_per_minute": 600, "conversations_per_hour": 100_000}


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on just now."""
    held = [socket.socket() for _ in range(count)]
    for one in held:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class LiveServer:
    """`url` is the app, `site_url` the demo practice's own website, `house` what both are made of."""

    def __init__(self, home: Path, model: Path | None) -> None:
        """Open the house with the demo in it; `start` serves. The encoder's graph is shared, not made again."""
        configure("WARNING")
        port, site_port = free_ports(2)
        self.url, self.site_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{site_port}"
        self._ports = port, site_port
        if (ROOT / "var" / "encoder").is_dir():
            (home / "encoder").symlink_to(ROOT / "var" / "encoder")
        if (ROOT / "var" / "index").is_dir():
            shutil.copytree(ROOT / "var" / "index", home / "index")
        settings = Settings(
            _env_file=None, home=home, programme_dir=ROOT / "programme", public_base_url=self.url,
            demo_site_port=site_port, demo=True, **SECRETS, **PATIENCE,
        )  # fmt: skip
        self.house = open_house(settings)
        self.account = prepare_demo(self.house)
        assert self.house.directory is not None, self.house.not_ready
        self.house.directory.refresh()
        load_dialogue(self.house, model)
        self._people = itertools.count(1)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._task: asyncio.Task[None] | None = None

    def _serve(self) -> None:
        async def serve() -> None:
            self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
            await run(self.house, "127.0.0.1", *self._ports, self.account)

        try:
            asyncio.run(serve())
        except asyncio.CancelledError:
            return

    def start(self) -> None:
        """Serve, and wait until both ports answer and every part is ready."""
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        for address in (f"{self.url}/readyz", f"{self.site_url}/"):
            while True:
                assert self._thread.is_alive() and time.monotonic() < until, f"{address} does not answer"
                try:
                    answer = httpx.get(address, timeout=5)
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                assert answer.status_code == 200, answer.text
                break

    def stop(self) -> None:
        """Stop serving; open streams are cut."""
        if self._task is not None:
            self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(20)

    def hire(self, name: str, role: str = "navigator", practice: str | None = None) -> accounts.NewAccount:
        """A new member of staff: each test has its own, as a one-time code works once."""
        with transaction(self.house.engine) as connection:
            username = f"{name.split()[0].lower()}.{next(self._people)}"
            return accounts.add_staff(connection, username, name, role, practice)

    def clear_phone(self) -> None:
        """The demo's drawn phone as nobody has used it: its conversation is gone, and a STOP with it."""
        with transaction(self.house.engine) as connection:
            while row := records.find_by_phone(connection, DEMO_PHONE):
                erasing.erase(connection, row.id)
            connection.execute(opt_outs.delete().where(opt_outs.c.phone == DEMO_PHONE))
            connection.execute(demo_texts.delete())

    def client(self, **headers: Any) -> httpx.Client:
        """An HTTP client of the app."""
        return httpx.Client(base_url=self.url, timeout=60, headers=headers)
