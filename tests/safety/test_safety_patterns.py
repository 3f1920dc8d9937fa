"""The .rules files read well, and a bad one says which line is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.safety.patterns import FOLDER, book
from assistant.safety.patterns.lang import Vocabulary, read_rules
from assistant.safety.tiers import ORDER


def test_every_route_has_rules_and_every_rule_a_route() -> None:
    risks = {rule.risk for rule in book().rules}
    assert risks == set(ORDER) | {"unsure"}
    assert len(book().idioms) > 20


def test_every_pattern_compiles() -> None:
    book().warm()
    assert all(rule.pattern.compiled for rule in book().rules)


def test_files_are_of_a_readable_length() -> None:
    for path in FOLDER.glob("*.rules"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, path.name


def _read(tmp_path: Path, text: str) -> list:
    path = tmp_path / "bad.rules"
    path.write_text(text, encoding="utf-8")
    return read_rules(path, Vocabulary())


@pytest.mark.parametrize(("text", "line"), [
    ("rule self_harm\n    (?:cut|\n", "2"),
    ("rule self_harm sideways\n    cut\n", "1"),
    ("verse self_harm\n    cut\n", "1"),
    ("group A\n    one\n    two\n", "3"),
    ("rule self_harm\n    <NOBODY> cuts\n", "2"),
])
def test_a_bad_file_names_the_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(ValueError, match=f"bad.rules:{line}"):
        _read(tmp_path, text)


def test_the_little_language(tmp_path: Path) -> None:
    rules = _read(tmp_path, "group PET\n    cat | dog\nrule self_harm\n    unless toy\n    <PET> .. bites\n")
    pattern = rules[0].pattern
    assert pattern.compiled.search("the dog often bites")
    assert not pattern.compiled.search("the dog . it bites")
    assert rules[0].unless is not None and rules[0].unless.compiled.search("a toy dog")
    assert rules[0].where == "bad:5"


def test_either_order(tmp_path: Path) -> None:
    pattern = _read(tmp_path, "rule self_harm\n    rope ~4~ tonight\n")[0].pattern
    assert pattern.compiled.search("tonight i have the rope")
    assert pattern.compiled.search("rope for tonight")
    assert not pattern.compiled.search("rope one two three four five tonight")
    assert pattern.pieces is not None
