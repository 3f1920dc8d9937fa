"""The house keeps its shape: imports point one way, files stay small and say what they are, numbers live in one place."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CODE = ("assistant", "actions", "directory")
MOST_LINES = 300  # of code; blank lines, comments and docstrings do not count
# What stands below: a part may import what its row names, and nothing else of ours. Read from the bottom up.
BASICS = {"clock", "errors", "logs", "settings"}
MAY_IMPORT: dict[str, set[str]] = {
    "directory": set(),
    "actions": {"directory"},
    "assistant.errors": set(),
    "assistant.clock": set(),
    "assistant.settings": set(),
    "assistant.memory": set(),
    "assistant.logs": {"settings"},
    "assistant.safety": set(),
    "assistant.programme": BASICS,
    "assistant.secret": {"settings"},
    "assistant.store": BASICS | {"directory"},
    "assistant.conversations": BASICS | {"store"},
    "assistant.dialogue": BASICS | {"store", "actions", "directory"},
    "assistant.house": BASICS | {"conversations", "programme", "safety", "directory"},
    # The bridge between the actions and the records: what an action may do, done on the turn's transaction.
    "assistant.surroundings": BASICS | {"conversations", "pathway", "secret", "store", "actions", "directory", "opening", "demo"},
    # A turn's replies and their texts are one commit: the outbox's queue is the one thing it takes from a channel.
    "assistant.turn_replies": {"house"},
    "assistant.turns": BASICS
    | {"conversations", "safety", "store", "surroundings", "actions", "pathway", "turn_replies", "channels.outbox", "channels.outbox_rows"}
    | {"channels.sms.opt_outs", "channels.sms.silenced", "channels.texting", "channels.web_state"},
    "assistant.understanding": BASICS | {"conversations", "safety", "opening"},
    "assistant.opening": BASICS | {"dialogue", "house", "programme", "safety", "store", "turns", "directory"},
    "assistant.readiness": BASICS | {"house", "store"},
    # Of the actions, the words of a service: what a card says again is left out of the text beside it.
    "assistant.channels": BASICS | {"conversations", "house", "store", "actions", "directory"},
    # From the first call to the last session: the desk's pages, the timed passes and the turn's actions stand on it.
    "assistant.pathway": BASICS | {"channels.outbox", "channels.segments", "channels.sms.opt_outs", "channels.quiet_hours"}
    | {"channels.sms.numbers", "channels.sms.generic"}
    | {"actions", "conversations", "house", "programme", "secret", "store", "directory"},
    "assistant.backup": BASICS | {"store"},
    # Counts alone: the desk shows them and the command line prints them.
    "assistant.reports": BASICS | {"conversations", "house", "pathway", "programme", "store", "directory"},
    "assistant.desk": BASICS
    | {"actions", "channels", "conversations", "house", "pathway", "programme", "providers", "reports", "secret", "store", "directory"},
    # A provider's pages, by a signed link and without an account.
    "assistant.providers": BASICS | {"channels.limits", "conversations", "house", "pathway", "secret", "store", "web.headers"},
    "assistant.web": BASICS | {"channels", "conversations", "house", "store", "secret", "directory"},
    "assistant.demo_month": BASICS | {"channels.segments", "conversations", "demo", "desk", "house", "store", "directory"},
    "assistant.demo": BASICS | {"desk", "house", "store", "directory"},
}
WIRING = {"assistant.app", "assistant.tending", "assistant.cli", "assistant.commands", "assistant.described", "assistant.__main__"}
ONLY = {"rasa": {"assistant.dialogue"}, "rasa_sdk": {"assistant.dialogue", "actions"}}
# What deals in requests; everything else can be used and tested without a web server.
ONLY["fastapi"] = {"assistant.channels", "assistant.desk", "assistant.providers", "assistant.web", "assistant.house", "assistant.errors",
                   "assistant.readiness", *WIRING}  # fmt: skip
NUMBER = re.compile(r"(?<!\d)(?:0800|0808|0300)[ \d]{5,}|(?<!\d)116 ?123(?!\d)|(?<!\d)85258(?!\d)")
MACHINE = re.compile(
    "|".join((r"/wo" r"rk/", r"/ro" r"ot/", r"/ho" r"me/\w", r"/Us" r"ers/\w", r"(?<![\w.])/tm" r"p/\w", r"C:\\" r"Users"))
)
REGISTRY = re.compile(
    "|".join((r"py" r"pi\.org", r"python" r"hosted", r"npm" r"js\.(?:org|com)", r"jfr" r"og", r"nex" r"us\.", r"arti" r"factory"))
)


@cache
def tracked() -> tuple[str, ...]:
    """The repository's files, those not committed yet included; all there are where there is no repository."""
    try:
        done = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        names = done.stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        made = {"var", "__pycache__", "models", "results"}
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*")]
        names = [str(path) for path in paths if not made & set(path.parts) and not path.parts[0].startswith(".")]
    return tuple(sorted(name for name in names if (ROOT / name).is_file() and not (ROOT / name).is_symlink()))


