"""'Can I change my postcode': which answer of the check-in somebody wants to give again; and that they want none changed."""

from __future__ import annotations

import re

NAMES = {
    "what_matters": r"what matters(?: to me)?|what i (?:said|need|want|told you)(?: first)?|my (?:needs?|reasons?)|needs|reasons?",
    "where": r"post ?code|place|where|area|address|location|town|where i live|where it is",
    "when": r"when|times?|days?|time of day|times of day|day and time|hours",
    "cost": r"costs?|money|price|what it costs|budget",
    "travel": r"travel|transport|getting there|how i(?:'d| would)? (?:get|travel)(?: there)?",
    "access_needs": r"access(?: needs?| or language)?|language|what i need to join in",
    "company": r"company|who with|who i(?:'d| would)? go with|going (?:alone|with someone)",
}  # fmt: skip
_ANY = "|".join(f"(?P<{step}>{names})" for step, names in NAMES.items())
_OH = r"(?:(?:no|oh|sorry|actually|wait|hang on|hold on|please|um+|er+m?|ok|but|and)\W+)*"
_CHANGE = re.compile(
    rf"{_OH}(?:(?:can|could|may|might|should) (?:i|we|you) (?:please )?|(?:i(?:'d| would)? (?:want|wanna|like|need) (?:to )?)|how (?:do|can) i |let me |let's )?"
    r"(?:change|correct|alter|edit|fix|redo|update|put right|go back (?:to|and change)|go to|back to)"
    rf" (?:(?:my|the|our|that|your) )?(?:answer (?:to|about|for|on) |question (?:about|on) )?(?:the )?(?:{_ANY})"
    r"(?: (?:please|pls|again|question|answer|bit|part|one|instead|thanks))*(?P<new> (?:to|from|its|it's)\b.*)?\W*"
)  # fmt: skip
_IS = re.compile(
    rf"{_OH}(?:(?:my|the) )?(?:{_ANY}) (?:(?:is|was) wrong|isn'?t right|(?P<new>(?:(?:should|ought to|needs to|has to|must) (?:be|say|have been)|is (?:now|actually))\b.*))\W*"
)
_NAMED = re.compile(rf"{_OH}(?:(?:my|the) )?(?:{_ANY})(?: please)?\W*")
_LEAVE = re.compile(
    rf"(?:{_OH}|(?:no|nope|nah)\W*)(?:no|nope|nah|nothing|nothing else|none|never ?mind|nvm|not now|not? (?:changes?|thanks?|thank you)|no need|leave it(?: as it is)?|"
    r"forget it|(?:it'?s|that'?s|its|thats|it is|that is|all|they'?re)? ?(?:all )?(?:fine|ok|okay|good|right|correct|alright|all right)(?: as it is)?|as it is|"
    r"don'?t (?:worry|bother)|dont (?:worry|bother)|i don'?t (?:want to|know)|keep it)(?: (?:thanks?|thank you|really|then|ta|now))*\W*"
)


def step_to_change(words: str, *, naming: bool = False) -> str | None:
    """The step whose answer is to be given again, or None. `naming`: it was asked which one, so its name alone says it."""
    found = _change(words, naming)
    return next((step for step in NAMES if found[step]), None) if found else None


def tells_new_answer(words: str) -> bool:
    """Whether the new answer comes with the wish to change it: 'change my postcode to LU4'."""
    found = _change(words, False)
    return bool(found and found["new"])


def _change(words: str, naming: bool) -> re.Match[str] | None:
    told = " ".join(words.lower().replace("\u2019", "'").split())
    return _CHANGE.fullmatch(told) or _IS.fullmatch(told) or (_NAMED.fullmatch(told) if naming else None)


def leaves_it(words: str) -> bool:
    """'Nothing', 'never mind', 'no it's fine': to the question what to change."""
    return bool(_LEAVE.fullmatch(" ".join(words.lower().replace("\u2019", "'").split())))
