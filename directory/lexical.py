"""Light word matching where words decide: names, places, languages, conditions. Rare words count more."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from directory.records import Listing
from directory.text import words

_STOP = frozenset(
    "a an the and or of to in for with at on my i im ive me we us our you your he she him her it is are "
    "was am be been do does can cant have has had not no so that this some someone something somewhere "
    "want need like would help get go who what where when how up out from by as all just too much people "
    "person others other here there if but his their them they will once whats could any more very being "
    "near please looking find group service".split()
)


def stem(word: str) -> str:
    """A word without its commonest endings, so that 'singing' and 'sing' meet."""
    for ending in ("ing", "ies", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def terms(text: str) -> list[str]:
    """The words of a text that can decide a search, stemmed."""
    return [stem(word) for word in words(text) if word not in _STOP and len(word) > 2]


class Lexicon:
    """Which listings hold which words. `match` gives the share of a question's words, by rarity, each
    holds."""

    def __init__(self, listings: Sequence[Listing]) -> None:
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for row, listing in enumerate(listings):
            for term in set(terms(_told(listing))):
                holders[term].append(row)
        self._count = len(listings)
        self._holders = {term: np.array(rows, np.int32) for term, rows in holders.items()}

    @classmethod
    def of(cls, count: int, holders: Mapping[str, np.ndarray]) -> Lexicon:
        """One over `count` listings whose holders of each word are known."""
        made = cls(())
        made._count, made._holders = count, dict(holders)
        return made

    @property
    def holders(self) -> Mapping[str, np.ndarray]:
        """Which listings hold each word, in order."""
        return self._holders

    def rarity(self, term: str) -> float:
        """High for a word that few listings hold; a word none holds counts as the rarest."""
        holders = self._holders.get(term)
        held = 0 if holders is None else len(holders)
        return max(0.0, math.log((self._count + 1) / (held + 0.5)))

    def match(self, text: str, rows: np.ndarray) -> np.ndarray:
        """float32 per listing of `rows` (in order), 0 to 1."""
        asked = set(terms(text))
        shares = np.zeros(len(rows), np.float32)
        whole = sum(self.rarity(term) for term in asked)
        if whole > 0 and len(rows):
            for term in asked:
                holders = self._holders.get(term)
                if holders is not None and len(holders):
                    at = np.minimum(np.searchsorted(holders, rows), len(holders) - 1)
                    shares[holders[at] == rows] += self.rarity(term) / whole
        return shares

    def rare(self, text: str, most: int) -> np.ndarray:
        """bool per listing: it holds a word of the text that no more than `most` listings hold."""
        found = np.zeros(self._count, bool)
        for term in set(terms(text)):
            holders = self._holders.get(term)
            if holders is not None and len(holders) <= most:
                found[holders] = True
        return found

    def rows_holding(self, wanted: Iterable[str]) -> np.ndarray:
        """bool per listing: it holds every word of at least one of `wanted` (phrases a patient wants left
        out)."""
        held = np.zeros(self._count, bool)
        for phrase in wanted:
            parts = terms(phrase)
            if not parts:
                continue
            this = np.ones(self._count, bool)
            for term in parts:
                own = np.zeros(self._count, bool)
                own[self._holders.get(term, np.zeros(0, np.int32))] = True
                this &= own
            held |= this
        return held


def _told(listing: Listing) -> str:
    """Everything in a listing a word may be looked for in."""
    parts: list[str | None] = [
        listing.name,
        listing.summary,
        listing.description,
        listing.provider,
        listing.town,
    ]
    parts += [*listing.languages, *listing.audience, *listing.service_area]
    return " ".join(part for part in parts if part)
