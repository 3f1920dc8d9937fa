"""Actions inside the process: what a call may cost, change or answer. Section 1b of facts/rasa.md."""

from __future__ import annotations

import asyncio
import copy
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction
from trap_house import COST, SORRY, Trial

from actions.surroundings import current as current_surroundings
from assistant.conversations import records
from assistant.dialogue.action_endpoint import validate_shape
from assistant.store.database import transaction
from assistant.surroundings import TurnSurroundings

LISTS = {
    "needs": ["loneliness"],
    "wishes": {"day": ["mon"], "place": "LU1", "access": ["step_free"]},
    "shown": ["one", "two"],
    "seen": ["one", "two"],
    "rejected": ["three"],
    "offer": {"kind": "start_check_in"},
}
TOLD = [{"entity": kind, "value": value} for kind, value in (("day", "tue"), ("place", "LU3"), ("position", "1"))]


async def test_an_answer_is_checked_without_checking_the_schema_again(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1b.1: jsonschema re-checks its own schema on each action call, 21 of 21.4 ms."""
    checked = []
    for name in ("Draft7Validator", "Draft202012Validator"):
        monkeypatch.setattr(getattr(jsonschema, name), "check_schema", lambda *_, **__: checked.append(1))
    assert SORRY not in await trial.say(trial.begin(), COST)
    assert checked == []
    jsonschema.validate({"events": [], "responses": []}, RemoteAction.action_response_format_spec())
    assert checked == [1], "nothing would have been counted"


@pytest.mark.parametrize("wrong", [{"events": [{"name": "no event"}]}, {"responses": "a text"}, {"events": "none"}])
def test_an_answer_of_the_wrong_form_is_still_refused(wrong: dict[str, Any]) -> None:
    """1b.1: our own look at an answer must refuse what Rasa's schema refuses."""
    validate_shape({"events": [{"event": "slot", "name": "misses", "value": 1}], "responses": []})
    for refusing in (validate_shape, lambda answer: jsonschema.validate(answer, RemoteAction.action_response_format_spec())):
        with pytest.raises(jsonschema.ValidationError):
            refusing(wrong)


async def test_an_action_is_sent_the_state_and_not_the_whole_history(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1d: a turn grows with the session; what is sent to an action does not."""
    calls: list[dict[str, Any]] = []
    real = trial.endpoint.executor.run

    async def watched(call: dict[str, Any]) -> Any:
        calls.append(call)
        return await real(call)

    monkeypatch.setattr(trial.endpoint.executor, "run", watched)
    conversation = trial.begin()
    for _ in range(5):
        await trial.say(conversation, COST)
    assert len(calls) == 5
    assert all(call["tracker"]["events"] == [] for call in calls)
    assert calls[-1]["tracker"]["latest_message"]["text"] == COST
    assert "cost" in str(calls[-1]["tracker"]["slots"]["last_topic"])


def ours(trial: Trial) -> list[str]:
    """Names of the registered actions of actions/, the shared manner of the forms left out."""
    return [
        name
        for name, run in trial.actions.items()
        if run.__module__.startswith("actions.") and name != "validate_"
    ]


async def test_no_action_changes_the_lists_it_is_given(trial: Trial) -> None:
    """1b.4: slot lists are shared by reference in one process; a changed list would change the tracker unsaved."""
    assert trial.house.directory is not None
    trial.house.directory.refresh()
    names, changed, spoken = ours(trial), [], trial.begin()
    await trial.say(spoken, COST)
    known = (await trial.tracker(spoken)).current_slot_values()
    assert len(names) > 25
    for name in names:
        for intent in ("find_service", "affirm", "deny", "go_back", "answer", "book_callback"):
            conversation = trial.begin()
            latest = {"text": "tuesday near LU3", "intent": {"name": intent, "confidence": 0.9}, "entities": TOLD}
            form = name.removeprefix("validate_") if name.startswith("validate_") else "check_in_form"
            asked = trial.dialogue._agent.domain.required_slots_for_form(form)[1]  # type: ignore[union-attr]
            slots = {**copy.deepcopy(known), **copy.deepcopy(LISTS), "requested_slot": asked}
            state = {"sender_id": conversation, "slots": slots, "latest_message": copy.deepcopy(latest), "events": [],
                     "active_loop": {"name": form}, "paused": False, "followup_action": None,
                     "latest_action_name": None}  # fmt: skip
            before = copy.deepcopy(state)
            with transaction(trial.house.engine) as connection:
                here = TurnSurroundings(trial.house, connection, records.load(connection, conversation))
                token = current_surroundings.set(here)
                try:
                    await trial.endpoint.request(json={"next_action": name, "tracker": state, "domain": {}})
                finally:
                    current_surroundings.reset(token)
            if state != before:
                changed.append((name, intent))
    assert changed == []


async def test_a_form_reads_an_answer_once(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 (rasa#11595): double validation would count one misunderstood answer as two, and move on."""
    conversation = trial.begin()
    await trial.say(conversation, "/start_check_in")
    await trial.say(conversation, '/answer{"answer":"company"}')
    await trial.say(conversation, "/skip")
    real, reads = trial.actions["validate_check_in_form"], []

    async def counted(*call: Any) -> Any:
        reads.append(1)
        return await real(*call)

    monkeypatch.setitem(trial.actions, "validate_check_in_form", counted)
    await trial.say(conversation, "/affirm")  # no answer to 'when'
    tracker = await trial.tracker(conversation)
    assert tracker.get_slot("requested_slot") == "when" and tracker.get_slot("misses") == 1
    reads.clear()
    said = await trial.say(conversation, '/answer{"answer":"evening","part_of_day":"evening"}')
    assert trial.question("cost") in said and len(reads) == 1


async def test_turns_of_other_conversations_do_not_wait_inside_each_other(trial: Trial) -> None:
    """1a, 1d: a turn holds loop and database until it is done; if it let go in between, a second one would lock."""
    conversations = [trial.begin() for _ in range(6)]
    said = await asyncio.wait_for(
        asyncio.gather(*(trial.say(each, text) for each in conversations for text in (COST, "/start_check_in"))), 30
    )
    assert len(said) == 12 and all(text and SORRY not in text for text in said)


async def test_what_an_action_did_goes_with_its_turn(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """1b.3: effects are rolled back with the turn, so that the retry does them once."""
    real = trial.actions["action_report_no_contact"]

    async def does_and_breaks(*call: Any) -> Any:
        await real(*call)
        raise KeyError("after the work")

    conversation = trial.begin()
    with monkeypatch.context() as patched:
        patched.setitem(trial.actions, "action_report_no_contact", does_and_breaks)
        assert SORRY in await trial.say(conversation, "/report_no_contact")
    assert tasks(trial, conversation) == ["message"]  # the apology's own note to the team
    assert SORRY not in await trial.say(conversation, "/report_no_contact")
    assert tasks(trial, conversation) == ["message", "no_contact"]


def tasks(trial: Trial, conversation: str) -> list[str]:
    """Kinds of the tasks left for the team."""
    with trial.house.engine.connect() as connection:
        query = "SELECT kind FROM tasks WHERE conversation_id = ? ORDER BY id"
        return [row.kind for row in connection.exec_driver_sql(query, (conversation,))]
