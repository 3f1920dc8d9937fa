"""docs/operations.md says what happens with bad luck, docs/evidence.md what research asks; the tests and files they name are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("## Bad luck\n")[1].split("\n## ")[0]
ROWS = {line.split("|")[1].strip(): re.findall(r"`(tests/[^`]+)`", line) for line in TABLE.splitlines() if line.startswith("| ")}
for head in ("what happens", "---"):
    ROWS.pop(head)


def test_what_was_asked_for_is_there() -> None:
    rows = " ".join(ROWS)
    for words in ("double click", "two navigators", "ran out", "twice", "day late", "clocks change", "full disk", "gateway down"):
        assert words in rows, words


EVIDENCE = sorted(set(re.findall(r"`((?:tests|programme|docs|directory)/[^`]+)`", (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8"))))


@pytest.mark.parametrize("row", ROWS)
def test_each_row_names_tests_that_exist(row: str) -> None:
    assert ROWS[row]
    for reference in ROWS[row]:
        assert stands(reference), reference


@pytest.mark.parametrize("reference", EVIDENCE)
def test_what_shows_a_finding_exists(reference: str) -> None:
    assert stands(reference)


def test_every_finding_has_a_test_beside_it() -> None:
    """A file of words shows what was written, not that it works."""
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| finding", "| ---"))]
    assert len(rows) == 26 and [row for row in rows if "`tests/" not in row.rsplit(" | ", 1)[-1]] == []


def stands(reference: str) -> bool:
    """Whether the file is there, and the test in it where one is named."""
    file, _, test = reference.partition("::")
    if not test:
        return (ROOT / file).is_file()
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return test in {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
