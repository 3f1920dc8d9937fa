"""`linkway report`: the whole report in a file, for a board paper or a spreadsheet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from assistant.commands.progress import busy, console
from assistant.settings import ROOT, get_settings

if TYPE_CHECKING:
    from assistant.house import House
    from assistant.reports.scope import Scope
    from assistant.reports.table import Section

STYLES = ("desk.css", "pages.css", "reports.css")


def report(
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="First day, like 2026-09-01. Default: 90 days back.")] = "",
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="Last day. Default: today.")] = "",
    practice: Annotated[str | None, typer.Option(help="Slug of a practice. Default: all.")] = None,  # noqa: UP007
    form: Annotated[str, typer.Option("--format", help="html (plots and tables) or csv (tables).")] = "html",
    as_json: Annotated[bool, typer.Option("--json", help="The tables, for a program.")] = False,
) -> None:
    """Write the funnel, declines, signposts, silence, unmet needs, outcomes and the rest to standard output."""
    if form not in ("html", "csv"):
        raise typer.BadParameter("use html or csv", param_hint="--format")
    from assistant.programme import load_programme
    from assistant.reports import board
    from assistant.reports.scope import scope_of
    from assistant.store.database import open_engine, reading
    from assistant.store.migrate import migrate

    settings = get_settings()
    from assistant.house import House

    programme = load_programme(settings.programme_dir)
    scope = scope_of(first, last, programme.practice(practice).slug if practice else None)
    engine = open_engine(settings.database)
    migrate(engine)
    house = House(settings=settings, engine=engine, programme=programme)
    with busy("Counting"), reading(engine) as connection:
        sections = board.report(connection, house, scope)
    shape: Literal["html", "csv", "json"] = "json" if as_json else "csv" if form == "csv" else "html"
    print({"json": _json, "csv": _csv, "html": _html}[shape](house, scope, sections))
    if not any(table.rows for section in sections if section.id != "capacity" for table in section.tables):
        console.print("Nothing in these dates yet.")


def _json(house: House, scope: Scope, sections: list[Section]) -> str:
    from assistant.reports.suppress import Hidden

    def plain(cell: object) -> object:
        return "hidden" if isinstance(cell, Hidden) else round(cell, 3) if isinstance(cell, float) else cell

    return json.dumps(
        {
            "from": scope.first.isoformat(), "to": scope.last.isoformat(), "practice": scope.practice,
            "sections": [
                {"id": section.id, "title": section.title, "tables": [
                    {"id": table.id, "title": table.title, "about": table.about, "columns": list(table.columns),
                     "rows": [[plain(cell) for cell in row] for row in table.rows], "notes": list(table.notes)}
                    for table in section.tables]}
                for section in sections
            ],
        },
        ensure_ascii=False, indent=2,
    )  # fmt: skip


def _csv(house: House, scope: Scope, sections: list[Section]) -> str:
    from assistant.reports.board import about
    from assistant.reports.table import as_csv

    tables = [as_csv(table, about(house, scope)).lstrip("\ufeff") for section in sections for table in section.tables]
    return "\ufeff" + "\r\n".join(tables).rstrip("\r\n")


def _html(house: House, scope: Scope, sections: list[Section]) -> str:
    """One file with everything in it: no link, no script, nothing fetched when it is opened."""
    from assistant.desk.pages import templates
    from assistant.reports.board import about
    from assistant.reports.table import in_words

    templates.env.filters["cell"] = in_words
    style = "\n".join((ROOT / "assistant" / "desk" / "static" / name).read_text(encoding="utf-8") for name in STYLES)
    return templates.get_template("reports/file.html").render(
        sections=sections, scope=scope, whose=about(house, scope)[0][1], style=style, here="", who=None
    )


def add(app: typer.Typer) -> None:
    """Register it."""
    app.command("report")(report)
