"""ONS4 and the loneliness questions: optional, in their exact wording, never totalled, never shown as a score.

Wording: facts/safety.md section 4 (ONS personal well-being; GSS loneliness). Do not reword the questions in domain.yml.
"""

from __future__ import annotations

import re

from actions.reading import Reading
from actions.stepped_form import NOT_NEEDED, SKIPPED

ONS4 = ("ons_satisfied", "ons_worthwhile", "ons_happy", "ons_anxious")
LONELINESS = ("lonely_companionship", "lonely_left_out", "lonely_isolated", "lonely_often")
_THREE = {"hardly": "Hardly ever or never", "rarely": "Hardly ever or never", "never": "Hardly ever or never",
          "some": "Some of the time", "often": "Often", "always": "Often", "all the time": "Often"}  # fmt: skip
_FIVE = {"always": "Often or always", "often": "Often or always", "all the time": "Often or always", "some": "Some of the time",
         "occasion": "Occasionally", "hardly": "Hardly ever", "rarely": "Hardly ever", "never": "Never"}  # fmt: skip
ABOUT_SERVICES = frozenset({"choose_service", "ask_service_detail", "more_results", "reject_results", "find_service"})
_OUT_OF_TEN = re.compile(r"(?:/|\bout of|\bof) ?(?:10|ten)\b")
_ENDS = {"not at all": 0, "completely": 10}  # what the question itself calls the two ends of its scale
_END = re.compile(rf"(?:um+ |er+m? |well,? |oh,? |i'?d say )?({'|'.join(_ENDS)})(?: (?:really|i(?:'d)? say|to be honest|tbh))?")
_NUMBER_WORDS = "zero one two three four five six seven eight nine ten".split()


def read_score(message: Reading) -> int | None:
    """0 to 10, as a figure or a word; anything else is no answer."""
    given = str(message.answer if message.answer is not None else message.words).lower()
    if message.answer is None and (len(given.split()) > 8 or message.intent in ABOUT_SERVICES):
        return None  # 'tell me about the second one' is no score
    given = _OUT_OF_TEN.sub(" ", given)  # '6/10': the ten is the scale's
    figures = re.findall(r"\d+", given)
    if len(figures) == 1 and 0 <= int(figures[0]) <= 10:
        return int(figures[0])
    if not figures and (end := _END.fullmatch(given.strip(" .!?"))):
        return _ENDS[end[1]]
    words = [i for i, word in enumerate(_NUMBER_WORDS) if re.search(rf"\b{word}\b", given)]
    return words[0] if len(words) == 1 and not figures else None


def read_lonely(step: str, message: Reading) -> str | None:
    """One of the question's own answers."""
    given = str(message.answer if message.answer is not None else message.words).lower()
    scale = _FIVE if step == "lonely_often" else _THREE
    return next((answer for key, answer in scale.items() if key in given), None)


def answers_given(slots: dict[str, object]) -> dict[str, object]:
    """The answered questions only."""
    return {
        step: slots[step] for step in (*ONS4, *LONELINESS) if slots.get(step) not in (None, SKIPPED, NOT_NEEDED)
    }
