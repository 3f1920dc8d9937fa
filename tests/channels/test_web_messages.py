"""channels/web_messages.py: what a card says again is left out of the text beside it; an answer never is."""

from __future__ import annotations

from typing import Any

from actions.service_words import answer_to, in_full, with_reasons
from assistant.channels.web_messages import beside_cards


def service(name: str, **more: Any) -> dict[str, Any]:
    """A listing with what most have."""
    made = {"id": name, "name": name, "provider": "Millrace", "summary": f"{name} for all.", "where": "Hall, LU2", "access": ["step-free"]}
    return {**made, "when": ["Mondays, 2pm"], "cost": {"now": "0"}, "why": ["for company"], **more}


TEA, CHOIR = service("Tea and Talk"), service("Choir", audience=["women"])


def test_the_list_and_the_whole_of_a_service_stand_on_the_cards_alone() -> None:
    listed = "\n".join(with_reasons(place, one) for place, one in enumerate((TEA, CHOIR), 1))
    assert beside_cards(f"Here are two.\n\n{listed}", [TEA, CHOIR]) == "Here are two."
    assert beside_cards(f"Here are two.\n\n{listed}\n\nIn danger? Call 999.", [TEA, CHOIR]) == "Here are two.\n\nIn danger? Call 999."
    assert beside_cards(in_full(TEA), [TEA]) == ""
    assert beside_cards(f"{in_full(TEA)}\n{in_full(CHOIR)}", [TEA, CHOIR]) == ""


def test_the_answer_to_a_question_is_shown() -> None:
    for asked in ("how much is the second one", "is ther steps at the first place", "can i bring my friend", "when is it", "where is it"):
        told = answer_to(asked, TEA)
        assert told is not None and beside_cards(told, [TEA]) == told
        both = f"{told}\n{answer_to(asked, CHOIR)}"
        assert beside_cards(both, [TEA, CHOIR]) == both
    assert beside_cards(f"Tea and Talk. Cost now: Free.\n{in_full(CHOIR)}", [TEA, CHOIR]) == "Tea and Talk. Cost now: Free."


def test_a_sentence_that_begins_with_the_name_is_shown() -> None:
    assert beside_cards("Tea and Talk is the only one I have.", [TEA]) == "Tea and Talk is the only one I have."
    assert beside_cards("No services.", []) == "No services."
