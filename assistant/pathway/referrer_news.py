"""The referrer hears back once at each turn of the way: accepted, declined, attended, closed; or a reason is kept why not.

Clinicians asked for it in so many words (Moore 2022): they referred, and never heard again.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.errors import BadInput, Conflict
from assistant.house import House
from assistant.pathway import patients
from assistant.pathway.referral_letters import news
from assistant.pathway.referral_steps import count_event, load
from assistant.store.pathway_tables import referrals, referrer_news

TURNS = ("accepted", "declined", "attended", "closed")
BY_THEMSELVES = "They came by themselves: there is no referrer to tell."
WHY_NOT = {
    "no_contact": "No way to reach the referrer is known.",
    "left": "The referrer no longer works there.",
    "patient": "The patient asked us not to.",
    "told": "They were told in another way.",
}


def record(connection: Connection, house: House, referral: Row, turn: str) -> bool:
    """Write the news down, once a referral and turn; False when it stood already."""
    patient = patients.load(connection, referral.patient_id)
    nobody = patient.source == "self" and not (patient.referred_by or patient.referrer_contact)
    to_post = bool(house.settings.referrer_url) and not nobody
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(referrer_news).values(
        patient_id=patient.id, referral_id=referral.id, at=clock.now(), turn=turn, attempts=0,
        body=news(turn, patient, load(connection, referral.id), house.programme.practice(referral.practice).name),
        why_not=BY_THEMSELVES if nobody else None, due_at=clock.now() if to_post else None,
    )  # fmt: skip
    done = connection.execute(statement.on_conflict_do_nothing(index_elements=["referral_id", "turn"]))
    return bool(done.rowcount == 1)


def take_back(connection: Connection, referral: Row, turn: str) -> None:
    """Of a turn that was undone: what nobody has sent yet goes."""
    connection.execute(
        referrer_news.delete().where(
            referrer_news.c.referral_id == referral.id, referrer_news.c.turn == turn, referrer_news.c.sent_at.is_(None)
        )
    )


def waiting(connection: Connection, sees: sa.sql.ColumnElement) -> list[Row]:
    """News nobody has sent or explained yet, oldest first, with the referral it is about. `sees` limits the practices."""
    query = (
        sa.select(referrer_news, referrals.c.service, referrals.c.practice)
        .join(referrals, referrals.c.id == referrer_news.c.referral_id)
        .where(sees, referrer_news.c.sent_at.is_(None), referrer_news.c.why_not.is_(None))
    )
    return connection.execute(query.order_by(referrer_news.c.id)).all()


def of_referral(connection: Connection, referral_id: str) -> list[Row]:
    """All news of one referral."""
    query = sa.select(referrer_news).where(referrer_news.c.referral_id == referral_id)
    return connection.execute(query.order_by(referrer_news.c.id)).all()


def settle(connection: Connection, referral: Row, turn: str, by: str | None, why_not: str | None = None) -> None:
    """Sent (counted as `referrer_informed`), or a reason of WHY_NOT kept.

    Raises:
        BadInput: no such turn or reason. Conflict: it is settled already.
    """
    if turn not in TURNS:
        raise BadInput(f"Choose one of: {', '.join(TURNS)}.", field="turn")
    if why_not is not None and why_not not in WHY_NOT:
        raise BadInput("Choose a reason from the list.", field="why_not")
    values = {"sent_at": clock.now(), "sent_by": by} if why_not is None else {"why_not": WHY_NOT[why_not], "sent_by": by}
    open_row = sa.and_(
        referrer_news.c.referral_id == referral.id, referrer_news.c.turn == turn,
        referrer_news.c.sent_at.is_(None), referrer_news.c.why_not.is_(None),
    )  # fmt: skip
    if connection.execute(referrer_news.update().where(open_row).values(due_at=None, **values)).rowcount != 1:
        raise Conflict("This was marked already. Load the page again to see how.")
    if why_not is None:
        count_event(connection, "referrer_informed", referral, turn=turn)
