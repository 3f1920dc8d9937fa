"""Which messages are kept for the editors as not read well: judged by the reading and by what the turn did."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.dialogue.agent import SURE, missed, reading_of
from assistant.dialogue.light import stand_in_for_tensorflow

stand_in_for_tensorflow()

from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

RANKING = [("faq/cost", 0.4), ("faq/travel_costs", 0.2), ("talk_to_human", 0.1), ("greet", 0.05)]
PLAIN, ASKED_AGAIN = ["action_answer", "action_listen"], ["action_not_understood", "action_listen"]


def parse(intent: str = "faq", confidence: float = 0.4, ranking: list[tuple[str, float]] = RANKING) -> dict[str, Any]:
    return {"intent": {"name": intent, "confidence": confidence}, "reading": {"intent": intent, "ranking": ranking}}


def judged(understood: dict[str, Any], actions: list[str], *before: Event) -> bool:
    events = [*before, UserUttered("words"), *(ActionExecuted(name) for name in actions)]
    return missed(DialogueStateTracker.from_events("c1", events), understood)


def test_a_reading_names_the_three_closest_labels() -> None:
    assert reading_of(parse())["closest"] == [["faq/cost", 0.4], ["faq/travel_costs", 0.2], ["talk_to_human", 0.1]]
    strange = reading_of(parse("out_of_scope", 0.9, [("out_of_scope", 0.9), *RANKING]))
    assert strange["closest"] == reading_of(parse())["closest"]  # what it might have been instead
    assert reading_of({"intent": {"name": "greet", "confidence": 1.0}})["closest"] == []


@pytest.mark.parametrize(
    ("intent", "confidence", "actions", "kept"),
    [
        ("faq", SURE, PLAIN, False),
        ("faq", SURE - 0.01, PLAIN, True),
        ("out_of_scope", 0.9, PLAIN, True),
        ("faq", 0.9, ASKED_AGAIN, True),
        # When no rule goes on after an answer, Rasa runs the fallback to listen: that message was read well.
        ("faq", 0.9, ["action_answer", *ASKED_AGAIN], False),
    ],
)
def test_what_is_kept(intent: str, confidence: float, actions: list[str], kept: bool) -> None:
    assert judged(reading_of(parse(intent, confidence)), actions) is kept


def test_what_is_typed_into_a_form_is_never_kept() -> None:
    """Names, numbers and postcodes are typed there."""
    low = reading_of(parse(confidence=0.3))
    assert not judged(low, ["handover_form", "action_listen"], ActiveLoop("handover_form"))
    assert judged(low, PLAIN, ActiveLoop("handover_form"), ActiveLoop(None))


def test_a_pressed_choice_is_never_kept() -> None:
    assert not judged(reading_of({"intent": {"name": "out_of_scope", "confidence": 1.0}}), PLAIN)
