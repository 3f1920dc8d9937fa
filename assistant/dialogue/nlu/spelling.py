"""Spelling put right, half-heartedly: a word unknown to English becomes the nearest of our own words.

Known is what the encoder's own vocabulary holds as a whole word, plain endings of such words, and
words.txt: words of nlu_data/ with the number of messages they are in (benchmarks/word_list.py writes it).
Only those can be put in place of an unknown word, one slip away, or two in a longer word.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from directory.encoder.weights import model_files

FILE = Path(__file__).with_name("words.txt")
SHORTEST = 4
# From this length on two slips are forgiven.
LONG = 7
ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ers", "r", "ly", "al", "y", "able", "ness", "less", "n")
Speller = tuple["dict[str, int]", "frozenset[str]", "dict[str, list[str]]"]


def slips(a: str, b: str) -> int:
    """Letters lost, added, changed or swapped with their neighbour between two words."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        last, row, earlier = row, [i] + [0] * len(b), before
        for j, other in enumerate(b, 1):
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                row[j] = min(row[j], earlier[j - 2] + 1)
        before = last
    return row[-1]


def _shortened(word: str, letters: int) -> set[str]:
    """The word, and the word with up to so many letters left out."""
    found, edge = {word}, {word}
    for _ in range(letters):
        edge = {part[:i] + part[i + 1 :] for part in edge for i in range(len(part))}
        found |= edge
    return found


def _forgiven(word: str) -> int:
    return 2 if len(word) >= LONG else 1


@lru_cache(maxsize=1)
def _speller() -> Speller:
    """Our words with their counts, every word known, our words by their shortened forms. About .1 s."""
    counts = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        word, _, count = line.partition("\t")
        counts[word] = int(count)
    pieces = json.loads(model_files().tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    known = frozenset(piece for piece in pieces if piece.isalpha()) | frozenset(counts)
    index = defaultdict(list)
    for word in counts:
        if len(word) >= SHORTEST:
            for part in _shortened(word, _forgiven(word)):
                index[part].append(word)
    return counts, known, dict(index)


@lru_cache(maxsize=4096)
def spell(word: str) -> str:
    """The word of ours that was meant, or the word itself when known, short, or like none of ours."""
    if len(word) < SHORTEST or not word.isalpha() or not word.isascii():
        return word
    counts, known, index = _speller()
    if word in known or any(
        word.endswith(e) and word[: -len(e)] in known for e in ENDINGS if len(word) - len(e) > 2
    ):
        return word
    if word.endswith("in") and word + "g" in known:  # feelin, dancin
        return word + "g"
    if len(word) > 40:
        return word
    allowed = _forgiven(word)
    near = {ours for part in _shortened(word, allowed) for ours in index.get(part, ())}
    # The first letter is seldom the wrong one; of equals, the commoner word.
    ranked = sorted((slips(word, ours) + 0.5 * (ours[0] != word[0]), -counts[ours], ours) for ours in near)
    return ranked[0][2] if ranked and ranked[0][0] <= allowed else word
