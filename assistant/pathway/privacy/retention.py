"""Deleting by age, in small transactions: it can be stopped at any moment, and started again, and does nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.conversations import erasing
from assistant.errors import Conflict, NotFound
from assistant.pathway.privacy import erase
from assistant.pathway.privacy.files import forget_lines
from assistant.pathway.privacy.kinds import KINDS, Kind, due_of
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import editor_answers, editor_examples
from assistant.store.tables import declines, events, outbox, tasks

if TYPE_CHECKING:
    from assistant.house import House
    from assistant.programme import Practice

BATCH = 200
Audit = Callable[[Connection, str, str], object]  # connection, action, subject
_TABLES = {"examples": editor_examples, "answers": editor_answers, "tasks": tasks, "declines": declines, "events": events}


@dataclass
class Run:
    """`counts` by kind; `more` when the pass was bounded and something is left."""

    counts: dict[str, int] = field(default_factory=lambda: {kind.name: 0 for kind in KINDS})
    more: bool = False

    @property
    def total(self) -> int:
        """Everything together."""
        return sum(self.counts.values())


def what_is_due(house: House) -> Run:
    """Counts by kind of what a run now would delete. A chat's rows that go with it are not counted by themselves."""
    found: dict[str, set[str | int]] = {kind.name: set() for kind in KINDS}
    with reading(house.engine) as connection:
        for kind, practice in _each(house):
            found[kind.name].update(due_of(connection, kind, practice))
    return Run({name: len(ids) for name, ids in found.items()})


def delete_due(
    house: House, audit: Audit, *, most: int | None = None, progress: Callable[[int, int], None] = lambda done, total: None
) -> Run:
    """Delete what is past its time. `most`: so many at the most, for a pass between other work.

    Each conversation and each record is a transaction of its own with its line in the audit; simple rows go by the
    hundred. What somebody saw to meanwhile (a flag, a hold, a person who wrote again) is looked at again and stays.
    """
    run, total = Run(), what_is_due(house).total
    for kind, practice in _each(house):
        with reading(house.engine) as connection:
            due = due_of(connection, kind, practice)
        step = 1 if kind.name in ("chats", "records") else BATCH
        for start in range(0, len(due), step):
            if most is not None and run.total >= most:
                run.more = True
                return run
            with transaction(house.engine) as connection:
                ids = due_of(connection, kind, practice, due[start : start + step])  # still due?
                gone, lines = _delete(connection, kind, ids, audit)
                run.counts[kind.name] += gone
            forget_lines(house.settings.home, lines)
            if kind.name == "chats" and house.dialogue is not None:
                house.dialogue.forget(str(due[start]))  # what Rasa holds of it in memory
            progress(run.total, max(total, run.total))
    return run


def _each(house: House) -> Iterator[tuple[Kind, Practice]]:
    for kind in KINDS:
        for practice in house.programme.practices.values():
            yield kind, practice


def _delete(connection: Connection, kind: Kind, ids: list[str | int], audit: Audit) -> tuple[int, list[str]]:
    """How many went, and the examples to take out of the editors' file."""
    if not ids:
        return 0, []
    if kind.name == "chats":
        return _chat(connection, str(ids[0]), audit)
    if kind.name == "records":
        return _record(connection, str(ids[0]), audit)
    if kind.name == "texts":
        emptied = outbox.update().where(outbox.c.id.in_(ids)).values(body="", to="", provider_id=None)
        return int(connection.execute(emptied).rowcount), []
    table = _TABLES[kind.name]
    lines: list[str] = []
    if table is editor_examples:
        lines = list(connection.execute(sa.select(table.c.text).where(table.c.id.in_(ids))).scalars())
    return int(connection.execute(table.delete().where(table.c.id.in_(ids))).rowcount), lines


def _chat(connection: Connection, conversation_id: str, audit: Audit) -> tuple[int, list[str]]:
    query = sa.select(editor_examples.c.text).where(editor_examples.c.conversation_id == conversation_id)
    lines = list(connection.execute(query).scalars())
    erasing.erase(connection, conversation_id, keep_record=True)
    audit(connection, "conversation.expired", conversation_id)
    return 1, lines


def _record(connection: Connection, patient_id: str, audit: Audit) -> tuple[int, list[str]]:
    try:
        told = erase.erase_person(connection, patient_id)
    except (Conflict, NotFound):
        return 0, []
    audit(connection, "record.expired", patient_id)
    return 1, told.lines
