"""The age somebody says they are. House numbers, weeks and the ages of others are left alone."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.numbers import TENS, WORDS, number_of
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_NUMBER = rf"(?P<n>\d{{2,3}}|{WORDS})"
# What makes the number after 'I am' something else: '14 weeks', '40 minutes away', '3 months sober'.
_UNIT = (
    r"(?! ?(?:%|percent|per cent|weeks?|months?|mins?|minutes?|hours?|hrs?|days?|miles?|stones?|kg|kilos?"
    r"|lbs?|foot|feet|ft|doors?|steps?|pounds?|quid|cm|st\b|am\b|pm\b|of\b|out of|"
    r"in (?:the )?(?:queue|line)|o'?clock|years? (?!old|young|of age|on sunday)(?:\w+)|year (?!old)\w+"
    r"|times|people|kids|children|k\b|high street|road|street|late|away|next|down|up\b|short"
    r"|and a half stone|hour|plus stone)|[/:.]\d|(?:st|nd|rd|th)\b|-\d)"
)
_SELF = re.compile(
    rf"(?:\b(?:i'm|i am|am i|i be|i'm now|myself|i've (?:just )?turned|i have (?:just )?turned"
    rf"|i (?:just )?turned|just turned|i was born in \d+ so i'm|i have(?= {WORDS} years$)"
    rf"|i have(?= \d\d years?\b)|i've just had my|i be|me,? i'm|being|"
    rf"my age(?: is|:| =)?|(?<!his )(?<!her )(?<!their )age(?:d)?(?::| is)?|and am|as an?|i shall be|^am"
    rf"|^me|i'm an?|i am an?)"
    rf"(?: now| only| just| already| nearly| aged| about| over| well over| also| a| 'only')? ?"
    rf"|^){_NUMBER}(?:(?P<old>[ -]?(?:years?|yr|y)?[ -]?(?:old|young|o\b|of age|yo\b)|yo\b|y/o\b"
    rf"| years?(?=$|[ ,.!]*(?:and|but|i|so|$)))|(?P<sex> ?[mf]\b))?(?!\d){_UNIT}"
)
_OLD = re.compile(rf"\b{_NUMBER}[ -]?(?:years?|yr|y)?[ -]?(?:old|young|of age|yo\b|y/o\b)")
_BIRTHDAY = re.compile(rf"^(?:i was )?{_NUMBER},? (?:last|this) birthday")
_AT = re.compile(
    rf"\bat (?:the (?:ripe old )?age of |my age(?: of)? |age )?{_NUMBER},? (?:i'm|i am|i can't|i don't"
    rf"|i find|i still|i need|you feel)"
)
_YEAR = re.compile(
    rf"\bin my (?P<tens>{'|'.join(TENS)})[ -](?P<ones>first|second|third|fourth|fifth|sixth|seventh|eighth"
    rf"|ninth) year\b"
)
_OTHERS = re.compile(
    r"\b(?:my|me|our|his|her|their|the|a|an|he|she|he's|she's|they|they're|it's|is|baby|kid|kids|son"
    r"|daughter|dog|cat|when i was|was|since i was|until|like an?)\b(?! own age)[^.!?;]{0,30}$"
)
_ONES = {
    word: index
    for index, word in enumerate(("first second third fourth fifth sixth seventh eighth ninth").split(), 1)
}


def find_age(spoken: Spoken) -> list[Found]:
    """The person's own age, 10 to 110, as text; at most one."""
    plain = spoken.plain
    cued = any(char.isdigit() for char in plain) or any(word.split("-")[0] in TENS for word in spoken.words)
    if not cued:
        return []
    for match in _SELF.finditer(plain):
        opening = plain[match.start() : match.start("n")]
        bare = not opening.strip()
        if bare and not (match["old"] or match["sex"]):
            continue
        if re.match(r"as an? |being|aged?|age:|age is", opening) and not _speaks_of_self(plain, match):
            continue
        if (
            opening.startswith(("i'm a", "i am a", "as a"))
            and not match["old"]
            and " aged" not in opening
            and " already" not in opening
            and " about" not in opening
            and " also" not in opening
        ):
            continue
        if "nearly" in opening:
            continue  # a year short: no filter is better than a wrong one
        if found := _sane(match["n"], match.start("n"), match.end("n")):
            return [found]
    for match in (*_BIRTHDAY.finditer(plain), *_AT.finditer(plain)):
        if found := _sane(match["n"], match.start("n"), match.end("n")):
            return [found]
    for match in _OLD.finditer(plain):
        if not _OTHERS.search(plain[max(0, match.start() - 40) : match.start()]) and not re.match(
            r"[ -]?(?:son|daughter|boy|girl|mum|dad|house|flat|dog|cat|lad|twins?|kids?)",
            plain[match.end() :],
        ):
            if found := _sane(match["n"], match.start("n"), match.end("n")):
                return [found]
    if in_year := _YEAR.search(plain):
        age = TENS[in_year["tens"]] + _ONES[in_year["ones"]] - 1
        return [Found(str(age), *in_year.span())]
    return []


def _speaks_of_self(plain: str, match: re.Match[str]) -> bool:
    """'aged 72' of oneself, not 'my son aged 14'."""
    return not _OTHERS.search(plain[max(0, match.start() - 40) : match.start()])


def _sane(text: str, start: int, end: int) -> Found | None:
    age = number_of(text)
    return Found(str(age), start, end) if age is not None and 10 <= age <= 110 else None
