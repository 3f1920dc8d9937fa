"""The thing a question asks for by name ('a boxing gym', 'chess club'), to say so when no listing has it."""

from __future__ import annotations

import re

from directory.lexical import terms
from directory.text import words

_ASK = re.compile(
    r"\b(?:find(?: me)?|looking for|look for|search(?:ing)? for|is there|are there|any|know of|i(?:'d| would)? (?:want|like|fancy)|i need"
    r"|show me|give me|got|do you have|have you got)(?: to (?:do|try|join|go to|learn))? (?:an?|any|some|the|my|local|me an?) "
    r"(?P<thing>[a-z' -]+)"
)
# Where the thing ends, and how it should be begins.
_ENDS = re.compile(
    r"\b(?:near|in|at|on|for|with|that|where|to|who|which|by|i|so|and|or|please|pls|thanks|around|round|close|nearby|local|this|next"
    r"|every|when|because|but|not|of|about|from|without|within|people|men(?!'?s\b)|women(?!'?s\b)|mornings?|afternoons?|evenings?|here)\b"
)
# What any group may be called: alone it names nothing.
_ANY = frozenset(
    """club group class lesson session course gym centre center team place meeting meet meetup circle workshop society service activity
    event thing something somewhere somebody someone person help support advice free cheap local good nice new small friendly proper
    decent beginner adult weekly regular online evening morning afternoon weekend drop quiet gentle easy fun social women men mens
    womens men's women's ladies lads step access wheelchair accessible speaking other different else more way idea chance information info job work
    charity organisation scheme number list navigator call appointment kind sort bit one ones option suggestion counsellor counselling
    therapist therapy adviser advisor worker doctor nurse friend company""".split()
)
MOST_WORDS = 3


def thing_named(text: str) -> tuple[str, ...]:
    """The words that say what is asked for, () when it is not asked for by name."""
    asked = list(_ASK.finditer(" ".join(text.casefold().replace("\u2019", "'").split())))
    if not asked:
        return ()
    thing = _ENDS.split(asked[-1]["thing"])[0]
    own = words(thing)
    if not 1 <= len(own) <= MOST_WORDS:
        return ()
    return tuple(word for word in own if terms(word) and not {word, word.removesuffix("s"), word.removesuffix("es")} & _ANY)
