"""`linkway retention run`, `linkway erase` and `linkway export`: what is past its time, and one person's data."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from assistant.commands.progress import bar, console
from assistant.errors import BadInput, Conflict
from assistant.settings import get_settings

if TYPE_CHECKING:
    from assistant.house import House

app = typer.Typer(help="Delete what is past its time.", no_args_is_help=True)
Who = Annotated[str, typer.Argument(help="A patient's id, a conversation's id, or a phone number.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Json = Annotated[bool, typer.Option("--json", help="For a program.")]


@app.callback()
def group() -> None:
    """Delete what is past its time."""


def small_house() -> House:
    """Database and programme; neither the directory nor the model is opened."""
    from assistant.house import House
    from assistant.programme import load_programme
    from assistant.store.database import open_engine
    from assistant.store.migrate import migrate

    settings = get_settings()
    programme = load_programme(settings.programme_dir)
    engine = open_engine(settings.database)
    migrate(engine)
    return House(settings, engine, programme)


@app.command("run")
def run(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count what would go; delete nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Delete what is older than programme.yml says. Safe to stop at any moment, and to run again."""
    from assistant.desk import keeping
    from assistant.pathway.privacy.kinds import KINDS

    house = small_house()
    if dry_run:
        done = keeping.what_is_due(house)
    else:
        with bar("Deleting") as report:
            done = keeping.run_now(house, report)
    if as_json:
        print(json.dumps({"dry_run": dry_run, "counts": done.counts, "total": done.total}))
        return
    words = {kind.name: kind.words for kind in KINDS} | {"audit": "Lines of the audit"}
    for name, count in done.counts.items():
        print(f"{count:8,}  {words[name]}")
    print(f"{done.total:8,}  {'would be deleted. Nothing was changed.' if dry_run else 'deleted.'}")


def sure(question: str, yes: bool) -> None:
    """Ask a person; without one, `--yes` is needed.

    Raises:
        BadInput: nobody can be asked. Conflict: the answer was no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise BadInput(f"{question} Say so with --yes: nobody is here to ask.")
    if not typer.confirm(question, err=True):
        raise Conflict("Nothing was changed.")


def erase_command(person: Who, yes: Yes = False, as_json: Json = False) -> None:
    """Erase everything of one person. A safety flag that waits, or a safeguarding hold, keeps them."""
    from assistant.desk import audit
    from assistant.pathway.privacy import erase
    from assistant.pathway.privacy import person as people
    from assistant.store.database import reading, transaction

    house = small_house()
    with reading(house.engine) as connection:
        found = people.one(connection, person)
        told = erase.preview(connection, found)
    sure(f"Erase {told.rows} rows of {len(found.conversations)} conversation{'' if len(found.conversations) == 1 else 's'} at {found.practice} for good?", yes)
    with transaction(house.engine) as connection:
        told = erase.erase_person(connection, found.reference)
        audit.record(connection, None, "data.erased", found.reference)
    train = erase.forget_in_files(house.settings.home, told)
    if as_json:
        print(json.dumps({"about": found.reference, **told.as_json(), "train_again": train}))
        return
    print(f"Erased: {told.rows} rows. Counted on without the person: {sum(told.unlinked.values())}.")
    for line in told.kept:
        print(f"Kept: {line}")
    print("Kept: backups, until they run out.")
    if train:
        print("A model learnt a line of theirs: run `linkway train`, and restart.")


def export_command(
    person: Who,
    file: Annotated[Optional[Path], typer.Argument(help="Where to write the zip. Default: here, named by the id.")] = None,
    yes: Yes = False,
) -> None:
    """Write everything of one person into a zip: a page to read, and JSON."""
    from assistant.desk import audit
    from assistant.pathway.privacy import export
    from assistant.pathway.privacy import person as people
    from assistant.store.database import reading, transaction

    house = small_house()
    with reading(house.engine) as connection:
        found = people.one(connection, person)
    target = file or Path(export.file_name(found))
    if target.exists():
        raise Conflict(f"{target} is there already. Choose another name.")
    sure(f"Write everything about this person at {found.practice} to {target}?", yes)
    with transaction(house.engine) as connection:
        audit.record(connection, None, "data.exported", found.reference)
        body = export.export_zip(connection, found)
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(body)
    except OSError as error:
        target.unlink(missing_ok=True)
        raise BadInput(f"{target} cannot be written: {error.strerror}.") from error
    console.print(f"Wrote {target}. Read it before you hand it over: it may name other people.", markup=False)


def add(root: typer.Typer) -> None:
    """Register them."""
    root.command("erase")(erase_command)
    root.command("export")(export_command)
    root.add_typer(app, name="retention")
