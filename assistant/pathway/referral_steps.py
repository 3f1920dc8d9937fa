"""What happened to a referral, a row a step; tasks for the team; and how the patient is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations import records
from assistant.conversations.events import record_event
from assistant.errors import NotFound
from assistant.pathway import patients, telling
from assistant.store.pathway_tables import patients as patients_table
from assistant.store.pathway_tables import referral_steps, referrals
from assistant.store.tables import tasks

if TYPE_CHECKING:
    from assistant.house import House

TASK, CLOSING = "referral", "closing"  # kinds of a task


def load(connection: Connection, referral_id: str, *, lock: bool = False) -> Row:
    """The referral. `lock` holds it to the end of the transaction (PostgreSQL; SQLite holds all).

    Raises:
        NotFound: no such referral.
    """
    query = sa.select(referrals).where(referrals.c.id == referral_id)
    if lock and connection.dialect.name != "sqlite":
        query = query.with_for_update()
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("There is no such referral. It may have been erased.")
    return row


def change(connection: Connection, referral: Row, old: tuple[str, ...], **values: Any) -> bool:
    """Set columns by compare-and-swap on the status; False when it has moved on."""
    here = sa.and_(referrals.c.id == referral.id, referrals.c.status.in_(old))
    return connection.execute(referrals.update().where(here).values(**values)).rowcount == 1


def step(connection: Connection, referral: Row, kind: str, by: str | None, mark: str | None = None, **data: Any) -> bool:
    """Add a step. With a `mark` it is added once, however many look at the same time; False when it stood already."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"referral_id": referral.id, "at": clock.now(), "kind": kind, "by": by, "mark": mark, "data": data}
    statement = insert(referral_steps).values(**values).on_conflict_do_nothing(index_elements=["referral_id", "mark"])
    return bool(connection.execute(statement).rowcount == 1)


def steps_of(connection: Connection, referral_id: str, kind: str | None = None) -> list[Row]:
    """Its steps, oldest first."""
    query = sa.select(referral_steps).where(referral_steps.c.referral_id == referral_id).order_by(referral_steps.c.id)
    return connection.execute(query.where(referral_steps.c.kind == kind) if kind else query).all()


def marked(connection: Connection, referral_id: str, mark: str) -> Row | None:
    """The step that bears this mark."""
    here = sa.and_(referral_steps.c.referral_id == referral_id, referral_steps.c.mark == mark)
    return connection.execute(sa.select(referral_steps).where(here)).first()


def count_event(connection: Connection, kind: str, referral: Row, **data: Any) -> None:
    """An event of the taxonomy, for the reports; ids and numbers only."""
    record_event(
        connection, kind, referral.conversation_id, referral.practice, referral=referral.id, listing=referral.listing_id, **data
    )


def add_task(connection: Connection, referral: Row, text: str, kind: str = TASK) -> None:
    """Something for whoever has the case, or for whoever comes first."""
    owner = connection.execute(
        sa.select(patients_table.c.navigator_id).where(patients_table.c.id == referral.patient_id)
    ).scalar()
    connection.execute(
        tasks.insert().values(
            conversation_id=referral.conversation_id, practice=referral.practice, kind=kind, text=text[:2000],
            created_at=clock.now(), patient_id=referral.patient_id, owner_id=owner,
        )
    )  # fmt: skip


def conversation_of(connection: Connection, referral: Row) -> Row | None:
    """Where the patient is told: the conversation it came from, or else their newest."""
    if referral.conversation_id:
        try:
            return records.load(connection, referral.conversation_id)
        except NotFound:
            pass
    return next(iter(patients.conversations_of(connection, referral.patient_id)), None)


def tell_patient(
    connection: Connection, house: House, referral: Row, text: str, key: str, choices: telling.Choices | None = None,
    *, must_reach: bool = False,
) -> str:
    """`telling.tell` in the right conversation; 'nobody' where there is none: then the team has the task to tell them.

    `must_reach`: so it is too where it stands in the web chat alone, which nobody may open again.
    """
    conversation = conversation_of(connection, referral)
    how = telling.tell(connection, house, conversation, text, key, choices=choices) if conversation is not None else "nobody"
    if how == "nobody" or (how == "chat" and must_reach):
        where = "It stands in their chat. No text could go with it." if how == "chat" else "They have no chat with us."
        add_task(connection, referral, f"Please tell {referral.first_name or 'the patient'}: {text} ({where})")
    return how


def free_left(referral: Row) -> int | None:
    """Free sessions left; None where it is not known how many there are."""
    return None if referral.free_sessions is None else max(0, referral.free_sessions - referral.sessions_attended)
