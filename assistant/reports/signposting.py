"""Signposts against referrals, by practice and by month: 23 of 24 clinicians signpost, and no statistic counts it."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.reports import words
from assistant.reports.plots import columns
from assistant.reports.scope import Scope, month_of
from assistant.reports.table import Cell, Section, Table
from assistant.store.pathway_tables import referrals, signposts
from assistant.store.tables import events

KINDS = ("Signposts by staff", "Lists patients took themselves", "Referrals")


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """By month with a plot, and by practice."""
    counted: Counter[tuple[str, str, tuple[int, int]]] = Counter()
    for kind, table, at in ((KINDS[0], signposts, signposts.c.at), (KINDS[2], referrals, referrals.c.made_at)):
        for row in connection.execute(sa.select(table.c.practice, at).where(scope.of(table.c.practice), scope.within(at))):
            counted[kind, row[0], month_of(row[1])] += 1
    took = sa.select(events.c.practice, events.c.at).where(
        scope.of(events.c.practice), events.c.kind == "signposted", events.c.conversation_id.is_not(None), scope.within(events.c.at)
    )
    for row in connection.execute(took):
        counted[KINDS[1], row.practice, month_of(row.at)] += 1
    months = scope.months()
    totals = {kind: [sum(n for (k, _, m), n in counted.items() if k == kind and m == month) for month in months] for kind in KINDS}
    by_month: list[tuple[Cell, ...]] = [(words.month(m), *(totals[kind][place] for kind in KINDS)) for place, m in enumerate(months)]
    anything = bool(counted)
    practices = [house.programme.practice(scope.practice)] if scope.practice else list(house.programme.practices.values())
    by_practice: list[tuple[Cell, ...]] = [
        (practice.name, *(sum(n for (k, p, _), n in counted.items() if k == kind and p == practice.slug) for kind in KINDS))
        for practice in practices
    ]
    title = "Signposts and referrals by month"
    about = "A signpost is a short list given without a referral. Nobody is named in it, so people cannot be counted, only lists."
    plot = columns("signposts", title, [words.month(m) for m in months], [(kind, totals[kind]) for kind in KINDS],
                   "Number of lists, and of referrals, in each month.") if anything else None  # fmt: skip
    part = [words.month(m) for m, whole in zip(months, scope.whole_months()) if not whole]
    notes = (f"Not a whole month in these dates: {' and '.join(part)}.",) if part and anything else ()
    return Section("signposts", "Signposts beside referrals", [
        Table("signposts-month", title, about, ("Month", *KINDS), by_month if anything else [], notes, plot),
        Table("signposts-practice", "Signposts and referrals by practice", about, ("Practice", *KINDS), by_practice if anything else []),
    ])  # fmt: skip
