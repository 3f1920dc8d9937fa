"""Patterns and classifier made one: what stands, what is added, what is taken back, and when to ask."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol, TypeVar

from assistant.safety.tiers import ORDER, SUICIDE, TIERS

ANY = "any"  # a classifier's odds that any route at all is called for
# Log-odds. Chosen with whole authors left out (benchmarks/safety.py; docs/decisions, the safety screen).
LIMITS: Mapping[str, float] = {
    ANY: -2.25,  # from one in ten on the classifier flags a message by itself ...
    "emergency": -3.0,  # ... and from one in twenty when a tier 0 route is the likeliest: a miss would cost most there
    "doubt": -4.0,  # below it the classifier takes back what patterns found, unless a tier 0 route is among it
    "tier 0": -6.0,  # below it even that: the classifier is all but certain
    "beside": 4.0,  # other routes are shown whose odds are no further than this below the likeliest
    "ask": -5.0,  # thoughts of suicide this likely in a message that is not flagged: ask directly
}
MOST_ADDED = 3
_TIER_0 = frozenset(TIERS[0])
_URGENT = frozenset(TIERS[0] + TIERS[1])
# What these say to somebody they do not fit frightens or accuses: 'move away from the other person'.
ACCUSING = frozenset({"harm_to_others", "sexual_violence", "child_safeguarding"})
EVEN = 0.0  # log-odds of a route that is as likely as not
Place = TypeVar("Place")


class Classifier(Protocol):
    """A second opinion: log-odds by taxonomy id for one message, and by `ANY` that any route is called for."""

    def __call__(self, text: str) -> Mapping[str, float]:
        """Judge one message."""
        ...


def joined(
    found: Mapping[str, Place | None], odds: Mapping[str, float], shown: Collection[str] = ()
) -> tuple[dict[str, Place | None], bool]:
    """The risks to show, those of the patterns with their places, and whether to ask the direct question instead.

    What patterns find stands unless the classifier is sure that the message is ordinary; beside a pattern of tier 0 all
    of it stands until the classifier is all but certain. What only the classifier finds is added at the limits above,
    and after the routes `shown` in a conversation as `_after` says.
    """
    likely = odds[ANY]
    taken_back = likely < LIMITS["tier 0"] or (likely < LIMITS["doubt"] and not _TIER_0 & set(found))
    kept: dict[str, Place | None] = {} if taken_back else dict(found)
    ranked = sorted(ORDER, key=lambda risk: -odds[risk])
    if likely >= LIMITS["emergency" if ranked[0] in _TIER_0 else ANY]:
        added = [risk for risk in ranked[:MOST_ADDED] if odds[risk] >= odds[ranked[0]] - LIMITS["beside"]]
        for risk in _after(added, odds, shown):
            kept.setdefault(risk, None)
    return kept, not kept and max(odds[risk] for risk in SUICIDE) >= LIMITS["ask"]


def _after(added: list[str], odds: Mapping[str, float], shown: Collection[str]) -> list[str]:
    """What the classifier adds once help was shown: no new route that accuses, unless it is likelier than not.

    What a frightened person says next is near many a route and like none. The likeliest route already shown then stands.
    """
    if not shown:
        return added
    doubtful = {risk for risk in added if risk in ACCUSING and risk not in shown and odds[risk] < EVEN}
    if added[0] not in doubtful:
        return [risk for risk in added if risk not in doubtful]
    return sorted(_URGENT & set(shown), key=lambda risk: -odds[risk])[:1]
