"""The quality report: listings hidden, going stale, incomplete, without place, or likely doubles. It only
reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from directory.doubles import find_pairs
from directory.records import Listing
from directory.visibility import Policy, is_stale, visibility

# What a patient asks before going, by the evidence: its absence is shown as 'ask'.
WANTED = (
    "schedule",
    "cost",
    "access",
    "who_meets_you",
    "can_bring_someone",
    "how_to_join",
    "phone_or_email",
    "checked_on",
)


@dataclass
class QualityReport:
    """Ids by what is wrong with them, and how often each wanted field is missing."""

    total: int = 0
    visible: int = 0
    hidden: dict[str, list[str]] = field(default_factory=dict)
    stale: list[str] = field(default_factory=list)
    without_place: list[str] = field(default_factory=list)
    without_needs: list[str] = field(default_factory=list)
    incomplete: dict[str, list[str]] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    likely_doubles: list[tuple[str, str]] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)


def check(listings: Sequence[Listing], today: date, policy: Policy) -> QualityReport:
    """The report over all listings as they stand today."""
    report = QualityReport(total=len(listings))
    hidden: defaultdict[str, list[str]] = defaultdict(list)
    missing: Counter[str] = Counter()
    for listing in listings:
        reason = visibility(listing, today, policy)
        if reason is None:
            report.visible += 1
            if is_stale(listing, today, policy):
                report.stale.append(listing.id)
        else:
            hidden[reason.value].append(listing.id)
        if listing.latitude is None and listing.online != "yes":
            report.without_place.append(listing.id)
        if not listing.needs:
            report.without_needs.append(listing.id)
        absent = missing_fields(listing)
        if absent:
            report.incomplete[listing.id] = absent
            missing.update(absent)
    report.hidden = dict(hidden)
    report.missing = dict(missing.most_common())
    report.likely_doubles = likely_doubles(listings)
    return report


def missing_fields(listing: Listing) -> list[str]:
    """Which of WANTED the listing does not tell."""
    absent = []
    for name in WANTED:
        if name == "phone_or_email":
            known: object = listing.phone or listing.email
        elif name == "schedule":
            known = listing.schedule or listing.days
        else:
            known = getattr(listing, name)
        if not known:
            absent.append(name)
    return absent


def likely_doubles(listings: Sequence[Listing]) -> list[tuple[str, str]]:
    """Pairs that may be one service, by their words, for a person to merge."""
    return [(pair.first, pair.second) for pair in find_pairs(listings)]
