"""`linkway backup FILE` and `linkway restore FILE`: the whole state in one file, checked, and put back in one step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.progress import bars, console
from assistant.settings import get_settings

if TYPE_CHECKING:
    from assistant.backup.state import Report

Json = Annotated[bool, typer.Option("--json", help="For a program.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put it in the place of what is there.")]


@contextmanager
def shown() -> Iterator[Report]:
    """A bar for each step."""
    with bars() as report:
        yield report


def backup_command(file: Annotated[Path, typer.Argument(help="Where to write it.")], replace: Replace = False, as_json: Json = False) -> None:
    """Write database, practice's folder, key and editors' lines into one file. Linkway may go on meanwhile."""
    from assistant.backup import state

    with shown() as report:
        told = state.back_up(get_settings(), file, replace=replace, report=report)
    if as_json:
        print(json.dumps({"file": str(file), **told}))
        return
    size = file.stat().st_size / 1024**2
    people = told["rows"].get("conversations", 0)
    console.print(f"Wrote {file}: {size:.1f} MiB, {people:,} conversations. It holds what patients said: encrypt it.", markup=False)
    console.print("Not in it: .env with the gateway's secrets, and models and index, which are made again.")


def restore_command(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)], replace: Replace = False, as_json: Json = False
) -> None:
    """Check a backup, and put it in place. Stop `linkway serve` first. What is here is kept unless you say --replace."""
    from assistant.backup import state

    with shown() as report:
        done = state.restore(get_settings(), file, replace=replace, report=report)
    if as_json:
        print(json.dumps({"made_at": done.manifest["made_at"], "rows": done.manifest["rows"], "erased_since": done.erased_since}))
        return
    console.print(f"Restored the state of {done.manifest['made_at'][:16].replace('T', ' ')} UTC. Now run `linkway doctor`.", markup=False)
    if done.erased_since:
        console.print("Erased since that backup, and in it again. Erase them again:", markup=False)
        for one in done.erased_since:
            print(f"linkway erase {one}")


def add(root: typer.Typer) -> None:
    """Register both."""
    root.command("backup")(backup_command)
    root.command("restore")(restore_command)
