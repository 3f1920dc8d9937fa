"""Bare replies that need no model: a postcode, a number, a score. The dialogue knows what they answer."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.repair import WRITTEN_OUT, fold

_SMALL = "about|abt|around|roughly|maybe|probably|like|say|id say|i'd say|im|i'm|it's|its|in|a|an|um|er"
_LEAD = rf"(?:(?:{_SMALL})\s+)*"
_NUMBER = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|nought|zero)"
_BARE = re.compile(
    rf"^{_LEAD}(?:"
    r"[a-z]{1,2}\d{1,2}[a-z]?(?:\s*\d(?:[a-z]{2})?)?"  # LU3, lu3 2, LU3 2AB
    r"|(?:\+?44|0)[\d\s-]{8,13}\d"  # a phone number
    rf"|{_NUMBER}(?:\s*(?:or|-|to)\s*{_NUMBER})?(?:\s*(?:/|out of)\s*(?:10|ten))?"  # 7, 3 or 4, 7/10
    r")(?:\s+(?:i think|i suppose|please|pls|ish|maybe))?$"
)


def is_bare_answer(text: str) -> bool:
    """True for a lone postcode, part of one, number, score or phone number; small words around it may be."""
    words = " ".join(re.sub(r"[^a-z0-9'/\s+-]", " ", fold(text)).split())
    return words not in WRITTEN_OUT and len(words) <= 30 and bool(_BARE.match(words))
