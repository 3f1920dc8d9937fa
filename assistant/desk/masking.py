"""What patients wrote, made fit to be read for its wording alone: numbers, postcodes, addresses and names masked.

A mask is no promise: a name without a capital, or a story known in the town, passes. So the page asks for a sign-in,
each look is in the audit, and a person reads every line before it becomes an example.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_NAME = r"[A-Z][a-z][\w'-]*"
_NAMES = rf"{_NAME}(?: {_NAME})*"
_EMAIL = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+", re.I)
# Six figures or more, set apart as people set them: phone and NHS numbers, dates of birth, National Insurance.
_NUMBER = re.compile(r"\+?\(?\d(?:[ ()/-]{0,2}\d){5,}")
# The outward half names a district and stays; the inward half leads to a few doors (it never holds C I K M O V).
_POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*\d[ABD-HJLNP-UW-Z]{2}\b", re.I)
_ADDRESS = re.compile(
    r"\b\d{1,4}[a-z]?,? (?:(?i:(?:[a-z']+ ){1,2}(?:road|rd|street|avenue|ave|lane|crescent|terrace))|"
    r"(?:[A-Z][\w']* ){1,3}(?:St|Close|Drive|Way|Court|Gardens|Place|Walk|Green|Hill|Grove|House))\b"
)
# What leads to a name stays, the name goes. Without a capital only 'my name is' leads surely to one.
_LEADS = (
    re.compile(rf"\b((?:Mr|Mrs|Miss|Ms|Dr|Doctor|Nurse|Imam|Rev)\.?) {_NAMES}"),
    re.compile(
        r"\b((?i:(?:my|his|her|their) name(?:'s| is)|i(?: am|'m) called)) "
        rf"(?!(?:on|in|not|no|too|a|the|so|spelt)\b)[\w'-]+(?: {_NAME})*"
    ),
    re.compile(rf"\b((?i:call me|ask for|this is|speak to|talk to|see)) {_NAMES}"),
    re.compile(rf"\b((?i:i am|i'm|im|it's)) (?:{_NAME}(?: {_NAME})+|{_NAME}(?=[.,!]|$| from| and| here))"),
    re.compile(
        r"\b((?i:husband|wife|partner|son|daughter|mum|mother|dad|father|brother|sister|friend|nan|neighbou?r|carer)"
        rf"(?: called| named|,| is)?) {_NAMES}"
    ),
)
_MASK = re.compile(r"\[(?:number|postcode|address|name|email)\]")
_WORD = re.compile(r"[a-z0-9']+")
# Two messages with this share of their words in common ask the same.
ALIKE = 0.75


def masked(text: str, person: str | None = None) -> str:
    """`text` in one line, with [number], [postcode], [address], [email] and [name]; `person` is their name where told."""
    out = " ".join(unicodedata.normalize("NFKC", text).replace("\u2019", "'").split())
    out = _EMAIL.sub("[email]", out)
    out = _POSTCODE.sub(r"\1 [postcode]", out)
    out = _NUMBER.sub("[number]", out)
    out = _ADDRESS.sub("[address]", out)
    for name in (person or "").split():
        if len(name) > 1:
            out = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[name]", out, flags=re.I)
    for lead in _LEADS:
        out = lead.sub(r"\1 [name]", out)
    return re.sub(r"\[name\](?: \[name\])+", "[name]", out)


def plain(text: str) -> str:
    """A masked text without its masks, as an example for training."""
    return " ".join(_MASK.sub(" ", text).split())


def telling(text: str) -> str | None:
    """What in a line could lead to a person ('a number', 'an email'): such a line must not be kept. None when nothing."""
    kinds = {"an email or web address": _EMAIL, "a postcode": _POSTCODE, "a long number": _NUMBER, "an address": _ADDRESS}
    return next((words for words, pattern in kinds.items() if pattern.search(text)), None)


def words_of(text: str) -> frozenset[str]:
    """The words of a masked text, for likeness."""
    return frozenset(_WORD.findall(text.lower()))


def mark_of(text: str) -> str:
    """A short hash of the words of a masked text in their order: the same words, the same mark; the words stay here."""
    return hashlib.sha256(" ".join(_WORD.findall(text.lower())).encode()).hexdigest()[:24]


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two messages say the same, by their words."""
    if min(len(one), len(other)) < ALIKE * max(len(one), len(other), 1):
        return False
    return len(one & other) >= ALIKE * len(one | other)
