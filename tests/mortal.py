"""`linkway serve` as a process of its own that can be killed with signal 9 and started again on the same home."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from live import ROOT, free_ports
from standardwebhooks.webhooks import Webhook

SECRET = "whsec_" + b64encode(b"a secret of the tests, 24+ bytes").decode()
READY_SECONDS = 120
# Has the imports behind it, which take longest, and forks a process for each life: what that runs is the command
# itself, from reading the settings on. Nothing of the database, the programme or the model is opened before.
STANDBY = """
import os, sys
from assistant.logs import hush_libraries
hush_libraries()
from assistant.dialogue.light import stand_in_for_tensorflow
stand_in_for_tensorflow(force=True)  # as where it is served
import assistant.app, assistant.commands.serve, assistant.dialogue.agent, assistant.opening, rasa.core.agent
from assistant.cli import main
from assistant.safety.patterns import book
book().warm()
for line in sys.stdin:
    life = os.fork()
    if life == 0:
        sys.stdin.close()
        os.dup2(2, 1)
        main(sys.argv[1:])
        os._exit(0)
    print(life, flush=True)
    os.waitpid(life, 0)
    print("ended", flush=True)
"""


class Gateway:
    """A generic gateway: accepts every text and remembers it by the id we gave it."""

    def __init__(self) -> None:
        self.accepted: list[dict[str, str]] = []
        self.on_text: Callable[[], None] | None = None  # called before a text is accepted
        self._lock = threading.Lock()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                content = Webhook(SECRET).verify(body, dict(self.headers))
                if gateway.on_text is not None:
                    gateway.on_text()
                with gateway._lock:
                    gateway.accepted.append(content)
                try:
                    self.send_response(202)
                    self.send_header("content-length", "0")
                    self.end_headers()
                except OSError:
                    self.close_connection = True  # the sender has died meanwhile

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/texts"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class MortalServer:
    """`url` stays the same over all lives; `up` is set while a life answers."""

    def __init__(self, home: Path, model: Path, gateway: Gateway, log: Path, **settings: str) -> None:
        """A home with the trained model in it, so that no life begins with a training."""
        port, site_port = free_ports(2)
        self.url, self.home = f"http://127.0.0.1:{port}", home
        self.up = threading.Event()
        self.ready_seconds: list[float] = []
        (home / "models").mkdir(parents=True)
        os.link(model, home / "models" / model.name)
        for name, place in (("encoder", (home / "encoder").symlink_to), ("index", None)):
            if (ROOT / "var" / name).is_dir():
                place(ROOT / "var" / name) if place else shutil.copytree(ROOT / "var" / name, home / name)
        self._command = ["serve", "--home", str(home), "--port", str(port), "--site-port", str(site_port)]
        kept = {k: v for k, v in os.environ.items() if not k.startswith("LINKWAY_")}
        self._environment = {
            **kept, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "LINKWAY_SMS_GENERIC_SECRET": SECRET,
            "LINKWAY_SMS_GENERIC_URL": gateway.url, "LINKWAY_MESSAGES_PER_MINUTE": "600",
            "LINKWAY_CONVERSATIONS_PER_HOUR": "100000",
            **settings,
        }  # fmt: skip
        self._log = log.open("ab")
        self._standby = subprocess.Popen(
            [sys.executable, "-c", STANDBY, *self._command], cwd=ROOT, env=self._environment, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self._log, text=True, bufsize=1,
        )  # fmt: skip
        self._life = 0

    def begin(self) -> None:
        """The next life begins; `wait_ready` or `kill` follows."""
        # A text in the hands of a dead process is taken again after two minutes; here they pass at once.
        if (self.home / "linkway.db").exists():
            self.sql("UPDATE outbox SET due_at = created_at WHERE status = 'sending'")
        assert self._standby.stdin is not None and self._standby.stdout is not None
        self._standby.stdin.write("begin\n")
        self._life = int(self._standby.stdout.readline())
        self._began = time.monotonic()

    def ready(self) -> bool:
        """Whether this life answers already."""
        self._alive()
        assert time.monotonic() - self._began < READY_SECONDS, "the server does not get ready"
        try:
            if httpx.get(f"{self.url}/readyz", timeout=5).status_code != 200:
                return False
        except httpx.TransportError:
            return False
        self.ready_seconds.append(time.monotonic() - self._began)
        self.up.set()
        return True

    def _alive(self) -> None:
        try:
            os.kill(self._life, 0)
        except ProcessLookupError:
            self._life = 0
            raise AssertionError(f"the server ended by itself; see {self._log.name}") from None

    def wait_ready(self) -> None:
        tick = threading.Event()
        while not self.ready():
            tick.wait(0.02)

    def kill(self) -> None:
        """Signal 9: no handler runs, nothing is flushed."""
        assert self._standby.stdout is not None
        self.up.clear()
        os.kill(self._life, signal.SIGKILL)
        assert self._standby.stdout.readline() == "ended\n"
        self._life = 0

    def close(self) -> None:
        if self._life:
            self.kill()
        self._standby.kill()
        self._standby.wait(20)
        self._log.close()

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask, or between lives change, the database behind everybody's back."""
        with closing(sqlite3.connect(self.home / "linkway.db", timeout=15)) as connection:
            with connection:
                return connection.execute(statement, values).fetchall()

    def waiting(self) -> int:
        """Messages no turn has answered yet."""
        return int(self.sql("SELECT count(*) FROM messages WHERE sender = 'patient' AND answered_at IS NULL")[0][0])


def signed(message_id: str, fields: dict[str, str]) -> dict[str, Any]:
    """Keyword arguments of a POST from the gateway."""
    from assistant.channels.sms.generic import signed as headers_of

    body = json.dumps(fields)
    return {"content": body.encode(), "headers": headers_of(SECRET, message_id, body)}