def of(*suffixes: str, under: tuple[str, ...] = ("",)) -> list[str]:
    return [name for name in tracked() if name.endswith(suffixes) and name.startswith(under)]


PYTHON = of(".py")
OURS = of(".py", under=tuple(f"{folder}/" for folder in CODE))


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def imported(name: str) -> Iterator[str]:
    """Modules a file imports when it runs, wherever in it; what only a type checker reads is left out."""
    for_types = {
        inner
        for node in ast.walk(tree(name))
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree(name)):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(module: str) -> str:
    """'assistant.desk' of 'assistant.desk.inbox', 'directory' of 'directory.search'."""
    words = module.split(".")
    return ".".join(words[:2]) if words[0] == "assistant" else words[0]


def part_of_file(name: str) -> str:
    return part(name.removesuffix(".py").removesuffix("/__init__").replace("/", "."))


def test_imports_point_one_way() -> None:
    astray = []
    for name in OURS:
        mine = part_of_file(name)
        if mine in WIRING or mine == "assistant":
            continue
        assert mine in MAY_IMPORT, f"{mine} is new: say in MAY_IMPORT what it may know of"
        allowed = {mine} | {item if item in CODE else f"assistant.{item}" for item in MAY_IMPORT[mine]}
        for module in imported(name):
            ours = module.split(".")[0] in CODE
            if ours and not any(module == item or module.startswith(f"{item}.") for item in allowed):
                astray.append(f"{name} imports {module}")
    assert not astray


def test_the_arrows_make_no_circle() -> None:
    arrows = {
        mine: {item if item in CODE else "assistant." + item.split(".")[0] for item in items} - {mine}
        for mine, items in MAY_IMPORT.items()
    }
    # `rasa shell` opens a house from within an action; at run time in a served house this arrow is not used.
    arrows["assistant.surroundings"] -= {"assistant.opening", "assistant.demo"}
    # The outbox's queue knows of rows and numbers alone; test_imports holds turns to those modules.
    arrows["assistant.turns"] -= {"assistant.channels"}
    while arrows:
        ends = {mine for mine, items in arrows.items() if not items & arrows.keys()}
        assert ends, f"a circle among {sorted(arrows)}"
        arrows = {mine: items for mine, items in arrows.items() if mine not in ends}


@pytest.mark.parametrize("package", sorted(ONLY))
def test_a_package_is_imported_where_it_belongs(package: str) -> None:
    found = defaultdict(list)
    for name in OURS:
        if any(module.split(".")[0] == package for module in imported(name)):
            found[part_of_file(name)].append(name)
    astray = {mine: names for mine, names in found.items() if mine not in ONLY[package]}
    assert not astray


def test_safety_needs_neither_rasa_nor_a_database() -> None:
    """When all else is down the fixed texts still go out."""
    needed = {module.split(".")[0] for name in OURS if name.startswith("assistant/safety/") for module in imported(name)}
    assert not needed & {"rasa", "rasa_sdk", "sqlalchemy", "fastapi"}


