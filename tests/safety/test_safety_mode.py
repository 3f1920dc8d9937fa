"""Safety mode lasts, carries a footer, and takes the answer to the direct question."""

from __future__ import annotations

import pytest

from assistant.safety.contacts import Contact
from assistant.safety.mode import (
    after_reply,
    answer_direct,
    context_of,
    footer,
    new_state,
    read_answer,
    should_ask,
)
from assistant.safety.routes import ask_directly, route
from assistant.safety.screen import screen


def test_nothing_shown_no_footer(contacts: dict[str, Contact]) -> None:
    assert footer(new_state(), "web", contacts) == ""


def test_jk_does_not_end_it(contacts: dict[str, Contact]) -> None:
    state = after_reply(new_state(), route(["suicide_ideation"], "web", contacts))
    later = after_reply(state, route(screen("jk lol").risks, "web", contacts))
    assert later["active"]
    assert "999" in footer(later, "web", contacts)
    assert len(footer(later, "sms", contacts)) <= 160


def test_medicine_questions_do_not_open_it(contacts: dict[str, Contact]) -> None:
    state = after_reply(new_state(), route(["medication_clinical"], "web", contacts))
    assert not state["active"]


def test_a_watched_person_gets_a_neutral_footer(contacts: dict[str, Contact]) -> None:
    state = after_reply(new_state(), route(["domestic_abuse_covert"], "web", contacts))
    state = after_reply(state, route(["no_food_today"], "web", contacts))
    assert footer(state, "web", contacts) == "In danger now? Call 999."


def test_under_16_is_remembered(contacts: dict[str, Contact]) -> None:
    assert after_reply(new_state(), route(["under_16"], "web", contacts))["no_capture"]


def test_the_question_is_asked_once() -> None:
    unsure = screen("I am not suicidal")
    state = new_state()
    assert should_ask(state, unsure)
    state = after_reply(state, ask_directly("web"))
    assert not should_ask(state, unsure)
    assert context_of(state).question == "suicide"
    assert context_of(new_state(), "scale").question == "scale"


@pytest.mark.parametrize(("text", "answer"), [
    ("yes", "yes"), ("Yeah I am", "yes"), ("no", "no"), ("nah", "no"), ("not sure", "not_sure"), ("not_sure", "not_sure"),
    ("I don't know", "not_sure"), ("sometimes", "not_sure"), ("what time is bingo", None), ("north", None),
])
def test_reading_the_answer(text: str, answer: str | None) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize("answer", ["yes", "not_sure"])
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_yes_and_not_sure_open_the_route(answer: str, channel: str, contacts: dict[str, Contact]) -> None:
    state, reply = answer_direct(new_state(), answer, channel, contacts)
    assert reply.risks == ["suicide_ideation"]
    assert reply.alert and reply.contacts and "111" in reply.text
    assert state["active"] and state["shown"] == ["suicide_ideation"]
    assert context_of(state).question is None


def test_no_is_warm_and_keeps_the_footer(contacts: dict[str, Contact]) -> None:
    state, reply = answer_direct(new_state(), "no", "web", contacts)
    assert reply.risks == [] and reply.text.startswith("Thank you")
    assert footer(state, "web", contacts)


def test_any_other_answer_is_an_error(contacts: dict[str, Contact]) -> None:
    with pytest.raises(ValueError):
        answer_direct(new_state(), "perhaps", "web", contacts)
