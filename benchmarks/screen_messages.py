"""The messages that the screen is trained and measured on, what counts as right, and whole authors left out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.safety.screen import by_patterns
from assistant.safety.tiers import ORDER, TIERS
from benchmarks.messages import ROOT, Told, training_messages

AUTHORS = ROOT / "nlu_data" / "safety"
CASES = ROOT / "tests" / "safety" / "cases"
HELD_OUT = ROOT / "tests" / "safety" / "held_out"
# What a miss would cost most. Concern for another counts with what it is about.
FOREMOST = frozenset(TIERS[0] + TIERS[1]) | {"concern_for_other"}
# Topics, intents and needs whose messages may well call for a route: they are no ordinary matter, nor labelled as risks.
MIXED_TOPICS = frozenset({
    "gas", "no_food", "nowhere_to_sleep", "under_16", "cannot_talk_on_phone", "tell_family", "shared_phone", "delete_my_data",
    "urgent_mental_health", "for_emergencies", "navigator_concern", "group_safety", "diagnose_me",
})  # fmt: skip
MIXED_INTENTS = frozenset({"clinical_question"})
MIXED_NEEDS = frozenset({"domestic_abuse"})


@dataclass(frozen=True)
class Message:
    """One message with the risks its author gave it, most urgent first by the screen's order."""

    text: str
    risks: tuple[str, ...]
    kind: str  # positive, lookalike or ordinary
    style: str
    author: str

    @property
    def foremost(self) -> bool:
        """Whether any of its risks is of tier 0 or 1."""
        return bool(FOREMOST & set(self.risks))


def _ordered(told: str) -> tuple[str, ...]:
    risks = set() if told == "none" else set(told.split(","))
    if unknown := risks - set(ORDER):
        raise ValueError(f"Not risks of the taxonomy: {sorted(unknown)}")
    if "domestic_abuse_covert" in risks:
        risks.add("domestic_abuse")
    return tuple(risk for risk in ORDER if risk in risks)


def read_authors(folder: Path = AUTHORS, only: str = "*") -> list[Message]:
    """Messages of `<author>.tsv`, with or without the header row. Raises ValueError for a risk nobody knows."""
    found = []
    for file in sorted(folder.glob(f"{only}.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            risks, kind, style, text = line.split("\t")
            if risks != "risks":
                found.append(Message(text, _ordered(risks), kind, style, file.stem))
    return found


def read_cases(folder: Path = CASES) -> list[Message]:
    """The messages that the patterns were written to; each has its first risk only."""
    found = []
    for file in sorted(folder.glob("*.tsv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            risk, polarity, style, text = line.split("\t")
            positive = polarity == "positive"
            kind = "positive" if positive else "lookalike"
            found.append(Message(text, _ordered(risk) if positive else (), kind, style, "cases"))
    return found


def is_ordinary(told: Told) -> bool:
    """Whether a message of nlu_data/ is surely none of the screen's; hunger is told from wanting food by the patterns."""
    if told.label in MIXED_TOPICS or told.intent in MIXED_INTENTS or MIXED_NEEDS & set(told.needs):
        return False
    return "food" not in told.needs or "no_food_today" not in by_patterns(told.text)[0]


def read_ordinary(messages: Iterable[Told] | None = None, author: str = "nlu") -> list[Message]:
    """What patients mostly write: `messages`, or nlu_data/, without those that may call for a route."""
    chosen = training_messages() if messages is None else messages
    return [Message(told.text, (), "ordinary", told.style, author) for told in chosen if is_ordinary(told)]


def fingerprint(messages: Sequence[Message]) -> str:
    """Sixteen hex digits that change with any message or label."""
    digest = hashlib.sha256()
    for told in messages:
        digest.update("\t".join((told.author, ",".join(told.risks), told.kind, told.text, "\n")).encode())
    return digest.hexdigest()[:16]