def test_every_file_says_what_lives_in_it() -> None:
    assert not [name for name in PYTHON if not ast.get_docstring(tree(name))]


def test_a_file_can_be_read_in_one_sitting() -> None:
    """Migrations apart: Alembic writes them, and they are read once."""
    long = {name: lines_of_code(name) for name in OURS if "/migrations/versions/" not in name}
    assert not {name: count for name, count in long.items() if count > MOST_LINES}


def lines_of_code(name: str) -> int:
    """Without blank lines, comments and docstrings."""
    said = {
        line
        for node in ast.walk(tree(name))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node)
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return sum(1 for n, line in enumerate(lines, 1) if line.strip() and not line.strip().startswith("#") and n not in said)


def test_what_others_call_says_what_it_does() -> None:
    """Functions and classes without a leading underscore, those inside functions apart."""
    silent = []
    for name in OURS:
        for node in [tree(name), *(n for n in tree(name).body if isinstance(n, ast.ClassDef) and not n.name.startswith("_"))]:
            for item in node.body:
                if isinstance(item, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                    if not item.name.startswith("_") and not ast.get_docstring(item):
                        silent.append(f"{name}:{item.lineno} {item.name}")
    assert not silent


def contacts() -> list[dict[str, str]]:
    with (ROOT / "programme" / "contacts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_help_line_numbers_live_in_the_contacts_file_alone() -> None:
    """One wrong digit is found and mended in one place; texts name a line by its id. Tests may check what is shown."""
    found = []
    for name in of(".py", ".yml", ".yaml", ".html", ".js", ".css", ".rules", ".txt", ".csv", ".tsv", ".md", ".json"):
        if name.startswith(("tests/", "nlu_data/")) or name in ("programme/contacts.csv", "tests/browser/vendor/axe.min.js"):
            continue
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), 1):
            if NUMBER.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert not found


def test_every_help_line_that_is_shown_has_a_contact_a_source_and_a_day_to_check_it_again() -> None:
    rows = contacts()
    assert len({row["id"] for row in rows}) == len(rows) >= 20
    for row in rows:
        assert all(row[key].strip() for key in ("name", "contact", "for_what", "hours", "nation", "source")), row["id"]
        assert row["verified_on"] < row["review_by"], row["id"]
        if "recalled only" in row["source"]:
            assert row["show_to_patients"] == "no", f"{row['id']}: nobody has checked the number"


def test_numbers_that_tests_and_examples_name_are_those_of_the_file() -> None:
    """A number typed from memory in a test would pass while the file is wrong."""
    known = {re.sub(r"\D", "", number) for row in contacts() for number in NUMBER.findall(f"{row['contact']} {row['text_or_deaf_route']}")}
    for name in of(".py", ".yml", ".tsv", under=("tests/", "nlu_data/")):
        for number in NUMBER.findall((ROOT / name).read_text(encoding="utf-8")):
            assert re.sub(r"\D", "", number) in known, f"{name}: {number}"


def test_no_file_names_somebodys_machine_or_where_packages_come_from() -> None:
    found = []
    for name in tracked():
        if name.endswith(".min.js") or name == "tests/test_structure.py":
            continue
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, weights, an archive
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE.search(line) or REGISTRY.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert not found


def test_tests_are_no_packages_and_no_two_files_share_a_name() -> None:
    """Pytest finds modules of tests by their name alone when folders hold no __init__.py."""
    names = [Path(name).name for name in of(".py", under=("tests/",))]
    assert "__init__.py" not in names
    twice = {name for name in names if names.count(name) > 1} - {"conftest.py"}
    assert not twice


def test_nothing_is_committed_that_is_made_at_run_time() -> None:
    made = [name for name in tracked() if name.endswith((".db", ".db-wal", ".tar.gz", ".onnx", ".pyc", ".log", ".env"))]
    assert not made
