"""The listings and questions that the search learns from: nlu_data/search/, a file an author."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.messages import NLU_DATA

AUTHORS = NLU_DATA / "search"


@dataclass(frozen=True)
class Offer:
    """A listing as its provider wrote it, what it is for, and questions that it answers."""

    name: str
    description: str
    needs: frozenset[str]
    questions: tuple[str, ...]

    @property
    def whole(self) -> str:
        """As the search reads a listing: its name and what is said of it."""
        return f"{self.name}. {self.description}"


def read_offers(authors: Iterable[str] | None = None, folder: Path = AUTHORS) -> list[Offer]:
    """The listings of `<author>.jsonl`, a JSON object a line; all authors', or of those named."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines() if authors is None or file.stem in authors else ():
            told = json.loads(line)
            found.append(Offer(told["name"], told["description"], frozenset(told["needs"]), tuple(told["questions"])))
    return found


def fingerprint(offers: list[Offer]) -> str:
    """Sixteen hex digits that change with any listing or question."""
    told = "\n".join("\t".join((o.name, o.description, *sorted(o.needs), *o.questions)) for o in offers)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
