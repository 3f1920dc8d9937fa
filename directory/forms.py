"""A listing as the boxes of a form, and back: every column of the CSV, errors by column, checked as an import checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from directory.places import Places
from directory.records import COLUMNS, Listing
from directory.rows import LONGEST, LONGEST_OTHER, read_row
from directory.template import cell_text

# What the form does not ask: the id stays, accreditation and suspension have their own buttons with who and why.
DECIDED_ELSEWHERE = frozenset(("id", "accredited_by", "accredited_on", "accredited_until"))
FORM_COLUMNS = tuple(name for name in COLUMNS if name not in DECIDED_ELSEWHERE)
# What a provider may correct by its link.
PROVIDER_COLUMNS = (
    "name", "description", "address", "postcode", "schedule", "cost", "who_meets_you", "how_to_join", "phone", "email", "url", "capacity",
)  # fmt: skip


@dataclass(frozen=True)
class Read:
    """What a form held: the listing when it can be kept, otherwise errors by column; `warnings` came in changed."""

    listing: Listing | None
    errors: dict[str, str]
    warnings: dict[str, str]


def as_cells(listing: Listing) -> dict[str, str]:
    """Each column of the CSV as a person would write it."""
    return {column: cell_text(getattr(listing, column)) for column in COLUMNS}


def longest(column: str) -> int:
    """How many characters a column takes."""
    return LONGEST.get(column, LONGEST_OTHER)


def read_form(values: Mapping[str, str], before: Listing | None, source: str, places: Places) -> Read:
    """A new listing, or `before` with what was written. What the form does not hold stays as it stood.

    A position that came from a postcode moves with the postcode. What an import would set aside with a warning (an
    address that is no e-mail address) is an error here: somebody is there to mend it.
    """
    stood = as_cells(before) if before else dict.fromkeys(COLUMNS, "")
    cells = {**stood, **{name: text for name, text in values.items() if name in FORM_COLUMNS}}
    same_position = all(cells[name].strip() == stood[name] for name in ("latitude", "longitude"))
    if before and same_position and cells["postcode"].strip().casefold() != stood["postcode"].casefold():
        cells["latitude"] = cells["longitude"] = ""
    listing, problems, warnings = read_row(cells, before.source if before else source, places)
    errors: dict[str, str] = {}
    for column, _, message in problems:
        errors.setdefault(column, message)
    for column, _, message in warnings:
        if "HTML" not in message and column not in errors:
            errors[column] = message.replace(" The row came in without it.", "").replace(": kept as a note.", ".")
    if errors or listing is None:
        return Read(None, errors, {})
    if before is not None:
        kept = {name: getattr(before, name) for name in ("id", "source", "notes", "suspended")}
        if before.cost == listing.cost:
            kept["cost_amount"] = before.cost_amount
        listing = listing.with_changes(**kept)
    return Read(listing, {}, {column: message for column, _, message in warnings})


def corrected(values: Mapping[str, str], before: Listing, places: Places) -> tuple[dict[str, list[str]], dict[str, str]]:
    """What a provider wrote otherwise than it stands, {column: [as it stood, as it should be]}, and errors by column."""
    wanted = {name: text for name, text in values.items() if name in PROVIDER_COLUMNS}
    read = read_form(wanted, before, before.source, places)
    errors = {column: message for column, message in read.errors.items() if column in wanted}
    if errors or read.listing is None:
        return {}, errors or read.errors
    stood, now = as_cells(before), as_cells(read.listing)
    return {name: [stood[name], now[name]] for name in PROVIDER_COLUMNS if stood[name] != now[name]}, {}
