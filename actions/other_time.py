"""The part of a message that asks for another day or time: 'is that bin day? no, can it be Thursday, same time'.

Only a part that says nothing else counts. 'My money stops on Friday' tells of a Friday, and asks for none.
"""

from __future__ import annotations

import re

_PARTS = re.compile(
    r"[.!?;,]+(?!\d)|\b(?:but|because|cos|coz|though|tho)\b|"
    r"\s(?=(?:can|could|shall|may) (?:it|we|you|u|i|they) |make (?:it|that)\b|change (?:it|that)\b|move (?:it|that)\b|(?:how|what) about |actually\b|let'?s )"
)
_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:s|r|rs|nes|ur)?(?:day)?s?\b")
_OTHER_DAY = re.compile(r"\b(?:today|tomorrow|tomoz|tomo|tmrw|tmw|\d{1,2}(?:st|nd|rd|th)|(?:next|this) (?:week|wk))\b")
_CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d\d)? ?[ap]m\b|\b\d{1,2}[:.]\d\d\b|\b(?:half|quarter) (?:past|to)\b|\bo'?clock\b|\bnoon\b|\bmidday\b|"
                    r"\b(?:at|about|around|say|it|after|before|past) (?:\d{1,2}|one|two|three|four|five|six|nine|ten|eleven|twelve)\b")  # fmt: skip
_HALF_OF_A_DAY = re.compile(r"\b(?:mornings?|afternoons?|evenings?)\b")
_REFUSED = r"(?:not|no|never|except|can'?t|cannot|can'?t do|cannot do|can'?t make|cannot make|don'?t want|won'?t do)(?: on| the| a)?"
_REFUSED_BEFORE = re.compile(rf"\b{_REFUSED} $")
_REFUSED_AFTER = re.compile(r"(?:'s|s)? (?:is |are |was )?(?:really )?(?:no good|not good|no use|bad|not ok|isn'?t|won'?t|doesn'?t|don'?t|i can'?t|i'?m busy)\b")
_ASKING = re.compile(
    r"\b(?:can|could|may|shall|would|make|change|move|swap|switch|instead|rather|better|prefer|ok|okay|alright|suits?|how about|what about|"
    r"same (?:time|day)|actually|sorry|wait|hang on|hold on|no|nope|i meant?|i'?d like|let'?s)\b"
)
_SMALL = frozenset(
    """can could may shall will would we you u i it they she he be do make say have change move swap switch put ring call phone me instead rather
    better ok okay k alright fine good best great please pls plz thanks thank ta oh ah er um hm hang hold on wait no nope not actually sorry well so
    and or at about around to for the a an that this these same time day hour one if possible poss is are was its it's thats that's i'd id im i'm
    let's lets how what meant mean want like prefer then now maybe perhaps suit suits works just any second sec changed mind my of after before
    until till from by later earlier than bit little half past quarter o'clock oclock am pm noon midday morning mornings afternoon afternoons evening
    evenings next week wk today tomorrow tomoz tomo tmrw tmw yes yeah yh there two three four five six seven eight nine ten eleven twelve thirty""".split()
)


def asked_time(words: str) -> str:
    """The parts of `words` that ask for a day or time and say nothing else; '' where there is none."""
    parts = [part for piece in _PARTS.split(" ".join(words.lower().replace("\u2019", "'").split())) if (part := piece.strip())]
    turned_down = any(_DAY.search(part) and not days_in(part) for part in parts)
    found = [part for part in parts if _is_time_alone(part) and (turned_down or len(parts) == 1 or _ASKING.search(part))]
    if len(parts) == 1 and found and not _ASKING.search(found[0]) and not (_DAY.search(found[0]) or _OTHER_DAY.search(found[0])):
        return ""  # 'evenings', '3pm': an answer to whatever was asked
    return " ".join(found)


def days_in(part: str) -> list[str]:
    """'mon' to 'sun' as named and not turned down."""
    found = [match for match in _DAY.finditer(part)
             if not _REFUSED_BEFORE.search(part[: match.start()]) and not _REFUSED_AFTER.match(part, match.end())]  # fmt: skip
    return list(dict.fromkeys(match[1] for match in found))


def names_a_date(part: str) -> bool:
    """'Tomorrow', 'the 26th': a day that is no day of the week."""
    return bool(_OTHER_DAY.search(part))


def _is_time_alone(part: str) -> bool:
    timed = days_in(part) or (not _DAY.search(part) and any(kind.search(part) for kind in (_OTHER_DAY, _CLOCK, _HALF_OF_A_DAY)))
    if not timed:
        return False
    left = _CLOCK.sub(" ", _OTHER_DAY.sub(" ", _DAY.sub(" ", part)))
    return all(word in _SMALL or re.fullmatch(r"\d{1,2}", word) for word in re.findall(r"[\w']+", left))
