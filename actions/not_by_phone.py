"""People who are not to be rung, or not texted: what they say of it, whenever they say it, and how they are reached instead.

'Don't text and no message' was said three questions early, by somebody whose partner reads her phone; a person who is
deaf was asked for a number to ring. Both are heard at once. A no to a way of being reached is kept; a yes only where
the number is known.
"""

from __future__ import annotations

import re
from typing import Any

from actions.contact_details import told_number
from actions.reading import Reading
from actions.surroundings import surroundings

WRITTEN = "written"  # the kind of handover in which nobody rings
_DONT = r"(?:do not|don'?t|dont|dnt|never|no|not|please not|cannot|can'?t|cant|without)"
_NO_TEXT = re.compile(rf"\b{_DONT} (?:\w+ ){{0,2}}?(?:text|texts|texting|txt|sms|messages? to my phone)\b")
_NO_MESSAGE = re.compile(rf"\b(?:{_DONT} (?:\w+ ){{0,2}}?(?:leave|leaving) (?:\w+ ){{0,2}}?(?:messages?|voicemails?|anything)|no (?:\w+ )?(?:messages?|voicemails?)|{_DONT} (?:leave|use) (?:the )?(?:answer ?phone|machine|voice ?mail))\b")
_TEXT_IS_FINE = re.compile(r"\b(?:texts?|texting)(?: me)? (?:is|are|yes|is all|would be|will be)?\s*(?:fine|ok|okay|safe|good|best|please|yes|all right|alright)\b|\byou (?:can|may) text\b")
_CANNOT_PHONE = re.compile(
    r"\b(?:can'?t|cannot|can not|cant|unable to|not able to|don'?t|dont|do not|hate|never|rather not|no good (?:at|on)) (?:really |very well |ever )?(?:use|do|hear (?:on|over)|talk(?:ing)? on|speak(?:ing)? on|manage|cope with|like|answer|answering)"
    r" (?:the |a |my |any |using the )?(?:tele)?phones?(?: calls?)?\b|"
    r"\b(?:i'?m|i am|im|being|as i am) (?:\w+ ){0,2}deaf\b(?! in)|"
    r"\b(?:please )?(?:do not|don'?t|dont|never) (?:ring|phone|call) (?:it|me on it|that number|this number|the number)\b|\bno (?:phone )?calls\b|\b(?:not|without) (?:by |on |a |using (?:a|the) )(?:tele)?phone(?: call)?\b|\brather (?:you )?(?:text|e-?mail|write)\b|"
    r"\b(?:just|only) (?:text|e-?mail) me\b|\b(?:text|e-?mail) (?:me )?(?:instead|would be (?:best|better|easier))\b|\bby (?:e-?mail|letter|text)(?: only| instead| please|$)|"
    r"\b(?:see|meet|talk to|speak to) (?:\w+ ){1,3}(?:in person|face to face)\b|\b(?:meet|come in|talk) (?:in person|face to face)\b"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DEAF = frozenset({"deaf_people", "bsl", "BSL"})


def not_to_be_rung(words: str) -> bool:
    """Whether the words ask to be reached in another way than by phone."""
    return bool(_CANNOT_PHONE.search(_plain(words)))


def known_to_be_deaf(wishes: dict[str, Any] | None) -> bool:
    """Told before: 'I am deaf', 'a BSL interpreter'."""
    held = wishes or {}
    return bool(DEAF & {*(held.get("is") or []), *(held.get("access") or []), *(held.get("language") or [])})


def what_is_safe(message: Reading, number: str | None) -> str | None:
    """What the words rule out, as a value of `safe_to_text`; a plain 'text is fine' only of a mobile that is known."""
    words = _plain(message.words)
    no_text, no_message = bool(_NO_TEXT.search(words)), bool(_NO_MESSAGE.search(words))
    if no_text:
        return "ring_only"  # of a message nothing good was said
    texts = bool(number) and surroundings().can_be_texted(str(number))
    if no_message:
        return "text_only" if texts and (_TEXT_IS_FINE.search(words) or message.intent == "affirm") else "ring_only"
    return None


def address_in(message: Reading) -> str | None:
    """An e-mail address, or a number, to be written to."""
    found = _EMAIL.search(message.words)
    return found[0] if found else None if surroundings().no_capture else told_number(message)


def _plain(words: str) -> str:
    return " ".join(words.lower().replace("\u2019", "'").split())
