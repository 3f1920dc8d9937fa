"""Unmet needs: what was looked for and not found, by area; and what people came with."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.reports import words
from assistant.reports.persons import areas
from assistant.reports.plots import BLUE, ORANGE, Plot, bars
from assistant.reports.scope import Scope
from assistant.reports.suppress import FEWEST, NOTE, Hidden, grid
from assistant.reports.suppress import shown as shown_alone
from assistant.reports.table import Cell, Section, Table, bar_values
from assistant.store.pathway_tables import patients
from assistant.store.tables import conversations, events


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """Needs of people, then what the directory could not answer."""
    return Section("needs", "Needs, met and unmet", [asked_for(connection, scope), _unmet(connection, scope)])


def asked_for(connection: Connection, scope: Scope) -> Table:
    """What people came with, a person once for each need."""
    told: set[tuple[str, str]] = set()
    rows = connection.execute(
        sa.select(conversations.c.id, conversations.c.patient_id, conversations.c.picture).where(
            scope.of(conversations.c.practice), scope.within(conversations.c.created_at)
        )
    )
    for row in rows:
        told |= {(row.patient_id or row.id, need) for need in (row.picture or {}).get("needs") or []}
    theirs = sa.select(patients.c.id, patients.c.needs).where(scope.of(patients.c.practice), scope.within(patients.c.created_at))
    for row in connection.execute(theirs):
        told |= {(row.id, need) for need in row.needs or []}
    counts = _in_order(Counter(words.need(need) for _, need in told))
    cells = [shown_alone(count) for _, count in counts]  # they add up to nothing that is shown: one person tells several
    shown: list[tuple[Cell, ...]] = [(name, cell) for (name, _), cell in zip(counts, cells)]
    title = "What people asked for help with"
    return Table("asked-for", title, "People who told a need in these dates. One person may tell several.", ("Need", "People"), shown,
                 (NOTE,) if any(isinstance(cell, Hidden) for cell in cells) else (),
                 _drawn("asked-for", title, bar_values(shown), BLUE, "Number of people; the twelve needs told most."))  # fmt: skip


def _unmet(connection: Connection, scope: Scope) -> Table:
    place = areas(connection, scope)
    found = connection.execute(
        sa.select(events.c.id, events.c.conversation_id, events.c.data).where(
            scope.of(events.c.practice), events.c.kind == "unmet_need", scope.within(events.c.at)
        )
    )
    once: set[tuple[str, str, str]] = set()  # who, need, area: the same search twice is one wish
    for row in found:
        area = (row.data or {}).get("outcode") or place.get(row.conversation_id or "") or words.NOT_TOLD
        for need in (row.data or {}).get("needs") or ["other"]:
            once.add((row.conversation_id or f"erased-{row.id}", "Something else" if need == "other" else words.need(need), area))
    pairs = Counter((need, area) for _, need, area in once)
    down = [need for need, _ in _in_order(Counter(need for _, need, _ in once))]
    across = sorted({area for _, _, area in once}, key=lambda area: (area == words.NOT_TOLD, area))
    cells = grid([[pairs[need, area] for area in across] for need in down]) if once else []
    rows: list[tuple[Cell, ...]] = [(name, *row) for name, row in zip([*down, "All"], cells)]
    title = "Looked for, and nothing suitable found"
    return Table("unmet", title, "Searches that found nothing, by need and by the first half of the postcode; a conversation once for each.",
                 ("Need", *across, "All"), rows, (NOTE,) if any(isinstance(c, Hidden) for r in rows for c in r) else (),
                 _drawn("unmet", title, bar_values(rows[:-1], -1), ORANGE, "Number of searches, in all areas together."))  # fmt: skip


def _in_order(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most first; of as many each, and of those held back, by name: their order would say which is the least."""
    return sorted(counts.items(), key=lambda pair: (-pair[1] if pair[1] >= FEWEST else 0, pair[0]))


def _drawn(name: str, title: str, values: list[tuple[str, float | None, str]], colour: str, caption: str) -> Plot | None:
    """Bars, unless every one of them is held back."""
    return bars(name, title, values, colour, caption) if any(value is not None for _, value, _ in values) else None
