"""The funnel: of those first met in these days, how many have come how far. Each step says what it counts."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.reports.persons import STEPS, first_met
from assistant.reports.plots import bars
from assistant.reports.scope import Scope
from assistant.reports.table import Section, Table

# The one place where these words are defined; the reports, the board paper and the help page show them.
DEFINITIONS = {
    "offered": ("Offered", "Wrote to the helper for the first time, or was referred to the team by the practice."),
    "agreed": ("Agreed", "Finished the check-in, kept a service, asked for a call or a person, or has a record with the team."),
    "first_call": ("First talk", "A call or meeting was marked as done, or a navigator took the chat."),
    "referred": ("Referred", "A navigator referred them to a service, with their consent. Signposting is not counted here."),
    "first_session": ("First session", "Went to a first session of a service they were referred to."),
    "continued": ("Continued", "Went to two sessions or more of one service."),
    "completed": ("Completed", "A referral, or their time with the team, ended as completed."),
}


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """One table with its plot."""
    people = first_met(connection, scope)
    counts = {step: sum(1 for person in people if person.has(step)) for step in STEPS}
    first = counts["offered"]
    rows: list[tuple] = []
    if first:
        before = first
        for step in STEPS:
            name, meaning = DEFINITIONS[step]
            of_before = 100 * counts[step] / before if before else None
            rows.append((name, counts[step], 100 * counts[step] / first, of_before, meaning))
            before = counts[step]
    table = Table(
        "funnel", "How far people have come",
        "People first met in these dates, and how far each has come up to now. Who reached a later step counts in those before it.",
        ("Step", "People", "% of all", "% of the step before", "What it means"), rows,
        ("People who met the team lately have had less time to come far.",
         "Conversations that were erased, or are past their time, are not counted. People with a patient record are."),
        bars("funnel", "How far people have come", [(row[0], row[1], f"{row[1]} ({row[2]:.0f}%)") for row in rows],
             caption="Number of people, and their share of all who were offered it.") if rows else None,
    )  # fmt: skip
    return Section("funnel", "The way from offer to completion", [table])
