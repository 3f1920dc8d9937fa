"""The command line as a whole: help, exit statuses, `--home` wherever it stands, and a quiet screen."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from done import Linkway
from live import ROOT

COMMANDS = (
    (), ("serve",), ("train",), ("understand",), ("doctor",), ("directory",), ("directory", "import"), ("directory", "search"),
    ("directory", "check"), ("directory", "template"), ("staff",), ("staff", "add"), ("staff", "list"), ("staff", "disable"),
    ("staff", "reset"), ("staff", "code"), ("retention",), ("retention", "run"), ("erase",), ("export",), ("backup",), ("restore",),
)  # fmt: skip


def typed(*arguments: str, home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """As from a shell, in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LINKWAY_", "SQLALCHEMY_", "TF_"))}
    environment = {**kept, "LINKWAY_HOME": str(home), "OMP_NUM_THREADS": "1", **more}
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_and_takes_a_home(linkway: Linkway, command: tuple[str, ...]) -> None:
    done = linkway(*command, "--help")
    assert done.code == 0 and "Usage: linkway" in done.out and "--home" in done.out
    assert "[required]" not in done.out or command[-1:] != ()


@pytest.mark.parametrize(
    "arguments",
    [("dance",), ("serve", "--port", "none"), ("serve", "--port", "0"), ("directory", "import"), ("directory", "import", "no-such-file.csv"),
     ("directory", "search", "--as", "king"), ("directory", "search", "--limit", "0"), ("staff", "add", "amina"), ("train", "--fast"),
     ("staff", "code", "0189"), ("erase",), ("backup",), ("restore", "no-such-file"), ("retention", "run", "now")],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_status_two(linkway: Linkway, arguments: tuple[str, ...]) -> None:
    done = linkway(*arguments)
    assert done.code == 2 and "Traceback" not in done.err


def test_a_failure_is_status_one_and_a_plain_sentence(linkway: Linkway) -> None:
    done = linkway("staff", "disable", "nobody")
    assert (done.code, done.err) == (1, "linkway: There is no account 'nobody'. Check the spelling.\n")


def test_a_setting_that_cannot_be_used_is_named(linkway: Linkway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWAY_LOG_LEVEL", "loud")
    done = linkway("doctor")
    assert done.code == 1
    assert done.err == "linkway: LINKWAY_LOG_LEVEL: use one of DEBUG, INFO, WARNING, ERROR. See docs/settings.md.\n"


@pytest.mark.parametrize("before", [True, False])
def test_home_may_stand_before_or_after_the_command(linkway: Linkway, tmp_path: Path, before: bool) -> None:
    other = tmp_path / "another home"
    words = ("staff", "list")
    done = linkway("--home", other, *words) if before else linkway(*words, "--home", other)
    assert done.code == 0 and (other / "linkway.db").is_file()


def test_nothing_is_written_outside_the_home(linkway: Linkway, home: Path) -> None:
    before = {path for path in ROOT.iterdir()}
    linkway("staff", "add", "amina", "--name", "Amina Yusuf")
    assert (home / "linkway.db").is_file() and {path for path in ROOT.iterdir()} == before


def test_a_reader_that_leaves_is_no_failure(home: Path) -> None:
    shell = f'"{sys.executable}" -m assistant directory template | head -c 5 > "{home}/five"; echo "${{PIPESTATUS[0]}}"'
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "0" and "Traceback" not in done.stderr


def test_understanding_starts_without_a_word_from_a_library(home: Path, trained_model: Path) -> None:
    """Nobody can do anything about the warnings of Rasa's old libraries; on the screen they hide what matters."""
    (home / "models").mkdir()
    os.link(trained_model, home / "models" / trained_model.name)
    done = subprocess.run(
        [sys.executable, "-c", "from assistant.dialogue.light import stand_in_for_tensorflow as s; s(force=True)\n"
         "from assistant.cli import main; main(['understand'])"],
        cwd=ROOT, input="I feel so alone since my wife died\n", capture_output=True, text=True, timeout=300,
        env={**os.environ, "LINKWAY_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"},
    )  # fmt: skip
    assert done.returncode == 0 and "bereavement" in done.stdout
    assert done.stderr == "Loading the assistant ...\n"


def test_nothing_to_train_is_said_in_under_a_second_of_work(home: Path, trained_model: Path) -> None:
    (home / "models").mkdir()
    os.link(trained_model, home / "models" / trained_model.name)
    before, began = os.times(), time.monotonic()
    done = typed("train", home=home)
    after = os.times()
    assert done.returncode == 0 and done.stderr.startswith("Nothing to do: linkway-")
    work = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    assert work < 1.5 and time.monotonic() - began < 30, f"{work:.2f} s of processor time"


def test_a_look_at_the_model_loads_neither_rasa_nor_the_search(home: Path, trained_model: Path) -> None:
    (home / "models").mkdir()
    os.link(trained_model, home / "models" / trained_model.name)
    script = (
        "import sys\nfrom assistant.cli import main\n"
        "try: main(['train'])\nexcept SystemExit: pass\n"
        "print([m for m in ('rasa', 'tensorflow', 'torch', 'sklearn', 'faiss', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={**os.environ, "LINKWAY_HOME": str(home), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.strip() == "[]", done.stderr
