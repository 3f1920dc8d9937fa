"""Fills every table of the database with rows of one person, or of another, without knowing what the tables are for."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.store import pathway_tables, staff_tables  # noqa: F401 - their tables join the metadata
from assistant.store.belongings import CONVERSATION, NUMBER, PATIENT, REFERRAL
from assistant.store.tables import UtcDateTime, metadata

PRACTICE = "wardown-park"


class Somebody:
    """Ids, a number and a word that stands in every text of theirs."""

    def __init__(self, word: str, number: str) -> None:
        self.word, self.number = word, number
        self.patient, self.conversation, self.referral = (str(uuid.uuid4()) for _ in range(3))

    @property
    def needles(self) -> tuple[str, ...]:
        """What leads to them wherever it stands."""
        return self.word, self.number, self.patient, self.conversation, self.referral


def fill(connection: Connection, who: Somebody, *, staff_id: str) -> set[str]:
    """One row in every table that names a conversation, a patient, a referral or a number; the tables' names."""
    filled = set()
    for table in metadata.sorted_tables:
        personal = {*CONVERSATION, *PATIENT, *REFERRAL, *NUMBER} & set(table.c.keys())
        if not personal and table.name not in ("patients", "conversations", "referrals"):
            continue
        connection.execute(table.insert().values(**_row(table, who, staff_id)))
        filled.add(table.name)
    return filled


def _row(table: sa.Table, who: Somebody, staff_id: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for column in table.columns:
        name = column.name
        if column.primary_key and isinstance(column.type, sa.Integer):
            continue
        if name == "id":
            row[name] = {"patients": who.patient, "conversations": who.conversation, "referrals": who.referral}.get(table.name, str(uuid.uuid4()))
        elif name in CONVERSATION:
            row[name] = who.conversation
        elif name in PATIENT:
            row[name] = who.patient
        elif name in REFERRAL:
            row[name] = who.referral
        elif name in NUMBER:
            row[name] = who.number
        elif name in ("staff_id", "by", "noted_by", "set_by", "made_by"):
            row[name] = staff_id
        else:
            row.update(_known(table, column, who))
    return row


def _known(table: sa.Table, column: sa.Column, who: Somebody) -> dict[str, Any]:
    """Columns whose values mean something to what reads the rows."""
    fixed = {
        "practice": PRACTICE, "channel": "web", "state": "bot", "role": "navigator", "held": False, "stopped": True,
        "status": {"patients": "closed", "outbox": "sent", "callbacks": "done", "referrals": "closed"}.get(table.name, "sent"),
        "acknowledged_at": clock.now() - timedelta(days=1), "acknowledged_by": "somebody", "sender": "patient", "kind": "message",
    }  # fmt: skip
    if column.name in fixed:
        return {column.name: fixed[column.name]}
    if column.nullable and column.name not in ("person_name", "name", "safe_to_text"):
        return {}
    if column.server_default is not None:
        return {}
    kinds: list[tuple[type, Any]] = [
        (UtcDateTime, clock.now() - timedelta(days=2)), (sa.Boolean, True), (sa.Integer, 1), (sa.JSON, {"text": who.word}),
    ]  # fmt: skip
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return {column.name: value}
    if table.name == "tracker_events":
        return {column.name: f'{{"text": "{who.word}"}}'}
    length = getattr(column.type, "length", None) or 80
    text = f"{who.word} {uuid.uuid4()}" if column.unique or column.name.endswith("key") else who.word
    return {column.name: text[:length]}


def holding(connection: Connection, *needles: str) -> set[str]:
    """Tables with a row that holds one of the words in any column."""
    found = set()
    for table in metadata.sorted_tables:
        for row in connection.execute(sa.select(table)):
            text = " ".join(str(value) for value in row)
            if any(needle in text for needle in needles):
                found.add(table.name)
    return found
