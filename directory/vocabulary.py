"""Many words, one key: access, languages, audiences and days as listings and patients write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from directory.text import words

# key -> the spellings that mean it. A key means itself. Keys are what filters compare.
ACCESS: dict[str, tuple[str, ...]] = {
    "step_free": ("step free", "level access", "no steps", "no stairs", "ramp", "ground floor", "wheelchair",
                  "wheelchair accessible", "wheelchair access", "disabled access", "lift"),
    "wheelchair": ("wheelchair", "wheelchair accessible", "wheelchair access", "disabled access",
    "step free"),
    "toilet": ("accessible toilet", "disabled toilet", "changing places"),
    "parking": ("parking", "car park", "blue badge parking", "disabled parking", "free parking"),
    "bus": ("near bus stop", "on a bus route", "bus stop", "bus"),
    "hearing_loop": ("hearing loop", "induction loop", "loop"),
    "bsl": ("bsl", "sign language", "british sign language", "bsl interpreter"),
    "quiet": ("quiet space", "quiet room", "quiet", "calm space", "sensory room", "low sensory"),
    "large_print": ("large print", "easy read", "big print"),
    "creche": ("creche", "childcare", "child care", "bring children", "children welcome"),
    "home_visits": ("home visits", "home visit", "visit at home", "we come to you", "at home"),
    "interpreter": ("interpreter", "interpreters", "translation"),
    "transport": ("transport", "transport provided", "minibus", "lifts"),
    "assistance_dog": ("assistance dogs", "assistance dog", "guide dogs", "guide dog"),
}  # fmt: skip

LANGUAGES: dict[str, tuple[str, ...]] = {
    "bengali": ("bengali", "bangla", "sylheti"), "farsi": ("farsi", "persian", "dari"),
    "bsl": ("bsl", "sign language"),
    "chinese": ("chinese", "mandarin", "cantonese"), "punjabi": ("punjabi", "panjabi"),
    "tagalog": ("tagalog", "filipino"), "portuguese": ("portuguese", "brazilian"),
    **{name: (name,) for name in (
        "english", "urdu", "polish", "romanian", "arabic", "gujarati", "hindi", "kurdish", "somali",
        "turkish",
        "tamil", "french", "spanish", "italian", "ukrainian", "russian", "pashto", "albanian", "bulgarian",
        "hungarian", "lithuanian", "slovak", "czech", "greek", "german", "welsh", "gaelic", "nepali",
        "vietnamese", "swahili", "tigrinya",
        "amharic", "yoruba", "igbo", "twi", "shona", "malayalam", "sinhala", "telugu", "marathi",
    )},
}  # fmt: skip

AUDIENCES: dict[str, tuple[str, ...]] = {
    "women": ("women", "woman", "women only", "ladies", "ladies only", "female", "girls", "mums", "mothers"),
    "men": ("men", "man", "men only", "male", "blokes", "dads", "fathers", "boys"),
    "older_people": ("older people", "older adults", "pensioners", "over 50s", "over 55s", "over 60s",
    "over 65s",
                     "retired", "seniors", "elderly"),
    "young_people": ("young people", "young adults", "teenagers", "teens", "youth", "students", "young"),
    "parents": ("parents", "parent", "mums", "dads", "new parents", "mothers", "fathers"),
    "families": ("families", "family", "parents and children", "children"),
    "carers": ("carers", "carer", "unpaid carers", "young carers"),
    "lgbt": ("lgbt", "lgbtq", "lgbt+", "lgbtq+", "lgbtqia", "gay", "lesbian", "bisexual", "trans", "queer"),
    "veterans": ("veterans", "ex forces", "armed forces", "ex service"),
    "refugees": ("refugees", "asylum seekers", "migrants"),
    "disabled_people": ("disabled people", "disabled", "disability"),
    "deaf_people": ("deaf people", "deaf"),
    "blind_people": ("blind people", "blind", "sight loss", "partially sighted"),
    "learning_disability": ("learning disability", "learning disabilities"),
    "autistic_people": ("autistic people", "autistic", "autism", "neurodivergent"),
    "anyone": ("anyone", "everyone", "all", "all welcome", "open to all", "adults"),
}  # fmt: skip

# A group for one of these is not given to somebody who asked for the other.
OPPOSITES = {"women": "men", "men": "women"}

LABELS = {
    "step_free": "step-free", "wheelchair": "wheelchair friendly", "toilet": "accessible toilet",
    "bus": "near a bus stop",
    "hearing_loop": "hearing loop", "bsl": "sign language", "quiet": "a quiet space",
    "large_print": "large print",
    "home_visits": "home visits", "assistance_dog": "assistance dogs welcome", "older_people": "older people",
    "young_people": "young people", "lgbt": "LGBT+ people", "disabled_people": "disabled people",
    "deaf_people": "deaf people", "blind_people": "people with sight loss",
    "learning_disability": "people with a learning disability", "autistic_people": "autistic people",
}  # fmt: skip


@lru_cache(maxsize=8)
def _spellings(kind: str) -> dict[str, frozenset[str]]:
    table = {"access": ACCESS, "languages": LANGUAGES, "audience": AUDIENCES}[kind]
    found: dict[str, set[str]] = {}
    for key, names in table.items():
        for name in (key.replace("_", " "), *names):
            found.setdefault(" ".join(words(name)), set()).add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


@lru_cache(maxsize=4096)
def keys_of(kind: str, value: str) -> frozenset[str]:
    """The keys a listing's value stands for ('wheelchair accessible' -> step_free, wheelchair).

    `kind` is 'access', 'languages' or 'audience'. A value not in the tables is its own key, in small letters.
    """
    flat = " ".join(words(re.sub(r"\bonly\b", "", value.casefold())))
    known = _spellings(kind).get(flat)
    return known if known else frozenset([flat]) if flat else frozenset()


def all_keys(kind: str, values: Iterable[str]) -> frozenset[str]:
    """The keys of several values together."""
    return frozenset().union(*(keys_of(kind, value) for value in values))


def wanted_key(kind: str, value: str) -> str:
    """The one key a patient's wish stands for ('ladies only' -> women); its own words when unknown."""
    keys = keys_of(kind, value)
    table = {"access": ACCESS, "languages": LANGUAGES, "audience": AUDIENCES}[kind]
    flat = " ".join(words(value)).replace(" ", "_")
    if flat in keys:
        return flat
    return next((key for key in table if key in keys), next(iter(keys), ""))


def label(key: str) -> str:
    """A key in words a patient reads."""
    return LABELS.get(key, key.replace("_", " "))
