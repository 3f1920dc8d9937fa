"""How well each listing suits a question: meaning, needs, words, wishes and distance, added up with fixed
weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from directory.areas import Distances
from directory.asked import Asked
from directory.for_whom import told_of
from directory.needs import NeedLines, need_ids
from directory.query import PARTS_OF_DAY, Query
from directory.records import DAYS
from directory.snapshot import Snapshot
from directory.wording import Wishes

# Tuned on the development questions (benchmarks/search.py): kept round, for 130 questions cannot tell finer
# differences apart.
WHOLE, BEST, NAME = 0.7, 0.2, 0.1
ASKED, WORDS = 0.7, 0.10  # what is asked of listings like this one; words that both have
# For directories whose listings state their needs, and for needs the patient has stated.
NEEDS_GIVEN, NEEDS_STATED = 0.12, 0.20
WISH = 0.06
NAMED = 0.15  # it holds the very thing that was asked for: 'is there a choir'
NEAR, NEAR_KM = 0.12, 6.0
# A stale listing comes after every fresh one that scores within so much of the best.
STALE_BAND = 0.25
# A listing for a group that the person is not known to belong to comes after every other within so much of the best.
GROUP_BAND = 0.20
# Unless it is so much better that it may be the very thing: then it comes after the best two for everybody.
VERY_THING, BEST_TWO = 0.20, 2
# In a large directory: a word is rare that so few hold; so near, being near can outweigh meaning.
RARE, LIFTED_KM = 2_000, 12.0
TOLD = 0.25  # this much of a question tells a need
# Beyond the first so many, what scores under this part of the best is no answer to the question any more.
LEAST_ROWS, LEAST_PART = 10, 0.4


@dataclass(frozen=True)
class Ranking:
    """`rows` best first with their `scores`; `question_needs` shares of each need in the question, None
    without text.

    `nearest` is the best cosine, `known` that of the nearest listings known to answer such questions (both None where none are
    known): what 'found' is judged by.
    """

    rows: np.ndarray
    scores: np.ndarray
    question_needs: np.ndarray | None
    nearest: float | None
    known: float | None


def rank(
    snapshot: Snapshot,
    query: Query,
    wishes: Wishes,
    vector: np.ndarray | None,
    need_lines: NeedLines,
    allowed: np.ndarray,
    distances: Distances | None,
    stale: np.ndarray,
    named: np.ndarray | None = None,
    asked: Asked | None = None,
) -> Ranking:
    """Ranks the allowed listings. `vector` is the question's unit vector, None when there is no text.

    `asked` are the questions known to this encoder, None when it is none that learned them.

    `named` says of each listing whether it holds the thing that was asked for by name, None when none was.

    `distances` are km per listing, NaN where not known, None without a place.
    """
    shares, nearest, known = None, None, None
    if vector is not None:
        shares = need_lines.shares(vector[None])[0]
        sought = asked.sought(vector) if asked is not None else None
        lifted = _lifted(snapshot, query, distances, named) if snapshot.index.large else ()
        rows, cosines = snapshot.index.similarities(vector if sought is None else sought.vector, allowed, lifted)
        if sought is not None and len(rows):
            nearest, known = float(cosines[:, 0].max()), sought.known
        words = snapshot.lexicon.match(query.text, rows)
        score = cosines @ np.array([WHOLE, BEST, NAME], np.float32)
        if asked is not None:
            score = score + ASKED * ((asked.centres @ vector)[snapshot.alike[rows]] * snapshot.alike_parts[rows]).sum(axis=1)
        score = score + WORDS * words + NEEDS_GIVEN * (snapshot.needs_given[rows] @ shares)
    else:
        rows = np.flatnonzero(allowed)
        score = words = np.zeros(len(rows), np.float32)
    stated = np.array([identifier in query.needs for identifier in need_lines.ids])
    if stated.any():
        # A listing that states its needs is believed; for one that does not, its text speaks.
        said = snapshot.needs_given[rows][:, stated].max(axis=1)
        silent = ~snapshot.needs_given[rows].any(axis=1)
        derived = np.minimum(1.0, 2 * snapshot.needs_shares[rows][:, stated].max(axis=1))
        several = snapshot.needs_given[rows][:, stated].sum(axis=1) / stated.sum()
        score = score + NEEDS_STATED * np.where(silent, derived, 0.75 * said + 0.25 * several)
    if named is not None:
        score = score + NAMED * named[rows]
    score = score + WISH * _wishes_met(snapshot, wishes, rows)
    if distances is not None:
        score = score + NEAR * np.exp(-np.nan_to_num(distances.of(rows), nan=3 * NEAR_KM) / NEAR_KM)
    if query.for_person is not None:
        needs = query.needs or [n for n, share in zip(need_lines.ids, shares if shares is not None else ()) if share >= TOLD]
        suits = suiting(snapshot, query, wishes, needs, rows)
        score = _after_the_best(score, _sink(score, ~suits, GROUP_BAND), suits)
    score = _sink(score, stale[rows])
    # Equal scores keep the order of ids, so that paging never shows one twice.
    order = np.argsort(-score, kind="stable")
    if vector is not None and len(order) > LEAST_ROWS:
        worth = int((score >= LEAST_PART * score.max()).sum())
        order = order[: max(LEAST_ROWS, worth)]
    return Ranking(rows[order], score[order], shares, nearest, known)


def _lifted(
    snapshot: Snapshot, query: Query, distances: Distances | None, named: np.ndarray | None
) -> list[np.ndarray]:
    """The groups of a large directory that rank higher than their meaning alone would: near ones, those that hold a rare word or
    the very thing, those that state a need the patient has stated."""
    groups = [snapshot.lexicon.rare(query.text, RARE)]
    if named is not None:
        groups.append(named)
    if distances is not None:
        groups.append(distances.within(LIFTED_KM))
    groups += [snapshot.needs_given[:, column] for column, need in enumerate(need_ids()) if need in query.needs]
    return groups


def suiting(snapshot: Snapshot, query: Query, wishes: Wishes, needs: Sequence[str], rows: np.ndarray) -> np.ndarray:
    """bool per listing of `rows`: it is for everybody, or for a group that the person is known to belong to."""
    groups = (*query.audience, *(query.for_person or ()), *wishes.audience)
    told = told_of(groups, query.age, needs, (*query.languages, *wishes.languages), query.text)
    limits, own = np.unique(snapshot.limit_of[rows], return_inverse=True)
    return np.array([limit < 0 or snapshot.limits[limit].takes(told) for limit in limits], bool)[own]


def _after_the_best(score: np.ndarray, sunk: np.ndarray, suits: np.ndarray) -> np.ndarray:
    """`sunk`, but what was far better than all that suits comes right after the best of these."""
    open_to_them = np.sort(score[suits])[::-1]
    if len(open_to_them) < BEST_TWO:
        return sunk
    far_better = ~suits & (score > open_to_them[0] + VERY_THING)
    return np.where(far_better, open_to_them[BEST_TWO - 1] - 0.001 + 0.0001 * score, sunk)


def _sink(score: np.ndarray, low: np.ndarray, band: float = STALE_BAND) -> np.ndarray:
    """Stale listings, say, fall behind every other nearly as good as the best; among themselves they keep their
    order."""
    if not low.any() or low.all():
        return score
    floor = score[~low].max() - band
    return np.where(low, np.minimum(score, floor + 0.001 * score), score)


def _wishes_met(snapshot: Snapshot, wishes: Wishes, rows: np.ndarray) -> np.ndarray:
    """How many of the wishes said in the text each row is known to meet."""
    met = np.zeros(len(rows), np.float32)
    for kind in ("audience", "access", "languages"):
        for key in getattr(wishes, kind):
            met += snapshot.having(kind, key)[rows]
    if wishes.days:
        bits = sum(1 << DAYS.index(day) for day in wishes.days)
        met += (snapshot.days[rows] & bits) > 0
    if wishes.part_of_day:
        low, high = (moment.hour * 60 for moment in PARTS_OF_DAY[wishes.part_of_day])
        met += (low <= snapshot.start[rows]) & (snapshot.start[rows] < high)
    if wishes.free:
        met += snapshot.free[rows]
    if wishes.online:
        met += snapshot.online[rows]
    return met
