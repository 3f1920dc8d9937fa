"""Wishes said inside a search ('a free women only class in Urdu on Tuesday evenings'): they lift what fits
them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from directory.records import DAYS
from directory.vocabulary import ACCESS, AUDIENCES, LANGUAGES

_WOMEN_ONLY = re.compile(
    r"\b(?:(?:women|woman|ladies|female|girls)(?:'s)? only|(?:just|only)(?: for)? (?:women|ladies)|no men)\b"
)
_MEN_ONLY = re.compile(
    r"\b(?:(?:men|man|male|blokes|lads)(?:'s)?[ -]only|(?:just|only)(?: for)? (?:men|blokes)|no women)\b"
)
_FREE = re.compile(
    r"\b(?:free|no cost|costs? nothing|cannot afford to pay|can't afford to pay)\b(?! time| period)"
)
_ONLINE = re.compile(r"\b(?:online|on zoom|over zoom|video call|from home)\b")
_PART = {
    "morning": r"\bmornings?\b",
    "afternoon": r"\bafternoons?\b",
    "evening": r"\b(?:evenings?|after work|at night)\b",
}
_DAY = re.compile(r"\b(mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?\b")
# Words of the tables that say something else in ordinary speech.
_ORDINARY = frozenset(
    ("all", "everyone", "anyone", "adults", "family", "children", "man", "men", "woman", "women", "male",
    "female", "boys",
     "girls", "at home", "bus", "transport", "quiet", "loop", "lift", "lifts", "young", "parking",
     "students", "english",
     "retired", "mums", "dads", "mothers", "fathers", "trans", "translation", "children welcome",
     "bring children")
)  # fmt: skip


@dataclass(frozen=True)
class Wishes:
    """What a text asks for beside its meaning; keys are those of `vocabulary`."""

    only_for: str | None = None
    audience: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    part_of_day: str | None = None
    free: bool = False
    online: bool = False


@lru_cache(maxsize=512)
def wishes_in(text: str) -> Wishes:
    """The wishes said in `text`; nothing is guessed from single ambiguous words ('my man', 'at home')."""
    flat = " ".join(
        re.sub(r"[^a-z0-9'£ ]+", " ", text.casefold().replace("-", " ").replace("\u2019", "'")).split()
    )
    only = "women" if _WOMEN_ONLY.search(flat) else "men" if _MEN_ONLY.search(flat) else None
    audience = _mentioned("audience", flat)
    return Wishes(
        only_for=only,
        audience=tuple(dict.fromkeys(([only] if only else []) + audience)),
        access=tuple(_mentioned("access", flat)),
        languages=tuple(_mentioned("languages", flat)),
        days=tuple(day for day in DAYS if any(m[1][:3] == day for m in _DAY.finditer(flat))),
        part_of_day=next((part for part, pattern in _PART.items() if re.search(pattern, flat)), None),
        free=bool(_FREE.search(flat)),
        online=bool(_ONLINE.search(flat)),
    )


def _mentioned(kind: str, flat: str) -> list[str]:
    keys = []
    for match in _pattern(kind).finditer(flat):
        for key, names in _TABLES[kind].items():
            if match[0] == key.replace("_", " ") or match[0] in names:
                keys.append(key)
                break
    return list(dict.fromkeys(keys))


_TABLES = {"access": ACCESS, "languages": LANGUAGES, "audience": AUDIENCES}


@lru_cache(maxsize=4)
def _pattern(kind: str) -> re.Pattern[str]:
    names = {name for key, all_names in _TABLES[kind].items() for name in (key.replace("_", " "), *all_names)}
    chosen = sorted((name for name in names - _ORDINARY if name.isascii()), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(name) for name in chosen) + r")\b")
