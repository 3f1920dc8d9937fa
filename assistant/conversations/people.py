"""What is kept of a person in a conversation beside the messages: declines, saved services, wellbeing, tasks, flags."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.clock import clock
from assistant.store.tables import (
    conversations,
    declines,
    events,
    messages,
    opt_outs,
    risk_flags,
    saved_services,
    tasks,
    wellbeing,
)

CALL_REQUEST = "call"  # the kind of a task: would like a call, and has no time or no number yet
UNMET_NEED = "unmet_need"  # likewise: the directory has nothing that fits
_CALL_REQUESTS = sa.and_(tasks.c.kind == CALL_REQUEST, tasks.c.done_at.is_(None))
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


def withdraw_decline(connection: Connection, conversation_id: str) -> None:
    """The newest refusal and its count go: it was heard where none was meant."""
    for table, kinds in ((declines, ()), (events, ("declined", "disengaged"))):
        newest = sa.select(sa.func.max(table.c.id)).where(table.c.conversation_id == conversation_id)
        if kinds:
            newest = newest.where(table.c.kind.in_(kinds))
        connection.execute(table.delete().where(table.c.id == connection.execute(newest).scalar()))


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
    """Leave something for the team; it stands on the page of the patient whose conversation it is, and with their navigator."""
    whose = sa.select(conversations.c.patient_id).where(conversations.c.id == conversation_id).scalar_subquery()
    connection.execute(
        tasks.insert().values(
            conversation_id=conversation_id, practice=practice, kind=kind, text=text[:2000], created_at=clock.now(), patient_id=whose
        )
    )


def tell_missing(connection: Connection, conversation_id: str, practice: str, what: str, more: str) -> None:
    """Put before the team that nothing was found for `what`: once a conversation for each, seen to or not."""
    subject = f"Looked for: {what}."
    told = sa.select(tasks.c.id).where(
        tasks.c.kind == UNMET_NEED, tasks.c.conversation_id == conversation_id, tasks.c.text.startswith(subject, autoescape=True)
    )
    if connection.execute(told.limit(1)).first() is None:
        add_task(connection, conversation_id, practice, UNMET_NEED, f"{subject} {more}".strip())


def call_asked_for(connection: Connection, conversation_id: str) -> bool:
    """Whether the team has a request for a call of this conversation that nobody saw to yet."""
    query = sa.select(tasks.c.id).where(_CALL_REQUESTS, tasks.c.conversation_id == conversation_id).limit(1)
    return connection.execute(query).first() is not None


def ever_asked_for_call(connection: Connection, conversation_id: str) -> bool:
    """Whether such a request was ever made, seen to or taken back included."""
    query = sa.select(tasks.c.id).where(tasks.c.kind == CALL_REQUEST, tasks.c.conversation_id == conversation_id)
    return connection.execute(query.limit(1)).first() is not None


def take_back_call_request(connection: Connection, conversation_id: str, why: str) -> bool:
    """Take such requests off the team's list, with `why` after their words; False when there was none."""
    result = connection.execute(
        tasks.update()
        .where(_CALL_REQUESTS, tasks.c.conversation_id == conversation_id)
        .values(done_at=clock.now(), text=tasks.c.text + f" ({why})")
    )
    return bool(result.rowcount)


def met_navigator(connection: Connection, conversation_id: str) -> bool:
    """Whether somebody of the team had the conversation since the bot last said something in it."""
    here = messages.c.conversation_id == conversation_id
    said = sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0)).where(here, messages.c.sender == "bot")
    since = connection.execute(
        sa.select(messages.c.extra).where(
            here, messages.c.sender.in_(("navigator", "system")), messages.c.seq > said.scalar_subquery()
        )
    ).scalars()
    return any((extra or {}).get("navigator") for extra in since)  # other notices name nobody


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
