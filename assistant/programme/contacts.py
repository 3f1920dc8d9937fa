"""The one list of contact numbers (programme/contacts.csv): whom for, and when to check again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ValidationError, constr

from assistant.programme.reading import Problem, from_validation, read_csv

COLUMNS = [
    "id",
    "name",
    "contact",
    "for_what",
    "who",
    "hours",
    "text_or_deaf_route",
    "nation",
    "source",
    "verified_on",
    "review_by",
    "show_to_patients",
]
_HELP = {
    "contact": "The number as it is dialled.",
    "verified_on": "The day somebody checked it, like 2026-11-21.",
    "review_by": "The day it must be checked again, like 2027-02-21.",
    "show_to_patients": "Write yes or no.",
}


class Contact(BaseModel):
    """A service to ring, text or visit. `contact` may hold {placeholders} until a practice fills it."""

    id: constr(regex=r"^[a-z0-9_]+$")  # type: ignore[valid-type]
    name: constr(min_length=1)  # type: ignore[valid-type]
    contact: constr(min_length=1)  # type: ignore[valid-type]
    for_what: constr(min_length=1)  # type: ignore[valid-type]
    who: constr(min_length=1)  # type: ignore[valid-type]
    hours: constr(min_length=1)  # type: ignore[valid-type]
    text_or_deaf_route: str
    nation: constr(min_length=1)  # type: ignore[valid-type]
    source: constr(min_length=1)  # type: ignore[valid-type]
    verified_on: date
    review_by: date
    show_to_patients: bool

    class Config:
        """Rows never change after loading."""

        allow_mutation = False

    def overdue(self, on: date) -> bool:
        """Whether the check has run out on the day `on`; the day itself still counts as in date."""
        return on > self.review_by

    def shown_in(self, nation: str) -> bool:
        """Whether patients living in `nation` (like 'England') may be given it."""
        everywhere = self.nation in {"UK", "Local"} or (
            self.nation == "Great Britain" and "Ireland" not in nation
        )
        return self.show_to_patients and (everywhere or nation in self.nation)


def load_contacts(folder: Path, problems: list[Problem]) -> dict[str, Contact]:
    """Contacts by id, in the file's order. Faults go to `problems`."""
    path = folder / "contacts.csv"
    found: dict[str, Contact] = {}
    for line, row in read_csv(path, COLUMNS, problems):
        where = f"line {line}, {row['id'] or 'no id'}"
        try:
            contact = Contact.parse_obj(row)
        except ValidationError as error:
            problems.extend(from_validation(error, path.name, where, _HELP))
            continue
        if contact.id in found:
            problems.append(Problem(path.name, where, "this id stands here twice; keep one row"))
        if contact.review_by <= contact.verified_on:
            problems.append(Problem(path.name, f"{where}, review_by", "must be later than verified_on"))
        found[contact.id] = contact
    return found
