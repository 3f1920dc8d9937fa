"""The whole state of an installation, filled and told: every row of every table, and every file that a backup holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from filled import Somebody, fill

from assistant.conversations import messages, records
from assistant.desk import accounts, audit
from assistant.secret import secret_key
from assistant.settings import Settings
from assistant.store.database import open_engine, reading, transaction
from assistant.store.migrate import migrate


class State:
    """One installation."""

    def __init__(self, settings: Settings) -> None:
        """Open nothing yet."""
        self.settings = settings
        self.conversation = ""

    def fill(self, word: str = "Xanthippe") -> None:
        """A row in every table of a person, staff, an audit, a key, an example; and a conversation to go on with."""
        engine = open_engine(self.settings.database)
        migrate(engine)
        with transaction(engine) as connection:
            accounts.add_staff(connection, f"staff.{word.lower()}", "Amina Yusuf", "manager")
            fill(connection, Somebody(word, "+447700900111"), staff_id="s-1")
            self.conversation, self.token = records.begin(connection, channel="web", practice="wardown-park")
            messages.append(connection, self.conversation, "patient", f"hello from {word}", answered=True)
            audit.record(connection, "s-1", "conversation.read", self.conversation)
        engine.dispose()
        secret_key(self.settings)
        (self.settings.home / "editor_examples.yml").write_text("version: '3.1'\n")

    def rows(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        engine = open_engine(self.settings.database)
        with reading(engine) as connection:
            names = sa.inspect(connection).get_table_names()
            told = {name: sorted(map(repr, connection.exec_driver_sql(f'SELECT * FROM "{name}"').all())) for name in names}
        engine.dispose()
        return told

    def files(self) -> dict[str, bytes]:
        """The files that nothing can make again."""
        home, programme = self.settings.home, self.settings.programme_dir
        found = [home / "secret_key", home / "editor_examples.yml", *sorted(programme.rglob("*"))]
        return {str(file.relative_to(home)): file.read_bytes() for file in found if file.is_file()}

    def told(self) -> tuple[dict[str, list[Any]], dict[str, bytes]]:
        """Everything, to compare."""
        return self.rows(), self.files()

    def leftovers(self) -> list[str]:
        """What a backup or a restore must not leave behind."""
        return [str(path) for path in self.settings.home.rglob(".*") if path.name != ".training"]

    def close(self) -> None:
        """Nothing is held open."""


def quiet(words: str, done: int, total: int) -> None:
    """No progress."""


def destroy(folder: Path) -> None:
    """As a broken disk would: everything under the folder is gone."""
    import shutil

    shutil.rmtree(folder)
