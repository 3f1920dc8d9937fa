"""Forms, sessions, handing over and lost processes: sections 1d, 1e and 2 of facts/rasa.md."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
import time_machine
from trap_house import COST, SORRY, Trial, alone, workshop

from assistant.app import create_app
from assistant.channels.sms import inbound
from assistant.dialogue import trackers
from assistant.store.tables import messages as messages_table

COMPANY, EVENING = '/answer{"answer":"company"}', '/answer{"answer":"evening","part_of_day":"evening"}'
PATH = "/api/v1/conversations"
DIES = """
import asyncio, os, signal, sys
from pathlib import Path
sys.path.insert(0, "tests/rasa")
from assistant.logs import configure
configure("ERROR")
import trap_house
trap_house.workshop = lambda: Path(sys.argv[1])
trap_house.trained_model = lambda: Path(sys.argv[2])
trial = trap_house.Trial(Path(sys.argv[3]))
async def dies(*_):
    os.kill(os.getpid(), signal.SIGKILL)
async def go():
    conversation = trial.begin()
    print(conversation, flush=True)
    await trial.say(conversation, "/start_check_in")
    trial.actions["validate_check_in_form"] = dies
    await trial.say(conversation, '/answer{"answer":"company"}')
asyncio.run(go())
"""


async def asked_when(trial: Trial) -> str:
    """A conversation whose check-in waits at its third question."""
    conversation = trial.begin()
    for said in ("/start_check_in", COMPANY, "/skip"):
        last = await trial.say(conversation, said)
    assert trial.question("when") in last
    return conversation


async def test_a_question_in_the_middle_of_a_form_is_answered_and_the_form_goes_on(trial: Trial) -> None:
    """1d: forms and answers on RulePolicy alone, the question said again."""
    conversation = await asked_when(trial)
    said = await trial.say(conversation, COST)
    answer, question, _ = said.partition(trial.question("when"))
    assert trial.answers_cost(answer) and question
    await trial.say(conversation, EVENING)
    assert (await trial.tracker(conversation)).get_slot("when") == "evening"


async def test_an_answer_nothing_accepts_is_asked_again_and_then_passed(trial: Trial) -> None:
    """1d: an answer no mapping accepts gives silence, or an apology without the question."""
    conversation = await asked_when(trial)
    assert trial.question("when") in await trial.say(conversation, "/affirm")
    said = await trial.say(conversation, "/affirm")
    assert trial.question("cost") in said and trial.question("when") not in said
    assert (await trial.tracker(conversation)).get_slot("when") == "skipped"


async def test_a_name_the_model_does_not_know_is_taken_as_a_name(trial: Trial) -> None:
    """1d: with nlu_fallback in a free-text slot's not_intent, 'Ann Smith' was refused."""
    conversation = trial.begin()
    await trial.say(conversation, "/book_callback")
    await trial.say(conversation, '/answer{"answer":"yes"}')
    for _ in range(4):
        tracker = await trial.tracker(conversation)
        if tracker.get_slot("requested_slot") == "person_name":
            break
        await trial.say(conversation, "/skip")
    await trial.say(conversation, "Ann Smith")
    assert (await trial.tracker(conversation)).get_slot("person_name") == "Ann Smith"


async def test_a_late_answer_still_meets_its_question(trial: Trial) -> None:
    """1d, 2: after an hour Rasa drops the form, and a late answer meets silence."""
    start = datetime.now(timezone.utc)
    conversation = await asked_when(trial)
    with time_machine.travel(start + timedelta(days=6, hours=23)):
        assert SORRY not in await trial.say(conversation, EVENING)
        assert (await trial.tracker(conversation)).get_slot("when") == "evening"


async def test_an_answer_later_than_that_is_not_met_with_silence_and_earlier_ones_are_kept(trial: Trial) -> None:
    """2: a session that did end keeps the slots; the person is told the ways on."""
    start = datetime.now(timezone.utc)
    conversation = await asked_when(trial)
    with time_machine.travel(start + timedelta(days=8)):
        said = await trial.say(conversation, EVENING)
        assert said and SORRY not in said
        tracker = await trial.tracker(conversation)
        assert tracker.active_loop_name is None and tracker.get_slot("what_matters") == "company"
        said = await trial.say(conversation, "/start_check_in")
        assert said and trial.question("what_matters") not in said, "asked again what was answered before"


async def test_the_bot_is_silent_and_learns_nothing_while_a_navigator_holds_it(trial: Trial) -> None:
    """1d: Rasa's own pause fills slots meanwhile, and session expiry ends it in the middle of a human chat."""
    conversation = await asked_when(trial)
    trial.move(conversation, "bot", "waiting")
    trial.move(conversation, "waiting", "live")
    before = trial.stored(conversation)
    assert await trial.say(conversation, EVENING) == ""
    with time_machine.travel(datetime.now(timezone.utc) + timedelta(days=30)):
        assert await trial.say(conversation, "tuesday evening near LU3 would be nice") == ""
    assert trial.stored(conversation) == before
    assert (await trial.tracker(conversation)).get_slot("when") is None


