"""Small turns of a talk that is broken off and taken up: 'hang on', 'I'm back', 'sad', 'no more questions'.

Each is too short for a classifier: 'one sec' picked a service to it, 'I'm back' said goodbye. The words decide.
"""

from __future__ import annotations

import re
from typing import Any

from actions.about_what_is_shown import plain, told

_SO = r"(?:(?:oh|ok|okay|sorry|so|right|hi|hello|yes|yeah|well|just|please|pls|um|er|hey|and|but|now|ah)\W+)*"
_A_WHILE = r"(?:sec(?:ond)?s?|min(?:ute)?s?|moment|mo|bit|tick)"
_HOLDS = re.compile(
    rf"{_SO}(?:(?:hang|hold) on|bear with(?: me)?|wait(?: up| there)?|brb|be right back|(?:just )?(?:an?|one|1|two|2|half a) {_A_WHILE}|(?:give|gimme) ?(?:me)? ?(?:an?|one|1|two|2|five|5) {_A_WHILE}|"
    rf"wait (?:an?|one|1) {_A_WHILE}|back in (?:an?|one|1|two|2|five|5|ten|10) {_A_WHILE}|let me (?:think|see|check|ask)(?: (?:about it|her|him|them|my \w+))?|i(?:'?ll| will) (?:ask|check with) (?:her|him|them|my \w+)|"
    r"(?:she|he|mum|dad|someone)(?:'?s| is) (?:calling|at the door|shouting|crying)(?: me)?|got to go(?: now)? brb|don'?t go)"
    rf"(?: (?:please|pls|sorry|love|{_A_WHILE}|an? {_A_WHILE}|now|there))*[ .!,]*"
)
_BACK = re.compile(
    rf"{_SO}(?:(?:i'?m|im|i am) (?:back|here)(?: again| now)?|(?:and |ok |right )?back (?:again|now)|here (?:again|now)|sorry (?:about|bout) that|sorry(?:,)? (?:i )?had to (?:go|see to (?:her|him|them)|sort \w+ out))"
    r"(?: (?:now|again|sorry|then))*[ .!,]*"
)
_ENOUGH = re.compile(
    r"\b(?:(?:no|any) more (?:of (?:these|your|the) )?questions|(?:stop|quit) (?:asking|with the questions)|(?:that'?s|thats|that is) (?:enough|too many) (?:\w+ )?questions|too many questions|"
    r"(?:not|won'?t|wont|isn'?t|never|stop|don'?t want to|dont want to|sick of|fed up of|fed up with) (?:be )?(?:filling|fill|answering|answer|doing|do)(?: in| out)? (?:(?:any|all|your|these|this|the|more|stupid|silly|bloody)\W+)*(?:questions?|forms?)|"
    r"skip (?:all|the rest|everything|to the end|the questions)|(?:just )?get (?:on with it|to the point))\b"
)
_SHOW = re.compile(
    rf"{_SO}(?:can (?:you|i|we) |could you )?(?:just )?(?:show|give|let) (?:me|us|her|him)(?: see)?(?: (?:them|some|what (?:you(?:'?ve)? (?:have|got)|there is|ya got)|the (?:places|groups|list|options)|places|groups|options|something|now|then|please|already|what you found))*[ .!?]*"
)
_SMALL = r"(?:(?:i'?m|im|i am|i feel|feeling|feel|just|so|really|very|well|a bit|bit|abit|always|quite|dead|proper|kinda|a|dead|and|too|again|tbh|innit|lol|:\(|ngl)[ ,]*)*"
_FEELINGS = {
    "low_mood": r"sad|down|low|depressed|stressed|anxious|worried|fed up|miserable|unhappy|upset|stressed out|rubbish|gutted",
    "loneliness": r"lonely|alone|isolated|no mates|no friends|lonesome",
    "money": r"skint|broke|no money|potless",
    "": r"bored|bored stiff|bored out my mind|fed up of sitting in|nothing to do",  # what for is asked
}
UNHEARD = frozenset({"chitchat", "out_of_scope", "answer", "nlu_fallback", "greet", "skip"})  # read otherwise, a feeling was heard
_FEELS = {need: re.compile(rf"{_SMALL}(?:{words}){_SMALL}[ .!]*") for need, words in _FEELINGS.items()}


def holds_on(words: str) -> bool:
    """'Hang on', 'one sec', 'wait': nothing is answered, and nothing asked."""
    return bool(_HOLDS.fullmatch(plain(words)))


def has_had_enough(words: str) -> bool:
    """'No more questions', 'just show me': whoever is being asked wants to see what there is."""
    said = plain(words)
    return bool(_ENOUGH.search(said) or _SHOW.fullmatch(said))


def small_turn(reading: dict[str, Any], form: str | None, needs: bool = False) -> dict[str, Any] | None:
    """`reading` as what it is, or None where the message is none of these. `needs`: some are known, so there is something to show."""
    said = plain(str(reading.get("text") or ""))
    if holds_on(said):
        return told(reading, "repeat")
    if _BACK.fullmatch(said):
        return told(reading, "greet")
    if form == "handover_form" and re.fullmatch(r"(?:good )?(?:morning|afternoon|evening)s?(?: please| pls)?[ .!]*", said) and not said.startswith("good"):
        return told(reading, "answer", keep=True)  # of the time; elsewhere it is a greeting
    if form is None and needs and _SHOW.fullmatch(said):
        return told(reading, "find_service")
    if form is None and _ENOUGH.search(said) and (reading.get("intent") or {}).get("name") == "start_check_in":
        return told(reading, "deny")
    if form is not None or (reading.get("intent") or {}).get("name") not in UNHEARD:
        return None
    need = next((need for need, words in _FEELS.items() if words.fullmatch(said)), None)
    if need is None:
        return None
    put = told(reading, "describe_need", keep=True)
    return {**put, "reading": {**(put.get("reading") or {}), "needs": [need] if need else []}}
