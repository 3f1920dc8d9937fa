"""What Rasa 3.6 does badly, and what we do about it: the traps that would cost a patient an answer.

Each test names a trap of facts/rasa.md; the others are in tests/rasa/, a file for each of its parts.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.exceptions import ModelNotFound
from rasa_sdk.events import FollowupAction
from rasa_sdk.interfaces import ActionExecutionRejection as SdkRejection

sys.path.insert(0, str(Path(__file__).parent / "rasa"))

from trap_house import COST, SORRY, Trial  # noqa: E402

from assistant.dialogue.action_endpoint import ActionFailed  # noqa: E402
from assistant.dialogue.agent import Dialogue  # noqa: E402
from assistant.dialogue.locks import AsyncioLockStore  # noqa: E402
from assistant.opening import load_dialogue  # noqa: E402

CONFIRMED = ("saved", "booked", "thank you for telling me")


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    """A house of its own database."""
    return Trial(tmp_path / "trial.db")


async def breaks(*_: Any) -> list[dict[str, Any]]:
    """An action with a fault."""
    raise KeyError("a fault of ours")


async def test_a_model_that_does_not_load_is_an_error_and_not_an_agent_that_says_nothing(
    trial: Trial, tmp_path: Path
) -> None:
    """1a: load_agent() logs a failed load and hands back an agent that answers None."""
    junk = tmp_path / "junk.tar.gz"
    junk.write_bytes(b"no model")
    with pytest.raises(ModelNotFound):
        Dialogue(tmp_path / "none.tar.gz")
    trial.house.dialogue = None
    load_dialogue(trial.house, junk)
    assert trial.house.dialogue is None and "could not be loaded" in trial.house.not_ready["model"]
    assert SORRY in await trial.say(trial.begin(), "what does it cost")


async def test_an_action_that_raises_ends_the_turn_and_nothing_of_it_stays(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1b.3: Rasa swallows the exception and the dialogue goes on; ours aborts, and the same words work again."""
    conversation = trial.begin()
    with monkeypatch.context() as patched:
        patched.setitem(trial.actions, "action_answer_topic", breaks)
        said = await trial.say(conversation, COST)
    assert SORRY in said and not any(word in said.lower() for word in CONFIRMED)
    assert trial.stored(conversation) == 0
    said = await trial.say(conversation, COST)
    assert SORRY not in said and trial.answers_cost(said)
    assert trial.stored(conversation) > 0


