"""Capacity: who has how many cases, and how many times to ring are left in the coming fortnight. As of now."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.conversations.diary import slots
from assistant.house import House
from assistant.reports.scope import Scope
from assistant.reports.table import Cell, Section, Table
from assistant.store.pathway_tables import patients
from assistant.store.staff_tables import staff
from assistant.store.tables import callbacks, conversations


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """A row a navigator; people of the diary and people with a sign-in are matched by name."""
    cases: Counter[str] = Counter()
    for owner, count in connection.execute(
        sa.select(patients.c.navigator_id, sa.func.count())
        .where(scope.of(patients.c.practice), patients.c.status == "open").group_by(patients.c.navigator_id)
    ):  # fmt: skip
        cases[owner or ""] += count
    names = {row.id: row.name for row in connection.execute(sa.select(staff.c.id, staff.c.name))}
    owned: Counter[str] = Counter()
    for owner, count in cases.items():
        owned[names.get(owner, "Nobody yet") if owner else "Nobody yet"] += count
    now = clock.now()
    booked = Counter(
        connection.execute(
            sa.select(callbacks.c.navigator).where(scope.of(callbacks.c.practice), callbacks.c.status == "booked", callbacks.c.starts_at >= now)
        ).scalars()
    )
    times: Counter[str] = Counter()
    practices = [house.programme.practice(scope.practice)] if scope.practice else list(house.programme.practices.values())
    for practice in practices:
        times.update(navigator for _, navigator in slots(practice))
    everybody = [*dict.fromkeys([*times, *(name for name in owned if name != "Nobody yet")])]
    rows: list[tuple[Cell, ...]] = [(name, owned[name], booked[name], max(times[name] - booked[name], 0)) for name in everybody]
    if owned["Nobody yet"]:
        rows.append(("Nobody yet", owned["Nobody yet"], None, None))
    waiting = connection.execute(
        sa.select(sa.func.count()).select_from(conversations).where(scope.of(conversations.c.practice), conversations.c.state == "waiting")
    ).scalar_one()
    return Section("capacity", "Capacity", [
        Table("capacity", "Cases and free times", "As it is now, whatever the dates: open cases, calls booked, and times still free in the coming 15 days.",
              ("Navigator", "Open cases", "Calls booked", "Times free"), rows,
              (f"Waiting for a person in the chat just now: {waiting}.",)),
    ])  # fmt: skip
