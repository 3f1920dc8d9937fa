"""Plain text from whatever a cell holds: HTML and control characters out, sentences and search words
apart."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_SILENT = {"script", "style", "head", "title", "iframe", "object", "noscript", "template", "svg"}
_BLOCK = {"p", "br", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section"}
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_MARKUP = re.compile(r"<[A-Za-z/!?]|&[#A-Za-z0-9]{2,10};")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+|\s+[•·▪–]\s+|:-\s*")


class _Stripper(HTMLParser):
    """Keeps the text of a piece of HTML, drops the tags and what was never meant to be read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCK:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCK:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def has_markup(text: str) -> bool:
    """Whether the text holds HTML tags or entities."""
    return bool(_MARKUP.search(text))


def strip_html(text: str) -> str:
    """The words of `text` without tags, scripts or entities; '<18' and 'a < b' are left as they are.

    Runs until nothing changes, so that markup hidden in entities does not come out alive.
    """
    for _ in range(5):
        if not _MARKUP.search(text):
            break
        stripper = _Stripper()
        stripper.feed(text)
        stripper.close()
        after = "".join(stripper.parts)
        if after == text:
            break
        text = after
    # Whatever still looks like the start of a tag loses its bracket: it can then open nothing.
    return _TAG.sub("", text)


def clean(text: str) -> str:
    """Readable plain text: no HTML, no control or invisible characters, spaces tidied, line breaks kept."""
    text = strip_html(text)
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    kept = []
    for character in text:
        kind = unicodedata.category(character)
        if character in "\n\t" or kind not in ("Cc", "Cf", "Cs", "Co", "Cn"):
            kept.append(" " if kind == "Zs" or character == "\t" else character)
        elif character == "\u200d":
            kept.append(character)
    lines = (" ".join(line.split()) for line in "".join(kept).split("\n"))
    return re.sub(r"\n{2,}", "\n", "\n".join(lines)).strip()


def sentences(text: str, least: int = 20, most: int = 8) -> list[str]:
    """Up to `most` pieces of `text` of at least `least` characters; shorter ones join the one before."""
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(text):
        piece = piece.strip(" -•·\t")
        if not piece:
            continue
        if pieces and (len(piece) < least or len(pieces[-1]) < least):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    if len(pieces) > most:
        pieces = pieces[: most - 1] + [" ".join(pieces[most - 1 :])]
    return pieces


def words(text: str) -> list[str]:
    """Lower-case words without accents, in order; "women's" stays one word."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return _WORD.findall(plain.replace("\u2019", "'"))


def shorten(text: str, limit: int = 160) -> str:
    """The beginning of `text`, cut at a word and marked with an ellipsis when it is longer than `limit`."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"
