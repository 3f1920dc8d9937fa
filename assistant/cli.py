"""`linkway`: the one command. Exit status 0 done, 1 failed with a plain reason, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from assistant.errors import LinkwayError
from assistant.settings import get_settings

app = typer.Typer(
    help="Linkway: the assistant of a GP practice's social prescribing team.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def home(
    home: Annotated[
        Path | None,  # noqa: UP007 - typer reads the annotation
        typer.Option("--home", help="Folder for database, models and index. Default: LINKWAY_HOME, or var/."),
    ] = None,
) -> None:
    """Settings for every command."""
    if home is not None:
        os.environ["LINKWAY_HOME"] = str(home)
        get_settings.cache_clear()
    from assistant.logs import configure

    configure(get_settings().log_level)


def register() -> None:
    """Add the commands; each file imports what it needs only when it runs."""
    from assistant.commands import directory, doctor, model, serve, staff

    serve.add(app)
    model.add(app)
    doctor.add(app)
    app.add_typer(directory.app, name="directory")
    app.add_typer(staff.app, name="staff")


def main() -> None:
    """The entry point: our errors become one plain sentence and status 1."""
    register()
    try:
        app()
    except ValidationError as error:
        for fault in error.errors():
            name = "LINKWAY_" + str(fault["loc"][0]).upper()
            print(f"linkway: {name}: {fault['msg']}. See docs/settings.md.", file=sys.stderr)
        sys.exit(1)
    except LinkwayError as error:
        print(f"linkway: {error.detail}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    main()
