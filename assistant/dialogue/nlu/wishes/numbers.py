"""Numbers in words and figures."""

from __future__ import annotations

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SMALL = {word: number for number, word in enumerate(_ONES)} | {"nought": 0, "nil": 0, "none": 0}
TENS = {word: 20 + 10 * index for index, word in enumerate(_TENS)} | {"fourty": 40}
_ORDINAL_WORDS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
SMALL_WORDS = "|".join(sorted(_ONES, key=len, reverse=True))
WORDS = rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(_ONES[1:10])}))?|{SMALL_WORDS})"
ORDINALS = rf"(?:{'|'.join(_ORDINAL_WORDS)}|\d{{1,2}}(?:st|nd|rd|th))"


def number_of(text: str) -> int | None:
    """A whole number in figures (to 999) or words (to 99), such as 'sixty one'; None for anything else."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 3 else None
    if text in SMALL:
        return SMALL[text]
    tens, _, ones = text.replace("-", " ").partition(" ")
    if tens in TENS and (not ones or 1 <= SMALL.get(ones, 0) <= 9):
        return TENS[tens] + SMALL.get(ones, 0)
    return None


def ordinal_of(text: str) -> int | None:
    """The number of 'first' or '3rd'; None for anything else."""
    if text in _ORDINAL_WORDS:
        return _ORDINAL_WORDS[text]
    figures = text[:-2]
    return int(figures) if figures.isascii() and figures.isdigit() else None
