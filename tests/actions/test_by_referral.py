"""Where people cannot refer themselves: no call is booked for a stranger, and the check-in ends with how to be referred."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher
from told import tracker_of

from actions import suggestions
from actions.handover import begin_handover
from actions.surroundings import current


class Here(SimpleNamespace):
    """The surroundings of one turn, with nobody at a console."""

    def navigator_is_there(self) -> bool:
        return self.there

    def booked_call(self) -> None:
        return None

    def valid_number(self, text: str) -> None:
        return None

    def met_navigator(self) -> bool:
        return False

    def record(self, event: str, **data: Any) -> None:
        self.recorded.append(event)


@pytest.fixture
def here() -> Iterator[Here]:
    made = Here(state="bot", there=False, no_capture=False, by_referral_only=True, turn=3, recorded=[], channel="web",
                person_name=None, contact_number=None, safe_to_text=None, facts={"navigator_name": "Amina Yusuf"}, today=date(2026, 11, 23))  # fmt: skip
    token = current.set(made)
    yield made
    current.reset(token)


def said(dispatcher: CollectingDispatcher) -> list[str]:
    return [message.get("response") or message.get("template") or "" for message in dispatcher.messages]


def test_a_call_is_not_booked_for_who_was_not_referred(here: Here) -> None:
    dispatcher = CollectingDispatcher()
    events = begin_handover(dispatcher, tracker_of("can you ring me", "book_callback"))
    assert said(dispatcher) == ["utter_by_referral"] and here.recorded == []
    assert not [event for event in events if event.get("name") == "handover_form"]


@pytest.mark.parametrize(("there", "referred"), [(True, True), (False, False)])
def test_who_is_referred_is_rung_and_a_person_who_is_there_is_talked_to(here: Here, there: bool, referred: bool) -> None:
    here.there, here.by_referral_only = there, referred
    dispatcher = CollectingDispatcher()
    events = begin_handover(dispatcher, tracker_of("a person please", "talk_to_human"))
    assert "utter_by_referral" not in said(dispatcher)
    assert [event for event in events if event.get("name") == "handover_form"]


@pytest.mark.parametrize("only", [True, False])
def test_the_check_in_ends_with_how_to_be_referred(here: Here, monkeypatch: pytest.MonkeyPatch, only: bool) -> None:
    here.by_referral_only = only
    monkeypatch.setattr(suggestions, "suggest", lambda dispatcher, slots: [])
    dispatcher = CollectingDispatcher()
    slots = {"needs": ["money"], "what_matters": "bills"}
    asyncio.run(suggestions.ActionFinishCheckIn().run(dispatcher, tracker_of("yes", "affirm", slots), {}))
    assert ("utter_by_referral" in said(dispatcher)) is only
