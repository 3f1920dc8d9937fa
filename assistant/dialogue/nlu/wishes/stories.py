"""Whether a stretch of a longer message wishes for something, or only tells of days gone by."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

SHORT = 8  # words: so short a message is an answer or a request
_WISHING = re.compile(
    r"\b(?:(?:can|could)(?: only| just| also| always| really)? (?:do|make|come|manage|get to|go|be|i|you|we"
    r"|she|he|they|it|that|my)|free|available|suits?|best|better|ideal(?:ly)?|works? for|"
    r"would|i'd|want|wanna|wants|prefer|preferably|need|needs|any|anything|something|summat|somewhere"
    r"|anywhere|is there|are there|looking|look for|find|show|where|"
    r"what's|which|please|ok(?:ay)?|fine|call|ring|phone|telephone|appointments?|book|join|slots?|have you"
    r"|do you|got any|sessions?|when is|swap|move|change|cancel|"
    r"i only|only do|do (?:mon|tues|wednes|thurs|fri|satur|sun)days?|hoping|wish|should (?:like|prefer)"
    r"|good for|like to|love to|nothing|isn't|not|no good|interested|"
    r"list of|what time|i can|i could|at a time|during school|convenient|try|maybe|perhaps|if poss"
    r"|if possible)\b"
)
_SENTENCE_END = re.compile(r"[.!?;](?: |$)")


def wished(spoken: Spoken, item: Found) -> bool:
    """Whether the sentence around `item` asks for something. Short messages always do."""
    if spoken.count <= SHORT:
        return True
    plain = spoken.plain
    start = 0
    for match in _SENTENCE_END.finditer(plain, 0, item.start):
        start = match.end()
    end_match = _SENTENCE_END.search(plain, item.end)
    end = end_match.start() if end_match else len(plain)
    return plain.count(" ", start, end) < 4 or bool(_WISHING.search(plain, start, end))
