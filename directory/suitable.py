"""Whether anything suitable was found, and if not, what kinds of help come nearest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from directory.ranking import Ranking
from directory.snapshot import Snapshot

# How near the best listing must come: so much, and for every part of the nearness of listings known to answer such questions
# so much more. Fitted on questions whose kind of listing was taken away, one in twenty of the others being turned away
# (benchmarks/taken_away.py).
LEAST, KNOWN_PART = 0.245, 0.452
# Whoever asks for more has had the nearest: what is left is further off, and still may do.
AGAIN = 0.18
_BEST = 5


def is_found(ranking: Ranking, relaxed: Sequence[str] = (), again: bool = False) -> bool:
    """False when nothing passed the filters, or the best is not as near as what answers such questions.

    `again`: the nearest were shown before, and are left out now.
    """
    if not len(ranking.rows) or "need" in relaxed:
        return False
    if ranking.nearest is None or ranking.known is None:
        return True
    return ranking.nearest >= LEAST + KNOWN_PART * ranking.known - (AGAIN if again else 0.0)


def nearest_kinds(snapshot: Snapshot, ranking: Ranking, need_ids: Sequence[str]) -> tuple[str, ...]:
    """Up to three needs that the best listings serve, commonest first."""
    counts: Counter[str] = Counter()
    for row in ranking.rows[:_BEST]:
        own = snapshot.listings[row].needs or (need_ids[int(snapshot.needs_shares[row].argmax())],)
        counts.update(own)
    return tuple(need for need, _ in counts.most_common(3))
