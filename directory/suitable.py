"""Whether anything suitable was found, and if not, what kinds of help come nearest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from directory.ranking import Ranking
from directory.snapshot import Snapshot

# How much further from the question than the listings known to answer such questions the best listing may be. Chosen on
# the development directory, where it turns away one answerable question in thirty (benchmarks/search.py).
LEAST_NEAR = -0.04
# Whoever asks for more has had the nearest: what is left is further off, and still may do.
LEAST_NEAR_AGAIN = -0.3
_BEST = 5


def is_found(ranking: Ranking, relaxed: Sequence[str] = (), again: bool = False) -> bool:
    """False when nothing passed the filters, or the best is not as near as what answers such questions.

    `again`: the nearest were shown before, and are left out now.
    """
    if not len(ranking.rows) or "need" in relaxed:
        return False
    return ranking.nearness is None or ranking.nearness >= (LEAST_NEAR_AGAIN if again else LEAST_NEAR)


def nearest_kinds(snapshot: Snapshot, ranking: Ranking, need_ids: Sequence[str]) -> tuple[str, ...]:
    """Up to three needs that the best listings serve, commonest first."""
    counts: Counter[str] = Counter()
    for row in ranking.rows[:_BEST]:
        own = snapshot.listings[row].needs or (need_ids[int(snapshot.needs_shares[row].argmax())],)
        counts.update(own)
    return tuple(need for need, _ in counts.most_common(3))
