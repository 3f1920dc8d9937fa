"""What the desk shows of a conversation, so that nothing a patient said needs saying again; made of Rasa's slots."""

from __future__ import annotations

from typing import Any

SHOWN = ("what_matters", "where", "when", "cost", "travel", "access_needs", "company", "needs", "wishes", "shown")
WELLBEING = ("ons_satisfied", "ons_worthwhile", "ons_happy", "ons_anxious", "lonely_companionship", "lonely_left_out",
             "lonely_isolated", "lonely_often")  # fmt: skip
EMPTY: tuple[Any, ...] = (None, "skipped", "not_needed", [], {})


def picture_of(slots: dict[str, Any], form: str | None) -> dict[str, Any]:
    """Needs, wishes and check-in answers as given; wellbeing answers apart, never totalled."""
    picture = {key: slots.get(key) for key in SHOWN if slots.get(key) not in EMPTY}
    wellbeing = {key: slots.get(key) for key in WELLBEING if slots.get(key) not in EMPTY}
    if wellbeing:
        picture["wellbeing"] = wellbeing
    if slots.get("safe_to_text") == "skipped":
        picture["safe_to_text"] = "skipped"  # asked, and not answered: for the desk that is not 'not asked yet'
    if form:
        picture["form"] = form
    return picture
