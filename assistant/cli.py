"""`linkway`: the one command. Exit status 0 done, 1 failed with a plain reason, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup, TyperOption

from assistant.errors import LinkwayError
from assistant.logs import configure, hush_libraries
from assistant.settings import PREFIX, Settings, get_settings

app = typer.Typer(
    help="Linkway: the assistant of a GP practice's social prescribing team.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def start() -> None:
    """Logging first: Rasa left alone prints what patients say."""
    configure(get_settings().log_level)


def register() -> None:
    """Add the commands, once; each file imports what it needs only when it runs."""
    if app.registered_commands:
        return
    from assistant.commands import backup, demo, directory, doctor, model, privacy, report, serve, staff

    serve.add(app)
    model.add(app)
    doctor.add(app)
    privacy.add(app)
    backup.add(app)
    report.add(app)
    demo.add(app)
    app.add_typer(directory.app, name="directory")
    app.add_typer(staff.app, name="staff")


def move_home(_: Any, __: Any, folder: str | None) -> None:
    """Take the folder of `--home` for this run, whatever the environment says."""
    if folder is not None:
        os.environ[f"{PREFIX}HOME"] = str(Path(folder).expanduser())
        get_settings.cache_clear()


def accept_home(command: Any) -> None:
    """Give `command` and all below it `--home DIR`, so that it may stand before or after the command's name."""
    words = "Folder for database, models, index and backups. Default: LINKWAY_HOME, or var/."
    command.params.append(
        TyperOption(
            param_decls=["--home"], type=str, metavar="DIR", help=words, callback=move_home, is_eager=True, expose_value=False
        )
    )
    if isinstance(command, TyperGroup):
        for child in command.commands.values():
            accept_home(child)


def main(arguments: list[str] | None = None) -> None:
    """The entry point: our errors become one plain sentence and status 1."""
    hush_libraries()
    register()
    command = typer.main.get_command(app)
    accept_home(command)
    try:
        command(arguments, prog_name="linkway")
    except ValidationError as error:
        if error.model is not Settings:
            raise
        for fault in error.errors():
            name = PREFIX + str(fault["loc"][0]).upper()
            print(f"linkway: {name}: {fault['msg']}. See docs/settings.md.", file=sys.stderr)
        sys.exit(1)
    except LinkwayError as error:
        print(f"linkway: {error.detail}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        # The reader has gone, as `head` does; Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
