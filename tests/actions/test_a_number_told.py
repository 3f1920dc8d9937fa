"""actions/calls.py: a number told along with the time, and a new number in place of the old one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher
from told import tracker_of

from actions.call_times import LONDON
from actions.calls import ValidateHandoverForm
from actions.surroundings import CallTime, current

MOBILE, LANDLINE = "+447700900123", "+441582496012"
AT_TWO = datetime(2026, 11, 24, 14, tzinfo=LONDON)
FILLED = {"handover_kind": "callback", "handover_consent": "yes", "call_purpose": "money", "person_name": "Bea"}


class House(SimpleNamespace):
    """What the form looks at of its surroundings."""

    def set_person(self, **values: Any) -> None:
        """Kept here."""
        vars(self).update(values)

    def valid_number(self, text: str) -> str | None:
        """The two of this test."""
        figures = "".join(c for c in text if c.isdigit())
        return next((one for one in (MOBILE, LANDLINE) if figures.endswith(one[3:])), None)

    def can_be_texted(self, number: str) -> bool:
        """As of a mobile."""
        return number.startswith("+447")

    def call_times(self, **_: Any) -> list[CallTime]:
        """One free time."""
        return [CallTime(AT_TWO, "Tuesday 24 November at 2pm", "Amina Yusuf")]

    def booked_call(self) -> None:
        """None yet."""


@pytest.fixture
def house() -> Iterator[House]:
    """Nothing is known of the person."""
    made = House(contact_number=None, safe_to_text=None, safe_to_leave_message=None, no_capture=False, today=date(2026, 11, 23), turn=3)
    token = current.set(made)  # type: ignore[arg-type]
    yield made
    current.reset(token)


def after(slots: dict[str, Any], text: str, intent: str = "answer", **entities: str) -> dict[str, Any]:
    """The slots after this message."""
    tracker = tracker_of(text, intent, slots, entities=entities)
    events = asyncio.run(ValidateHandoverForm().run(CollectingDispatcher(), tracker, {}))
    return {**slots, **{event["name"]: event["value"] for event in events if event["event"] == "slot"}}


@pytest.mark.parametrize("at", ["14:00", "18:00"])
def test_the_number_told_with_the_time_is_kept(house: House, at: str) -> None:
    """Also where that time is not free, and others are shown."""
    asked = {**FILLED, "requested_slot": "callback_time"}
    now = after(asked, f"Tuesday at {at}, my number is 07700 900123", day="tue", time=at)
    assert now["contact_number"] == house.contact_number == MOBILE
    assert now["requested_slot"] == ("safe_to_text" if at == "14:00" else "callback_time")


def test_no_number_of_a_child_is_kept(house: House) -> None:
    """Said to be under 16."""
    house.no_capture = True
    now = after({**FILLED, "requested_slot": "callback_time"}, "Tuesday at 2pm, my number is 07700 900123", day="tue", time="14:00")
    assert house.contact_number is None and now.get("contact_number") != MOBILE


def test_a_new_number_is_not_safe_because_the_old_one_was(house: House) -> None:
    """Whether it is safe is asked again; the same number told again changes nothing."""
    house.set_person(contact_number=MOBILE, safe_to_text=True, safe_to_leave_message=True)
    asked = {**FILLED, "contact_number": MOBILE, "safe_to_text": "yes", "callback_time": AT_TWO.isoformat(),
             "handover_consent": None, "requested_slot": "handover_consent"}  # fmt: skip
    same = after(asked, "yes, my number is 07700 900123", "affirm")
    assert same["safe_to_text"] == "yes" and same["requested_slot"] is None and house.safe_to_text is True
    new = after(asked, "yes, but my new number is 01582 496012", "affirm")
    assert new["contact_number"] == house.contact_number == LANDLINE
    assert new["requested_slot"] == "safe_to_text" and house.safe_to_text is None and house.safe_to_leave_message is None
    answered = after(new, "yes", "affirm")
    assert answered["requested_slot"] is None and house.safe_to_text is False and house.safe_to_leave_message is True
