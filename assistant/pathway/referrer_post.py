"""News POSTed to the referrer's own system, where LINKWAY_REFERRER_URL names one: signed, tried again, counted once.

The body is `{id, turn, at, practice, referral, referrer, text}`, signed by Standard Webhooks under LINKWAY_REFERRER_SECRET. Any 2xx
is taken as received. `webhook-id` stays the same when a message is tried again, so that a receiver can know it.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import sqlalchemy as sa
from sqlalchemy.engine import Row

from assistant.channels.sms.generic import signed
from assistant.clock import clock
from assistant.errors import LinkwayError
from assistant.logs import log
from assistant.pathway import patients, referrer_news
from assistant.pathway.referral_steps import add_task, load
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import referrer_news as table

if TYPE_CHECKING:
    from assistant.house import House

BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
LEASE = timedelta(minutes=2)  # a process that died while posting holds a message no longer than this
A_PASS = 20
TIMEOUT_SECONDS = 5.0


def look(house: House) -> int:
    """One pass; the number received. After one failure the rest wait for the next pass: the other side may be down."""
    url = house.settings.referrer_url
    if not url:
        return 0
    with reading(house.engine) as connection:
        due = sa.and_(table.c.due_at <= clock.now(), table.c.sent_at.is_(None), table.c.why_not.is_(None))
        rows = connection.execute(sa.select(table).where(due).order_by(table.c.id).limit(A_PASS)).all()
    done = 0
    with httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False) as client:
        for row in rows:
            if not _take(house, row):
                continue
            error = _post(house, client, url, row)
            _settle(house, row, error)
            if error:
                break
            done += 1
    return done


def _take(house: House, row: Row) -> bool:
    """Ours until the lease ends; False when another process has it or somebody marked it meanwhile."""
    mine = sa.and_(table.c.id == row.id, table.c.attempts == row.attempts, table.c.due_at == row.due_at, table.c.sent_at.is_(None))
    with transaction(house.engine) as connection:
        taken = table.update().where(mine).values(attempts=row.attempts + 1, due_at=clock.now() + LEASE)
        return bool(connection.execute(taken).rowcount == 1)


def _post(house: House, client: httpx.Client, url: str, row: Row) -> str:
    """What went wrong, or nothing. Never holds words of the message."""
    secret = house.settings.referrer_secret.get_secret_value()
    if not secret:
        return "LINKWAY_REFERRER_SECRET is empty"
    try:
        with reading(house.engine) as connection:
            patient, referral = patients.load(connection, row.patient_id), load(connection, row.referral_id)
        body = json.dumps(
            {
                "id": f"news-{row.id}", "turn": row.turn, "at": row.at.isoformat(), "practice": referral.practice,
                "referral": referral.id, "referrer": {"name": patient.referred_by, "contact": patient.referrer_contact},
                "text": row.body,
            },
            ensure_ascii=False,
        )  # fmt: skip
        headers = signed(secret, f"news-{row.id}", body)
        answer = client.post(url, content=body.encode(), headers={"content-type": "application/json", **headers})
    except ValueError:
        return "LINKWAY_REFERRER_SECRET is not a Standard Webhooks secret"
    except (httpx.HTTPError, httpx.InvalidURL, LinkwayError) as error:
        return type(error).__name__
    return "" if answer.is_success else f"HTTP {answer.status_code}"


def _settle(house: House, row: Row, error: str) -> None:
    """Received; or again later; or, after the last try, the desk's to send."""
    attempts = row.attempts + 1
    with transaction(house.engine) as connection:
        referral = load(connection, row.referral_id)
        if not error:
            try:
                referrer_news.settle(connection, referral, row.turn, None)
            except LinkwayError:  # somebody marked it while it was on its way
                pass
            return
        last = attempts > len(BACKOFF)
        later = None if last else clock.now() + BACKOFF[attempts - 1]
        open_row = sa.and_(table.c.id == row.id, table.c.sent_at.is_(None), table.c.attempts == attempts)
        connection.execute(table.update().where(open_row).values(due_at=later, last_error=error[:200]))
        log.warning("news to a referrer not received yet", attempt=attempts, error=error)
        if last:
            add_task(connection, referral, "News to a referrer could not be sent by itself. Send it by hand, under Referrals.")
