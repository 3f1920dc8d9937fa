"""Erasing one person: every table and file that holds anything of them, or a plain reason why not yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.conversations import erasing
from assistant.errors import Conflict
from assistant.pathway import objections
from assistant.pathway.privacy.files import forget_lines
from assistant.pathway.privacy.person import Person, by_id, mine, rows_of, why_kept
from assistant.store.belongings import BELONGINGS, Belonging
from assistant.store.pathway_tables import patients
from assistant.store.staff_tables import editor_examples
from assistant.store.tables import conversations

AUDIT_KEPT = "Who opened or changed what stays in the audit, as ids without a name."


@dataclass
class Erased:
    """What an erasure did: `deleted` and `unlinked` count rows by table, `kept` says what stays and why."""

    deleted: dict[str, int] = field(default_factory=dict)
    unlinked: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # examples to take out of the editors' file

    @property
    def rows(self) -> int:
        """Rows deleted."""
        return sum(self.deleted.values())

    def as_json(self) -> dict[str, object]:
        """For `--json`."""
        return {"deleted": self.deleted, "unlinked": self.unlinked, "kept": self.kept}


def preview(connection: Connection, person: Person) -> Erased:
    """What erasing this person would do; changes nothing."""
    told, rows = Erased(kept=[AUDIT_KEPT]), rows_of(connection, person)
    for belonging in BELONGINGS:
        _count(told, belonging, len(rows[belonging.table.name]))
    if person.shared:
        told.kept.append("Somebody else here uses the same number. Its chats without a name, and texts of no chat, stay with them.")
    return told


def erase_person(connection: Connection, reference: str) -> Erased:
    """Erase everything of the person `reference` (an id of theirs) leads to. Needs a write transaction.

    The caller then takes `lines` out of the editors' file with `files.forget_lines`, and writes the audit.

    Raises:
        NotFound: there is nobody. Conflict: a safety flag or a safeguarding hold keeps them; says which.
    """
    person = by_id(connection, reference)
    if reasons := why_kept(connection, person):
        raise Conflict(f"Not erased. {' '.join(reasons)} See to that first.")
    told = preview(connection, person)
    examples = next(belonging for belonging in BELONGINGS if belonging.table is editor_examples)
    told.lines = list(connection.execute(sa.select(editor_examples.c.text).where(mine(connection, examples, person))).scalars())
    forgotten = objections.objects_to(connection, person.patient_id, "reports")
    # By number and by record first: a referral's steps are known by the referral, which goes after them.
    for belonging in BELONGINGS:
        if belonging.table in (conversations, patients):
            continue
        rows = mine(connection, belonging, person)
        if belonging.fate == "delete" or (belonging.fate == "unlink" and forgotten):
            connection.execute(belonging.table.delete().where(rows))
        elif belonging.fate == "unlink" and belonging.patient_column is not None:
            connection.execute(belonging.table.update().where(rows).values({belonging.patient_column.name: None}))
    for conversation_id in person.conversation_ids:
        erasing.erase(connection, conversation_id)
    connection.execute(patients.delete().where(patients.c.id == (person.patient_id or "")))
    return told


def forget_in_files(home: Path, told: Erased) -> bool:
    """Take their lines out of what the next training reads; True when a model that learnt one should be trained again."""
    return forget_lines(home, told.lines)


def _count(told: Erased, belonging: Belonging, count: int) -> None:
    if not count:
        return
    if belonging.fate == "keep":
        told.kept.append(f"{belonging.title}: {count}. {belonging.why}")
    else:
        (told.deleted if belonging.fate == "delete" else told.unlinked)[belonging.table.name] = count