async def test_a_validation_that_raises_when_a_form_starts_starts_no_form(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1b.3: validation raises on activation, and Rasa says 'Thanks None, saved'."""
    conversation = trial.begin()
    await trial.say(conversation, COST)
    before = trial.stored(conversation)
    monkeypatch.setitem(trial.actions, "validate_check_in_form", breaks)
    said = await trial.say(conversation, "/start_check_in")
    assert SORRY in said and not any(word in said.lower() for word in CONFIRMED)
    assert trial.stored(conversation) == before
    assert (await trial.tracker(conversation)).active_loop_name is None


async def test_a_validation_that_raises_in_mid_form_keeps_no_unchecked_answer(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1b.3: mid-form Rasa is silent and keeps the unvalidated value; ours keeps the question, then takes the answer."""
    conversation, answer = trial.begin(), '/answer{"answer":"company"}'
    await trial.say(conversation, "/start_check_in")
    with monkeypatch.context() as patched:
        patched.setitem(trial.actions, "validate_check_in_form", breaks)
        assert SORRY in await trial.say(conversation, answer)
    tracker = await trial.tracker(conversation)
    assert tracker.active_loop_name == "check_in_form"
    assert tracker.get_slot("requested_slot") == "what_matters" and tracker.get_slot("what_matters") is None
    assert trial.question("where") in await trial.say(conversation, answer)
    assert (await trial.tracker(conversation)).get_slot("what_matters") == "company"


async def test_an_action_nobody_wrote_is_a_failed_turn(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """1b.3: an unknown action is swallowed like any exception."""
    monkeypatch.delitem(trial.actions, "action_answer_topic")
    assert SORRY in await trial.say(trial.begin(), COST)
    with pytest.raises(ActionFailed):
        await trial.endpoint.request(json={"next_action": "action_answer_topic", "tracker": {}})


async def test_a_rejection_of_the_sdk_becomes_the_rejection_rasa_knows(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1b.2: rasa_sdk's ActionExecutionRejection is another class than Rasa's; a form must still step aside for rules."""
    conversation = trial.begin()
    await trial.say(conversation, "/start_check_in")

    real, asked = trial.actions["validate_check_in_form"], []

    async def rejects_once(*call: Any) -> Any:
        asked.append(1)
        if len(asked) == 1:
            raise SdkRejection("check_in_form", "not an answer")
        return await real(*call)

    monkeypatch.setitem(trial.actions, "validate_check_in_form", rejects_once)
    said = await trial.say(conversation, "/thank")
    assert asked and SORRY not in said
    answer, question, _ = said.partition(trial.question("what_matters"))
    assert answer.strip() and question, "the rule's answer, then the form's question"


async def test_a_turn_that_cannot_be_saved_is_not_answered_as_if_it_were(trial: Trial) -> None:
    """1d, 2: the fail-safe wrapper replies although no row was saved."""
    processor = trial.dialogue._agent.processor
    assert processor is not None and processor.tracker_store is trial.dialogue.trackers
    assert not isinstance(trial.dialogue._agent.tracker_store, FailSafeTrackerStore)
    conversation = trial.begin()
    await trial.say(conversation, "/start_check_in")
    before = trial.stored(conversation)
    trial.sql("CREATE TRIGGER full BEFORE INSERT ON tracker_events BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    said = await trial.say(conversation, '/answer{"answer":"company"}')
    assert SORRY in said and trial.question("where") not in said
    assert trial.stored(conversation) == before
    trial.sql("DROP TRIGGER full")
    assert trial.question("where") in await trial.say(conversation, '/answer{"answer":"company"}')


async def test_a_tracker_that_cannot_be_read_is_not_a_new_conversation(trial: Trial) -> None:
    """1d: after a failed read the fail-safe wrapper goes on with an empty tracker, and the form is forgotten."""
    conversation = trial.begin()
    await trial.say(conversation, "/start_check_in")
    trial.sql("ALTER TABLE tracker_events RENAME TO elsewhere")
    said = await trial.say(conversation, '/answer{"answer":"company"}')
    assert SORRY in said
    trial.sql("ALTER TABLE elsewhere RENAME TO tracker_events")
    assert trial.question("where") in await trial.say(conversation, '/answer{"answer":"company"}')


async def test_a_turn_rasa_ends_quietly_is_not_silence(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """2: the ten-action breaker ends a turn without a word or an error."""
    runs = []

    async def round_and_round(*_: Any) -> list[Any]:
        runs.append(1)
        return [FollowupAction("action_answer_topic")]

    monkeypatch.setitem(trial.actions, "action_answer_topic", round_and_round)
    conversation = trial.begin()
    assert SORRY in await trial.say(conversation, COST)
    assert len(runs) == 10, "the breaker did not break"
    assert trial.stored(conversation) == 0


@pytest.mark.parametrize("typed", ["/restart", "/session_start", " //restart", "/ /restart", '/faq{"topic":"cost"}'])
async def test_a_typed_slash_is_not_an_intent(trial: Trial, typed: str) -> None:
    """2: a typed /restart or /any_intent bypasses the understanding at confidence 1."""
    conversation = trial.begin()
    await trial.say(conversation, "/start_check_in")
    await trial.say(conversation, typed, pressed=False)
    tracker = await trial.tracker(conversation)
    assert tracker.latest_message is not None and not (tracker.latest_message.text or "").startswith("/")
    assert tracker.active_loop_name == "check_in_form"


async def test_two_quick_texts_do_not_wait_for_a_tick(trial: Trial) -> None:
    """2: Rasa's lock looks once a second, and gives up after sixty."""
    store, order = AsyncioLockStore(), []
    done = asyncio.Event()

    async def first() -> None:
        async with store.lock("one"):
            order.append("first in")
            await done.wait()
            order.append("first out")

    async def second() -> None:
        async with store.lock("one", lock_lifetime=0, wait_time_in_seconds=3600):
            order.append("second in")

    tasks = [asyncio.create_task(first()), asyncio.create_task(second())]
    for _ in range(5):
        await asyncio.sleep(0)
    assert order == ["first in"]
    done.set()
    await asyncio.wait_for(asyncio.gather(*tasks), timeout=5)
    assert order == ["first in", "first out", "second in"]
    assert len(store._locks) == 0, "a lock was left"
    assert trial.dialogue._agent.lock_store.__class__ is AsyncioLockStore
