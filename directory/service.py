"""A listing as the Service of the HTTP contract: plain words for where, when, cost and age; None for the
unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

from directory.prices import cost_now
from directory.records import DAYS, Listing
from directory.text import shorten
from directory.vocabulary import all_keys

DAY_NAMES = dict(
    zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_BY_PHONE = re.compile(r"\b(?:by (?:tele)?phone|over the (?:tele)?phone|on the (?:tele)?phone|(?:tele)?phone (?:calls?|advice|support|line)|helpline|telephone|rings? you)\b")


def service_dict(
    listing: Listing, why: Sequence[str] = (), score: float | None = None, distance_km: float | None = None
) -> dict[str, Any]:
    """The Service of http-api.md. Lists that are not known are None, so that they are shown as 'ask'."""
    return {
        "id": listing.id,
        "name": listing.name,
        "provider": listing.provider,
        "summary": listing.summary or shorten(listing.description),
        "needs": list(listing.needs),
        "why": list(why),
        "score": None if score is None else round(float(score), 4),
        "distance_km": None if distance_km is None else round(float(distance_km), 1),
        "where": where(listing),
        "when": when(listing),
        "cost": cost(listing),
        "access": list(listing.access) or None,
        "languages": list(listing.languages) or None,
        "audience": list(listing.audience) or None,
        "age_range": age_range(listing),
        "who_meets_you": listing.who_meets_you,
        "can_bring_someone": listing.can_bring_someone,
        "how_to_join": listing.how_to_join,
        "contact": ", ".join(part for part in (listing.phone, listing.email) if part) or None,
        "accredited_until": listing.accredited_until.isoformat() if listing.accredited_until else None,
        "checked_on": listing.checked_on.isoformat() if listing.checked_on else None,
        "capacity": listing.capacity,
        "wait_weeks": listing.wait_weeks,
        "url": listing.url,
    }


def where(listing: Listing) -> str | None:
    """The address in one line; 'Online' where there is no address to go to."""
    parts = [listing.address, listing.town, listing.postcode]
    told = [part for i, part in enumerate(parts) if part and part not in (parts[:i] or ())]
    if listing.online == "yes":
        return "Online"
    line = ", ".join(told)
    if listing.online == "both":
        return f"{line}, or online" if line else "In person or online"
    return line or _without_address(listing)


def _without_address(listing: Listing) -> str | None:
    """By phone or at the patient's home, where the listing says so; None when nobody knows."""
    if listing.address is None and "home_visits" in all_keys("access", listing.access):
        return "At your home"
    told = f"{listing.name}. {listing.summary or ''} {listing.description}".casefold()
    return "By phone" if _BY_PHONE.search(told) else None


def when(listing: Listing) -> list[str] | None:
    """The schedule in the provider's words, or made of days and times; None when neither is known."""
    if listing.schedule:
        return [listing.schedule]
    hours = ""
    if listing.start_time and listing.end_time:
        hours = f", {clock_words(listing.start_time)} to {clock_words(listing.end_time)}"
    elif listing.start_time:
        hours = f" from {clock_words(listing.start_time)}"
    if listing.days:
        return [f"{DAY_NAMES[day]}s{hours}" for day in listing.days]
    return [hours.lstrip(", ").strip()] if hours else None


def clock_words(moment: time) -> str:
    """10am, 2.30pm, 12 noon: the NHS way of writing times."""
    if moment == time(12):
        return "12 noon"
    if moment == time(0):
        return "midnight"
    hour = moment.hour % 12 or 12
    minutes = f".{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def cost(listing: Listing) -> dict[str, Any]:
    """What it costs now, how many sessions are free, what it costs afterwards."""
    return {
        "now": cost_now(listing),
        "free_sessions": listing.free_sessions,
        "afterwards": listing.cost_afterwards,
    }


def age_range(listing: Listing) -> str | None:
    """'16 to 25', '60 and over', 'up to 11'; None when no age is given."""
    if listing.min_age is not None and listing.max_age is not None:
        return f"{listing.min_age} to {listing.max_age}"
    if listing.min_age is not None:
        return f"{listing.min_age} and over"
    if listing.max_age is not None:
        return f"up to {listing.max_age}"
    return None
