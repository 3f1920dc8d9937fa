"""Brings a database up to date with Alembic at start; a newer database than the code is refused, not guessed at."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.engine import Engine

from assistant.errors import Unavailable
from assistant.store.database import transaction
from directory.tables import directory_metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def config() -> Config:
    """Alembic's configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


def migrate(engine: Engine) -> None:
    """Upgrade to the newest revision; nothing to do costs one query.

    Raises:
        Unavailable: the database is of a newer Linkway than this one, or cannot be reached.
    """
    made = config()
    head = ScriptDirectory.from_config(made).get_current_head()
    with transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            # Two processes started together: the second waits here, then finds nothing to do.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended('linkway migrations', 0))"))
        current = MigrationContext.configure(connection).get_current_revision()
        if current != head:
            made.attributes["connection"] = connection
            try:
                command.upgrade(made, "head")
            except CommandError as error:
                raise Unavailable(
                    f"This database is at revision {current}, which this Linkway does not know. Use the newer program."
                ) from error
        # The directory's tables are additive and its own; it imports nothing of ours.
        directory_metadata.create_all(connection)
