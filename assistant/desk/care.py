"""The small line about a person wherever they appear: what they need to take part, and the language they speak."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.pathway.caseload import access_of
from assistant.store.pathway_tables import patients


def care_line(access: Sequence[str] | None, language: str | None) -> str:
    """'Access: wheelchair, step free. Language: Bengali.'; empty where nothing is known."""
    told = ", ".join(str(item).replace("_", " ") for item in access or ())
    parts = [f"Access: {told}." if told else "", f"Language: {language}." if language and language.casefold() != "english" else ""]
    return " ".join(part for part in parts if part)


def care_lines(connection: Connection, rows: Iterable[Row]) -> dict[str, str]:
    """Conversation id -> its person's line, of conversations or calls: from the record, and from what was said in the chat."""
    rows = list(rows)
    known: dict[str, Row] = {}
    ids = sorted({row.patient_id for row in rows if row.patient_id})
    for start in range(0, len(ids), 500):  # SQLite takes a thousand values a statement at most
        query = sa.select(patients.c.id, patients.c.access, patients.c.language).where(patients.c.id.in_(ids[start : start + 500]))
        known.update({row.id: row for row in connection.execute(query)})
    return {_conversation(row): _line(row, known.get(row.patient_id or "")) for row in rows}


def _conversation(row: Row) -> str:
    return str(getattr(row, "conversation_id", None) or row.id)


def _line(row: Row, patient: Any) -> str:
    picture = row.picture or {}
    spoken = [str(language) for language in (picture.get("wishes") or {}).get("language") or ()]
    said = access_of(picture)
    if patient is None:
        return care_line(said, ", ".join(spoken))
    # The record is the team's word: what a navigator took off it does not come back from the chat.
    return care_line(patient.access or [], patient.language or ", ".join(spoken))
