"""Whether anything suitable was found, and if not, what kinds of help come nearest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from directory.ranking import Ranking
from directory.snapshot import Snapshot

# Below this no listing is about what was asked. The more plainly a question points to one need, the nearer its answer lies:
# so much of the need's share is taken off first. Chosen on the development directory, where it turns away one answerable
# question in thirty (benchmarks/search.py).
LEAST_SUITABLE, PLAINLY_ASKED = 0.31, 0.33
# A question that points this clearly to a need is not answered by a directory whose best listings lack that need.
CLEAR_NEED = 0.60
_BEST = 5


def is_found(
    snapshot: Snapshot, ranking: Ranking, need_ids: Sequence[str], relaxed: Sequence[str] = ()
) -> bool:
    """False when nothing passed the filters, nothing is near in meaning, or the clear need is not served at
    all."""
    if not len(ranking.rows) or "need" in relaxed:
        return False
    if ranking.question_needs is None:
        return True
    clear = int(ranking.question_needs.argmax())
    if ranking.suitability - PLAINLY_ASKED * ranking.question_needs[clear] < LEAST_SUITABLE:
        return False
    if ranking.question_needs[clear] < CLEAR_NEED or ranking.words[ranking.rows[:_BEST]].max() > 0.5:
        return True
    return _any_serves(snapshot, ranking, [clear])


def _any_serves(snapshot: Snapshot, ranking: Ranking, needs: Sequence[int]) -> bool:
    """Whether one of the best listings states or tells of one of the needs."""
    best = ranking.rows[:_BEST]
    stated = snapshot.needs_given[best][:, needs].any()
    return bool(stated or (snapshot.needs_shares[best][:, needs] >= 0.25).any())


def nearest_kinds(snapshot: Snapshot, ranking: Ranking, need_ids: Sequence[str]) -> tuple[str, ...]:
    """Up to three needs that the best listings serve, commonest first."""
    counts: Counter[str] = Counter()
    for row in ranking.rows[:_BEST]:
        own = snapshot.listings[row].needs or (need_ids[int(snapshot.needs_shares[row].argmax())],)
        counts.update(own)
    return tuple(need for need, _ in counts.most_common(3))
