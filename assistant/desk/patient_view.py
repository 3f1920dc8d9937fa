"""Everything the patient's page shows, gathered from the records of one person; read only."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.desk import codes, wording
from assistant.desk.accounts import names_by_id
from assistant.desk.care import care_line
from assistant.desk.summary import answers_in_words, name_of, service_names
from assistant.desk.timeline import timeline
from assistant.house import House
from assistant.pathway import patients, taxonomy, todo
from assistant.store.pathway_tables import patient_notes, referrals
from assistant.store.staff_tables import notes
from assistant.store.tables import callbacks, messages, risk_flags, saved_services, wellbeing
from directory.needs import need_label

CHAIN = 500  # values a statement, well under SQLite's thousand


def view_of(connection: Connection, house: House, row: Row) -> dict[str, Any]:
    """What the templates show. Everything is as it was given: no total, no score, no level."""
    names = names_by_id(connection)
    talks = patients.conversations_of(connection, row.id)
    ids = [talk.id for talk in talks][:CHAIN]
    known: dict[str, Any] = {
        "conversations": talks,
        "calls": _theirs(connection, callbacks, row.id, ids, callbacks.c.starts_at.desc()),
        "tasks": todo.of_patient(connection, row.id),
        "notes": _notes(connection, row.id, ids),
        "wellbeing": [
            {"stage": time.stage, "at": time.at, "answers": answers_in_words(time.answers)}
            for time in _theirs(connection, wellbeing, row.id, ids, wellbeing.c.id)
        ],
        "referrals": connection.execute(
            sa.select(referrals).where(referrals.c.patient_id == row.id).order_by(referrals.c.made_at.desc())
        ).all(),
    }
    saved, shown = _services(connection, house, ids)
    flags = _where_in(connection, risk_flags, ids)
    return {
        **known,
        "row": row,
        "codes": codes.for_patient(row),
        "names": names,
        "title": row.name or "Name not given",
        "practice": house.programme.practice(row.practice).name,
        "navigator": names.get(row.navigator_id or "", ""),
        "care": care_line(row.access, row.language),
        "needs": [wording.sentence_case(need_label(need)) for need in row.needs or []],
        "matters": next((m for talk in talks if (m := (talk.picture or {}).get("what_matters"))), None),
        "saved": saved,
        "shown": shown,
        "open_flags": [flag for flag in flags if not flag.acknowledged_at],
        "watched": bool({risk for flag in flags for risk in flag.risks or []} & wording.WATCHED),
        "source": taxonomy.SOURCES.get(row.source, row.source),
        "ending": taxonomy.ending_words(row.ended, row.end_reason),
        "timeline": timeline(connection, row.id, known, names),
        "open_tasks": [task for task in known["tasks"] if not task.done_at],
        "done_tasks": [task for task in known["tasks"] if task.done_at],
        "coming": [call for call in known["calls"] if call.status == "booked" and not wording.has_begun(call.starts_at)],
    }


def _theirs(connection: Connection, table: sa.Table, patient_id: str, ids: list[str], order: Any) -> list[Row]:
    """By the patient, and what hangs on their conversations from before they were one."""
    mine = sa.or_(table.c.patient_id == patient_id, sa.and_(table.c.patient_id.is_(None), table.c.conversation_id.in_(ids)))
    return connection.execute(sa.select(table).where(mine).order_by(order)).all()


def _where_in(connection: Connection, table: sa.Table, ids: list[str]) -> list[Row]:
    return connection.execute(sa.select(table).where(table.c.conversation_id.in_(ids))).all() if ids else []


def _notes(connection: Connection, patient_id: str, ids: list[str]) -> list[Row]:
    own = connection.execute(sa.select(patient_notes).where(patient_notes.c.patient_id == patient_id)).all()
    return sorted([*own, *_where_in(connection, notes, ids)], key=lambda note: note.at, reverse=True)


def _services(connection: Connection, house: House, ids: list[str]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """(saved, shown and not saved), each {id, name}, with the names they had when they were shown."""
    if not ids:
        return [], []
    thread = connection.execute(
        sa.select(messages.c.services).where(messages.c.conversation_id.in_(ids), messages.c.services.is_not(None)).order_by(messages.c.id)
    ).all()
    names = service_names(thread)
    kept = sa.select(saved_services.c.listing_id).where(saved_services.c.conversation_id.in_(ids)).order_by(saved_services.c.at)
    saved = list(dict.fromkeys(connection.execute(kept).scalars()))
    shown = [listing for listing in names if listing not in saved]
    return (
        [{"id": i, "name": names.get(i) or name_of(house, i)} for i in saved],
        [{"id": i, "name": names[i]} for i in shown],
    )
