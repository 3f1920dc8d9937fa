"""Providers: how soon they answer a referral, how often they are silent, and what became of the referrals."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.house import House
from assistant.reports.plots import bars
from assistant.reports.scope import Scope
from assistant.reports.spread import median
from assistant.reports.table import Cell, Section, Table, bar_values
from assistant.store.pathway_tables import referral_steps, referrals

STATUS = {"sent": "Waiting for an answer", "accepted": "Accepted, not begun", "attending": "Going", "declined": "Declined by the provider",
          "closed": "Ended"}  # fmt: skip
SLOW = "Days until half of a provider's referrals were answered; the twelve with most referrals."
ENDED = {"completed": "Ended: completed", "disengaged": "Ended: stopped going", "cancelled": "Ended: cancelled"}


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """Answers by provider, and the states of referrals."""
    rows = connection.execute(sa.select(referrals).where(scope.of(referrals.c.practice), scope.within(referrals.c.made_at))).all()
    silent = _silent(connection, rows)
    lead = "People are lost when nobody gets back to them. So silence is counted, and each silent provider is chased."
    return Section("providers", "Referrals and providers", [_states(rows), _answers(rows, silent)], lead)


def _silent(connection: Connection, rows: list[Row]) -> set[str]:
    """Referrals that passed their day without an answer, whether one came later or not."""
    out = {row.id for row in rows if (row.answered_at or clock.now()) > row.answer_by and row.ended != "cancelled"}
    chased = sa.select(referral_steps.c.referral_id).where(referral_steps.c.kind.in_(("chased", "told_silence")))
    return out | ({row.id for row in rows} & set(connection.execute(chased).scalars()))


def _answers(rows: list[Row], silent: set[str]) -> Table:
    by: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by[row.provider or row.service].append(row)
    shown: list[tuple[Cell, ...]] = []
    for name, theirs in sorted(by.items(), key=lambda item: (-len(item[1]), item[0])):
        shown.append((name, *_figures(theirs, silent)))
    if shown:
        shown.append(("All", *_figures(rows, silent)))
    slow = [(name, days, f"{words} days" if days is not None else "no answer yet") for name, days, words in bar_values(shown[:-1], 3)]
    return Table(
        "provider-answers", "How soon providers answer",
        "Referrals made in these dates. Silent: no answer by the day the programme allows, even if one came later.",
        ("Provider", "Referrals", "Answered", "Half answered within, days", "Declined", "Silent", "% silent"), shown, (),
        bars("provider-answers", "Days until half of a provider's referrals were answered", slow, caption=SLOW) if slow else None,
    )  # fmt: skip


def _figures(rows: list[Row], silent: set[str]) -> tuple[Cell, ...]:
    days = [(row.answered_at - row.made_at).total_seconds() / 86400 for row in rows if row.answered_at]
    quiet = sum(1 for row in rows if row.id in silent)
    return (len(rows), len(days), median(days), sum(1 for row in rows if row.status == "declined"), quiet, 100 * quiet / len(rows))


def _states(rows: list[Row]) -> Table:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[ENDED.get(row.ended or "", STATUS["closed"]) if row.status == "closed" else STATUS.get(row.status, row.status)] += 1
    order = [*STATUS.values(), *ENDED.values()]
    shown: list[tuple[Cell, ...]] = [(name, counts[name]) for name in order if counts.get(name)]
    title = "Where the referrals are now"
    plot = bars("referral-states", title, bar_values(shown), caption="Number of referrals.") if shown else None
    return Table("referral-states", title, "Referrals made in these dates.", ("State", "Referrals"), shown, (), plot)
