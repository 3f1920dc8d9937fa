"""A few words that mean one thing where they are said, whatever the model takes them for; read before it is asked.

'Continue' is a yes anywhere else, and to somebody whose questions wait it is a wish to go on with them.
"""

from __future__ import annotations

import json
import re
from typing import Any

from actions.changing import step_to_change, tells_new_answer
from actions.say import offer_open
from actions.told_needs import taken_off

_GO_ON = re.compile(r"(?:(?:ok|okay|yes|right|so|well|please|let'?s|can we|shall we|i want to|i'?d like to)\W+)*"
                    r"(?:continue|go on|carry on|keep going|resume|go ahead|proceed)(?: (?:please|then|now))*\W*")
_BACK_TO_IT = re.compile(r"(?:(?:ok|okay|yes|right|so|well|please|now|sorry)\W+)*(?:(?:let'?s|can we|can i|shall we|i want to|i'?d like to|let me) )?"
                         r"(?:where (?:were|was|are) we(?: (?:up to|at|again|now|then))*|where did (?:we|i) (?:get to|leave off|stop)|"
                         r"(?:go |get )?back to (?:the|your|my|those) (?:questions?|check[ -]?in)|"
                         r"(?:continue|go on|carry on|finish|resume)(?: with)? (?:the|your|my|those) (?:questions?|check[ -]?in)|"
                         r"(?:pick up|carry on|go on|continue) (?:from )?where (?:we|i) (?:left off|were|was|stopped))(?: please)?\W*")
_LEAVE_ME = re.compile(r"(?:(?:i said|just|please|oh|no|look|i want you to)\W+)*(?:leave me (?:alone|be)|stop (?:bothering|pestering|hassling) me)"
                       r"(?: (?:now|please|will you|then))*\W*")
_OF_OTHER_THINGS = re.compile(r"\b(?:times?|days?|hours|address|language)\b")  # a call, the surgery's records, the words of the page
_GO_AWAY = re.compile(r"(?:(?:just|please|oh|no|i said)\W+)*(?:go away|no means no|i said no|not interested)\W*")
_WHAT_IS_MEANT = re.compile(r"(?:(?:sorry|oh|er+m?|um+|eh|hang on)\W+)*(?:(?:what|wot|wat) (?:do|does|did|d'?) ?(?:you|u|ya|yous|it|that|this|they)(?: even)? mean|"
                            r"what (?:is|does) (?:that|this|it) (?:mean|supposed to mean)|meaning what|how (?:do you|d'?you|do u) mean)\b(?: \w+){0,4}\W*")
_ONE_LETTER = {"y": "yes", "n": "no", "k": "ok", "kk": "ok", "yh": "yes"}  # 'y' alone is no 'why'
_ONE_KEY_HELD = re.compile(r"\s*([a-z])\1{3,}\s*", re.IGNORECASE)
_NOTHING_SAID = re.compile(r"[\s.,;:/\\_~*'\"`|()\[\]{}<>=+#-]+")


def plainly_meant(text: str, slots: dict[str, Any], form: str | None) -> str:
    """`text`, or the choice it amounts to. `form`: the one that waits for an answer, if any."""
    if text.startswith("/"):
        return text
    words = " ".join(text.lower().replace("\u2019", "'").split())
    if _NOTHING_SAID.fullmatch(text) or _ONE_KEY_HELD.fullmatch(text):
        return "/nlu_fallback"
    if letter := _ONE_LETTER.get(words.strip(" .!")):
        return letter
    if _LEAVE_ME.fullmatch(words) or (slots.get("decline_stage") and _GO_AWAY.fullmatch(words)):
        return "/decline_programme"
    if form and _WHAT_IS_MEANT.fullmatch(words):
        return "/repeat"
    if _BACK_TO_IT.fullmatch(words):
        if form:
            return "/repeat"
        return "/start_check_in" if begun(slots) else text
    if form is None and slots.get("check_in_paused") and _GO_ON.fullmatch(words):
        return "/start_check_in" if offer_open(slots.get("offer")) in (None, "resume_check_in") else text
    if form is None and (off := taken_off(text, list(slots.get("needs") or []), [])):
        return f'/go_back{{"not_wanted":{json.dumps(off)}}}'
    if form is None and begun(slots) and not _OF_OTHER_THINGS.search(words) and not tells_new_answer(text):
        step = step_to_change(text)  # in the check-in its form sees to it, new answer and all
        return f'/go_back{{"step":"{step}"}}' if step else text
    return text


def begun(slots: dict[str, Any]) -> bool:
    """Whether anything of a check-in is held that could be gone on with or changed."""
    return bool(slots.get("check_in_paused") or slots.get("what_matters") or slots.get("needs"))
