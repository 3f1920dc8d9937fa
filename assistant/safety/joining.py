"""Patterns and classifier made one: what stands, what is added, what is taken back, and when to ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from assistant.safety.tiers import ORDER, SUICIDE, TIERS

ANY = "any"  # a classifier's odds that any route at all is called for
# Log-odds. Chosen with whole authors left out (benchmarks/safety.py; docs/decisions, the safety screen).
LIMITS: Mapping[str, float] = {
    ANY: -1.75,  # from one in seven on the classifier flags a message by itself ...
    "emergency": -2.5,  # ... and from one in thirteen when a tier 0 route is the likeliest: a miss would cost most there
    "doubt": -4.0,  # below it the classifier takes back what patterns found, unless a tier 0 route is among it
    "tier 0": -6.0,  # below it even that: the classifier is all but certain
    "beside": 4.0,  # other routes are shown whose odds are no further than this below the likeliest
    "ask": -5.0,  # thoughts of suicide this likely in a message that is not flagged: ask directly
}
MOST_ADDED = 3
_TIER_0 = frozenset(TIERS[0])
Place = TypeVar("Place")


class Classifier(Protocol):
    """A second opinion: log-odds by taxonomy id for one message, and by `ANY` that any route is called for."""

    def __call__(self, text: str) -> Mapping[str, float]:
        """Judge one message."""
        ...


def joined(found: Mapping[str, Place | None], odds: Mapping[str, float]) -> tuple[dict[str, Place | None], bool]:
    """The risks to show, those of the patterns with their places, and whether to ask the direct question instead.

    What patterns find stands unless the classifier is sure that the message is ordinary; beside a pattern of tier 0 all
    of it stands until the classifier is all but certain. What only the classifier finds is added at the limits above.
    """
    likely = odds[ANY]
    taken_back = likely < LIMITS["tier 0"] or (likely < LIMITS["doubt"] and not _TIER_0 & set(found))
    kept: dict[str, Place | None] = {} if taken_back else dict(found)
    ranked = sorted(ORDER, key=lambda risk: -odds[risk])
    if likely >= LIMITS["emergency" if ranked[0] in _TIER_0 else ANY]:
        for risk in ranked[:MOST_ADDED]:
            if odds[risk] >= odds[ranked[0]] - LIMITS["beside"]:
                kept.setdefault(risk, None)
    return kept, not kept and max(odds[risk] for risk in SUICIDE) >= LIMITS["ask"]
