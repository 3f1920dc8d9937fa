"""A message as plain lower-case words, with the way back to where each was typed."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from assistant.dialogue.nlu.wishes.spellings import written_out

LONGEST = 4000  # characters read; channels let in 2,000
_QUOTES = {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u2032": "'", "`": "'", "\u2013": "-", "\u2014": "-"}
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SPACE = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


@dataclass(frozen=True)
class Found:
    """One value at a stretch [start, end) of the plain text."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Spoken:
    """`plain` is the message with its words written out, `words` the set of them, `typed` the original."""

    typed: str
    plain: str
    words: frozenset[str]
    count: int
    _plain_starts: tuple[int, ...]
    _typed_spans: tuple[tuple[int, int], ...]

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of `plain` stands in `typed`, by whole words; (0, 0) when there are no words."""
        if not self._typed_spans:
            return 0, 0
        first = max(0, bisect_right(self._plain_starts, start) - 1)
        last = max(first, bisect_right(self._plain_starts, max(start, end - 1)) - 1)
        return self._typed_spans[first][0], self._typed_spans[last][1]


def hear(text: str) -> Spoken:
    """Read a message. Never raises on any Unicode; characters after the 4,000th are left out."""
    typed = text[:LONGEST]
    folded = _fold(typed)
    pieces: list[str] = []
    plain_starts: list[int] = []
    spans: list[tuple[int, int]] = []
    words: set[str] = set()
    place = before = 0
    for match in _WORD.finditer(folded):
        start, end = match.span()
        gap = folded[before:start]
        if gap != " ":
            gap = _plain_gap(gap)
        word = written_out(match.group())
        pieces += (gap, word)
        place += len(gap)
        plain_starts.append(place)
        spans.append((start, end))
        place += len(word)
        words.add(word)
        before = end
    pieces.append(_plain_gap(folded[before:]))
    return Spoken(
        typed, "".join(pieces).rstrip(), frozenset(words), len(spans), tuple(plain_starts), tuple(spans)
    )


def _plain_gap(gap: str) -> str:
    """What stands between two words: single spaces, '&' as the word it is, a new line as a full stop."""
    if "&" in gap:
        gap = gap.replace("&", " and ")
    if "\n" in gap:
        gap = _LINES.sub(". ", gap)
    return _SPACE.sub(" ", gap)


def _fold(text: str) -> str:
    """Small letters without accents and with straight quotes, character for character."""
    if text.isascii():
        return text.replace("`", "'").lower()
    return "".join(_fold_one(char) for char in text)


@lru_cache(maxsize=4096)
def _fold_one(char: str) -> str:
    if char in _QUOTES:
        return _QUOTES[char]
    if char == "\u0142" or char == "\u0141":
        return "l"
    if unicodedata.category(char) in ("Cf", "Cc", "Cs") and char != "\n":
        return " "
    plain = unicodedata.normalize("NFKD", char)
    base = plain[0] if plain and plain[0].isascii() and plain[0].isprintable() else char
    lower = base.lower()
    return lower if len(lower) == 1 else base
