"""Outcomes: each answer at the end beside the same person's at the start. Never a total, never a patient's score.

ONS4 and the loneliness questions, as facts/safety.md section 4 quotes them; paired as in Woodall et al. 2018 (342
complete pairs, doi 10.1186/s12913-018-3437-7). The interval is Student's t of the paired differences, 95%.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.house import House
from assistant.reports import words
from assistant.reports.persons import details, patient_of
from assistant.reports.plots import changes
from assistant.reports.scope import Scope
from assistant.reports.suppress import FEWEST, HIDDEN, NOTE, Hidden, line
from assistant.reports.table import Cell, Section, Table
from assistant.store.pathway_tables import patients
from assistant.store.tables import conversations, wellbeing

QUESTIONS = {
    "ons_satisfied": "Satisfied with life", "ons_worthwhile": "Things done are worthwhile", "ons_happy": "Happy yesterday",
    "ons_anxious": "Anxious yesterday", "lonely_companionship": "Lacks companionship", "lonely_left_out": "Feels left out",
    "lonely_isolated": "Feels isolated", "lonely_often": "Feels lonely",
}  # fmt: skip
ONS4 = tuple(list(QUESTIONS)[:4])
LOWER_IS_BETTER = frozenset({"ons_anxious", "lonely_companionship", "lonely_left_out", "lonely_isolated", "lonely_often"})
_THREE = ("Hardly ever or never", "Some of the time", "Often")
_FIVE = ("Never", "Hardly ever", "Occasionally", "Some of the time", "Often or always")
INTERVAL = "The interval is Student's t of the paired differences, 95%."
CAPTION = (
    "Mean change in points, on a scale from 0 to 10, with its 95% interval. Right of the middle is a rise: better for all but "
    "'Anxious yesterday', where a fall is better."
)
COLUMNS = ("Question", "Pairs", "Mean at start", "Mean at end", "Mean change", "95% from", "95% to", "Which way is better")


@dataclass(frozen=True)
class Pair:
    """One person's first answers and last."""

    key: str
    start: dict[str, Any]
    end: dict[str, Any]


@dataclass(frozen=True)
class Paired:
    """Who has both, and who lacks one."""

    pairs: list[Pair]
    no_end: int
    no_start: int


def value_of(question: str, answer: Any) -> float | None:
    """The answer as a place on its own scale: 0 to 10, 1 to 3, or 1 to 5; None for none."""
    if question in ONS4:
        return float(answer) if isinstance(answer, (int, float)) or str(answer).isdigit() else None
    scale = _FIVE if question == "lonely_often" else _THREE
    return float(scale.index(answer) + 1) if answer in scale else None


def mean_and_interval(differences: list[float]) -> tuple[float, float | None, float | None]:
    """Mean and 95% interval (Student's t); no interval for fewer than two. Raises ValueError for none."""
    if not differences:
        raise ValueError("nothing to average")
    count = len(differences)
    mean = sum(differences) / count
    if count < 2:
        return mean, None, None
    from scipy import stats  # heavy, and only reports need it

    spread = (sum((d - mean) ** 2 for d in differences) / (count - 1)) ** 0.5
    half = float(stats.t.ppf(0.975, count - 1)) * spread / count**0.5
    return mean, mean - half, mean + half


def paired(connection: Connection, scope: Scope) -> Paired:
    """First start and last end of each patient, or of each conversation that has none; the end in these days."""
    patient = patient_of(connection, scope)
    practice = {row.id: row.practice for row in connection.execute(sa.select(conversations.c.id, conversations.c.practice))}
    practice |= {row.id: row.practice for row in connection.execute(sa.select(patients.c.id, patients.c.practice))}
    first: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for row in connection.execute(sa.select(wellbeing).where(wellbeing.c.at < scope.until).order_by(wellbeing.c.at, wellbeing.c.id)):
        key = row.patient_id or patient.get(row.conversation_id) or row.conversation_id
        whose = practice.get(row.patient_id or "") or practice.get(row.conversation_id)
        if (scope.practice is not None and whose != scope.practice) or not row.answers:
            continue
        if row.stage == "start":
            first.setdefault(key, row)
        else:
            last[key] = row
    ended = [key for key, row in last.items() if scope.holds(row.at)]
    pairs = [Pair(key, first[key].answers, last[key].answers) for key in ended if key in first and first[key].at <= last[key].at]
    closed = connection.execute(
        sa.select(patients.c.id).where(scope.of(patients.c.practice), scope.within(patients.c.closed_at))
    ).scalars()
    return Paired(pairs, sum(1 for key in closed if key in first and key not in last), len(ended) - len(pairs))


