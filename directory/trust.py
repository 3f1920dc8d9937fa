"""What a person decides about a listing: accredit, renew, suspend, close, full, checked today. Each with who and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from directory import store
from directory.visibility import DAYS_IN_MONTH, Policy

LONGEST_BODY = 200
LONGEST_WHY = 300
# Nobody vouches for longer; a date beyond is a slip of the keyboard.
MOST_YEARS = 6


class NotDecided(ValueError):
    """A decision that cannot be taken as given; `field` is the box, the message says what to write."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Decision:
    """One decision: the listing, who takes it, why, and the moment."""

    listing_id: str
    by: str
    at: datetime
    today: date
    why: str = ""

    def take(self, connection: Connection, named: str, **fields: Any) -> int | None:
        """Write it; the number of its line of history, None when the listing stood so already. Raises KeyError."""
        at = self.at.replace(tzinfo=None)
        return store.changed_in(connection, self.listing_id, self.by, why=self.why or None, at=at, named=named, **fields)


def accredit(connection: Connection, decision: Decision, body: str, until: date | None, policy: Policy) -> int | None:
    """A body vouches for it from today. Without a last day it holds as long as the practice's rules say.

    Raises:
        NotDecided: no body named, or a last day that cannot be.
        KeyError: no such listing.
    """
    body = " ".join(body.split())
    if not body or len(body) > LONGEST_BODY:
        raise NotDecided("body", f"Who accredits it? Write the name of the body, up to {LONGEST_BODY} characters.")
    last = _last_day(until, decision.today, policy)
    return decision.take(connection, "accredited", accredited_by=body, accredited_on=decision.today, accredited_until=last)


def renew(connection: Connection, decision: Decision, until: date | None, policy: Policy) -> int | None:
    """The same body vouches on, until a later day.

    Raises:
        NotDecided: nobody has vouched for it yet, or a last day that cannot be.
        KeyError: no such listing.
    """
    listing = store.stored(connection, [decision.listing_id])[decision.listing_id]
    if not listing.accredited_by:
        raise NotDecided("until", "Nobody has accredited it yet, so there is nothing to renew. Accredit it instead.")
    last = _last_day(until, decision.today, policy)
    before = policy.accredited_until(listing)
    if before is not None and last < before:
        raise NotDecided("until", f"It is accredited until {before:%d/%m/%Y} already. Give a later day, or suspend it.")
    begun = listing.accredited_on if listing.accredited_on and listing.accredited_on <= decision.today else decision.today
    return decision.take(connection, "renewed", accredited_on=begun, accredited_until=last)


def suspend(connection: Connection, decision: Decision) -> int | None:
    """Taken from patients at once, until a person lifts it. No import takes it back.

    Raises:
        NotDecided: no reason given.
        KeyError: no such listing.
    """
    if not decision.why.strip():
        raise NotDecided("why", "Say why it is suspended. Whoever lifts it needs to know.")
    return decision.take(connection, "suspended", suspended=decision.why.strip()[:LONGEST_WHY])


def lift(connection: Connection, decision: Decision) -> int | None:
    """What was wrong is put right. Raises KeyError."""
    return decision.take(connection, "lifted", suspended=None)


def checked_today(connection: Connection, decision: Decision) -> int | None:
    """Somebody looked, and all is still right. Raises KeyError."""
    return decision.take(connection, "checked", checked_on=decision.today)


# What one press does: the name in the history, and the fields.
STATES: Mapping[str, Mapping[str, Any]] = {
    "closed": {"status": "closed"},
    "full": {"status": "full"},
    "paused": {"status": "paused"},
    "open": {"status": "open"},
}


def set_state(connection: Connection, decision: Decision, state: str) -> int | None:
    """Open, full, paused or closed. Opened again, a capacity that says full is no longer known.

    Raises:
        NotDecided: a state that is none.
        KeyError: no such listing.
    """
    if state not in STATES:
        raise NotDecided("state", f"Choose one of: {', '.join(STATES)}.")
    fields = dict(STATES[state])
    listing = store.stored(connection, [decision.listing_id])[decision.listing_id]
    if state == "open" and listing.capacity in ("full", "0"):
        fields["capacity"] = None
    return decision.take(connection, state, **fields)


def _last_day(until: date | None, today: date, policy: Policy) -> date:
    last = until or today + timedelta(days=round(policy.accreditation_months * DAYS_IN_MONTH))
    if last <= today:
        raise NotDecided("until", "The last day must be after today.")
    if last > today + timedelta(days=366 * MOST_YEARS):
        raise NotDecided("until", f"That is more than {MOST_YEARS} years away: check the year.")
    return last
