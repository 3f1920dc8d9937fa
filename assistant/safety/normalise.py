"""Plain words from any message: folds Unicode, text-speak, dialect and misspelling, and remembers where each word was."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from assistant.safety import phrases, words
from assistant.safety.spelling import collapse_repeats, correct, unmask

_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\ufe0f\u180e")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u0060": "'", "\u00b4": "'", "\u2032": "'",
                         "\u2026": ",", "\u2013": ",", "\u2014": ",", "\u0142": "l", "\u0131": "i"})
# Letters of other scripts that look like Latin ones, used to slip past filters or typed by mistake.
_LOOKALIKES = str.maketrans("\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u043a\u043c\u0442\u043d\u0432\u03bf"
                            "\u03b1\u03b9\u03b5", "aeopcxyikmthboaie")
_TOKEN = re.compile(
    r"[a-z0-9]+(?:['*@$!|#]{1,3}[a-z0-9]+)*|\n+|[.]{2,}|[.!?]+|[,;:()\u2022]|[&+\u00a3]|[^\x00-\x7f]"
)
_DIGIT_UNIT = re.compile(r"(\d+)([a-z]+)$")
MAX_CHARS = 4000  # longer than any message a channel lets in (2,000); a guard for other callers


@dataclass(frozen=True)
class Normalised:
    """A message as plain lower-case words with one space between, and the way back to the original.

    `text` holds words and the marks ``. ! ?`` as words of their own. `starts[i]` is the place of word i in `text`;
    `spans[i]` is where it came from in `original`; `commas` are the places in `text` that a comma stood before.
    """

    original: str
    text: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    commas: tuple[int, ...] = ()

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """The (start, end) in the original message of a stretch of `text`."""
        if not self.spans:
            return (0, 0)
        first = max(0, bisect_right(self.starts, start) - 1)
        last = max(first, bisect_right(self.starts, max(start, end - 1)) - 1)
        return (self.spans[first][0], self.spans[last][1])


_Word = tuple[str, int, int]


@lru_cache(maxsize=8)  # the parts of the screen ask for one message four times; what is made is never changed
def normalise(text: str) -> Normalised:
    """Fold a message into plain words. Never raises on any Unicode; text past 4,000 characters is left out."""
    original = text
    folded, places = _fold(text[:MAX_CHARS])
    tokens = _split(folded, places)
    tokens = _join_spelled_out(tokens)
    expanded: list[_Word] = []
    for index, (word, start, end) in enumerate(tokens):
        for plain in _expand(word, index, tokens).split():
            expanded.append((plain, start, end))
    expanded = _join_phrases(expanded)
    expanded = _context_words(expanded)
    starts: list[int] = []
    commas: list[int] = []
    kept: list[_Word] = []
    place = 0
    for item in expanded:
        if item[0] == ",":
            commas.append(place)
            continue
        kept.append(item)
        starts.append(place)
        place += len(item[0]) + 1
    plain_text = " ".join(word for word, _, _ in kept)
    return Normalised(original, plain_text, tuple(starts), tuple((a, b) for _, a, b in kept), tuple(commas))


def _fold(text: str) -> tuple[str, list[int]]:
    """Lower case and Unicode folding; places[i] is the original offset of folded character i."""
    if text.isascii():
        return text.replace("`", "'").lower(), list(range(len(text) + 1))
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isascii():
            piece = char.lower()
        elif char in _ZERO_WIDTH or unicodedata.category(char) in ("Mn", "Cf"):
            continue
        elif char in phrases.EMOJI:
            piece = f" {phrases.EMOJI[char]} "
        else:
            piece = unicodedata.normalize("NFKD", char.translate(_QUOTES)).casefold().translate(_LOOKALIKES)
            piece = "".join(c for c in piece if unicodedata.category(c) != "Mn") or " "
        out.append(piece)
        places.extend([place] * len(piece))
    places.append(len(text))
    return "".join(out), places


def _split(folded: str, places: list[int]) -> list[_Word]:
    tokens: list[_Word] = []
    for match in _TOKEN.finditer(folded):
        word = match.group()
        start, end = places[match.start()], places[match.end() - 1] + 1
        first = word[0]
        if first == "\n":
            word = "."
        elif first == "." and len(word) > 1:
            word = ","
        elif first in ".!?":
            word = "?" if "?" in word else first
        elif first in ",;:()\u2022":
            word = "," if first not in ";" else "."
        elif first in "&+":
            word = "and"
        elif first == "\u00a3":
            word = "money"
        elif not (first.isascii() and first.isalnum()):
            continue
        tokens.append((word, start, end))
    return tokens


def _join_spelled_out(tokens: list[_Word]) -> list[_Word]:
    """Join letters typed apart ('k i l l', 's.u.i.c.i.d.e'): three or more single letters in a row."""
    out: list[_Word] = []
    index = 0
    while index < len(tokens):
        stop = index
        letters: list[str] = []
        while stop < len(tokens) and (len(tokens[stop][0]) == 1):
            if tokens[stop][0].isalpha():
                letters.append(tokens[stop][0])
            elif tokens[stop][0] not in ".,":
                break
            stop += 1
        if len(letters) >= 3:
            joined = "".join(letters)
            whole = correct(joined) or joined
            out.append((whole, tokens[index][1], tokens[stop - 1][2]))
            index = stop
        else:
            out.append(tokens[index])
            index += 1
    return out


def _expand(word: str, index: int, tokens: list[_Word]) -> str:
    """One token to plain words."""
    if not word[0].isalnum():
        return word
    if any(mark in word for mark in "*@$!|#"):
        shown = unmask(word)
        return shown if shown else re.sub(r"[*@$!|#]+", " . " if "!" in word else " ", word)
    if "'" in word:
        if word in words.APOSTROPHE:
            return words.APOSTROPHE[word]
        bare = word.replace("'", "")
        if bare in words.CONTRACTIONS:
            return words.CONTRACTIONS[bare]
        if word.endswith("'s"):
            return _expand(word[:-2], index, tokens)
        if word.endswith("'ve"):
            return f"{_expand(word[:-3], index, tokens)} have"
        if word.endswith("'ll"):
            return f"{_expand(word[:-3], index, tokens)} will"
        if word.endswith("'d"):
            return f"{_expand(word[:-2], index, tokens)} would"
        word = bare
    if word.isdigit():
        return _number(word, index, tokens)
    if word == "hed" and index and tokens[index - 1][0] in ("my", "me", "his", "her", "the", "in", "our"):
        return "head"
    if word in words.CONTRACTIONS:
        return words.CONTRACTIONS[word]
    if word in words.SHORTHAND:
        return words.SHORTHAND[word]
    if any(c.isdigit() for c in word):
        unit = _DIGIT_UNIT.match(word)
        if unit and unit.group(2) in words.UNITS and word not in ("1st", "21st", "31st"):
            return f"{unit.group(1)} {words.UNITS[unit.group(2)]}"
        return unmask(word) or word
    word = collapse_repeats(word)
    if word in words.CONTRACTIONS:
        return words.CONTRACTIONS[word]
    if word in words.SHORTHAND:
        return words.SHORTHAND[word]
    if word.endswith("in") and len(word) > 4 and word not in phrases.IN_WORDS and not word.endswith("lin"):
        word += "g"
    return correct(word) or word


def _number(word: str, index: int, tokens: list[_Word]) -> str:
    before = tokens[index - 1][0] if index else ""
    after = tokens[index + 1][0] if index + 1 < len(tokens) else ""
    if after[:1].isalpha() and len(after) > 1:
        if word == "2" and before in phrases.TO_BEFORE and after not in words.UNITS:
            return "to"
        if word == "4" and before in phrases.FOR_BEFORE:
            return "for"
    return word


_PHRASE_INDEX: dict[str, list[tuple[list[str], str]]] = {}
for _source, _target in sorted(phrases.PHRASES, key=lambda pair: -len(pair[0])):
    _PHRASE_INDEX.setdefault(_source.split()[0], []).append((_source.split(), _target))


def _join_phrases(tokens: list[_Word]) -> list[_Word]:
    out: list[_Word] = []
    index = 0
    while index < len(tokens):
        for source, target in _PHRASE_INDEX.get(tokens[index][0], ()):
            size = len(source)
            if [t[0] for t in tokens[index:index + size]] == source:
                start, end = tokens[index][1], tokens[index + size - 1][2]
                out.extend((part, start, end) for part in target.split())
                index += size
                break
        else:
            out.append(tokens[index])
            index += 1
    return out


def _context_words(tokens: list[_Word]) -> list[_Word]:
    """Words that mean one thing or another by the next word: ill, id, me, our, am."""
    out: list[_Word] = []
    for index, (word, start, end) in enumerate(tokens):
        after = tokens[index + 1][0] if index + 1 < len(tokens) else ""
        before = tokens[index - 1][0] if index else ""
        if word == "ill" and after in phrases.WILL_VERBS and before not in ("is", "am", "so", "very", "feel", "was"):
            out += [("i", start, end), ("will", start, end)]
        elif word == "id" and after in phrases.WOULD_VERBS:
            out += [("i", start, end), ("would", start, end)]
        elif word == "me" and after in phrases.MY_NOUNS and before not in ("give", "gave", "gives", "giving", "send"):
            out.append(("my", start, end))
        elif word in ("our", "wor") and after in phrases.OUR_NOUNS:
            out.append(("my", start, end))
        elif word == "are" and after in phrases.OUR_NOUNS:
            out.append(("our", start, end))
        elif word == "ma":
            out.append(("my" if after in phrases.MY_NOUNS else "mum", start, end))
        elif word == "am" and after != "i" and before in ("", ".", "!", "?", ",", "and", "but", "because", "so"):
            out += [("i", start, end), ("am", start, end)]
        elif word == "breathe" and before in ("short", "of", "my", "out", "his", "her"):
            out.append(("breath", start, end))
        else:
            out.append((word, start, end))
    return out
