"""STOP, START, HELP and texts without words, through the endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sms_parts import (
    PATIENT,
    generic_body,
    make_house,
    outgoing,
    rows,
    rows_of_conversations,
    said_by,
    send_generic,
    serving,
)

from assistant.channels.sms import opt_outs
from assistant.channels.sms.inbound import EMPTY
from assistant.conversations import messages, records
from assistant.house import House
from assistant.store import tables
from assistant.store.database import reading, transaction


@pytest.fixture
def house(tmp_path: Path) -> House:
    return make_house(tmp_path)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    with serving(house) as client:
        yield client


def test_a_text_without_words_gets_a_kind_answer(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("Hello", "a"))
    send_generic(client, generic_body(" \u0000 ", "b"))
    assert said_by(house, "patient")[-1].text == EMPTY
    assert outgoing(house)[-1][0].startswith("Your text reached us without any words.")
    assert len(house.turns.wait(1)) == 1, "no turn for it"


def test_stop_start_and_stop_again(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("Hello", "a"))
    assert send_generic(client, generic_body("Stop.", "b")).status_code == 202
    bodies = outgoing(house)
    assert bodies[0][1] == "stopped", "what waited does not go any more"
    assert bodies[1][0].startswith("You will get no more texts") and bodies[1][1] == "queued"
    send_generic(client, generic_body("Stop.", "b"))
    send_generic(client, generic_body("STOP", "c"))
    assert len(outgoing(house)) == 2, "one confirmation, however often it is said"
    send_generic(client, generic_body("start", "d"))
    assert outgoing(house)[2][0].startswith("Texts are on again.") and outgoing(house)[2][1] == "queued"
    send_generic(client, generic_body("stop", "e"))
    assert outgoing(house)[3][0].startswith("You will get no more texts")
    assert [row.stopped for row in rows(house, tables.opt_outs)] == [True, False, True]
    kinds = [event.kind for event in rows(house, tables.events)]
    assert kinds == ["conversation_started", "messages_stopped", "messages_stopped"]
    assert house.turns.wait(1) == [rows_of_conversations(house)[0].id], "only the first text was for the bot"


def test_stop_from_a_stranger_is_kept_and_confirmed(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("STOP"))
    [(body, _)] = outgoing(house)
    assert body.startswith("You will get no more texts")
    with reading(house.engine) as connection:
        assert opt_outs.stopped(connection, PATIENT)


def test_i_want_it_to_stop_reaches_the_turn(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("I want it to stop"))
    assert len(house.turns.wait(1)) == 1
    assert rows(house, tables.opt_outs) == []


def test_after_stop_a_text_is_still_read_and_screened(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("STOP", "a"))
    send_generic(client, generic_body("I cannot go on", "b"))
    assert len(house.turns.wait(1)) == 1


def test_start_as_a_first_text_is_a_hello(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("START"))
    assert len(house.turns.wait(1)) == 1 and rows(house, tables.opt_outs) == []


def test_help_says_who_we_are_and_keeps_the_question_open(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("Hello", "a"))
    [conversation] = rows_of_conversations(house)
    offered = [{"label": "Yes", "value": "/affirm"}]
    with transaction(house.engine) as connection:
        messages.append(connection, conversation.id, "bot", "Shall I look?", choices=offered)
    send_generic(client, generic_body("HELP", "b"))
    assert house.programme.practice().name in outgoing(house)[-1][0]
    with reading(house.engine) as connection:
        assert messages.last_offered(connection, conversation.id) == offered


def test_help_to_a_navigator_is_said_to_the_navigator(house: House, client: TestClient) -> None:
    send_generic(client, generic_body("Hello", "a"))
    [conversation] = rows_of_conversations(house)
    with transaction(house.engine) as connection:
        records.change_state(connection, conversation.id, "bot", "live", staff_id="n1")
    send_generic(client, generic_body("help", "b"))
    assert len(outgoing(house)) == 1 and len(house.turns.wait(2)) == 2
