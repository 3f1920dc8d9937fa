"""What importing and starting Rasa brings into a process: sections 1a, 1c, 1d, 2, 3 and 6 of facts/rasa.md."""

from __future__ import annotations

import asyncio
import re
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from packaging.version import Version
from trap_house import ROOT, Trial, alone, at_home, workshop

from assistant.commands import serve

# What the serving set leaves out (section 6), and a way to do without it where it is installed: nobody finds it.
HEAVY = ("tensorflow", "keras", "torch", "sentence_transformers", "transformers", "jax")
AS_IF_NOT_INSTALLED = f"""
import importlib.machinery, sys
class NotThere:
    def __init__(self, finder): self.finder = finder
    def find_spec(self, name, path=None, target=None):
        return None if name.split(".")[0] in {HEAVY!r} else self.finder.find_spec(name, path, target)
    def __getattr__(self, name): return getattr(self.finder, name)
sys.meta_path[:] = [NotThere(f) if f is importlib.machinery.PathFinder else f for f in sys.meta_path]
"""
WHAT_CAME = f"""
import sys
for name in {(*HEAVY, "rasa", "rasa_sdk")!r}:
    if name in sys.modules:
        print(name, type(sys.modules[name]).__name__)
"""


def came_with(script: str, **how: Any) -> dict[str, str]:
    """Module -> its kind, of those a fresh process has after `script`."""
    done = alone(script + WHAT_CAME, light=False, **how)
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(line.split() for line in done.stdout.splitlines())


def test_serving_runs_where_neither_tensorflow_nor_torch_is_installed() -> None:
    """6: rasa.core imports TensorFlow whatever the policies; an empty module answers in its place."""
    came = came_with(AS_IF_NOT_INSTALLED + "import assistant.dialogue.agent")
    assert came.pop("rasa") == "module" and came.pop("rasa_sdk") == "module"
    assert set(came) <= {"tensorflow", "keras"}
    assert set(came.values()) == {"_EmptyModule"}, "the real TensorFlow was imported"