def section(connection: Connection, house: House, scope: Scope) -> Section:
    """All together, by sex and by age."""
    found = paired(connection, scope)
    about = details(connection, scope)
    lead = (
        "First answers beside last answers of the same person. The four ONS questions go from 0 to 10. For 'Anxious yesterday' a lower "
        "number is better, so a fall is good; the same holds for the loneliness questions. Answers are never added up, and patients are "
        "never shown a score. A change here does not prove what caused it."
    )
    tables = [_all(found), _missing(found)]
    tables += [_by(found, name, title, {key: row.get(name) for key, row in about.items()}) for name, title in (("sex", "sex"), ("age_band", "age"))]
    return Section("outcomes", "Wellbeing at start and end", tables, lead)


def _differences(pairs: list[Pair], question: str) -> list[tuple[float, float]]:
    both = [(value_of(question, pair.start.get(question)), value_of(question, pair.end.get(question))) for pair in pairs]
    return [(start, end) for start, end in both if start is not None and end is not None]


def _row(question: str, pairs: list[Pair]) -> tuple[Cell, ...]:
    both = _differences(pairs, question)
    better = "lower" if question in LOWER_IS_BETTER else "higher"
    if not both:
        return (QUESTIONS[question], 0, None, None, None, None, None, better)
    if len(both) < FEWEST:
        return (QUESTIONS[question], *[HIDDEN] * 6, better)
    mean, low, high = mean_and_interval([end - start for start, end in both])
    starts, ends = (sum(side) / len(both) for side in zip(*both))
    return (QUESTIONS[question], len(both), starts, ends, mean, low, high, better)


def _all(found: Paired) -> Table:
    rows = [_row(question, found.pairs) for question in QUESTIONS] if found.pairs else []
    drawn: list[tuple[str, float, float, float]] = []
    for name, _, _, _, mean, low, high, _ in rows[:4]:
        if isinstance(mean, float) and isinstance(low, float) and isinstance(high, float):
            drawn.append((str(name), mean, low, high))
    title = "Mean change from start to end"
    notes = (INTERVAL, "The plot shows the four ONS questions. Loneliness has scales of its own: 1 to 3, and 1 to 5 for 'Feels lonely'.")
    return Table("outcomes", title, "People with answers at both ends, the end in these dates. A question that was skipped at either end has no pair.",
                 COLUMNS, rows, (*notes, NOTE) if _hides(rows) else notes if rows else (), changes("outcomes", title, drawn, CAPTION) if drawn else None)  # fmt: skip


def _missing(found: Paired) -> Table:
    anything = found.pairs or found.no_end or found.no_start
    rows: list[tuple[Cell, ...]] = [
        ("Answered at start and end", len(found.pairs)), ("Case closed, answered only at the start", found.no_end),
        ("Answered only at the end", found.no_start),
    ] if anything else []  # fmt: skip
    return Table("outcomes-missing", "How many are paired, and how many are missing", "People, not questions. Every question may be skipped.",
                 ("People", "Number"), rows)  # fmt: skip


def _by(found: Paired, name: str, title: str, told: dict[str, str | None]) -> Table:
    """A row a group and question. A group is hidden whole when it is small, and another with it when it could be had back."""
    def group_of(key: str) -> str:
        return words.group(told.get(key))

    groups = sorted({group_of(pair.key) for pair in found.pairs}, key=lambda g: (g == words.NOT_TOLD, g))
    theirs = {group: [pair for pair in found.pairs if group_of(pair.key) == group] for group in groups}
    rows: list[tuple[Cell, ...]] = []
    held: list[tuple[Cell, ...]] = []
    for question in QUESTIONS:
        counts = [len(_differences(theirs[group], question)) for group in groups]
        cells, _ = line(counts)
        for group, cell in zip(groups, cells):
            if isinstance(cell, Hidden):
                held.append((group, QUESTIONS[question], *[HIDDEN] * 6, "lower" if question in LOWER_IS_BETTER else "higher"))
            elif cell:
                rows.append((group, *_row(question, theirs[group])))
    for group in groups:  # a group of which nothing is shown takes one line
        theirs_held = [row for row in held if row[0] == group]
        whole = len(theirs_held) and not any(row[0] == group for row in rows)
        rows += [(group, "Every question", *[HIDDEN] * 6, "")] if whole else theirs_held
    order = ["Every question", *QUESTIONS.values()]
    rows.sort(key=lambda row: (groups.index(str(row[0])), order.index(str(row[1]))))
    return Table(f"outcomes-{name.replace('_', '-')}", f"Mean change by {title}", f"The same, by {title} as the person told it.",
                 (title.capitalize(), *COLUMNS), rows, (INTERVAL, NOTE) if _hides(rows) else (INTERVAL,) if rows else ())  # fmt: skip


def _hides(rows: list[tuple[Cell, ...]]) -> bool:
    return any(isinstance(cell, Hidden) for row in rows for cell in row)
