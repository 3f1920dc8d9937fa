"""docs/operations.md says what happens with bad luck; each row names tests, and they are there."""

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


@pytest.mark.parametrize("row", ROWS)
def test_each_row_names_tests_that_exist(row: str) -> None:
    assert ROWS[row]
    for reference in ROWS[row]:
        file, _, test = reference.partition("::")
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert test in {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}, reference
