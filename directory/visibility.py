"""Which listings a patient may see, and why the others are hidden: accreditation, status, places,
freshness."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from directory.records import Listing

# An average month, so that 'nine months' needs no calendar arithmetic.
DAYS_IN_MONTH = 30.44


class Hidden(str, Enum):
    """Why a listing is kept from patients; `in_words` says it to staff."""

    SUSPENDED = "suspended"
    UNACCREDITED = "unaccredited"
    LAPSED = "lapsed"
    CLOSED = "closed"
    PAUSED = "paused"
    FULL = "full"
    STALE = "stale"

    @property
    def in_words(self) -> str:
        """The reason as staff read it, with what would mend it."""
        return _IN_WORDS[self]


_IN_WORDS = {
    Hidden.SUSPENDED: "It is suspended: lift the suspension when what was wrong is put right.",
    Hidden.UNACCREDITED: "No accreditation recorded: accredit it before patients can see it.",
    Hidden.LAPSED: "Its accreditation has ended: renew it.",
    Hidden.CLOSED: "It is marked as closed.",
    Hidden.PAUSED: "It is paused for now.",
    Hidden.FULL: "It is full: no places at the moment.",
    Hidden.STALE: "Nobody has checked it for too long: check it and put in the date.",
}


@dataclass(frozen=True)
class Policy:
    """The practice's rules on trust, from programme/directory.yml (`freshness.load_policy`).

    Evidence (facts/evidence.md, P3): out-of-date knowledge of services loses people, so old listings sink,
    then hide.
    """

    remind_after_months: float = 6
    rank_last_after_months: float = 9
    hide_after_months: float = 18
    # How long an accreditation lasts when only its start is given.
    accreditation_months: float = 12

    @property
    def remind_after(self) -> timedelta:
        """Age of the last check beyond which the provider is asked whether all is still right."""
        return timedelta(days=round(self.remind_after_months * DAYS_IN_MONTH))

    @property
    def rank_last_after(self) -> timedelta:
        """Age of the last check beyond which a listing is ranked last."""
        return timedelta(days=round(self.rank_last_after_months * DAYS_IN_MONTH))

    @property
    def hide_after(self) -> timedelta:
        """Age of the last check beyond which patients no longer see a listing."""
        return timedelta(days=round(self.hide_after_months * DAYS_IN_MONTH))

    def accredited_until(self, listing: Listing) -> date | None:
        """The last day of accreditation, worked out from its start when no end is given; None when
        unknown."""
        if listing.accredited_until is not None:
            return listing.accredited_until
        if listing.accredited_on is not None:
            return listing.accredited_on + timedelta(days=round(self.accreditation_months * DAYS_IN_MONTH))
        return None


def visibility(listing: Listing, today: date, policy: Policy) -> Hidden | None:
    """Why patients may not see `listing` today, or None when they may.

    A listing with no date of a check at all is shown but ranked last (`is_stale`): its accreditation still
    holds.
    """
    if listing.suspended is not None:
        return Hidden.SUSPENDED
    until = policy.accredited_until(listing)
    if not listing.accredited_by or until is None:
        return Hidden.UNACCREDITED
    if listing.accredited_on is not None and listing.accredited_on > today:
        return Hidden.UNACCREDITED
    if until < today:
        return Hidden.LAPSED
    if listing.status == "closed":
        return Hidden.CLOSED
    if listing.status == "paused":
        return Hidden.PAUSED
    if listing.status == "full" or listing.capacity in ("full", "0"):
        return Hidden.FULL
    if listing.last_checked is not None and today - listing.last_checked > policy.hide_after:
        return Hidden.STALE
    return None


def is_stale(listing: Listing, today: date, policy: Policy) -> bool:
    """Whether a listing goes to the end of the ranking: checked too long ago, or no date known."""
    return listing.last_checked is None or today - listing.last_checked > policy.rank_last_after


def fits_age(listing: Listing, age: int | None) -> bool:
    """Whether somebody of `age` years may go; True when the age is not known."""
    if age is None:
        return True
    return (listing.min_age is None or age >= listing.min_age) and (
        listing.max_age is None or age <= listing.max_age
    )
