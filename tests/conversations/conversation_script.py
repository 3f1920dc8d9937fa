"""Transcripts as text: who says what, and what is looked at afterwards. How to write one: README.md beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WORDS = (
    "patient", "choose", "person", "clock", "later", "navigator", "navigator says", "practice", "taken",
    "bot says", "bot does not say", "bot asks", "bot answers", "bot offers", "bot does not offer", "bot is silent",
    "notice", "state", "read as", "known", "not known", "service shown", "no service shown", "services shown", "saved", "nothing saved",
    "record", "no record", "event", "task", "no task", "flag", "no flag", "call booked", "no call booked",
    "sms", "sms parts", "questions before this",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of a transcript: `word` of WORDS, what follows it, and where it stands."""

    word: str
    rest: str
    number: int
    file: Path

    def __str__(self) -> str:
        """As a reader finds it."""
        return f"{self.file.name}, line {self.number}: {self.word}{': ' + self.rest if self.rest else ''}"


def read_script(file: Path) -> list[Line]:
    """The lines of a transcript; lines that begin with # are for the reader.

    Raises:
        ValueError: a line begins with no word that is known; names file and line.
    """
    lines = []
    for number, raw in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        word, _, rest = text.partition(":")
        if word.strip() not in WORDS:
            raise ValueError(f"{file.name}, line {number}: {word!r} is not one of: {', '.join(WORDS)}")
        lines.append(Line(word.strip(), rest.strip(), number, file))
    if not any(line.word in ("patient", "choose") for line in lines):
        raise ValueError(f"{file.name}: nobody says anything")
    return lines
