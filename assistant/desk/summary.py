"""What a navigator needs to know before saying hello: gathered from the records, so that nobody has to ask again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.conversations import people
from assistant.conversations.diary import booked_call
from assistant.desk import codes, wording
from assistant.desk.flags import to_read_first
from assistant.house import House
from assistant.store.tables import declines, risk_flags, tasks, wellbeing
from directory.needs import need_label

# Wishes said in the check-in's own steps come first; those picked up from other messages add what is new.
_STEPS = ("where", "when", "cost", "travel", "access_needs", "company")


def summary_of(connection: Connection, house: House, row: Row, thread: list[Row]) -> dict[str, Any]:
    """The panel beside a conversation. Everything is as the person gave it: no total, no score, no level."""
    picture = row.picture or {}
    flags = flags_of(connection, row.id)
    risks = {risk for flag in flags for risk in flag.risks or []}
    names = service_names(thread)
    saved = people.saved(connection, row.id)
    shown = list(dict.fromkeys([*_shown_in(thread), *(picture.get("shown") or [])]))
    return {
        "needs": [wording.sentence_case(need_label(need)) for need in picture.get("needs") or []],
        "what_matters": picture.get("what_matters"),
        "wishes": wishes_of(picture),
        "wellbeing": wellbeing_of(connection, row.id, picture),
        "saved": [{"id": i, "name": names.get(i, name_of(house, i))} for i in saved],
        "shown": [{"id": i, "name": names.get(i, name_of(house, i))} for i in shown if i not in saved],
        "call": booked_call(connection, row.id),
        "flags": [flag for flag in flags if flag.acknowledged_at],
        "open_flags": sorted((flag for flag in flags if not flag.acknowledged_at), key=to_read_first),
        "watched": bool(risks & wording.WATCHED),
        "declines": _declines(connection, row.id),
        "codes": codes.for_conversation(connection, row),
        "tasks": connection.execute(
            sa.select(tasks).where(tasks.c.conversation_id == row.id, tasks.c.done_at.is_(None)).order_by(tasks.c.id)
        ).all(),
    }  # fmt: skip


def flags_of(connection: Connection, conversation_id: str) -> list[Row]:
    """Safety flags of a conversation, oldest first."""
    return connection.execute(
        sa.select(risk_flags).where(risk_flags.c.conversation_id == conversation_id).order_by(risk_flags.c.id)
    ).all()


def wishes_of(picture: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, words) for each wish, the same thing once."""
    out: dict[str, str] = {}
    given = {**{key: picture.get(key) for key in _STEPS}, **(picture.get("wishes") or {})}
    for key, value in given.items():
        if value in (None, "", [], {}):
            continue
        label, words = wording.WISHES.get(key, key.replace("_", " ").capitalize()), wording.wished(value)
        if words.casefold() not in out.get(label, "").casefold():
            out[label] = f"{out[label]}; {words}" if label in out else words
    return list(out.items())


def wellbeing_of(connection: Connection, conversation_id: str, picture: dict[str, Any]) -> list[dict[str, Any]]:
    """Each time the questions were answered: {stage, at, answers: [(question, answer as given)]}; ONS make no total."""
    rows = connection.execute(
        sa.select(wellbeing).where(wellbeing.c.conversation_id == conversation_id).order_by(wellbeing.c.id)
    ).all()
    kept = [{"stage": row.stage, "at": row.at, "answers": answers_in_words(row.answers)} for row in rows]
    if not kept and picture.get("wellbeing"):
        kept = [{"stage": "start", "at": None, "answers": answers_in_words(picture["wellbeing"])}]
    return kept


def answers_in_words(given: dict[str, Any]) -> list[tuple[str, str]]:
    """(question as it was read, answer as it was given); nothing is added up."""
    return [(question, str(given[key])) for key, question in wording.WELLBEING.items() if key in given]


def _declines(connection: Connection, conversation_id: str) -> list[str]:
    rows = connection.execute(
        sa.select(declines).where(declines.c.conversation_id == conversation_id).order_by(declines.c.id)
    ).all()
    return [
        f"{wording.day_and_time(row.at)}: {(row.reason or 'no reason given').replace('_', ' ')}" for row in rows
    ]


def _shown_in(thread: list[Row]) -> list[str]:
    return [service["id"] for message in thread for service in message.services or [] if "id" in service]


def service_names(thread: list[Row]) -> dict[str, str]:
    """Names as the patient saw them, so that the panel needs no directory."""
    return {s["id"]: s["name"] for message in thread for s in message.services or [] if "id" in s and "name" in s}


def name_of(house: House, listing_id: str) -> str:
    """A listing's name as staff see it, or its id where the directory has it no more."""
    match = house.directory.get(listing_id, viewer="staff") if house.directory is not None else None
    return match.listing.name if match else listing_id
