"""What is told beside the wish for a person: 'can I speak to someone, I am so worried about my rent'.

The classifier takes such a message for the wish alone, and 'talk to someone' in it for loneliness. So the wish is
taken out here, and what is left is read again by itself (assistant/dialogue/agent.py): it reaches the navigator.
"""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import EventType, SlotSet

WISHES_FOR_A_PERSON = ("talk_to_human", "book_callback")
_LEAD = (r"(?:(?:hi|hello|hey|please|pls|plz|can|could|may|might|shall|would|will|is it possible|is|are|any way|i|we|you|u|it|there|be|just|really|rather|"
         r"i'?d|like|love|want|wanna|need|to|do|have|get|let me|try|trying|hoping|wondering|if|prefer|want to|think|should|must|got to|gotta)\s+)*")  # fmt: skip
_PERSON = (r"(?:(?:an?|the|my|your|one of|some|any)\s+)*(?:(?:real|actual|live|proper|human|social|link|prescribing|other)\s+)*"
           r"(?:person|persons|people|human being|human|humans|someone|somebody|anyone|anybody|navigator|worker|prescriber|advis[eo]r|staff|team|you|"
           r"man|woman|lady|{names})(?:\s+(?:real|human|else|proper|in person|from the team|there|on the phone))*")  # fmt: skip
_REACHED = r"(?:ring|call|phone|telephone|contact|get back to|text|speak to|talk to)"
_AFTER = r"(?:\s+(?:please|pls|plz|now|today|back|soon|asap|right now|straight away|urgently|if possible|thanks|thank you|ta))*"
_ABOUT = re.compile(r"^(?:about|regarding|re|concerning|over|on|for|with)\s+", re.IGNORECASE)
_JOINING = re.compile(r"^(?:\W|(?:because|cause|cos|coz|cuz|as|since|and|so|but|that|it'?s|its just|please|pls|plz|thanks)\b)+|"
                      r"(?:\W|\b(?:and|so|but|please|pls|plz|thanks|then|that's why|thats why))+$", re.IGNORECASE)  # fmt: skip
FEWEST = 2  # words that tell of anything


def beside_the_wish(text: str, navigator: str) -> str:
    """What `text` tells beside the wish for a person or a call, '' for nothing; `navigator`: her name."""
    words = " ".join(text.replace("\u2019", "'").split())
    person = _PERSON.replace("{names}", "|".join(re.escape(name) for name in navigator.lower().split()) or "navigator")
    wish = re.compile(
        rf"\b{_LEAD}(?:(?:talk|talking|speak|speaking|spk|chat|chatting|tlk)\s+(?:to|with|2)\s+{person}|"
        rf"{person}\s+(?:that\s+)?(?:i|we)\s+(?:can|could|might)\s+(?:talk|speak|chat)\s+(?:to|with)|"
        rf"{person}\s+(?:please\s+|to\s+|can\s+|could\s+)?{_REACHED}\s+(?:to\s+)?(?:me|us)|"
        rf"(?:book|arrange|set up|have|get|want|need|like|make)\s+(?:me\s+)?an?\s+(?:phone\s*|telephone\s+)?(?:call|chat|appointment)(?:\s*back)?(?:\s+(?:with|from)\s+{person})?|"
        rf"(?:ring|call|phone)\s+me)\b{_AFTER}",
        re.IGNORECASE,
    ).search(words)
    if not wish:
        return ""
    before, after = (_JOINING.sub("", part).strip() for part in (words[: wish.start()], words[wish.end() :]))
    after = _ABOUT.sub("help with ", after)  # 'about my rent' alone is read as nothing
    left = ". ".join(part for part in (before, after) if part)
    return left if len(left.split()) >= FEWEST else ""


def kept(words: str, needs: list[str], slots: dict[str, Any]) -> list[EventType]:
    """Slots that hold what was told, for the call's purpose and for the navigator; nothing where no new need was read."""
    held = list(slots.get("needs") or [])
    new = [need for need in needs if need not in held]
    if not new:
        return []
    matters = [] if slots.get("what_matters") else [SlotSet("what_matters", words[:1000])]
    return [SlotSet("needs", held + new), *matters]
