"""A name, a number and what is safe to do with it, read from a person's words."""

from __future__ import annotations

import re

from actions.reading import Reading
from actions.stepped_form import SKIPPED
from actions.surroundings import surroundings

FIGURES_OF_A_NUMBER = 5  # so many figures are meant as a telephone number, whatever stands around them
LONGEST_NAME = 5  # words; more are a sentence
LONGEST_WRITTEN_AS_NAMES = 10  # unless each begins as names do: some people have eight
_A_NUMBER = re.compile(r"(?:\+44|\b0)[\d ()-]{9,14}")
_NO_NAME = re.compile(r"(?:no|none|no name|nobody|no thanks?|anonymous|anyone|rather not|prefer not|i'?d rather not|don'?t)\b")
_LEADS = ("my name is ", "my names ", "i'm ", "im ", "it's ", "its ", "call me ", "i am ", "name is ")
_COMMANDS = frozenset("save show send print remove delete cancel find search text email book change stop help more next back yes yeah yep yh ok okay sure".split())


def told_number(message: Reading) -> str | None:
    """A number that can be rung, wherever in the words it stands, as E.164."""
    told = [message.first("phone"), *_A_NUMBER.findall(message.words)]
    return next((number for number in map(surroundings().valid_number, filter(None, told)) if number), None)


def number_in(message: Reading) -> str | None:
    """`told_number`, where one may be taken: not of somebody who said to be under 16."""
    return None if surroundings().no_capture else told_number(message)


def tries_a_number(message: Reading) -> bool:
    """Whether the words hold a telephone number, usable or not."""
    return sum(c.isdigit() for c in message.words) >= FIGURES_OF_A_NUMBER


def safe(message: Reading) -> str | None:
    """'Text only' and 'just ring me' in other words."""
    words = message.words.lower()
    if "text" in words and "only" in words:
        return "text_only"
    return "ring_only" if "ring" in words or "call" in words else None


def _written_as_names(words: str) -> bool:
    """Whether every word begins with a capital, or is of a script that has none. Somebody who shouts a sentence writes no name."""
    shouted = words == words.upper() != words.lower()
    return not shouted and not any(word[0].islower() for word in words.split())


def read_name(message: Reading) -> str | None:
    """The name as typed, without 'my name is'; None for a refusal, and for what is no name: figures, commands, sentences."""
    if message.intent in ("skip", "deny") and not message.first("name"):
        return None
    words = str(message.first("name") or message.words)
    if _NO_NAME.match(words.lower()):
        return SKIPPED
    lead = next((lead for lead in _LEADS if words.lower().startswith(lead)), "")
    words = " ".join(words[len(lead):].split())[:80].strip(" .,!")
    if any(c.isdigit() for c in words) or not any(c.isalpha() for c in words):
        return None
    most = LONGEST_WRITTEN_AS_NAMES if _written_as_names(words) else LONGEST_NAME
    if len(words.split()) > most or (not lead and words.lower().split()[0] in _COMMANDS):
        return None
    return words
