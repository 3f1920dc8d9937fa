"""Messages written for each route, with look-alikes, in separate styles: every one goes the right way."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.safety.screen import screen
from assistant.safety.tiers import ORDER, TIERS

CASES = Path(__file__).parent / "cases"
# Routes that show the same help or safer, so that either is right.
ALIKE = (
    {"suicide_imminent", "suicide_ideation", "self_harm"},
    {"domestic_abuse", "domestic_abuse_covert", "adult_abuse_neglect", "sexual_violence"},
    {"overdose_poisoning", "medical_emergency", "suicide_imminent"},
    {"intoxication_withdrawal", "medical_emergency", "overdose_poisoning"},
)


def _rows() -> list[tuple[str, str, str, str]]:
    rows = []
    for path in sorted(CASES.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            category, polarity, style, text = line.split("\t")
            rows.append((category, polarity, style, text))
    return rows


def _right(want: str, found: list[str]) -> bool:
    return any(want == risk or any({want, risk} <= group for group in ALIKE) for risk in found)


ROWS = _rows()
POSITIVE = [(category, text) for category, polarity, _, text in ROWS if polarity == "positive"]
NEGATIVE = [(category, text) for category, polarity, _, text in ROWS if polarity == "negative"]


@pytest.mark.parametrize(("category", "text"), POSITIVE)
def test_positive_is_routed(category: str, text: str) -> None:
    screening = screen(text)
    assert not screening.failed
    assert _right(category, screening.risks), screening.risks
    assert screening.spans and all(0 <= s.start < s.end <= len(text) for s in screening.spans)


@pytest.mark.parametrize(("category", "text"), NEGATIVE)
def test_look_alike_is_left_alone(category: str, text: str) -> None:
    assert screen(text).risks == []


@pytest.mark.parametrize("category", ORDER)
def test_every_category_has_a_dozen_of_each_in_separate_styles(category: str) -> None:
    for polarity in ("positive", "negative"):
        rows = [row for row in ROWS if row[0] == category and row[1] == polarity]
        assert len(rows) >= 12
        assert len({style for _, _, style, _ in rows}) >= 8


def test_the_taxonomy_is_covered_once() -> None:
    assert len(ORDER) == len(set(ORDER)) == 19
    assert sum(len(tier) for tier in TIERS) == 19
