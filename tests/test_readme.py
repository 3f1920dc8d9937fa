"""The README is true: its commands run, its files and folders exist, its targets are in the Makefile."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines() if line.strip()]
LINKS = sorted(set(re.findall(r"\]\(([^)#]+)\)", README)))
PLACES = sorted(set(re.findall(r"`((?:[a-z_]+/)+(?:[a-z_.]+)?|[a-z_]+\.(?:yml|md|csv))`", README)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with the demo's directory in it and the encoder's graph shared."""
    from assistant.demo import ensure_directory, ensure_navigator
    from assistant.opening import open_house
    from assistant.settings import Settings

    folder = tmp_path_factory.mktemp("readme")
    if (ROOT / "var" / "encoder").is_dir():
        (folder / "encoder").symlink_to(ROOT / "var" / "encoder")
    house = open_house(Settings(_env_file=None, home=folder))
    ensure_directory(house)
    ensure_navigator(house)
    assert house.directory is not None
    house.directory.refresh()
    house.engine.dispose()
    return folder


def linkway(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as installed beside this Python."""
    command = [str(Path(sys.executable).with_name("linkway")), "--home", str(home), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_there_are_commands_to_play() -> None:
    """Else the tests below would say nothing."""
    assert {"make run", "make test"} <= set(COMMANDS)
    assert len(COMMANDS) > 5


@pytest.mark.parametrize("target", [c.split()[1] for c in COMMANDS if c.startswith("make ")])
def test_a_make_target_stands(target: str) -> None:
    """Make knows what it would do for it; doing it is what a fresh clone is for."""
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ("linkway serve" if target == "run" else "pytest") in done.stdout


@pytest.mark.parametrize("command", [c for c in COMMANDS if not c.startswith("make ")])
def test_a_command_runs(command: str, home: Path) -> None:
    """It ends well and says something."""
    import shlex

    first, *words = shlex.split(command)
    assert first == ".venv/bin/linkway"
    done = linkway(home, *words)
    if words[:1] == ["doctor"]:  # a new installation has no model yet, and doctor says so
        assert done.returncode in (0, 1) and "train" in done.stdout + done.stderr
        return
    assert done.returncode in ((0, 1) if words[:2] == ["directory", "check"] else (0,)), done.stdout + done.stderr
    assert (done.stdout + done.stderr).strip()


@pytest.mark.parametrize("words", sorted(set(re.findall(r"`linkway ([a-z]+(?: [a-z]+)?)", README))))
def test_a_command_that_is_named_exists(words: str, home: Path) -> None:
    """`--help` knows it."""
    done = linkway(home, *words.split(), "--help")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("place", sorted({*LINKS, *PLACES}))
def test_a_place_that_is_named_exists(place: str) -> None:
    """Files and folders, from the root."""
    if not place.startswith("http"):
        assert (ROOT / place).exists() or any(ROOT.glob(f"*/{place}")), f"the README names {place}, which is not there"
