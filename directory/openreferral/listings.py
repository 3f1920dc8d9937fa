"""From what a service tells to a listing: the checks of a CSV row, but only the cell that is wrong is lost, not the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from directory.openreferral.reading import Told, read_service
from directory.openreferral.values import place_of
from directory.places import Places
from directory.records import Listing
from directory.rows import LONGEST_NOTE, LONGEST_OTHER, looks_like_formula, read_row
from directory.text import clean

# Without these, or with these wrong, nobody could be sent there: such a service is left out. Anything else that cannot be
# read is kept as a note, for the publisher of a feed cannot be asked to mend it now.
FATAL = frozenset(("id", "name", "description", "status", "accredited_by", "accredited_on", "accredited_until"))
_ACCREDITATION = ("accredited_by", "accredited_on", "accredited_until")
_DEFAULTS = {f.name: f.default for f in fields(Listing)}


@dataclass(frozen=True)
class Fault:
    """Something wrong at a path of a file; `column` is the listing's."""

    path: str
    column: str
    value: str
    message: str


@dataclass
class Outcome:
    """One listing of a service, or why there is none."""

    listing: Listing | None
    errors: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)  # headings of notes


def listings_of(
    service: Mapping[str, Any], source: str, places: Places, today: date, base: str = "$", trusted: bool = True
) -> Iterator[Outcome]:
    """The listings of one service. `trusted` False takes nobody's word for an accreditation: a feed cannot vouch for itself."""
    for told in read_service(service, today):
        yield _made(told, service, source, places, base, trusted)


def _made(
    told: Told, service: Mapping[str, Any], source: str, places: Places, base: str, trusted: bool
) -> Outcome:
    outcome = Outcome(None)

    def fault(column: str, value: str, message: str, path: str | None = None) -> Fault:
        where = told.where.get(column, column) if path is None else path
        return Fault(place_of(service, where, base), column, value, message)

    outcome.warnings += [fault(column, value, message, path) for column, path, value, message in told.strange]
    cells = dict(told.cells)
    amount = cells.pop("cost_amount", None)
    if not trusted and any(cells.get(column) for column in _ACCREDITATION):
        said = " ".join(cells.pop(column) for column in _ACCREDITATION if cells.get(column))
        told.notes["accreditation told by the feed"] = said
        outcome.warnings.append(fault("accredited_by", said, "A feed cannot vouch for itself: use --accredited-by if you do."))
    listing, errors, warnings = read_row(cells, source, places)
    aside = [problem for problem in errors if problem[0] not in FATAL]
    if listing is None and aside and len(aside) == len(errors):
        for column, value, message in aside:
            told.notes[column] = cells.pop(column, value)[:LONGEST_NOTE]
            outcome.warnings.append(fault(column, value, f"{message} It came in without it."))
        _both_or_neither(cells)
        listing, errors, warnings = read_row(cells, source, places)
    outcome.warnings += [fault(*problem) for problem in warnings]
    if listing is None:
        outcome.errors += [fault(*problem) for problem in errors]
        return outcome
    outcome.listing = _completed(listing, told, amount, outcome, fault)
    outcome.kept = set(outcome.listing.notes)
    return outcome


def _both_or_neither(cells: dict[str, str]) -> None:
    """Half a position is none."""
    if ("latitude" in cells) != ("longitude" in cells):
        cells.pop("latitude", None)
        cells.pop("longitude", None)


def _completed(listing: Listing, told: Told, amount: str | None, outcome: Outcome, fault: Any) -> Listing:
    """With the values that stand one by one, the notes, and what is said to be unknown."""
    changes: dict[str, Any] = {}
    for column, values in told.lists.items():
        kept: list[str] = []
        for value in map(clean, values):
            if looks_like_formula(value):
                outcome.warnings.append(fault(column, value[:80], "This looks like a spreadsheet formula: left out."))
            elif value:
                kept.append(value[:LONGEST_OTHER])
        changes[column] = tuple(dict.fromkeys(kept))
    for column in told.blank:
        changes[column] = () if isinstance(_DEFAULTS.get(column), tuple) else None
    if amount is not None:
        try:
            changes["cost_amount"] = max(0.0, float(amount))
        except ValueError:
            outcome.warnings.append(fault("cost_amount", amount[:80], "Not an amount: left out."))
    notes = {key[:200]: clean(value)[:LONGEST_NOTE] for key, value in told.notes.items()}
    changes["notes"] = {**listing.notes, **{key: value for key, value in notes.items() if value}}
    return listing.with_changes(**{k: v for k, v in changes.items() if k not in ("id", "name", "description", "status") or v})
