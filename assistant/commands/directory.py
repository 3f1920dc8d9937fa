"""`linkway directory`: import, search, check and the CSV template."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from assistant.commands.progress import bar, console
from assistant.errors import BadInput
from assistant.settings import get_settings

if TYPE_CHECKING:
    from directory.importing import ImportReport

app = typer.Typer(help="The directory of local services.", no_args_is_help=True)
ManyWords = Optional[list[str]]  # noqa: UP007 - typer reads the annotation


def open_directory() -> Any:
    """The house with its directory; loads no dialogue."""
    from assistant.opening import open_house

    house = open_house(get_settings())
    if house.directory is None:
        raise BadInput(house.not_ready["directory"])
    return house


def a_date(text: str | None, option: str) -> date | None:
    """An ISO date given on the command line."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{option} needs a date such as 2027-03-31") from error


@app.command("import")
def import_file(
    file: Annotated[str, typer.Argument(help="A file, a folder of HSDS tables, or the address of a feed.")],
    format: Annotated[Optional[str], typer.Option(help="csv, hsds-json, hsds-csv or oruk-feed. Default: what FILE looks like.")] = None,  # noqa: UP007
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; change nothing.")] = False,
    replace_source: Annotated[str | None, typer.Option(help="Remove listings of this source the file no longer has.")] = None,  # noqa: UP007
    source: Annotated[str | None, typer.Option(help="Name of where the file is from. Default: the file's name.")] = None,  # noqa: UP007
    accredited_by: Annotated[str | None, typer.Option(help="Vouches for the whole file.")] = None,  # noqa: UP007
    accredited_until: Annotated[str | None, typer.Option(help="Until when, such as 2027-03-31.")] = None,  # noqa: UP007
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Add or update listings. A bad row never stops the good ones; the exit status says there were some."""
    from assistant.commands.directory_files import checked_format, import_any, named_after
    from directory.importing import Way

    form = checked_format(file, format)
    until = a_date(accredited_until, "--accredited-until")
    house = open_directory()
    way = Way(
        replace_source or source or named_after(file), dry_run, replace_source, accredited_by, until,
        house.directory.today, house.directory.policy,
    )  # fmt: skip
    with bar("Importing") as report:
        done = import_any(house, file, form, way, report)
    if not dry_run:
        with bar("Indexing") as report:
            house.directory.refresh(progress=report)
    if as_json:
        print(json.dumps(done.to_dict(), ensure_ascii=False, default=str))
    else:
        tell_import(done)
    if done.errors:
        raise typer.Exit(1)


@app.command("export")
def export(
    format: Annotated[str, typer.Option(help="hsds-json (Open Referral UK) or csv.")] = "hsds-json",
    everything: Annotated[bool, typer.Option("--all", help="Hidden listings and notes too: not for the public.")] = False,
) -> None:
    """Write the directory to standard output: what patients may see, or all of it. What was exported can be imported."""
    from assistant.commands.directory_files import exported

    if format not in ("hsds-json", "csv"):
        raise typer.BadParameter("hsds-json or csv", param_hint="--format")
    for part in exported(open_directory(), format, everything):
        sys.stdout.buffer.write(part)


def tell_import(done: ImportReport) -> None:
    """Faults by row and column, then the counts."""
    for error in done.errors:
        console.print(f"left out: {error}", soft_wrap=True, markup=False)
    for warning in done.warnings:
        console.print(f"came in:  {warning}", soft_wrap=True, markup=False)
    begin = "Nothing was changed. There would be" if done.dry_run else "There were"
    console.print(
        f"{begin} {done.added} added, {done.updated} updated, {done.unchanged} unchanged, {done.removed} removed "
        f"and {len(done.errors)} left out.",
        soft_wrap=True,
    )
    for why, ids in done.hidden.items():
        console.print(f"Hidden from patients: {', '.join(ids)}. {why}", soft_wrap=True, markup=False)
    for one, other in done.doubles[:20]:
        console.print(f"Likely the same service twice: {one} and {other}.", soft_wrap=True, markup=False)
    if done.unknown_columns:
        console.print(f"Columns kept as notes: {', '.join(done.unknown_columns)}.", soft_wrap=True, markup=False)


@app.command("search")
def search(
    query: Annotated[str, typer.Argument()] = "",
    near: Annotated[str | None, typer.Option()] = None,  # noqa: UP007
    within_km: Annotated[float | None, typer.Option()] = None,  # noqa: UP007
    free: Annotated[bool, typer.Option("--free")] = False,
    day: Annotated[ManyWords, typer.Option(help="mon..sun, more than once if you like.")] = None,
    time: Annotated[str | None, typer.Option(help="morning, afternoon, evening or HH:MM")] = None,  # noqa: UP007
    need: Annotated[ManyWords, typer.Option()] = None,
    access: Annotated[ManyWords, typer.Option()] = None,
    language: Annotated[ManyWords, typer.Option()] = None,
    audience: Annotated[ManyWords, typer.Option()] = None,
    age: Annotated[int | None, typer.Option()] = None,  # noqa: UP007
    online: Annotated[bool | None, typer.Option("--online/--in-person")] = None,  # noqa: UP007
    bring_someone: Annotated[bool, typer.Option("--bring-someone")] = False,
    max_wait: Annotated[int | None, typer.Option(min=0, help="Weeks.")] = None,  # noqa: UP007
    places: Annotated[bool, typer.Option("--places", help="It says it has free ones.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=200)] = 10,
    viewer: Annotated[str, typer.Option("--as", help="patient or staff")] = "patient",
    queries: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="TSV of id and query; writes a TREC run.")] = None,  # noqa: UP007
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Search from a terminal, as a patient or as staff sees it."""
    from directory.search import Query

    if viewer not in ("patient", "staff"):
        raise typer.BadParameter("patient or staff", param_hint="--as")
    house = open_directory()
    if queries is not None:
        from directory.evaluate import read_queries, run_queries

        try:
            asked = read_queries(queries.read_text(encoding="utf-8-sig"))
        except ValueError as error:  # UnicodeDecodeError is one
            raise BadInput(f"{queries}: {error}") from error
        for line in run_queries(house.directory, asked, limit, Query(viewer=viewer)):  # type: ignore[arg-type]
            print(line)
        return
    try:
        result = house.directory.search(
            Query(text=query, near=near, within_km=within_km, cost_free=free, day=tuple(day or ()) or None, time=time,
                  needs=tuple(need or ()), access=tuple(access or ()), languages=tuple(language or ()),
                  audience=tuple(audience or ()), age=age, online=online, bring_someone=bring_someone,
                  wait_weeks=max_wait, places=places, limit=limit, viewer=viewer)  # type: ignore[arg-type]
        )  # fmt: skip
    except ValueError as error:
        raise BadInput(str(error)) from error
    found = [m.as_staff_service() if viewer == "staff" else m.as_service() for m in result.matches]
    if as_json:
        print(json.dumps({"total": result.total, "results": found, "relaxed": list(result.relaxed),
                          "found": result.found, "unknown_place": result.unknown_place}, ensure_ascii=False, default=str))  # fmt: skip
        return
    if result.unknown_place:
        console.print(f"I know no place called {result.unknown_place!r}, so distance does not count here.", markup=False)
    if not result.found:
        console.print("Nothing suitable; these are the nearest.")
    if result.relaxed:
        console.print(f"Loosened: {', '.join(result.relaxed)}.")
    for number, service in enumerate(found, 1):
        print(f"{number}. {service['name']} ({service['id']}) - {'; '.join(service.get('why') or [])}")


@app.command("check")
def check(
    as_json: Annotated[bool, typer.Option("--json")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Opens nothing; it only reports.")] = False,
) -> None:
    """Listings that are stale, incomplete, unaccredited or without place."""
    from assistant.clock import clock
    from directory.check import check as check_listings
    from directory.store import all_listings

    house = open_directory()
    report = check_listings(all_listings(house.engine)[1], clock.today(), house.directory.policy).to_dict()
    if as_json:
        print(json.dumps(report, ensure_ascii=False, default=str))
        return
    for name, value in report.items():
        console.print(f"{name.replace('_', ' ')}: {_counted(name, value)}", soft_wrap=True)


def _counted(name: str, value: object) -> str:
    """A line of the report: how many listings; for what is hidden or missing, also of which kind, commonest first."""
    if not isinstance(value, (list, dict)):
        return str(value)
    if name == "incomplete" or isinstance(value, list):  # by listing
        return str(len(value))
    kinds = {kind: len(ids) if isinstance(ids, list) else int(ids) for kind, ids in value.items()}
    told = ", ".join(f"{kind.replace('_', ' ')} {many}" for kind, many in sorted(kinds.items(), key=lambda one: -one[1]) if many)
    return (f"{sum(kinds.values())} ({told})" if name == "hidden" else told) or "0"


@app.command("postcodes")
def postcodes(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="ONSPD as it is downloaded (.zip), or a .csv or .csv.gz.")],
) -> None:
    """Take in the postcodes of the whole country, so that distances are from the door and not from the middle of an outcode."""
    from directory.postcodes import NAME, NoPostcodes, take_in

    try:
        with bar("Reading postcodes") as report:
            done = take_in(file, get_settings().home / NAME, report)
    except NoPostcodes as error:
        raise BadInput(str(error)) from error
    console.print(f"{done.kept:,} postcodes taken in, {done.left_out:,} rows left out (no place, Northern Ireland, or no postcode).", soft_wrap=True)
    console.print("Restart, and import your directory's file again: what it places by a postcode alone then moves to its door.", soft_wrap=True)


@app.command("template")
def template() -> None:
    """Write the CSV template with an example row to standard output."""
    from directory.template import template_csv

    sys.stdout.buffer.write(template_csv())
