"""Traps of facts/rasa.md that were found open by the first tests written for them, and are closed now."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk import Action
from trap_house import COST, SORRY, Trial

from assistant.clock import clock
from assistant.dialogue.action_endpoint import InProcessActions
from directory import store
from directory.records import Listing


@pytest.mark.parametrize("typed", ["/\u00a0/stop_taking_part", "/\r/talk_to_human", "/\u2003/thank"])
async def test_a_slash_behind_another_kind_of_blank_is_not_an_intent(trial: Trial, typed: str) -> None:
    """2: a typed /any_intent bypasses the understanding at confidence 1."""
    conversation = trial.begin()
    await trial.say(conversation, typed, pressed=False)
    tracker = await trial.tracker(conversation)
    assert tracker.latest_message is not None and not (tracker.latest_message.text or "").startswith("/")


async def test_a_search_in_a_turn_does_not_wait_for_the_turns_own_lock(trial: Trial, caplog: Any) -> None:
    """1d: a locked SQLite blocks the loop; here the patient's own turn holds the lock, for as long as the timeout is."""
    directory, engine = trial.house.directory, trial.house.engine
    assert directory is not None
    directory.refresh()
    conversation = trial.begin()
    for said in ("/start_check_in", '/answer{"answer":"company"}', *["/skip"] * 7):
        await trial.say(conversation, said)
    day = clock.today()
    tea = Listing(id="tea", name="Tea and a chat", description="A friendly group that meets for tea.", source="test",
                  checked_on=day, accredited_by="Panel", accredited_on=day, accredited_until=day + timedelta(days=90))  # fmt: skip
    store.save(engine, tea, by="an import in another process")
    engine.dispose()
    sa.event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))  # instead of 15 s
    with caplog.at_level("ERROR"):
        said = await trial.say(conversation, "/affirm")
    assert SORRY not in said and "database is locked" not in caplog.text


async def test_an_answer_of_the_wrong_form_ends_the_turn(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """1b.3: exceptions are swallowed and the dialogue goes on: the form asks on as if the question had been answered."""

    async def wrong(*_: Any) -> list[dict[str, Any]]:
        return [{"event": 5}]

    conversation = trial.begin()
    await trial.say(conversation, "/start_check_in")
    monkeypatch.setitem(trial.actions, "action_answer_topic", wrong)
    assert SORRY in await trial.say(conversation, COST)


def test_an_action_of_another_package_does_not_take_the_place_of_ours() -> None:
    """1b.4: the executor registers every Action subclass in the process, test fakes included."""

    class Fake(Action):
        def name(self) -> str:
            return "action_answer_topic"

        async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
            return []

    assert Fake in Action.__subclasses__()
    registered = InProcessActions().executor.actions
    assert {run.__module__.partition(".")[0] for run in registered.values()} == {"actions"}


def test_actions_that_cannot_be_imported_do_not_end_the_process() -> None:
    """1b.4: without its actions the house should still open, apologise and give the contacts."""
    with pytest.raises(ImportError):
        InProcessActions("actions_that_are_not_there")
