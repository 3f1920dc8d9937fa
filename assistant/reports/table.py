"""A table of a report, the section it stands in, and both as CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.reports.plots import Plot
from assistant.reports.suppress import Hidden

Cell = str | int | float | Hidden | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    """`rows` hold figures as figures. `about` says what is counted; `notes` what a reader could get wrong."""

    id: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    notes: tuple[str, ...] = ()
    plot: Plot | None = None

    @property
    def figures(self) -> list[bool]:
        """For each column, whether it holds figures: its heading stands above them."""
        return [any(not isinstance(row[place], (str, type(None))) for row in self.rows) for place in range(len(self.columns))]


@dataclass(frozen=True)
class Section:
    """Tables on one question. A table without rows says so itself."""

    id: str
    title: str
    tables: list[Table]
    lead: str = ""


def bar_values(rows: Sequence[tuple[Cell, ...]], place: int = 1, most: int = 12) -> list[tuple[str, float | None, str]]:
    """Rows as a plot of bars wants them: the first column, and the figure at `place`; what is hidden has no bar."""
    return [(str(r[0]), float(v) if isinstance(v := r[place], (int, float)) else None, in_words(v)) for r in rows[:most]]


def in_words(cell: Cell) -> str:
    """A cell as it is read: nothing known is a dash, figures keep one decimal at most."""
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{round(cell, 1) + 0.0:.1f}".replace("-", "\u2212")  # no minus before nought
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def harmless(cell: Cell) -> Cell:
    """Words that a spreadsheet would run as a formula get an apostrophe before them; figures stay figures, to four places."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return str(cell) if isinstance(cell, Hidden) else round(cell, 4) if isinstance(cell, float) else cell


def as_csv(table: Table, about: Sequence[tuple[str, str]] = ()) -> str:
    """The table, under lines that say what it is and of which days. UTF-8 with a mark, for Excel."""
    out = io.StringIO()
    writer = csv.writer(out)
    for pair in (("Table", table.title), *about, ("What is counted", table.about)):
        writer.writerow([harmless(value) for value in pair])
    writer.writerow([])
    writer.writerow([harmless(column) for column in table.columns])
    for row in table.rows:
        writer.writerow([harmless(cell) if cell is not None else "" for cell in row])
    if not table.rows:
        writer.writerow(["Nothing in these dates yet."])
    for note in table.notes:
        writer.writerow([harmless(note)])
    return "\ufeff" + out.getvalue()
