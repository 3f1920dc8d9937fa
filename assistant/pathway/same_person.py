"""Two records of one person made one, a conversation given to the person it is of, and both taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.errors import BadInput, Conflict, NotFound
from assistant.pathway import patients
from assistant.pathway.caseload import note_change
from assistant.store.pathway_tables import patient_changes, patient_notes, referrals, referrer_news
from assistant.store.pathway_tables import patients as table
from assistant.store.tables import callbacks, conversations, tasks, wellbeing

# Everything that is somebody's by `patient_id`. Changes move too: what was done to either case is the story of one.
THEIRS = (conversations, callbacks, tasks, wellbeing, referrals, referrer_news, patient_notes, patient_changes)
IN_A_CONVERSATION = (callbacks, tasks, wellbeing, referrals)
# Filled in from the other record where this one is empty; a no to a way of contact is taken over in any case.
FILLED = ("name", "number", "navigator_id", "referred_by", "referrer_contact", "reason", "reach", "age_band", "sex",
          "ethnicity", "outcode", "language")  # fmt: skip


def merge(connection: Connection, keep: Row, other: Row, by: str) -> int:
    """Everything of `other` becomes `keep`'s, and its record goes; the number of the change, to take it back by.

    Raises:
        BadInput: the same record twice, or records of two practices.
    """
    if keep.id == other.id or keep.practice != other.practice:
        raise BadInput("Choose another record of the same practice.", field="other")
    moved = {t.name: _ids(connection, t, t.c.patient_id == other.id) for t in THEIRS}
    for t in THEIRS:
        _give(connection, t, moved[t.name], keep.id)
    values: dict[str, Any] = {
        name: getattr(other, name) for name in FILLED if getattr(keep, name) in (None, "") and getattr(other, name)
    }
    for way in patients.WAYS:
        answers = {getattr(keep, way), getattr(other, way)} - {None}
        if answers:
            values[way] = False not in answers
    for name in ("access", "needs"):
        values[name] = list(dict.fromkeys([*(getattr(keep, name) or []), *(getattr(other, name) or [])]))
    if other.status == "open" and keep.status == "closed":
        values.update(status="open", ended=None, end_reason=None, closed_at=None)
    if other.held:
        values.update(held=True, held_why=keep.held_why or other.held_why)
    before = {name: _plain(getattr(keep, name)) for name in values}
    patients.update(connection, keep.id, **values)
    patients.hold_to_no(connection, keep.id)
    connection.execute(table.delete().where(table.c.id == other.id))
    gone = {column.name: _plain(getattr(other, column.name)) for column in table.columns}
    return note_change(connection, keep.id, "merged", by, other=other.id, row=gone, moved=moved, before=before)


def move_conversation(connection: Connection, conversation: Row, to: Row, by: str) -> int:
    """A conversation, with what was promised and answered in it, is another person's; the number of the change.

    Raises:
        BadInput: it is theirs already, or the two are of different practices.
    """
    if conversation.patient_id == to.id:
        raise BadInput("This conversation is this person's already.", field="patient")
    if conversation.practice != to.practice:
        raise BadInput("Choose a person of the same practice.", field="patient")
    moved = {conversations.name: [conversation.id]}
    for t in IN_A_CONVERSATION:
        moved[t.name] = _ids(connection, t, t.c.conversation_id == conversation.id)
    for t in (conversations, *IN_A_CONVERSATION):
        _give(connection, t, moved[t.name], to.id)
    return note_change(connection, to.id, "moved", by, other=conversation.patient_id, moved=moved)


def undo(connection: Connection, patient: Row, change_id: int, by: str) -> str:
    """Take a merge or a move back, once; its kind.

    Raises:
        NotFound: no such change of this patient.
        Conflict: taken back already, or something later stands in the way.
    """
    change = connection.execute(
        sa.select(patient_changes).where(patient_changes.c.id == change_id, patient_changes.c.patient_id == patient.id)
    ).first()
    if change is None or change.kind not in ("merged", "moved"):
        raise NotFound("There is nothing here to take back.")
    won = connection.execute(
        patient_changes.update()
        .where(patient_changes.c.id == change_id, patient_changes.c.undone_at.is_(None))
        .values(undone_at=clock.now())
    ).rowcount
    if not won:
        raise Conflict("This was taken back already.")
    if change.kind == "merged":
        connection.execute(table.insert().values(**_timed(change.data["row"])))
        patients.update(connection, patient.id, **_timed(change.data["before"]))
    elif change.other_id and connection.execute(sa.select(table.c.id).where(table.c.id == change.other_id)).first() is None:
        raise Conflict("The record it came from is no longer there. Move the conversation on instead.")
    by_name = {t.name: t for t in THEIRS}
    for name, ids in change.data["moved"].items():
        # What has been given to somebody else since then stays there.
        _give(connection, by_name[name], ids, change.other_id, only_of=patient.id)
    if change.kind == "merged":  # a no that was the other record's holds for this one's conversations no longer
        before = change.data["before"]
        freed = [way for way in patients.WAYS if before.get(way, False) is not False and getattr(patient, way) is False]
        patients.pass_on(connection, patients.load(connection, patient.id), freed)
    connection.execute(  # the story keeps that it was done and taken back, without the other person's details
        patient_changes.update().where(patient_changes.c.id == change_id).values(data={"moved": change.data["moved"]})
    )
    note_change(connection, patient.id, "undone", by, what=change.kind)
    return str(change.kind)


def became(connection: Connection, patient_id: str) -> str | None:
    """The record that a merged one is now, for old links; None when it never was."""
    newest = connection.execute(
        sa.select(patient_changes.c.patient_id)
        .where(patient_changes.c.other_id == patient_id, patient_changes.c.kind == "merged", patient_changes.c.undone_at.is_(None))
        .order_by(patient_changes.c.id.desc())
        .limit(1)
    ).scalar()
    return str(newest) if newest else None


def _ids(connection: Connection, t: sa.Table, condition: Any) -> list[Any]:
    return list(connection.execute(sa.select(t.c.id).where(condition)).scalars())


def _give(connection: Connection, t: sa.Table, ids: Iterable[Any], patient_id: str | None, only_of: str | None = None) -> None:
    wanted = list(ids)
    for start in range(0, len(wanted), 500):  # SQLite takes a thousand values a statement at most
        statement = t.update().where(t.c.id.in_(wanted[start : start + 500]))
        if only_of is not None:
            statement = statement.where(t.c.patient_id == only_of)
        connection.execute(statement.values(patient_id=patient_id))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _timed(values: dict[str, Any]) -> dict[str, Any]:
    times = {"created_at", "updated_at", "closed_at"}
    out = {key: datetime.fromisoformat(value) if key in times and value else value for key, value in values.items()}
    return {key: value for key, value in out.items() if key in table.c}