def test_a_process_that_only_serves_does_without_scikit_learn() -> None:
    """Rasa imports it for classifiers of its own: a second of every start and 50 MB."""
    leaves = "from assistant.dialogue.light import leave_out_training\nleave_out_training()\n"
    kinds = "import sys\nfor name in ('sklearn', 'scipy.stats'):\n    print(name, type(sys.modules.get(name)).__name__)\n"
    done = alone(AS_IF_NOT_INSTALLED + leaves + "import assistant.dialogue.agent\n" + kinds, light=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert dict(line.split() for line in done.stdout.splitlines()) == {"sklearn": "_EmptyModule", "scipy.stats": "NoneType"}


def test_serving_imports_no_torch_even_where_it_is_installed() -> None:
    """1c, 3: torch and sentence_transformers take 10 s and 700 MB, and ONNX Runtime needs neither."""
    came = came_with("import assistant.dialogue.agent, directory.search, assistant.app")
    assert "rasa" in came
    assert not {"torch", "sentence_transformers", "transformers"} & set(came)


def test_the_stand_in_comes_too_late_only_with_an_error() -> None:
    """6: installed after TensorFlow it would leave half of each in place."""
    done = alone(
        "import sys, types; sys.modules['tensorflow'] = types.ModuleType('tensorflow')\n"
        "from assistant.dialogue.light import stand_in_for_tensorflow\n"
        "assert stand_in_for_tensorflow() is False\n"
        "stand_in_for_tensorflow(force=True)", light=False,
    )  # fmt: skip
    assert done.returncode == 1 and "RuntimeError: TensorFlow is already imported" in done.stderr


@pytest.mark.parametrize("module", ["directory.search", "assistant.safety.guard", "assistant.channels.sms.webhooks", "assistant.app"])
def test_directory_safety_texts_and_web_start_without_rasa(module: str) -> None:
    """1d: importing rasa.core.agent costs 11 s and 531 MB; what must always answer does not wait for it."""
    assert came_with(f"import {module}") == {}


def test_the_serving_lock_keeps_rasas_pins_and_leaves_the_heavy_parts_out() -> None:
    """2: SQLAlchemy below 1.5 and the rest; 6: compile, never install loose."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    versions = {name: Version(version) for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock, re.MULTILINE)}
    below = {"sqlalchemy": "1.5", "pydantic": "1.10.10", "numpy": "1.25", "scikit-learn": "1.2", "websockets": "11",
             "packaging": "21", "setuptools": "70.4", "sanic": "21.13"}  # fmt: skip
    assert {name: str(versions[name]) for name, limit in below.items() if versions[name] >= Version(limit)} == {}
    assert str(versions["rasa"]) == "3.6.21"
    assert not set(versions) & {name.replace("_", "-") for name in HEAVY}
    assert "--hash=sha256:" in lock


def test_telemetry_is_off_before_rasa_can_ask(tmp_path: Path) -> None:
    """2: telemetry is on by default. Nobody sets anything here, and the home folder is new."""
    asks = "import rasa.telemetry; print(rasa.telemetry.is_telemetry_enabled(), rasa.telemetry.initialize_telemetry())"
    ours = alone(f"import assistant.dialogue.training; {asks}", HOME=str(tmp_path))
    assert ours.stdout.split()[-2:] == ["False", "False"], ours.stderr[-2000:]
    assert re.search(r"^export RASA_TELEMETRY_ENABLED := false$", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_nothing_a_patient_says_is_logged(model: Path) -> None:
    """1a: embedding skips Rasa's log set-up, and structlog then prints every message to stdout at debug. The reading's own line is left
    out (cheaper_rasa.py), so that even logs nobody has set up hold no message; a line of our own shows that these are watched."""
    done = alone(
        "import asyncio, structlog, sys\n"
        "from pathlib import Path\n"
        "from assistant.logs import configure\n"
        "configure('DEBUG')\n"
        "from assistant.dialogue.agent import Dialogue\n"
        "dialogue = Dialogue(Path(sys.argv[1]))\n"
        "asyncio.run(dialogue.understand('canary one'))\n"
        "structlog.reset_defaults()\n"
        "asyncio.run(dialogue.understand('canary two'))\n"
        "structlog.get_logger('rasa.core.processor').debug('canary three')\n",
        str(model), LINKWAY_HOME=str(workshop()),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    written = done.stdout + done.stderr
    assert "canary three" in written, "nothing is printed at all: this test watches nothing"
    assert "canary one" not in written and "canary two" not in written


def test_commands_settle_logging_before_rasa_comes() -> None:
    """1a: configure structlog before importing Rasa."""
    assert came_with("import assistant.cli; assistant.cli.register()") == {}


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="counts threads where Linux lists them")
def test_the_encoder_starts_no_threads() -> None:
    """3: with two threads on a busy machine one encoding rose from 24 to 270-600 ms."""
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "import numpy, onnxruntime, tokenizers\n"
        "from assistant.dialogue.nlu.adapter import message_encoder\n"
        "from directory.encoder import get_encoder\n"
        "threads = lambda: len(os.listdir('/proc/self/task'))\n"
        "before = threads()\n"
        "for encoder in (message_encoder(Path(sys.argv[1])), get_encoder(Path(sys.argv[1]))):\n"
        "    encoder.encode([f'i am lonely {n}' for n in range(64)])\n"
        "print(before, threads())\n"
    )
    built = alone(script, str(workshop() / "encoder"))  # building a graph may use what it likes
    again = alone(script, str(workshop() / "encoder"))
    assert again.returncode == 0, built.stderr[-1000:] + again.stderr[-1000:]
    before, after = map(int, again.stdout.split())
    assert after == before


async def test_the_server_starts_beside_rasas_old_websockets(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """1a: websockets is held below 11, and uvicorn 0.54 does not start with it."""
    with pytest.raises(ImportError):  # the trap itself: uvicorn's own default
        uvicorn.Config("assistant.app:create_app", ws="auto").load()
    servers: list[uvicorn.Server] = []

    class Known(uvicorn.Server):
        def __init__(self, config: uvicorn.Config) -> None:
            super().__init__(config)
            servers.append(self)

    monkeypatch.setattr(uvicorn, "Server", Known)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    trial.house.settings = trial.house.settings.copy(update={"demo": False})
    running = asyncio.create_task(serve.run(trial.house, "127.0.0.1", port, 0, None))
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=5)) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/healthz")
    assert answer.json() == {"status": "up"}
    servers[0].should_exit = True
    await asyncio.wait_for(running, timeout=20)


def test_more_processes_need_a_database_they_can_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """1e: two processes with locks of their own stored 8 of 16 turns."""
    import typer

    with at_home(workshop()), pytest.raises(typer.BadParameter, match="PostgreSQL"):
        monkeypatch.delenv("LINKWAY_DATABASE_URL", raising=False)
        serve.serve(workers=2)


