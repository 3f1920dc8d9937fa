"""Help lines as the routes show them, read from programme/contacts.csv, the one place their numbers live."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
# Long contact cells in the words that fit a sentence; the numbers themselves stay in the file.
_BEFORE_BRACKET = re.compile(r"\s*\(.*\)$")


@dataclass(frozen=True)
class Contact:
    """One help line: `contact` is what a patient dials, texts or opens. `who` is empty when it is for anyone."""

    id: str
    name: str
    contact: str
    who: str = ""

    @property
    def short(self) -> str:
        """The contact for the middle of a sentence: no bracketed note, and a number without its web address."""
        text = _BEFORE_BRACKET.sub("", self.contact)
        number, _, other = text.partition(" or ")
        return number if number.replace(" ", "").isdigit() and "." in other else text


def read_contacts(path: Path, local: Mapping[str, str] | None = None) -> dict[str, Contact]:
    """Contacts patients may see, by id; `local` fills council placeholders.

    A row whose placeholder has no value is left out rather than shown unfilled. Raises OSError or KeyError when the
    file cannot be read or lacks the id, name or contact column.
    """
    local = local or {}
    found: dict[str, Contact] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("show_to_patients", "yes").strip().lower() == "no":
                continue
            text = _PLACEHOLDER.sub(lambda m: str(local.get(m.group(1), m.group())), row["contact"].strip())
            if not _PLACEHOLDER.search(text):
                found[row["id"]] = Contact(row["id"], row["name"].strip(), text, for_some(row.get("who", "")))
    return found


def for_some(who: str) -> str:
    """Whom a line is for, as it stands after "for", so that nobody wonders why it is shown; nothing when it is for anyone."""
    short = re.split("[,;]", who)[0].strip()
    if short == "Anyone" or short.startswith(("All ages", "Anyone in ")):
        return ""
    return short if short.startswith("Deaf") or not short[1:2].islower() else short[:1].lower() + short[1:]
