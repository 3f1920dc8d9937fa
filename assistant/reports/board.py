"""The whole report, in the order a board reads it, and one table of it by name."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection

from assistant.errors import NotFound
from assistant.house import House
from assistant.reports import (
    capacity,
    endings,
    flags,
    funnel,
    heard,
    outcomes,
    providers,
    signposting,
    unmet,
    waits,
)
from assistant.reports.scope import Scope
from assistant.reports.table import Section, Table

SECTIONS: dict[str, Callable[[Connection, House, Scope], Section]] = {
    "funnel": funnel.section, "outcomes": outcomes.section, "endings": endings.section, "waits": waits.section,
    "providers": providers.section, "needs": unmet.section, "signposts": signposting.section, "safety": flags.section,
    "messages": heard.section, "capacity": capacity.section,
}  # fmt: skip


def report(connection: Connection, house: House, scope: Scope) -> list[Section]:
    """Every section."""
    return [make(connection, house, scope) for make in SECTIONS.values()]


def one_table(connection: Connection, house: House, scope: Scope, section_id: str, table_id: str) -> Table:
    """A table by its section and its own id.

    Raises:
        NotFound: there is none of that name.
    """
    make = SECTIONS.get(section_id)
    found = next((t for t in make(connection, house, scope).tables if t.id == table_id), None) if make else None
    if found is None:
        raise NotFound("There is no such table in the reports.")
    return found


def about(house: House, scope: Scope) -> list[tuple[str, str]]:
    """What stands at the head of every table that leaves: whose and of when."""
    whose = house.programme.practice(scope.practice).name if scope.practice else "All practices"
    return [("Practice", whose), ("From", scope.first.isoformat()), ("To", scope.last.isoformat())]
