"""How an answer becomes text messages: segments counted, plain characters, splitting, numbered choices."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

# 3GPP TS 23.038: a character of the basic table costs one septet, of the extension table two (an escape first).
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
# A text alone, and each part of a joined one: the header that joins parts takes seven septets or three units.
GSM_SINGLE, GSM_PART = 160, 153
UCS2_SINGLE, UCS2_PART = 70, 67

# One curly quote would more than halve what fits, so our own typography is made plain before it is sent.
_PLAIN = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−•·", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\t", " "),
    **dict.fromkeys("\u200b\ufeff\u00ad", ""),
    **dict.fromkeys("\u2028\u2029", "\n"),
    "…": "...",
    "×": "x",
}
_TO_PLAIN = str.maketrans(_PLAIN)
_SENTENCE_ENDS = (".", "!", "?")
_NO_END = frozenset("e.g. i.e. a.m. p.m. Dr. Mr. Mrs. Ms. St. Rd. No.".split())
LONGEST_INLINE_LABEL = 24


def to_gsm(text: str) -> str:
    """`text` with typographic quotes, dashes and spaces made plain. Letters stay: names keep accents."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_TO_PLAIN)


def is_gsm(text: str) -> bool:
    """Whether every character is in the GSM alphabet; one that is not makes the whole text UCS-2."""
    return all(char in GSM_BASIC or char in GSM_EXTENSION for char in text)


def count_segments(text: str) -> int:
    """Segments `text` is billed as: GSM-7 of 160/153 septets, or UCS-2 of 70/67 UTF-16 units.

    Neither an escaped character nor a surrogate pair is shared between two segments, so the rest of a full
    segment may stay empty. Counted as it is: pass it through `to_gsm` first. Empty text is 0.
    """
    if is_gsm(text):
        sizes = [2 if char in GSM_EXTENSION else 1 for char in text]
        single, part = GSM_SINGLE, GSM_PART
    else:
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
        single, part = UCS2_SINGLE, UCS2_PART
    if sum(sizes) <= single:
        return 1 if text else 0
    count, used = 1, 0
    for size in sizes:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count


def split_for_sms(text: str, segments: int = 2) -> list[str]:
    """`text` as texts of at most `segments` segments, cut at sentence ends, numbered (1/2) when several."""
    return _fit([text], segments)


def plain_sms(message: dict[str, Any], segments: int = 2) -> list[str]:
    """A bot's message of the contract as texts that say everything: services are in its text already.

    Choices become numbered replies and are kept together; a scale of plain numbers (0 to 10) needs none.
    """
    return _fit([message.get("text") or "", numbered_choices(message.get("choices") or [])], segments)


def numbered_choices(choices: list[dict[str, str]]) -> str:
    """'Reply 1 Yes please, 2 No thank you.', one a line where labels are long; '' with nothing to number.

    The number is the place in `choices`, so it means the same to whoever reads the reply. Beside a scale of
    plain numbers the other choices are answered in words: there a number is an answer already.
    """
    labels = [to_gsm(choice["label"]).strip() for choice in choices]
    words = [label for label in labels if not label.isdigit()]
    if not words:
        return ""
    if len(words) < len(labels):
        return "Or reply: " + ", or ".join(words) + "."
    inline = len(labels) <= 3 and all(
        len(label) <= LONGEST_INLINE_LABEL and label[-1:].isalnum() and "," not in label for label in labels
    )
    if inline:
        return "Reply " + ", ".join(f"{place} {label}" for place, label in enumerate(labels, 1)) + "."
    return "\n".join(["Reply with a number:", *(f"{place} {label}" for place, label in enumerate(labels, 1))])


def _fit(blocks: list[str], segments: int) -> list[str]:
    """Blocks as texts; a block is cut only when it does not fit a text of its own."""
    blocks = [plain for plain in (to_gsm(block).strip() for block in blocks) if plain]
    whole = "\n".join(blocks)
    if not whole or count_segments(whole) <= segments:
        return [whole] if whole else []
    for digits in (1, 2, 3):
        # The marker is measured with its widest figures, so numbering never pushes a text over.
        widest = f"({'9' * digits}/{'9' * digits}) "

        def fits(part: str, widest: str = widest) -> bool:
            return count_segments(widest + part) <= segments

        parts = _packed(blocks, fits)
        if len(parts) < 10**digits:
            break
    return [f"({place}/{len(parts)}) {part}" for place, part in enumerate(parts, 1)]


def _packed(blocks: list[str], fits: Callable[[str], bool]) -> list[str]:
    parts: list[str] = []
    for block in blocks:
        if parts and fits(f"{parts[-1]}\n{block}"):
            parts[-1] = f"{parts[-1]}\n{block}"
            continue
        rest = block
        while not fits(rest):
            end = _cut(rest, fits)
            parts.append(rest[:end].rstrip())
            rest = rest[end:].lstrip()
        parts.append(rest)
    return parts


def _cut(text: str, fits: Callable[[str], bool]) -> int:
    """Where to end the next text: a line's end if not wasteful, a sentence's, a word's, or anywhere."""
    low, high = 1, len(text)
    while low < high:  # the longest beginning that fits; adding a character never makes a text cheaper
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle].rstrip()) else (low, middle - 1)
    lines, sentences, words = [], [], []
    start = 0
    for place, char in enumerate(text[: low + 1]):
        if not char.isspace():
            continue
        word, start = text[start:place], place + 1
        words.append(place)
        if char == "\n":
            lines.append(place)
        if char == "\n" or _ends_sentence(word):
            sentences.append(place)
    if lines and lines[-1] >= low * 0.6:
        return lines[-1]
    for places in (sentences, words):
        if places and places[-1] > 0:
            return places[-1]
    return _between_characters(text, low)


def _ends_sentence(word: str) -> bool:
    """Not after 'a.m.', and not between a list's number and its words."""
    bare = word.rstrip("\"')")
    return bare.endswith(_SENTENCE_ENDS) and bare not in _NO_END and not bare[:-1].isdigit()


def _between_characters(text: str, end: int) -> int:
    """`end`, moved back so that an accent or a joined emoji stays with its letter."""
    place = end
    while place > 1 and (unicodedata.combining(text[place]) or "\u200d" in text[place - 1 : place + 1]):
        place -= 1
    return place
