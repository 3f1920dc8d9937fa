"""How near the best listing must come to suit: fitted on questions whose kind of listing was taken away.

    python -m benchmarks.taken_away

Known listings (nlu_data/search/) are grouped into kinds. Again and again one to three authors stand for a directory nobody has seen:
their questions are no longer known, and a part of its kinds is taken away. Whether a question's own kind is still there is
what `directory/suitable.py` must tell from how near the best listing, and the nearest known ones, come. Prints its constants.
The authors the adapter learned from (d1 to d3) never stand for an unseen directory.
"""

from __future__ import annotations

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.linear_model import LogisticRegression

from benchmarks.messages import NLU_DATA
from benchmarks.offers import read_offers
from directory.asked import Asked, read_asked

UNSEEN = ("d6", "d7", "d8", "d9", "d10", "d11", "d12", "d13")
DIRECTORIES, QUESTIONS, LOST = 36, 300, 0.05
ALIKE = 0.45  # cosine distance within a kind: some 120 kinds


def kinds_of(asked: Asked) -> np.ndarray:
    """The kind of each known listing: alike in what it says and in what is asked of it."""
    centres = np.zeros_like(asked.listings)
    np.add.at(centres, asked.answered, asked.questions)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    grouping = AgglomerativeClustering(n_clusters=None, distance_threshold=ALIKE, affinity="cosine", linkage="average")
    return grouping.fit_predict(np.hstack([asked.listings, centres]))


def a_directory(asked: Asked, theirs: np.ndarray, kinds: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Rows (nearest, known, 1 where the question's own kind is still there) for a directory of the listings `theirs`."""
    stays = ~theirs
    row_of = np.cumsum(stays) - 1
    known = stays[asked.answered]
    others = Asked(asked.questions[known], asked.listings[stays], row_of[asked.answered[known]])
    there = np.unique(kinds[theirs])
    gone = chance.choice(there, int(len(there) * chance.uniform(0.2, 0.5)), replace=False)
    kept = theirs & ~np.isin(kinds, gone)
    rows = []
    for question in chance.choice(np.flatnonzero(~known), QUESTIONS, replace=False):
        sought = others.sought(asked.questions[question])
        nearest = float((asked.listings[kept] @ sought.vector).max())
        rows.append((nearest, sought.known, float(kept[asked.answered[question]])))
    return np.array(rows)


def main() -> None:
    """Make the directories, fit, print."""
    asked, chance = read_asked(), np.random.default_rng(1)
    author = np.array([name for name in sorted(f.stem for f in (NLU_DATA / "search").glob("*.jsonl")) for _ in read_offers([name])])
    kinds = kinds_of(asked)
    rows = np.concatenate([
        a_directory(asked, np.isin(author, chance.choice(UNSEEN, chance.choice([1, 1, 2, 3]), replace=False)), kinds, chance)
        for _ in range(DIRECTORIES)
    ])  # fmt: skip
    seen, suits = rows[:, :2], rows[:, 2] == 1
    line = LogisticRegression().fit(seen / seen.std(axis=0), suits).coef_[0] / seen.std(axis=0)
    part = -line[1] / line[0]
    least = float(np.quantile((seen[:, 0] - part * seen[:, 1])[suits], LOST))
    caught = np.mean((seen[:, 0] - part * seen[:, 1])[~suits] < least)
    print(f"{kinds.max() + 1} kinds, {len(rows)} questions, {np.mean(~suits):.2f} of them without their kind")
    print(f"LEAST = {least:.3f}, KNOWN_PART = {part:.3f}: catches {caught:.2f} at {LOST:.2f} of the others")


if __name__ == "__main__":
    main()
