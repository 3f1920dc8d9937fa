"""Answers to our own questions that are made of days, times, fares and ways of going, and of nothing else.

A few such words tell a classifier nothing: 'not today' was a life in danger to it, 'on the bus' a bridge. Every word
must be one of these; any other, and the whole screen reads the message. Patterns read it in any case.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.safety.tiers import SUICIDE, TIERS

LONGEST = 12  # words
# Nobody who may be the danger to another is here, nothing to do harm with, and no end of anything.
_WORDS = frozenset(
    """a about after all also am an and any anything around as at be because before best between bit but by can cannot come comes coming could day days
    does each either every for from get go goes going good half has have here i if in instead is it just later like lives maybe me mind more morning
    mornings my near next no not of off ok okay on one only or our own past please prefer probably quarter quid rather same say so some sometimes
    soon suits than thank thanks that the then there these they this those though time times to too twice two until visits want we week weekday
    weekdays weekend weekends weeks well when with would yes you afternoon afternoons evening evenings lunch lunchtime noon midday dinner tea o'clock am pm
    monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays sunday sundays today tomorrow month
    january february march april may june july august september october november december three four five six seven eight nine ten eleven twelve
    bus buses car cars taxi taxis train trains walk walking drive driving drives lift lifts bike cycle foot fare far round corner local nearby
    free cheap cost costs pay pound pounds pence fiver tenner money much little few couple school college work nursery
    sister sisters brother daughter daughters son sons friend friends neighbour cousin dog nurse carer group groups class club said cba bothered""".split()
)
_MARKS = re.compile(r"[^\w' ]+")
_NUMBER = re.compile(r"\d{1,3}(?:am|pm|st|nd|rd|th|p)?|[a-z]{1,2}\d{1,2}")  # an hour, a price, half a postcode
# Each of its words is everyday; together they may say that somebody is at an end, or is held.
_TURNED = re.compile(
    r"\bno more\b|\b(?:not|cannot|no) (?:\w+ ){0,3}(?:go|be|like this|any more|more)\b|\b(?:no|not) (?:one|any|friends?|time|group)\b|\bend\b|\bwant to go\b|"
    r"\b(?:cannot|not) (?:get|go|come|have|pay|work|walk|say)\b|\b(?:no|not) (?:money|well)\b|\bbefore (?:i|we|it)\b|\bthe train\b|\bdo it\b|\bsay so\b|"
    r"^1[0-5] in\b|\bi am (?:(?:only|just) )?\d"  # an age, which may be a child's
)
# After these every word counts: 'today' may be the answer to a question of when.
_EVERY_WORD_COUNTS = SUICIDE | set(TIERS[0])


def is_everyday(text: str, shown: Collection[str]) -> bool:
    """Whether normalised `text` is such an answer, after the routes `shown` in the conversation."""
    if _EVERY_WORD_COUNTS & set(shown) or _TURNED.search(text):
        return False
    said = _MARKS.sub(" ", text).split()
    return 0 < len(said) <= LONGEST and all(word in _WORDS or _NUMBER.fullmatch(word) for word in said)
