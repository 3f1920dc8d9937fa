"""Listings that are likely the same service twice, with the reasons; and what a person said of such pairs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from directory.records import Listing
from directory.tables import listing_pairs_apart
from directory.text import words

# Share of common words, or cosine of the whole texts, above which two texts say the same. By cosine alone two classes of
# one provider come near .9: the words must agree to half as well.
SAME_WORDS = 0.8
SAME_MEANING = 0.93
HALF_THE_WORDS = 0.4
# A council's switchboard or a hub's postcode stands in hundreds of listings: nothing follows from it alone.
MOST_IN_A_GROUP = 60
_LEGAL = frozenset(("ltd", "limited", "cic", "cio", "plc", "charity", "the", "uk", "of", "and", "for", "in", "at"))


@dataclass(frozen=True)
class Pair:
    """Two listings that may be one; `first` sorts before `second`; `why` in words for staff."""

    first: str
    second: str
    why: tuple[str, ...]
    alike: float


def find_pairs(
    listings: Sequence[Listing],
    meanings: np.ndarray | None = None,
    only: Collection[str] | None = None,
    apart: Collection[tuple[str, str]] = (),
) -> list[Pair]:
    """Likely doubles, the surest first.

    Two things of provider, name, place and phone must agree, and the texts or the names too.

    Args:
        meanings: float32 (listings, dimension), the encoded text of each; without it words alone decide.
        only: ids of which at least one must be in a pair (those an import brings).
        apart: pairs a person said are not the same.
    """
    settled, tried, found = set(apart), set(), []
    said: dict[int, frozenset[str]] = {}
    for rows in _groups(listings):
        for place, i in enumerate(rows):
            for j in rows[place + 1 :]:
                a, b = sorted((i, j), key=lambda row: listings[row].id)
                if (a, b) in tried:
                    continue
                tried.add((a, b))
                one, two = listings[a], listings[b]
                if (one.id, two.id) in settled or (only is not None and one.id not in only and two.id not in only):
                    continue
                for row in (a, b):
                    if row not in said:
                        said[row] = frozenset(words(f"{listings[row].name} {listings[row].description}"))
                near = float(meanings[a] @ meanings[b]) if meanings is not None else None
                pair = _judge(one, two, said[a], said[b], near)
                if pair:
                    found.append(pair)
    return sorted(found, key=lambda pair: (-pair.alike, pair.first, pair.second))


def _judge(one: Listing, two: Listing, a: frozenset[str], b: frozenset[str], near: float | None) -> Pair | None:
    why = []
    if _plain(one.provider) and _plain(one.provider) == _plain(two.provider):
        why.append("same provider")
    place = _place(one) != "" and _place(one) == _place(two)
    if place:
        why.append("same place")
    if _phone(one.phone) and _phone(one.phone) == _phone(two.phone):
        why.append("same phone")
    name = _plain(one.name) == _plain(two.name)
    if name:
        why.append("same name")
    shared = len(a & b) / max(1, len(a | b))
    text = shared >= SAME_WORDS or (near is not None and near >= SAME_MEANING and shared >= HALF_THE_WORDS)
    if text:
        why.append("nearly the same words" if shared >= SAME_WORDS else "nearly the same meaning")
    elsewhere = not place and _place(one) and _place(two)
    # The same name in two towns is a branch; the same text at two places of a provider is a weekly round.
    if len(why) < 2 or elsewhere or not (text or name) or (not text and len(why) < 3):
        return None
    return Pair(one.id, two.id, tuple(why), round(len(why) + max(shared, near or 0.0), 3))


def _groups(listings: Sequence[Listing]) -> Iterator[list[int]]:
    """Rows that share something telling. Everything is compared within such a group alone."""
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, listing in enumerate(listings):
        place, provider = _place(listing), _plain(listing.provider)
        if provider:
            groups["provider", provider, place].append(row)
        if place:
            groups["name", _plain(listing.name), place].append(row)
        if _phone(listing.phone):
            groups["phone", _phone(listing.phone), place].append(row)
        groups["bare", _plain(listing.name), provider].append(row)
    return (rows for rows in groups.values() if 1 < len(rows) <= MOST_IN_A_GROUP)


def _plain(text: str | None) -> str:
    """A name as it is compared: 'The Arts Trust Ltd.' is 'arts trust'."""
    return " ".join(word for word in words(text or "") if word not in _LEGAL)


def _phone(text: str | None) -> str:
    """The last nine digits: +44 and 0 begin the same number."""
    digits = re.sub(r"\D", "", text or "")
    return digits[-9:] if len(digits) >= 9 else ""


def _place(listing: Listing) -> str:
    return re.sub(r"\W", "", (listing.postcode or listing.town or "")).casefold()


def said_apart(connection: Connection) -> set[tuple[str, str]]:
    """Pairs a person said are not the same."""
    return {(row.first, row.second) for row in connection.execute(sa.select(listing_pairs_apart))}


def keep_apart(connection: Connection, one: str, two: str, by: str, at: datetime) -> None:
    """Remember that two are not the same; said twice it stands once."""
    first, second = sorted((one, two))
    if (first, second) not in said_apart(connection):
        values = {"first": first, "second": second, "at": at.replace(tzinfo=None), "by": by[:200]}
        connection.execute(sa.insert(listing_pairs_apart).values(values))


def look_again(connection: Connection, one: str, two: str) -> None:
    """Undo `keep_apart`."""
    first, second = sorted((one, two))
    here = sa.and_(listing_pairs_apart.c.first == first, listing_pairs_apart.c.second == second)
    connection.execute(sa.delete(listing_pairs_apart).where(here))
