"""Which services on the screen a message points at: by their place ('the third 1', '2 and 3') or by name ('the lunch one')."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from directory.lexical import stem

ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
            "last": -1, "final": -1, "top": 1, "middle": 2, "bottom": -1}  # fmt: skip
NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_ORDINAL = rf"(?:{'|'.join(ORDINALS)})"
_NUMBER = rf"(?:\d{{1,2}}|{'|'.join(NUMBERS)})"
_THING = r"(?:one|1|wan|yin|place|group|option|service|choice|suggestion|club|class)"
_COUNTED = r"(?:number |num |no\.? ?|option |choice |#)"
_PLACE = (rf"(?:(?:the |my |that |this |dat )?{_COUNTED}?{_ORDINAL}(?: (?:{_THING}|two|three))?|(?:the |my )?{_COUNTED}?{_NUMBER}\b|both(?: of them)?|all(?: of)?"
          r"(?: the)?(?: three| two| them| these| those)?|(?:them|these|those)(?: all| both)?)")  # fmt: skip
PLACES = rf"{_PLACE}(?:(?: ?, ?and | ?, ?| ?& ?| ?\+ ?| and | or | plus | )(?:{_PLACE}))*"
# Inside a longer message only what can mean nothing else: 'my last place' and 'the first group I went to' are stories.
_POINTED = re.compile(
    rf"(?<!my )(?<!our )(?<!his )(?<!her )\b(?:{_ORDINAL} {_THING}\b|(?:number|num|option|choice) ?{_NUMBER}\b|\bno ?\d\b"
    rf"|the {_ORDINAL}(?= ?(?:$|[,.!?]|and\b|or\b|please\b|pls\b)))(?! (?:that )?(?:i|we|they|he|she) (?:went|was|had|tried|used|got|lived|did|ever)\b)"
)
_THE_ONE = re.compile(rf"\b(?:the|that|this|dat|teh) (?P<kind>[a-z']+(?: [a-z']+)?) {_THING}\b")
# Words of a name that could be any other's too.
_ANY_NAME = frozenset("the and for with from your our you all new group club class service centre project team one place".split())
ALIKE, LONG = 0.84, 5  # 'goldn' is 'golden'; short words are too easily alike


def places_in(words: str, count: int) -> list[int]:
    """Numbers of a list that `words` name, in their order; -1 is the last, 'both' and 'all' are all of `count`."""
    said = re.sub(rf"\b({_ORDINAL}) (?:one|1|wan|yin)\b", r"\1", re.sub(r"\b(?:that|this|which) one\b", " ", words.lower()))
    if first := re.search(r"\bfirst (two|three|2|3)\b", said):
        return list(range(1, (NUMBERS.get(first[1]) or int(first[1])) + 1))
    if whole := re.search(r"\b(?:all(?: of)?|both|them|these|those)\b(?: the| of them)?(?: (two|three|2|3))?", said):
        several = {"two": 2, "2": 2, "three": 3, "3": 3}.get(whole[1] or "", 2 if "both" in said else count)
        return list(range(1, count + 1)) if several == count else []
    found: list[int] = []
    for word in re.findall(r"[a-z]+\b|\d+(?:st|nd|rd|th)?", said):
        number = ORDINALS.get(word) or NUMBERS.get(word) or (int(word) if word.isdigit() else None)
        if number and number not in found:
            found.append(number)
    return found


def places_pointed_at(words: str, count: int) -> list[int]:
    """The places that a message of any length points at in so many words: 'are there steps at the first place, I have a bad hip'."""
    return [place for match in _POINTED.finditer(words.lower()) for place in places_in(match[0], count)]


def without_places(words: str) -> str:
    """The rest of the message: 'number 2' asks for no telephone number."""
    return _POINTED.sub(" ", words.lower())


def named(words: str, services: Sequence[dict[str, Any]]) -> list[str]:
    """The id of the one service whose name, or part of it, is said; or that 'the singing one' can only mean. None when two fit."""
    said = name_words(words)
    hits = {service["id"]: sum(any(_alike(own, word) for word in said) for own in name_words(service["name"])) for service in services}
    if ids := _only_best(hits):
        return ids
    kind = _THE_ONE.search(words.lower())
    wanted = name_words(kind["kind"]) - set(ORDINALS) if kind else set()
    return _only_best({s["id"]: len(wanted & name_words(f"{s['name']} {s.get('summary') or ''}")) for s in services})


def name_words(text: str) -> set[str]:
    """The words that tell one name from another, without their endings."""
    return {stem(word) for word in re.findall(r"[a-z]{3,}", text.lower().replace("\u2019", "'")) if word not in _ANY_NAME}


def _alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= LONG and SequenceMatcher(None, one, other).ratio() >= ALIKE)


def _only_best(hits: dict[str, int]) -> list[str]:
    most = max(hits.values(), default=0)
    best = [listing_id for listing_id, count in hits.items() if count == most]
    return [str(best[0])] if most and len(best) == 1 else []
