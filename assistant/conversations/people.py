"""What is kept of a person in a conversation beside the messages: declines, saved services, wellbeing, tasks, flags."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.store.tables import declines, opt_outs, risk_flags, saved_services, tasks, wellbeing

DECLINE_FIELDS = frozenset({"stage", "reason", "age_band", "sex", "ethnicity", "outcode"})


def record_decline(connection: Connection, conversation_id: str, practice: str, **values: Any) -> None:
    """One record a refusal: a `stage` begins it, later values complete the newest."""
    unknown = set(values) - DECLINE_FIELDS
    if unknown:
        raise ValueError(f"a decline record has no {', '.join(sorted(unknown))}")
    told = {key: value for key, value in values.items() if value}
    newest = connection.execute(
        sa.select(sa.func.max(declines.c.id)).where(declines.c.conversation_id == conversation_id)
    ).scalar()
    if "stage" in told or newest is None:
        told.setdefault("stage", "offer")
        connection.execute(
            declines.insert().values(conversation_id=conversation_id, practice=practice, at=clock.now(), **told)
        )
    elif told:
        connection.execute(declines.update().where(declines.c.id == newest).values(**told))


def saved(connection: Connection, conversation_id: str) -> list[str]:
    """Ids of the saved services, first saved first."""
    query = (
        sa.select(saved_services.c.listing_id)
        .where(saved_services.c.conversation_id == conversation_id)
        .order_by(saved_services.c.at, saved_services.c.listing_id)
    )
    return list(connection.execute(query).scalars())


def save_service(connection: Connection, conversation_id: str, listing_id: str) -> None:
    """Save once, however often it is asked."""
    if listing_id not in saved(connection, conversation_id):
        connection.execute(
            saved_services.insert().values(conversation_id=conversation_id, listing_id=listing_id, at=clock.now())
        )


def unsave_service(connection: Connection, conversation_id: str, listing_id: str) -> None:
    """Take it off the list."""
    connection.execute(
        saved_services.delete().where(
            saved_services.c.conversation_id == conversation_id, saved_services.c.listing_id == listing_id
        )
    )


def record_wellbeing(connection: Connection, conversation_id: str, answers: dict[str, Any], stage: str = "start") -> None:
    """Keep the answers as given; no total is made of them (ONS makes no composite)."""
    connection.execute(
        wellbeing.insert().values(conversation_id=conversation_id, at=clock.now(), stage=stage, answers=answers)
    )


def add_task(connection: Connection, conversation_id: str | None, practice: str, kind: str, text: str) -> None:
    """Leave something for the team."""
    connection.execute(
        tasks.insert().values(
            conversation_id=conversation_id, practice=practice, kind=kind, text=text[:2000], created_at=clock.now()
        )
    )


def flag_risk(connection: Connection, conversation_id: str, practice: str, seq: int, risks: list[str]) -> None:
    """Put a message before the team, by its routes; never with a score or a level."""
    connection.execute(
        risk_flags.insert().values(
            conversation_id=conversation_id, practice=practice, message_seq=seq, at=clock.now(), risks=risks
        )
    )


def opted_out(connection: Connection, phone: str) -> bool:
    """Whether the newest word for this number was STOP."""
    return bool(
        connection.execute(
            sa.select(opt_outs.c.stopped).where(opt_outs.c.phone == phone).order_by(opt_outs.c.id.desc()).limit(1)
        ).scalar()
    )


def stop_texts(connection: Connection, phone: str, stopped: bool) -> None:
    """Append STOP or START."""
    connection.execute(opt_outs.insert().values(phone=phone, at=clock.now(), stopped=stopped))