async def test_giving_a_conversation_back_does_not_replay_the_handing_over(trial: Trial) -> None:
    """1d, 2 (rasa#8119): resuming with ConversationResumed alone runs the handoff action again."""
    conversation = trial.begin()
    await trial.say(conversation, "/talk_to_human")
    declined = await trial.say(conversation, '/answer{"answer":"no"}')
    assert "will not pass anything on" in declined
    trial.move(conversation, "bot", "live")
    await trial.say(conversation, "thanks amina")
    trial.move(conversation, "live", "bot")
    said = await trial.say(conversation, COST)
    assert trial.answers_cost(said)
    assert "Is that all right?" not in said and "will not pass anything on" not in said
    assert (await trial.tracker(conversation)).active_loop_name is None


async def test_a_killed_process_loses_no_message_and_no_turn(trial: Trial, model: Path, tmp_path: Path) -> None:
    """1d: killed mid-turn, Rasa has 0 rows and the patient's message is gone; killed after the reply, all is whole."""
    done = await asyncio.to_thread(alone, DIES, str(workshop()), str(model), str(tmp_path / "trial.db"))
    assert done.returncode == -9, done.stderr[-2000:]
    conversation = done.stdout.split()[0]
    assert trial.question("what_matters") in trial.answers(conversation)
    tracker = await trial.tracker(conversation)
    assert tracker.get_slot("requested_slot") == "what_matters" and tracker.get_slot("what_matters") is None
    assert await trial.turns.recover() == 1
    assert trial.question("where") in trial.answers(conversation)
    assert (await trial.tracker(conversation)).get_slot("what_matters") == "company"
    assert await trial.turns.recover() == 0


async def test_a_turn_is_on_the_disk_when_it_is_answered(trial: Trial) -> None:
    """1d: synchronous=FULL (2), and event times to the last digit (rasa#7840: MySQL cuts them, and sessions restart)."""
    conversation = trial.begin()
    await trial.say(conversation, COST)
    with trial.house.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
    known = trial.dialogue.trackers._known[conversation][0]
    in_memory = [event.timestamp for event in known.events]
    read_again = [event.timestamp for event in (await trial.tracker(conversation)).events]
    assert len(read_again) > 3  # from the session's start on, which is all but the event that started it
    assert read_again == in_memory[-len(read_again) :]


async def test_a_message_delivered_twice_is_answered_once_on_the_web(trial: Trial) -> None:
    """2: a repeated message id is processed twice."""
    transport = httpx.ASGITransport(app=create_app(trial.house))
    async with httpx.AsyncClient(transport=transport, base_url="http://t") as client:
        begun = (await client.post(PATH, json={"channel": "web"})).json()
        ask = {"json": {"choice": "/start_check_in", "client_message_id": "m1"},
               "headers": {"Authorization": f"Bearer {begun['token']}"}}  # fmt: skip
        first = await client.post(f"{PATH}/{begun['id']}/messages", **ask)  # type: ignore[arg-type]
        events = trial.stored(begun["id"])
        again = await client.post(f"{PATH}/{begun['id']}/messages", **ask)  # type: ignore[arg-type]
    assert first.status_code == 200 and again.json() == first.json()
    assert trial.stored(begun["id"]) == events > 0


async def test_a_message_delivered_twice_is_answered_once_by_text(trial: Trial) -> None:
    """2: unique key on the gateway's id."""
    for _ in range(2):
        await inbound.receive(trial.house, provider="generic", provider_id="sid-1", sender="07700900123",
                              text="what does it cost", sent_at=None)  # fmt: skip
        await asyncio.gather(*inbound._turns)
    with trial.house.engine.connect() as connection:
        rows = connection.execute(sa.select(messages_table).where(messages_table.c.sender == "patient")).all()
    assert [row.provider_id for row in rows] == ["generic:sid-1"]
    tracker = await trial.tracker(rows[0].conversation_id)
    assert [event.type_name for event in tracker.events].count("user") == 1


async def test_many_conversations_leave_no_locks_and_few_trackers(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2 (rasa#11284): steady state is clean; an old conversation comes back from the database as it was."""
    monkeypatch.setattr(trackers, "KEPT_IN_MEMORY", 3)
    monkeypatch.setattr(trial.dialogue.trackers, "_known", OrderedDict())
    first = await asked_when(trial)
    for _ in range(12):
        await trial.say(trial.begin(), COST)
    store = trial.dialogue._agent.lock_store
    assert len(store._locks) == len(trial.turns._locks) == 0  # type: ignore[attr-defined]
    assert first not in trial.dialogue.trackers._known and len(trial.dialogue.trackers._known) <= 3
    assert trial.question("cost") in await trial.say(first, EVENING)
    assert (await trial.tracker(first)).get_slot("when") == "evening"


