"""Numbers that a press dials or texts: made from the practice's contacts alone, never from what somebody wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

_TEXT = re.compile(r"\bText (?:(?P<word>[A-Z]+) to )?(?P<number>\d[\d ]*\d)")
# As people write them. A menu's "option 2" is part of what is read; "55" and the figures of a web address are no numbers.
_CALL = re.compile(r"(?<![\w.])(?P<number>\d[\d ]*\d\d)(?!\w|\.\w)(?:, option \d)?")
# Three figures alone may be a bus or a room; these two may not.
_ALWAYS = ("999", "111")


def numbers_to_press(contacts: Iterable[Any], *phones: str) -> dict[str, str | None]:
    """What stands in a text -> the address a press opens. None: words with figures in them that must stay words."""
    found: dict[str, str | None] = {}
    for contact in contacts:
        ways = dict(_ways(contact.contact))
        if not ways and re.search(r"\d", contact.name):
            found[contact.name] = None  # "999 BSL" is no call to 999
        for words, address in ways.items():
            if len(words) > 3 or words in _ALWAYS:
                found.setdefault(words, address)
    for phone in phones:
        found.setdefault(phone, f"tel:{_digits(phone)}")
    return found


def _ways(contact: str) -> Iterable[tuple[str, str]]:
    if text := _TEXT.search(contact):
        body = f"?&body={text['word']}" if text["word"] else ""  # this spelling is read by both kinds of phone
        yield text.group(), f"sms:{_digits(text['number'])}{body}"
        return
    for call in _CALL.finditer(contact):
        yield call.group(), f"tel:{_digits(call['number'])}"


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit() or character == "+")


def pressed(text: str, numbers: Mapping[str, str | None]) -> Markup:
    """The text, escaped, with its numbers made links; static/dom.js does the same in the chat."""
    out, place = Markup(), 0
    for match in _spots(tuple(numbers)).finditer(text) if numbers else ():
        words = match.group()
        address = numbers[words]
        out += escape(text[place : match.start()])
        out += Markup('<a class="nowrap" href="{}">{}</a>').format(address, words) if address else escape(words)
        place = match.end()
    return out + escape(text[place:])


@lru_cache(maxsize=16)
def _spots(words: tuple[str, ...]) -> re.Pattern[str]:
    """Where any of them stands on its own, the longest first."""
    return re.compile(rf"(?<![\w.£])(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})(?!\w|\.\w)")
