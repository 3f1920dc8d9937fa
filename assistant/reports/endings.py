"""Declines and stops: how many, why, and of whom, with small numbers held back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.reports import words
from assistant.reports.persons import details, patient_of
from assistant.reports.plots import ORANGE, bars
from assistant.reports.scope import Scope
from assistant.reports.suppress import HIDDEN, NOTE, Hidden, grid, line, told_by_totals
from assistant.reports.table import Cell, Section, Table, bar_values
from assistant.store.pathway_tables import patients, referrals
from assistant.store.tables import declines

STOPPING = "taking_part"  # the stage of a decline record that is a stop
FEW = "There are too few people to show more."
STAGES = {"offer": "At the offer", "check_in": "In the check-in", "suggestions": "After suggestions", "handover": "At the call",
          "call": "At the call"}  # fmt: skip


@dataclass(frozen=True)
class Ending:
    """One person's no, or one person's stop."""

    key: str
    reason: str | None
    groups: dict[str, str | None]
    stage: str = ""


def _endings(connection: Connection, scope: Scope) -> tuple[list[Ending], list[Ending]]:
    """(declines, stops), a person once in each."""
    about, patient = details(connection, scope), patient_of(connection, scope)
    said_no: dict[str, Ending] = {}
    stopped: dict[str, Ending] = {}
    rows = connection.execute(sa.select(declines).where(scope.of(declines.c.practice), scope.within(declines.c.at)).order_by(declines.c.id))
    for row in rows:
        key = patient.get(row.conversation_id) or row.conversation_id or f"erased-{row.id}"
        known = about.get(key, {})
        groups = {name: getattr(row, name) or known.get(name) for name in words.GROUPS}
        (stopped if row.stage == STOPPING else said_no)[key] = Ending(key, row.reason, groups, row.stage)
    ended = sa.select(referrals.c.patient_id, referrals.c.stop_reason.label("reason")).where(
        scope.of(referrals.c.practice), scope.within(referrals.c.closed_at), referrals.c.ended == "disengaged"
    )
    left = sa.select(patients.c.id.label("patient_id"), patients.c.end_reason.label("reason"), patients.c.ended).where(
        scope.of(patients.c.practice), scope.within(patients.c.closed_at), patients.c.ended.in_(("disengaged", "declined"))
    )
    for row in [*connection.execute(ended), *connection.execute(left)]:
        known = about.get(row.patient_id, {})
        into = said_no if getattr(row, "ended", "") == "declined" else stopped
        before = into.get(row.patient_id)
        if before is None or (row.reason and not before.reason):
            into[row.patient_id] = Ending(row.patient_id, row.reason, {name: known.get(name) for name in words.GROUPS})
    return list(said_no.values()), list(stopped.values())


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """Both by reason, declines by stage, and each by age, sex, ethnicity and area."""
    said_no, stopped = _endings(connection, scope)
    tables = _together([
        _by_reason("declines", "Why people said no", said_no), _by_stage(said_no),
        *(_by_group("declines", "said no", name, said_no) for name in words.GROUPS),
    ])  # fmt: skip
    tables += _together([
        _by_reason("stops", "Why people stopped going", stopped), *(_by_group("stops", "stopped", name, stopped) for name in words.GROUPS),
    ])  # fmt: skip
    lead = "A no is always accepted. It is counted so that it can be seen who is not reached. Every question about it may be skipped."
    return Section("endings", "Declines and stops", tables, lead)


def _together(tables: list[Table]) -> list[Table]:
    """Tables of the same people: when one must hide how many they are, none of the others may tell it."""
    if not any(table.rows and isinstance(table.rows[-1][-1], Hidden) for table in tables):
        return tables
    return [replace(table, rows=[("All", HIDDEN)], columns=(table.columns[0], "People"), notes=(FEW, NOTE), plot=None) for table in tables]


def _by_reason(id_: str, title: str, endings: list[Ending]) -> Table:
    counts = Counter(words.reason(ending.reason) for ending in endings).most_common()
    cells, total = line([count for _, count in counts])
    rows: list[tuple[Cell, ...]] = [(name, cell) for (name, _), cell in zip(counts, cells)]
    plot = bars(id_, title, bar_values(rows), ORANGE, "Number of people.") if any(isinstance(cell, int) for cell in cells) else None
    what = "people who left something they had begun" if id_ == "stops" else "people who did not want the programme"
    return Table(f"{id_}-reason", title, f"Reasons of {what}, a person once.", ("Reason", "People"),
                 [*rows, ("All", total)] if rows else [], _notes([(cell,) for cell in (*cells, total)]), plot)  # fmt: skip


def _by_stage(endings: list[Ending]) -> Table:
    counts = Counter(STAGES.get(ending.stage, "With the team") for ending in endings).most_common()
    cells, total = line([count for _, count in counts])
    rows: list[tuple[Cell, ...]] = [(name, cell) for (name, _), cell in zip(counts, cells)]
    return Table("declines-stage", "When people said no", "Where on the way the no was said.", ("When", "People"),
                 [*rows, ("All", total)] if rows else [], _notes([(cell,) for cell in (*cells, total)]))  # fmt: skip


def _by_group(id_: str, what: str, group: str, endings: list[Ending]) -> Table:
    """Reasons down, groups across; where nearly all of that would be hidden, the groups alone."""
    name_of = words.GROUPS[group]
    title, id_ = f"Who {what}: {name_of.lower()}", f"{id_}-{group.replace('_', '-')}"
    pairs = [(words.reason(ending.reason), words.group(ending.groups.get(group))) for ending in endings]
    reasons = Counter(reason for reason, _ in pairs).most_common()
    across = sorted({name for _, name in pairs}, key=lambda name: (name == words.NOT_TOLD, name))
    counted = Counter(pairs)
    counts = [[counted[reason, name] for name in across] for reason, _ in reasons]
    cells = grid(counts, line([count for _, count in reasons])[0]) if pairs else []
    seen = sum(1 for row, real in zip(cells, counts) for cell, count in zip(row, real) if count and not isinstance(cell, Hidden))
    if not told_by_totals(counts, cells) and 2 * seen >= sum(1 for row in counts for count in row if count):
        rows: list[tuple[Cell, ...]] = [(name, *row) for name, row in zip([*(reason for reason, _ in reasons), "All"], cells)]
        about = f"People who {what}, by reason and {name_of.lower()}, as they told it."
        return Table(id_, title, about, ("Reason", *across, "All"), rows, _notes(rows))
    alone, total = line([sum(column) for column in zip(*counts)])
    rows = [*zip(across, alone), ("All", total)]
    notes = ("There are too few people to show reasons beside this.", *_notes(rows))
    return Table(id_, title, f"People who {what}, by {name_of.lower()}, as they told it.", (name_of, "People"), rows, notes)


def _notes(rows: list[tuple[Cell, ...]]) -> tuple[str, ...]:
    return (NOTE,) if any(isinstance(cell, Hidden) for row in rows for cell in row) else ()
