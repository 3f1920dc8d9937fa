"""The closing questions in a turn, by web and by text, on both databases: offered once, answered, skipped, interrupted, erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Engine

from actions.wellbeing_scales import LONELINESS, ONS4
from assistant.clock import clock
from assistant.conversations import erasing, messages, records
from assistant.house import House
from assistant.pathway import closing, closing_pass, closing_words, patients
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import closing_questions
from assistant.store.pathway_tables import patients as patients_table
from assistant.store.tables import events, outbox, risk_flags, wellbeing
from assistant.turns import Turns

ROOT = Path(__file__).parents[2]
PROGRAMME = load_programme(ROOT / "programme")
PRACTICE = PROGRAMME.practice().slug
RESPONSES = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
START = {"ons_happy": 3, "lonely_often": "Often or always"}


class Helper:
    """Stands where the Rasa agent stands."""

    class Said:
        replies = [{"text": "It is free."}]
        slots: dict[str, Any] = {}
        active_form = None
        understood = {"intent": "faq", "topic": "cost", "confidence": 0.9}

    async def talk(self, *_: Any) -> Helper.Said:
        return self.Said()

    async def understand(self, text: str) -> dict[str, Any]:
        return self.Said.understood


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> Iterator[House]:
    clock.set(datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc))
    made = House(Settings(_env_file=None, home=tmp_path), engine, PROGRAMME, responses=RESPONSES)
    made.dialogue = Helper()  # type: ignore[assignment]
    yield made
    clock.run()


def begin(house: House, channel: str = "web", **values: Any) -> str:
    with transaction(house.engine) as connection:
        conversation, _ = records.begin(connection, channel=channel, practice=PRACTICE, phone="+447700900123" if channel == "sms" else None)
        records.update(connection, conversation, **{"safety": {}, **values})
    return conversation


def offer(house: House, conversation: str, mark: str = "desk:today") -> str:
    with transaction(house.engine) as connection:
        return closing.offer(connection, house, records.load(connection, conversation), mark)


def last(house: House, conversation: str) -> Any:
    with reading(house.engine) as connection:
        return messages.since(connection, conversation)[-1]


async def say(house: House, conversation: str, text: str, press: bool = False) -> str:
    """What is answered; `press` takes the choice with that label."""
    payload = next(c["value"] for c in last(house, conversation).choices if c["label"] == text) if press else None
    clock.shift(seconds=20)
    with transaction(house.engine) as connection:
        messages.append(connection, conversation, "patient", text, payload=payload)
    await Turns(house).answer(conversation)
    return str(last(house, conversation).text)


def kept(house: House) -> list[Any]:
    with reading(house.engine) as connection:
        return connection.execute(sa.select(wellbeing).where(wellbeing.c.stage == "end").order_by(wellbeing.c.id)).all()


def count(house: House, table: sa.Table, *where: Any) -> int:
    with reading(house.engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()


async def test_all_eight_in_their_exact_words_by_pressing(house):
    conversation = begin(house)
    assert offer(house, conversation) == "chat" and offer(house, conversation, "another") == "before"
    asked = [await say(house, conversation, closing_words.YES, press=True)]
    for _ in range(8):
        choices = last(house, conversation).choices
        asked.append(await say(house, conversation, choices[1]["label"], press=True))
    for step, text in zip((*ONS4, *LONELINESS), asked):
        assert text == RESPONSES[f"utter_ask_check_in_form_{step}"][0]["text"]
    assert asked[-1] == closing_words.DONE
    [row] = kept(house)
    assert row.answers == {**dict.fromkeys(ONS4, 1), **dict.fromkeys(LONELINESS[:3], "Some of the time"), "lonely_often": "Some of the time"}
    assert count(house, events, events.c.kind == "wellbeing_recorded") == 1
    assert offer(house, conversation) == "before", "once for each mark"


async def test_by_text_figures_words_and_skip(house):
    conversation = begin(house, "sms")
    assert offer(house, conversation) == "text"
    first = await say(house, conversation, "1")
    assert "how satisfied" in first and closing_words.BY_TEXT in first
    assert "worthwhile" in await say(house, conversation, "7")
    assert "how happy" in await say(house, conversation, "skip")
    assert "anxious" in await say(house, conversation, "about a four")
    assert "companionship" in await say(house, conversation, "10")
    assert "left out" in await say(house, conversation, "2")
    assert "isolated" in await say(house, conversation, "hardly ever")
    assert await say(house, conversation, "no more") == closing_words.ENOUGH
    [row] = kept(house)
    assert row.answers == {"ons_satisfied": 7, "ons_happy": 4, "ons_anxious": 10, "lonely_companionship": "Some of the time",
                           "lonely_left_out": "Hardly ever or never"}  # fmt: skip
    with reading(house.engine) as connection:
        sent = connection.execute(sa.select(outbox.c.body, outbox.c.segments).order_by(outbox.c.created_at)).all()
    assert sent[0].segments == 1 and all("score" not in row.body.lower() for row in sent)


async def test_no_is_accepted_and_a_second_thought_opens_it_again(house):
    conversation = begin(house)
    offer(house, conversation)
    offered = last(house, conversation).choices
    assert await say(house, conversation, closing_words.NO, press=True) == closing_words.REFUSED
    assert kept(house) == [] and await say(house, conversation, "7") == "It is free."  # nothing is asked: for the helper
    with transaction(house.engine) as connection:
        messages.append(connection, conversation, "patient", closing_words.YES, payload=offered[0]["value"])
    await Turns(house).answer(conversation)
    assert "how satisfied" in last(house, conversation).text


async def test_a_question_of_their_own_is_answered_and_ours_comes_once_more(house):
    conversation = begin(house)
    offer(house, conversation)
    await say(house, conversation, closing_words.YES, press=True)
    said = await say(house, conversation, "is this free?")
    assert said.startswith(closing_words.AGAIN)
    assert await say(house, conversation, "and who reads it?") == "It is free.", "asked again once, never pressed"
    assert kept(house) == []


async def test_eleven_is_no_answer_and_a_late_press_puts_right(house):
    conversation = begin(house)
    offer(house, conversation)
    await say(house, conversation, closing_words.YES, press=True)
    first = last(house, conversation).choices
    assert await say(house, conversation, "11") == closing_words.NOT_UNDERSTOOD
    await say(house, conversation, "3", press=True)
    with transaction(house.engine) as connection:
        messages.append(connection, conversation, "patient", "8", payload=first[8]["value"])
    await Turns(house).answer(conversation)
    assert last(house, conversation).text.startswith(closing_words.CHANGED) and kept(house)[0].answers == {"ons_satisfied": 8}


async def test_the_safety_screen_comes_first(house):
    conversation = begin(house)
    offer(house, conversation)
    await say(house, conversation, closing_words.YES, press=True)
    await say(house, conversation, "I want to kill myself")
    assert count(house, risk_flags) == 1 and kept(house) == []


async def test_skipping_all_keeps_nothing_and_a_made_up_payload_is_harmless(house):
    conversation = begin(house)
    offer(house, conversation)
    await say(house, conversation, closing_words.YES, press=True)
    for _ in range(8):
        said = await say(house, conversation, closing_words.SKIP, press=True)
    assert said == closing_words.DONE and kept(house) == []
    for made_up in ('/closing{"step":"ons_happy"}', "/closing{", '/closing{"step":"x","answer":"1"}'):
        assert closing._pressed(made_up) is None


async def test_a_yes_to_an_old_offer_that_was_said_last_is_taken_as_its_button_is(house):
    conversation = begin(house)
    offer(house, conversation)
    clock.shift(days=15)
    assert (await say(house, conversation, "yes")).startswith("Next I would like to ask you four questions")


def closed_patient(house: House, conversation: str, **values: Any) -> str:
    with transaction(house.engine) as connection:
        patient = patients.create(connection, PRACTICE, "self", name="Dorothy Hale")
        patients.link(connection, conversation, patient)
        connection.execute(wellbeing.insert().values(conversation_id=conversation, patient_id=patient, at=clock.now(), stage="start", answers=START))
        patients.update(connection, patient, **{"status": "closed", "ended": "completed", "closed_at": clock.now(), **values})
    return patient


def test_a_closed_case_is_asked_once_however_often_one_looks(house):
    conversation = begin(house)
    closed_patient(house, conversation)
    assert [closing_pass.look(house) for _ in range(3)] == [1, 0, 0]
    assert last(house, conversation).text == closing_words.offer(PROGRAMME.practice().name)
    with transaction(house.engine) as connection:
        connection.execute(patients_table.update().values(closed_at=clock.now()))
    assert closing_pass.look(house) == 0


@pytest.mark.parametrize(
    ("values", "conversation"),
    [({"ended": "declined"}, {}), ({"status": "open"}, {}), ({}, {"state": "live"}), ({}, {"safety": {"active": True}})],
)
def test_who_is_not_asked(house, values, conversation):
    closed_patient(house, begin(house, **conversation), **values)
    assert closing_pass.look(house) == 0


def test_nobody_is_asked_weeks_afterwards_or_without_a_start(house):
    closed_patient(house, begin(house))
    clock.shift(days=15)
    assert closing_pass.look(house) == 0
    closed_patient(house, begin(house))
    with transaction(house.engine) as connection:
        connection.execute(wellbeing.delete())
    assert closing_pass.look(house) == 0


async def test_erasing_takes_the_questions_too(house):
    conversation = begin(house)
    offer(house, conversation)
    with transaction(house.engine) as connection:
        erasing.erase(connection, conversation)
    assert count(house, closing_questions) == 0
