"""ONS4 and the loneliness questions: optional, in their exact wording, never totalled, never shown as a score.

Wording: facts/safety.md section 4 (ONS personal well-being; GSS loneliness). Do not reword the questions in domain.yml.
"""

from __future__ import annotations

from actions.reading import Reading
from actions.stepped_form import NOT_NEEDED, SKIPPED
from actions.wellbeing_scales import LONELINESS, ONS4, lonely_in, score_in

ABOUT_SERVICES = frozenset({"choose_service", "ask_service_detail", "more_results", "reject_results", "find_service"})


def read_score(message: Reading) -> int | None:
    """0 to 10, as a figure or a word; anything else is no answer."""
    given = str(message.answer if message.answer is not None else message.words)
    if message.answer is None and (len(given.split()) > 8 or message.intent in ABOUT_SERVICES):
        return None  # 'tell me about the second one' is no score
    return score_in(given)


def read_lonely(step: str, message: Reading) -> str | None:
    """One of the question's own answers."""
    return lonely_in(step, str(message.answer if message.answer is not None else message.words))


def answers_given(slots: dict[str, object]) -> dict[str, object]:
    """The answered questions only."""
    return {
        step: slots[step] for step in (*ONS4, *LONELINESS) if slots.get(step) not in (None, SKIPPED, NOT_NEEDED)
    }
