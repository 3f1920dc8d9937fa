"""Safety flags: how many, of what kind, and how long until somebody acknowledged them. Never a score of anybody."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.conversations.risk_words import RISKS
from assistant.house import House
from assistant.reports.scope import Scope
from assistant.reports.spread import median, ninetieth
from assistant.reports.suppress import HIDDEN, NOTE, Hidden, line
from assistant.reports.table import Cell, Section, Table
from assistant.store.tables import risk_flags


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """Acknowledging, then what they were about."""
    rows = connection.execute(sa.select(risk_flags).where(scope.of(risk_flags.c.practice), scope.within(risk_flags.c.at))).all()
    minutes = [(row.acknowledged_at - row.at).total_seconds() / 60 for row in rows if row.acknowledged_at]
    times: list[tuple[Cell, ...]] = []
    if rows:
        times = [
            ("Messages flagged", len(rows)), ("Acknowledged", len(minutes)), ("Not acknowledged yet", len(rows) - len(minutes)),
            ("Half acknowledged within, minutes", median(minutes)), ("Nine in ten acknowledged within, minutes", ninetieth(minutes)),
            ("Acknowledged within the hour, %", 100 * sum(1 for m in minutes if m <= 60) / len(rows)),
        ]  # fmt: skip
    counts = Counter(RISKS.get(risk, risk.replace("_", " ")) for row in rows for risk in row.risks or []).most_common()
    cells, total = line([count for _, count in counts])
    few = isinstance(total, Hidden)  # beside the number of messages above, even the list of kinds would say how many of each
    kinds: list[tuple[Cell, ...]] = [("All kinds", HIDDEN)] if few else [(name, cell) for (name, _), cell in zip(counts, cells)]
    notes = ("There are too few to show what they were about.",) if few else (NOTE,) if any(isinstance(c, Hidden) for c in cells) else ()
    return Section("safety", "Safety flags", [
        Table("flag-times", "How soon flags were acknowledged", "Messages that called for urgent help, all hours, nights and weekends included.",
              ("Measure", "Figure"), times, ("The helper shows help at once, at any hour. A flag is for the team beside that.",)),
        Table("flag-kinds", "What flagged messages were about", "A message may be about several things. It says nothing of how likely anything is.",
              ("About", "Messages"), kinds, notes),
    ])  # fmt: skip
