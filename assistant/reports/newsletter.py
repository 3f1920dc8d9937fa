"""The month on one page, for clinicians: numbers, what was asked for, and what helped. Nobody can be told from it.

Clinicians asked for case studies and newsletters (Moore et al. 2022, doi 10.1111/hsc.13935). A case study of one person
is a person; so what helped is put together from counts, and says that it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.programme import Practice
from assistant.reports import words
from assistant.reports.persons import first_met
from assistant.reports.scope import Scope
from assistant.reports.spread import median
from assistant.reports.suppress import FEWEST
from assistant.reports.unmet import asked_for
from assistant.store.pathway_tables import referrals, signposts
from assistant.store.tables import callbacks

FEW = f"fewer than {FEWEST}"


@dataclass(frozen=True)
class Newsletter:
    """`numbers` are (words, figure in words); `helped` sentences that hold counts alone."""

    practice: Practice
    month: str
    numbers: list[tuple[str, str]]
    asked: list[tuple[str, str]]
    helped: list[str]


def figure(count: int) -> str:
    """A count that may leave the building."""
    return FEW if 0 < count < FEWEST else f"{count:,}"


def newsletter(connection: Connection, house: House, scope: Scope) -> Newsletter:
    """Of the month `scope`, for its practice."""
    practice = house.programme.practice(scope.practice)
    made = connection.execute(sa.select(referrals).where(scope.of(referrals.c.practice), scope.within(referrals.c.made_at))).all()
    began = connection.execute(
        sa.select(referrals.c.patient_id).distinct().where(
            scope.of(referrals.c.practice), scope.within(referrals.c.first_session_at), referrals.c.sessions_attended >= 1
        )
    ).all()
    ended = connection.execute(
        sa.select(referrals.c.sessions_attended).where(
            scope.of(referrals.c.practice), scope.within(referrals.c.closed_at), referrals.c.ended == "completed"
        )
    ).scalars()
    sessions = list(ended)
    calls = connection.execute(
        sa.select(callbacks).where(scope.of(callbacks.c.practice), callbacks.c.status == "done", scope.within(callbacks.c.starts_at))
    ).all()
    lists = connection.execute(
        sa.select(sa.func.count()).select_from(signposts).where(scope.of(signposts.c.practice), scope.within(signposts.c.at))
    ).scalar_one()
    numbers = [
        ("people came to us for the first time", figure(len(first_met(connection, scope)))),
        ("calls and meetings took place", figure(len(calls))),
        ("referrals were made to local services", figure(len(made))),
        ("people went to a first session", figure(len(began))),
        ("referrals were completed", figure(len(sessions))),
        ("short lists were given out by staff", figure(lists)),
    ]
    asked = [(str(name), f"{count:,}") for name, count in asked_for(connection, scope).rows if isinstance(count, int)][:6]
    waits = [(call.starts_at - call.created_at).total_seconds() / 86400 for call in calls]
    return Newsletter(practice, f"{scope.first:%B %Y}", numbers, asked, _helped([n for n, _ in asked], made, waits, sessions))


def _helped(asked: list[str], made: list[sa.engine.Row], waits: list[float], sessions: list[int]) -> list[str]:
    """Sentences of which each stands on five people or more; none when there are too few."""
    out = []
    if asked:
        more = f", and after that {asked[1][:1].lower()}{asked[1][1:]}" if len(asked) > 1 else ""
        out.append(f"What people most often asked for this month was {asked[0][:1].lower()}{asked[0][1:]}{more}.")
    if len(waits) >= FEWEST:
        days = round(median(waits) or 0)
        when = "the same day" if days == 0 else "within a day" if days == 1 else f"within {days} days"
        out.append(f"Half of those who had a call had it {when} of booking it. They picked the day and the time themselves.")
    needs = Counter(row.need for row in made if row.need).most_common(1)
    if needs and needs[0][1] >= FEWEST:
        need = words.need(needs[0][0])
        out.append(f"Most referrals were for {need[:1].lower()}{need[1:]}: {needs[0][1]} of {len(made)}." if needs[0][1] * 2 > len(made)
                   else f"The commonest reason for a referral was {need[:1].lower()}{need[1:]}: {needs[0][1]} of {len(made)}.")  # fmt: skip
    if len(sessions) >= FEWEST:
        out.append(f"Half of those who completed a referral went {round(median(sessions) or 0)} times or more.")
    return out
