"""What a service costs in words: one sentence that holds the free sessions and the price after them, and what stays free."""

from __future__ import annotations

import re
from typing import Any

from directory.records import Listing

# The provider's own words are kept where they say more than 'free', or say themselves what is free first.

_PLAIN_FREE = re.compile(r"free(?: for (?:the first )?\d+ sessions?)?(?:,? then\b.*)?", re.IGNORECASE)
_SAYS_WHAT_IS_FREE = re.compile(r"\bfirst\b.*\bfree\b|\bfree for\b", re.IGNORECASE)
_ONLY_FIGURES = re.compile(r"\d+(?:\.\d{1,2})?")
_FREE = re.compile(r"\bfree\b|\bno (?:\w+[- ])*charge\b|\bno cost\b|\buntil\b", re.IGNORECASE)
_CHARGE = re.compile(r"£\s?\d*\.?\d*[1-9]|\b\d+p\b|\bfees?\b|\botherwise\b|\bdonations?\b|\bby income\b|^\d*\.?\d*[1-9]\d*$", re.IGNORECASE)


def cost_now(listing: Listing) -> str | None:
    """'The first 3 sessions are free, then £5 for lunch': nobody is told of a price without the free sessions, or the other way round."""
    cost, count = listing.cost, listing.free_sessions
    priced = bool(listing.cost_amount)
    own_words = cost is not None and not _PLAIN_FREE.fullmatch(cost.strip()) and not (priced and not _SAYS_WHAT_IS_FREE.search(cost))
    after = listing.cost_afterwards or (cost if priced else None)
    if not count or own_words or (cost is not None and stays_free(after)):
        return cost
    first = "the first session is free" if count == 1 else f"the first {count} sessions are free"
    later = None if stays_free(after) else money(after)
    return first if later is None else f"{first}, then still {later}" if later.startswith("free") else f"{first}, then {later}"


def stays_free(afterwards: str | None) -> bool:
    """Whether nothing is said of a price later: 'stays free', 'no charge', or nothing at all."""
    words = (afterwards or "").strip()
    return not words or (bool(_FREE.search(words)) and not _CHARGE.search(words))


def money(text: Any) -> str | None:
    """A cell of a directory as a person reads it: '4.50' is £4.50, '0' is free; None when nothing is known."""
    words = str(text).strip() if text is not None else ""
    if not words:
        return None
    if not _ONLY_FIGURES.fullmatch(words):
        return words
    if not float(words):
        return "free"
    return f"£{float(words):.2f}".removesuffix(".00")
