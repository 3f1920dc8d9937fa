"""The clinical safety file keeps its word: controls name tests that exist, hazards have controls, and no risk is set in it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "clinical-safety"
TRANSCRIPTS = "tests/conversations/test_transcripts.py::test_transcript"
FIELDS = ("Cause", "Effect", "Controls", "Left over")
FOR_THE_CSO = ("severity", "likelihood", "risk", "accepted by, and when")
# 'approved', 'certified' and the like, unless the sentence says that it is not so.
CLAIMS = re.compile(r"\b(?:approv\w+|certif\w+|complian\w+|complies|conforms|signed off|clinically safe|validated)\b", re.IGNORECASE)
DENIES = re.compile(r"\b(?:not|never|nobody|no)\b", re.IGNORECASE)


def page(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def sections(text: str, letter: str) -> dict[str, str]:
    """Sections of a page by their number, such as H4: from its heading to the next."""
    found = re.findall(rf"^##+ ({letter}\d+) (.+?)\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    numbers = [number for number, _, _ in found]
    assert len(numbers) == len(set(numbers)), "a number is used twice"
    return {number: body for number, _, body in found}


CONTROLS = sections(page("controls"), "C")
HAZARDS = sections(page("hazard-log"), "H")


@cache
def functions_of(name: str) -> frozenset[str]:
    """Names of the test functions of a file, read and not run."""
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"), name)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, kinds) and n.name.startswith("test_"))


def named(body: str) -> list[str]:
    return re.findall(r"^- (tests/\S+)$", body, re.MULTILINE)


def field(body: str, name: str) -> str:
    found = re.search(rf"^- {name}: (.+)$", body, re.MULTILINE)
    return found[1].strip() if found else ""


def used(body: str) -> list[str]:
    return re.findall(r"\bC\d+\b", field(body, "Controls"))


@pytest.mark.parametrize("control", CONTROLS)
def test_a_control_names_tests_that_exist(control: str) -> None:
    references = named(CONTROLS[control])
    assert references, f"{control} names no test"
    assert len(references) == len(re.findall(r"^- ", CONTROLS[control], re.MULTILINE)), f"{control} has a line that is no test"
    for reference in references:
        file, _, rest = reference.partition("::")
        test, _, case = rest.partition("[")
        assert (ROOT / file).is_file(), reference
        assert test in functions_of(file), reference
        if f"{file}::{test}" == TRANSCRIPTS:
            assert (ROOT / "tests" / "conversations" / f"{case.rstrip(']')}.txt").is_file(), reference


@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_hazard_is_whole_and_has_controls(hazard: str) -> None:
    body = HAZARDS[hazard]
    assert not [name for name in FIELDS if not field(body, name)]
    assert used(body) and set(used(body)) <= set(CONTROLS)


def test_every_control_serves_a_hazard() -> None:
    assert not set(CONTROLS) - {control for body in HAZARDS.values() for control in used(body)}


def test_the_hazards_that_were_asked_for_are_there() -> None:
    """Twelve to open with (DCB0129's own question: what can go wrong), and those that came up while building."""
    headings = " ".join(re.findall(r"^## (H\d+ .+)$", page("hazard-log"), re.MULTILINE)).lower()
    asked = (
        "missed", "alarms", "number", "nobody sees", "perpetrator", "wrong patient", "wrong conversation", "clinician", "service",
        "down", "mistranslated", "rely", "person is not answered", "stale model", "another language", "child", "disk full",
        "poses as a navigator", "text to a wrong number",
    )  # fmt: skip
    assert not [words for words in asked if words not in headings]


def test_each_hazard_stands_in_the_table_and_open_ones_say_so() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page("hazard-log").splitlines() if line.startswith("| H")]
    assert [row[0].split()[0] for row in rows] == list(HAZARDS)
    headings = dict(re.findall(r"^## (H\d+) (.+)$", page("hazard-log"), re.MULTILINE))
    for name, state, *_ in rows:
        number, _, title = name.partition(" ")
        assert title == headings[number]
        assert (state == "**open**") == ("**open.**" in field(HAZARDS[number], "Left over")), number
    count = sum(row[1] == "**open**" for row in rows)
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    assert f"- {words[count].capitalize()} hazards are **open**" in page("README")


def test_no_risk_is_set_for_the_deploying_cso() -> None:
    table = page("hazard-log").split("## For the deploying CSO to set")[1].split("\n## ")[0]
    head, _, *rows = [line for line in table.splitlines() if line.startswith("|")]
    assert head.lower().strip("| ").endswith(" | ".join(FOR_THE_CSO))
    assert rows and all(row.count("CSO to set") == len(FOR_THE_CSO) for row in rows)


def test_nothing_claims_an_approval_that_nobody_gave() -> None:
    claims = []
    for path in sorted(FOLDER.glob("*.md")):
        sentences = re.split(r"(?<=[.:?])\s+|\n\n|\n- |\n\|", path.read_text(encoding="utf-8"))
        claims += [f"{path.name}: {s}" for s in sentences if CLAIMS.search(s) and not DENIES.search(s)]
    assert not claims


@pytest.mark.parametrize(("name", "words"), [
    ("README", "Nobody has approved it"), ("README", "ring-checked"), ("README", "never scores, ranks or grades a person"),
    ("README", "never says or implies that no risk was found"), ("intended-purpose", "Get a regulatory opinion"),
    ("intended-purpose", "does not intend Linkway to be a medical device"), ("deploying-practice", "Ring every number"),
    ("deploying-practice", "clinical safety officer"),
])  # fmt: skip
def test_what_must_be_said_is_said(name: str, words: str) -> None:
    assert words in " ".join(page(name).split())


def test_hazards_and_pages_named_elsewhere_exist() -> None:
    for path in FOLDER.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert {number for number in re.findall(r"\bH\d+\b", text)} <= set(HAZARDS), path.name
        assert {number for number in re.findall(r"\bC\d+\b", text)} <= set(CONTROLS), path.name
        assert all((FOLDER / link).is_file() for link in re.findall(r"\]\(([\w-]+\.md)\)", text)), path.name
