"""Answers that are a number, and places in a list: '7/10', 'about a 6', 'the second one', 'no 2 pls'."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.numbers import ORDINALS, SMALL_WORDS, WORDS, number_of, ordinal_of
from assistant.dialogue.nlu.wishes.refusal import kept
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_LEAD = (
    r"(?:(?:i'd|i would|i|id|it's|its|it is|that's|say|said|give it|give|go for|put|call it|about|around"
    r"|roughly|maybe|probably|prob|perhaps|like|well|oh|um+|er+m?|hmm+|erm|ok|okay|so|yes|no|sorry|a|an"
    r"|only|just|think|"
    r"guess|suppose|i'm|be|am|between|put it at|should put it at|should say|should|my score is|score"
    r"|answer is|answer|the|today|feeling|somewhere|now)[ ,.:-]+)*"
)
_TAIL = (
    r"(?:[ ,.]+(?:please|maybe|i think|i suppose|i guess|today|love|ish|or so|probably|really|thanks|ta"
    r"|at the moment|i'd say|most days|now|then|tops|at best|sorry|mate|duck))*[ .!?]*"
)
_NUMBER = re.compile(
    rf"{_LEAD}(?:(?:\d{{1,2}}|{SMALL_WORDS}),? (?:no|sorry|wait|actually|i mean),? )?(?P<n>\d{{1,3}}"
    rf"|{WORDS}|nought|nil)(?:ish)?(?:(?: ?/ ?| out of )(?:10|ten)(?: |$)?)?{_TAIL}$"
)
_POSITION_WORD = rf"(?P<ord>{ORDINALS}|last|middle|top|bottom|final)"
_THING = (
    r"(?:one|1|option|choice|place|group|suggestion|service|thing|class|club|listing|on the list|on there"
    r"|you (?:sent|said|gave))"
)
_CHOOSE = (
    r"(?:like|liked|take|have|try|want|fancy|choose|pick|elect|prefer|go for|go with|go to|about|with"
    r"|tell me about|more on|is|save|book|see|sounds|interested in|please|yes|do|prefer|for|send me|show me"
    r"|ask about|and|or|not|but)"
)
_POSITIONS = re.compile(
    rf"(?:\b(?:the )?{_POSITION_WORD} {_THING}\b(?! (?:of (?:the )?(?:month|week|year)))"
    rf"|(?:\b{_CHOOSE} (?:to )?|[,.;] ?)the (?P<ord2>{ORDINALS}|last|middle|top|bottom|final)(?= ?(?:$"
    rf"|[.,:!?]|please|and|or|sounds|looks|then|is|seems|if|because|not|suits))"
    rf"|\b(?:numbers?|num|option|choice|#) ?(?P<n>\d{{1,2}}|{SMALL_WORDS})\b(?![\d/]| (?:bus|kids|people"
    rf"|road|street|times|\w+ (?:road|street|lane|avenue)))"
    rf"|(?:^|[.,!?] ?)(?:no|nr|nos)\.? ?(?P<no>\d{{1,2}})(?= ?(?:$|[.,!?]|please|sounds|looks|and|thanks|is"
    rf"|then)))"
)
_WHOLE = re.compile(
    rf"^(?:(?:yes|yeah|ok|okay|um+|er+m?|oh|well|so|i think|maybe|probably|hi|sorry"
    rf"|no)[ ,.]+)*(?:(?:i'd (?:like|say)|i want|i'll have|can i have|give me|let's go (?:for|with)"
    rf"|go (?:for|with)|i like|i'll take|definitely|prefer|the one at the|it's|is it)[ ]+)*"
    rf"(?:the )?(?P<ord>{ORDINALS}|last|middle|top|bottom|final)(?: (?:please|thanks|one|ta|then|love"
    rf"|i think|sounds good|looks good|on the list))*[ .!?]*$"
)
_BOTH = re.compile(
    rf"^(?:the |number |numbers |option |options )?(?P<a>\d|{SMALL_WORDS}) ?(?:and|or"
    rf"|,)+ ?(?:number )?(?P<b>\d|{SMALL_WORDS})(?: please| thanks)?[ .!]*$"
)
_NOT_POSITION = re.compile(
    r"\b(?:lost|my|our|for|is|was|his|her|their|every|since|at|this|that|(?:had|on|in) the|a|of|each|your"
    r"|been the) (?:the )?$"
)
# 'Is there parking at the first place?' asks; 'at the first place I lived' and 'how was the last place' tell.
_OF_A_LIST = re.compile(
    r"^(?:(?:so|and|but|ok|okay|hi|er|um|please|well)[ ,]+)*(?:is|are|does|do|has|have|can|could|will|would|what's|what time|what day|when|where's|where is|who|how (?:much|far|do|long is|many))\b"
    r"[^.!?]*\b(?:at|in|on|of|for|to|is|are|does|about) (?:the |that )$"
)
_BEEN_THERE = re.compile(r" (?:that )?(?:i|we|they|he|she) (?:went|was|had|lived|worked|stayed|tried|used|got|left|did)\b|,? (?:was|were)\b")
_PLACES = {"last": -1, "final": -1, "bottom": -1, "middle": 2, "top": 1}
CUES = frozenset(
    (
        "first second third fourth fifth sixth seventh eighth ninth tenth last middle top bottom final number "
        "numbers num option choice no nr nos options"
    ).split()
)


def find_number(spoken: Spoken) -> list[Found]:
    """The number a message is the answer of, 0 to 999 as text; nothing when it says more than a number."""
    if spoken.count > 12:
        return []
    match = _NUMBER.match(spoken.plain)
    number = number_of(match["n"].replace("nought", "zero").replace("nil", "zero")) if match else None
    if match is None or number is None:
        return []
    if re.match(r"(?:i'm|am) ", spoken.plain) and number > 10 and "/" not in spoken.plain:
        return []  # 'im 61' is an age
    return [Found(str(number), match.start("n"), match.end())]


def find_positions(spoken: Spoken) -> list[Found]:
    """Which of a list: '1' upwards, or '-1' for the last. The middle of three is '2'."""
    plain = spoken.plain
    has_digit = any(char.isdigit() for char in plain)
    if not has_digit and CUES.isdisjoint(spoken.words):
        both = _BOTH.match(plain) if spoken.count <= 5 else None
        return _pair(both) if both else []
    if "/" in plain and spoken.count <= 3:
        return []
    both = _BOTH.match(plain) if spoken.count <= 6 else None
    if both:
        return _pair(both)
    whole = _WHOLE.match(plain)
    if whole and (value := _value(whole["ord"])):
        if not plain[: whole.start("ord")].rstrip(", ").endswith("no"):
            return [Found(value, whole.start("ord"), whole.end())]
    found: list[Found] = []
    for match in _POSITIONS.finditer(plain):
        word = match["ord"] or match["ord2"]
        value = _value(word) if word else _counted(match["n"] or match["no"])
        start = next((match.start(name) for name in ("ord", "ord2") if match[name]), match.start())
        if value is None or (word and _is_story(plain, match, word, start)):
            continue
        found.append(Found(value, start, match.end()))
    once: dict[str, Found] = {}
    for item in kept(plain, found, bare_no=False):
        once.setdefault(item.value, item)
    return list(once.values())


def _pair(match: re.Match[str]) -> list[Found]:
    out = [(_counted(match[name]), match.span(name)) for name in ("a", "b")]
    return [Found(value, *span) for value, span in out if value]


def _value(word: str) -> str | None:
    place = _PLACES.get(word) or ordinal_of(word)
    return str(place) if place and place <= 20 else None


def _counted(text: str) -> str | None:
    number = number_of(text)
    return str(number) if number and number <= 20 else None


def _is_story(plain: str, match: re.Match[str], word: str, start: int) -> bool:
    """'My last place', 'the last thing I need', 'the first group I went to' point at no list."""
    before = plain[max(0, start - 16) : start]
    if _OF_A_LIST.search(plain[:start]) and not _BEEN_THERE.match(plain, match.end()):
        return False
    if re.search(r"\b(?:was|went|been|there|did) (?:\w+ )?(?:for|to|at|on) the $", before):
        return True
    if (
        word not in ("middle", "top", "bottom")
        and _NOT_POSITION.search(before)
        and not re.search(r"(?:for|is) the $", before)
    ):
        return True
    rest = plain[match.end() :]
    if match.group().endswith(
        (" thing", " place", " group", " class", " club", " service")
    ) and not before.endswith("the "):
        return True
    return bool(
        re.match(
            r" (?:i (?:went|want|need|had|was|tried)|of (?:the )?(?:month|week|year)|on my mind|was|week|time"
            r"|year|night)\b",
            rest,
        )
    )
