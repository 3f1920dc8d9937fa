"""Asking providers whether a listing is still right: who is due, what was sent, and the signed link that answers."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from directory.freshness import to_be_asked
from directory.records import Listing
from directory.tables import listing_asked
from directory.visibility import Policy, visibility

LINK_DAYS = 60
# One letter, then patience: asked again after so long without an answer.
ASK_AGAIN = timedelta(days=28)


@dataclass(frozen=True)
class Due:
    """A listing whose provider is to be asked; `asked_at` is when it was last, None for never."""

    listing: Listing
    asked_at: datetime | None
    times: int
    visible: bool


def due(connection: Connection, listings: Sequence[Listing], today: date, policy: Policy) -> tuple[list[Due], list[Due]]:
    """(to be asked now, asked and waiting for an answer): what patients see first, then the longest unchecked."""
    asked: dict[str, tuple[datetime, int]] = {}
    for row in connection.execute(sa.select(listing_asked).order_by(listing_asked.c.id)):
        if row.answered_at is None:
            asked[row.listing_id] = (row.at, asked.get(row.listing_id, (row.at, 0))[1] + 1)
        else:
            asked.pop(row.listing_id, None)
    now: list[Due] = []
    waiting: list[Due] = []
    for listing in listings:
        if not to_be_asked(listing, today, policy):
            continue
        at, times = asked.get(listing.id, (None, 0))
        one = Due(listing, at, times, visibility(listing, today, policy) is None)
        (waiting if at is not None and today - at.date() < ASK_AGAIN else now).append(one)
    order = sorted(now, key=lambda one: (not one.visible, one.listing.last_checked or date.min, one.listing.id))
    return order, sorted(waiting, key=lambda one: (one.asked_at or datetime.min, one.listing.id))


def note_asked(connection: Connection, listing_id: str, by: str, at: datetime) -> int:
    """A letter went out; the number of the note. Twice on a day is once."""
    stamp = at.replace(tzinfo=None)
    mine = sa.select(listing_asked).where(listing_asked.c.listing_id == listing_id, listing_asked.c.answered_at.is_(None))
    last = connection.execute(mine.order_by(listing_asked.c.id.desc()).limit(1)).first()
    if last is not None and last.at.date() == stamp.date():
        return int(last.id)
    made = connection.execute(sa.insert(listing_asked).values(listing_id=listing_id, by=by[:200], at=stamp))
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def forget_asked(connection: Connection, listing_id: str) -> bool:
    """Undo the newest `note_asked` of a listing; False when there is none."""
    newest = sa.select(sa.func.max(listing_asked.c.id)).where(
        listing_asked.c.listing_id == listing_id, listing_asked.c.answered_at.is_(None)
    )
    number = connection.execute(newest).scalar()
    return bool(connection.execute(sa.delete(listing_asked).where(listing_asked.c.id == number)).rowcount) if number else False


def note_answer(connection: Connection, listing_id: str, at: datetime) -> None:
    """The provider answered: nothing of what was asked is open any more."""
    here = sa.and_(listing_asked.c.listing_id == listing_id, listing_asked.c.answered_at.is_(None))
    connection.execute(sa.update(listing_asked).where(here).values(answered_at=at.replace(tzinfo=None)))


def link_token(listing_id: str, today: date, secret: str) -> str:
    """What stands in a provider's link: the listing and the last day, signed. It opens this one listing's questions only."""
    body = json.dumps([listing_id, (today + timedelta(days=LINK_DAYS)).isoformat()], separators=(",", ":"))
    payload = base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")
    return f"{payload}.{_signature(payload, secret)}"


def listing_of(token: str, today: date, secret: str) -> str | None:
    """The listing a link is for; None when it was changed, is not ours, or has run out."""
    payload, _, signature = token.partition(".")
    if not hmac.compare_digest(_signature(payload, secret).encode(), signature.encode("utf-8", "replace")):
        return None
    try:
        listing_id, until = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(listing_id) if today <= date.fromisoformat(until) else None
    except (binascii.Error, ValueError, TypeError):
        return None


def _signature(payload: str, secret: str) -> str:
    return hmac.new(secret.encode(), b"linkway.provider." + payload.encode(), hashlib.sha256).hexdigest()[:32]
