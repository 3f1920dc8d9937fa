"""ONS4 and loneliness: the questions' ids, the scales they are answered on, and how an answer in words is read."""

from __future__ import annotations

import re

ONS4 = ("ons_satisfied", "ons_worthwhile", "ons_happy", "ons_anxious")
LONELINESS = ("lonely_companionship", "lonely_left_out", "lonely_isolated", "lonely_often")
_THREE = {"hardly": "Hardly ever or never", "rarely": "Hardly ever or never", "never": "Hardly ever or never",
          "some": "Some of the time", "often": "Often", "always": "Often", "all the time": "Often"}  # fmt: skip
_FIVE = {"always": "Often or always", "often": "Often or always", "all the time": "Often or always", "some": "Some of the time",
         "occasion": "Occasionally", "hardly": "Hardly ever", "rarely": "Hardly ever", "never": "Never"}  # fmt: skip
_OUT_OF_TEN = re.compile(r"(?:/|\bout of|\bof) ?(?:10|ten)\b")
_ENDS = {"not at all": 0, "completely": 10}  # what the question itself calls the two ends of its scale
_END = re.compile(rf"(?:um+ |er+m? |well,? |oh,? |i'?d say )?({'|'.join(_ENDS)})(?: (?:really|i(?:'d)? say|to be honest|tbh))?")
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten".split()


def score_in(words: str) -> int | None:
    """0 to 10, as a figure or a word; anything else is no answer."""
    given = _OUT_OF_TEN.sub(" ", words.lower())  # '6/10': the ten is the scale's
    figures = re.findall(r"\d+", given)
    if len(figures) == 1 and 0 <= int(figures[0]) <= 10:
        return int(figures[0])
    if not figures and (end := _END.fullmatch(given.strip(" .!?"))):
        return _ENDS[end[1]]
    told = [i for i, word in enumerate(_NUMBER_WORDS) if re.search(rf"\b{word}\b", given)]
    return told[0] if len(told) == 1 and not figures else None


def lonely_in(step: str, words: str) -> str | None:
    """One of the question's own answers."""
    scale = _FIVE if step == "lonely_often" else _THREE
    return next((answer for key, answer in scale.items() if key in words.lower()), None)


def answers_of(step: str) -> tuple[str, ...]:
    """The question's own answers, in its order."""
    if step in ONS4:
        return tuple(str(score) for score in range(11))
    return tuple(dict.fromkeys((_FIVE if step == "lonely_often" else _THREE).values()))
