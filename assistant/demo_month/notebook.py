"""Writing rows of the demo, and noting each, so that `--again` takes exactly these away and touches nothing else."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.conversations import erasing
from assistant.store import staff_tables  # noqa: F401 - its tables join the metadata
from assistant.store.demo_tables import demo_metadata, demo_rows
from assistant.store.pathway_tables import patients, referral_steps, referrals
from assistant.store.tables import conversations, metadata


class Notebook:
    """Rows are gathered and written together: a month in a second or two."""

    def __init__(self, connection: Connection, random: Random) -> None:
        """Ids follow from the seed, so that two demos are alike to the letter."""
        self._connection, self._random = connection, random
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)

    def new_id(self) -> str:
        """An id like any other."""
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def add(self, table: sa.Table, **values: Any) -> dict[str, Any]:
        """A row to be written by `write`; it may be changed until then."""
        self._rows[table.name].append(values)
        return values

    def write(self) -> int:
        """Everything, in the order of what refers to what; the number of rows."""
        count = 0
        for table in metadata.sorted_tables:
            rows = self._rows.pop(table.name, [])
            names = sorted({name for row in rows for name in row})
            key = list(table.primary_key.columns)[0]
            numbered = isinstance(key.type, sa.Integer) and key.name not in names
            before = self._connection.execute(sa.select(sa.func.max(key))).scalar() or 0 if numbered else 0
            defaults = {column.name: column.default for column in table.columns if column.default is not None}
            full = [{name: row.get(name, _default(defaults.get(name))) for name in names} for row in rows]
            for start in range(0, len(full), 400):
                self._connection.execute(table.insert(), full[start : start + 400])
            if numbered and rows:
                keys = self._connection.execute(sa.select(key).where(key > before)).scalars()
            else:
                keys = [row[key.name] for row in rows]  # type: ignore[assignment]
            noted = [{"table_name": table.name, "row_key": json.dumps(value)} for value in dict.fromkeys(keys)]
            if noted:
                self._connection.execute(demo_rows.insert(), noted)
            count += len(rows)
        return count


def _default(default: Any) -> Any:
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def is_there(connection: Connection) -> bool:
    """Whether a demo month was made and not taken away."""
    demo_metadata.create_all(connection, tables=[demo_rows])
    return connection.execute(sa.select(demo_rows.c.row_key).limit(1)).first() is not None


def take_away(connection: Connection) -> None:
    """The demo's rows, and what grew on them since: replies, flags, steps, texts. Nothing of anybody else."""
    noted: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(sa.select(demo_rows)):
        noted[row.table_name].append(json.loads(row.row_key))
    whose = noted[patients.name]
    for conversation_id in noted[conversations.name]:
        erasing.erase(connection, conversation_id)
    referred = [row.id for chunk in _chunks(whose) for row in connection.execute(sa.select(referrals.c.id).where(referrals.c.patient_id.in_(chunk)))]
    for chunk in _chunks(referred):
        connection.execute(referral_steps.delete().where(referral_steps.c.referral_id.in_(chunk)))
    for table in metadata.sorted_tables:
        for chunk in _chunks(whose) if "patient_id" in table.c and table is not conversations else ():
            connection.execute(table.delete().where(table.c.patient_id.in_(chunk)))
    for table in reversed(metadata.sorted_tables):
        key = list(table.primary_key.columns)[0]
        for chunk in _chunks(noted[table.name]):
            connection.execute(table.delete().where(key.in_(chunk)))
    connection.execute(demo_rows.delete())


def _chunks(keys: list[Any]) -> list[list[Any]]:
    """SQLite takes a thousand values a statement at most."""
    return [keys[start : start + 500] for start in range(0, len(keys), 500)]

