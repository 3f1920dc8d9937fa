"""What is wrong with the directory, by field, by source and by kind: for the page that leads to mending it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from directory.check import missing_fields
from directory.records import Listing
from directory.visibility import Hidden, Policy, is_stale, visibility

SOON, LATER = timedelta(days=30), timedelta(days=60)
# Words of an entry that ended, or never was one.
_DEAD = re.compile(
    r"\b(?:no longer (?:running|available|open)|has (?:closed|ended)|permanently closed|now closed|discontinued|ceased"
    r"|lorem ipsum|test (?:listing|entry|service)|do not use|delete this)\b",
    re.IGNORECASE,
)
KINDS = (
    "suspended", "unaccredited", "lapsed", "expiring_30", "expiring_60", "hidden_stale", "stale", "no_place", "no_need",
    "no_contact", "dead_looking",
)  # fmt: skip


@dataclass
class Source:
    """One source of listings: how many, how many patients see, and how often something is amiss."""

    name: str
    total: int = 0
    visible: int = 0
    faults: int = 0


@dataclass
class Quality:
    """Listings by kind of fault (KINDS), how often each wanted field is missing, and a row for each source."""

    total: int = 0
    visible: int = 0
    by_kind: dict[str, list[Listing]] = field(default_factory=dict)
    missing: list[tuple[str, int]] = field(default_factory=list)
    by_field: dict[str, list[Listing]] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)


def quality(listings: Sequence[Listing], today: date, policy: Policy) -> Quality:
    """The state of the directory today. Closed listings are at rest: they count, and need no mending."""
    told = Quality(total=len(listings))
    kinds: defaultdict[str, list[Listing]] = defaultdict(list)
    fields: defaultdict[str, list[Listing]] = defaultdict(list)
    sources: dict[str, Source] = {}
    for listing in listings:
        source = sources.setdefault(listing.source, Source(listing.source))
        source.total += 1
        hidden = visibility(listing, today, policy)
        if hidden is None:
            told.visible += 1
            source.visible += 1
        if listing.status == "closed":
            continue
        mine = faults(listing, today, policy)
        source.faults += bool(mine)
        for kind in mine:
            kinds[kind].append(listing)
        for name in missing_fields(listing):
            fields[name].append(listing)
    told.by_kind = {kind: kinds[kind] for kind in KINDS}
    told.by_field = dict(fields)
    told.missing = Counter({name: len(those) for name, those in fields.items()}).most_common()
    told.sources = sorted(sources.values(), key=lambda one: (-one.total, one.name))
    return told


def faults(listing: Listing, today: date, policy: Policy) -> list[str]:
    """The kinds of fault of one listing."""
    hidden, until = visibility(listing, today, policy), policy.accredited_until(listing)
    out = []
    if hidden in (Hidden.SUSPENDED, Hidden.UNACCREDITED, Hidden.LAPSED):
        out.append(hidden.value)
    elif until is not None and until - today <= LATER:
        out.append("expiring_30" if until - today <= SOON else "expiring_60")
    if listing.last_checked is not None and today - listing.last_checked > policy.hide_after:
        out.append("hidden_stale")
    elif is_stale(listing, today, policy):
        out.append("stale")
    if listing.latitude is None and listing.online != "yes":
        out.append("no_place")
    if not listing.needs:
        out.append("no_need")
    if not (listing.phone or listing.email or listing.url):
        out.append("no_contact")
    if _DEAD.search(f"{listing.name}. {listing.description}"):
        out.append("dead_looking")
    return out
