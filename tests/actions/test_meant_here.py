"""What a message means where it is said: openings, barriers, refusals undone, needs said away, a stick told in passing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from told import told

from actions.about_person import hard_to_get_about
from actions.about_what_is_shown import plain, takes_off
from actions.meant_here import meant_here, says_no_plainly, undoes
from actions.told_needs import misheard, new_needs, taken_off

HELD = ["loneliness", "digital", "money", "caring", "work"]


def here(**more: Any) -> Any:
    """A conversation that knows of no call and no navigator, but for `more`."""
    known = {"state": "bot", "turn": 0, "booked_call": lambda: None, "had_call": lambda: False, **more}
    return SimpleNamespace(**known)


def read(text: str, intent: str, confidence: float = 0.9, **inner: Any) -> dict[str, Any]:
    """A parse as Rasa makes it."""
    return {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": [], "reading": {"intent": intent, **inner}}


def meaning(parse: dict[str, Any], slots: dict[str, Any] | None = None, form: str | None = None, on_screen: bool = False, **more: Any) -> str:
    """The intent in the end."""
    return str(meant_here(parse, slots or {}, form, here(**more), on_screen)["intent"]["name"])


@pytest.mark.parametrize(
    "words", ["i feel low", "feeling a bit down", "i'm not coping", "I am so sad all the time", "im struggling", "i just feel rubbish lately"]
)
def test_a_feeling_begins_the_check_in(words: str) -> None:
    """Whoever is not in the programme cannot say that it did not help."""
    parse = meant_here(read(words, "faq", topic="not_feeling_better", needs=[]), {}, None, here(), False)
    assert parse["intent"]["name"] == "describe_need"
    assert parse["reading"]["needs"] == ["low_mood"]


@pytest.mark.parametrize("words", ["i havent spoken to anyone for days", "nobody talks to me", "ive not seen a soul all week", "no one comes to see me"])
def test_nobody_to_talk_to_is_no_complaint(words: str) -> None:
    """It is a need, and nobody of the team owes a call."""
    parse = meant_here(read(words, "report_no_contact"), {}, None, here(), False)
    assert (parse["intent"]["name"], parse["reading"]["needs"]) == ("describe_need", ["loneliness"])


def test_those_in_the_programme_are_answered_so() -> None:
    """By what they say, or by what is known of them."""
    low = read("i feel low", "faq", topic="not_feeling_better")
    assert meaning(low, had_call=lambda: True) == "faq"
    assert meaning(low, state="waiting") == "faq"
    assert meaning(read("i still feel low", "faq", topic="not_feeling_better")) == "faq"
    assert meaning(read("nobody has called me back", "report_no_contact")) == "report_no_contact"
    assert meaning(read("I was referred weeks ago and have not spoken to anyone", "report_no_contact")) == "report_no_contact"


@pytest.mark.parametrize("words", ["im not very good at this", "sorry I'm useless at this sort of thing", "not good with words", "i'm new to all this"])
def test_an_excuse_begins_it_too(words: str) -> None:
    """In the middle of a question the question is put in other words."""
    parse = read(words, "faq", 0.45, topic="not_feeling_better")
    assert meaning(parse) == "start_check_in"
    assert meaning(parse, form="check_in_form") == "repeat"


@pytest.mark.parametrize(
    ("words", "reason", "form", "on_screen", "intent"),
    [
        ("no one to go with", "no_one_to_go_with", "check_in_form", False, "answer"),
        ("the bus is too far", "travel", "check_in_form", False, "answer"),
        ("is it far from the bus", "travel", None, True, "ask_service_detail"),
        ("too far for me", "travel", None, True, "reject_results"),
        ("no one to go with", "no_one_to_go_with", None, True, "faq"),
        ("no one to go with", "no_one_to_go_with", None, False, "decline_programme"),
        ("I don't want any of it, it is too far", "travel", None, True, "decline_programme"),
        ("not interested", "no_need_felt", "check_in_form", False, "decline_programme"),
    ],
)
def test_a_barrier_is_of_what_is_in_hand(words: str, reason: str, form: str | None, on_screen: bool, intent: str) -> None:
    """Only a refusal of the programme ends it."""
    assert meaning(read(words, "decline_programme", reason=reason), form=form, on_screen=on_screen) == intent


def test_a_plain_no_is_told_from_a_barrier() -> None:
    """By its words."""
    assert all(map(says_no_plainly, ("no thank you", "I do not want this", "please stop this", "not interested", "I've changed my mind")))
    assert not any(map(says_no_plainly, ("the bus is too far", "i cant get there", "no one to go with", "its too dear")))


@pytest.mark.parametrize("words", ["no i mean i have no one to go with", "yes i do want help. company", "i didnt say no", "that's not what i meant", "i still want to do it"])
def test_a_refusal_is_undone_while_it_is_fresh(words: str) -> None:
    """Later it is a change of mind."""
    assert undoes(plain(words), {"decline_stage": "no", "declined_turn": 3}, 4)
    assert not undoes(plain(words), {"decline_stage": "no", "declined_turn": 3}, 9)
    assert not undoes(plain(words), {}, 4)


@pytest.mark.parametrize("words", ["no i want to stop", "no i mean i don't want it", "no i mean stop it", "not interested"])
def test_another_no_undoes_nothing(words: str) -> None:
    """However it begins."""
    assert not undoes(plain(words), {"decline_stage": "no", "declined_turn": 3}, 4)


def test_a_weak_reading_of_another_need_is_asked_about() -> None:
    """It adds nothing to needs that are known and takes none away."""
    stray = read("i didnt want golden years", "describe_need", 0.3, needs=["domestic_abuse"])
    assert meaning(stray, {"needs": ["loneliness"]}) == "nlu_fallback"
    assert meaning(read("my rent is due", "describe_need", 0.9, needs=["housing"]), {"needs": ["loneliness"]}) == "describe_need"
    assert new_needs(told("purple", "describe_need", confidence=0.3, needs=["arts"]), "when", {"needs": ["money"]}) is None
    assert new_needs(told("i paint", "describe_need", confidence=0.9, needs=["arts"]), "when", {"needs": ["money"]}) == ["money", "arts"]


@pytest.mark.parametrize(
    ("words", "off"),
    [
        ("not the computers bit, just somwhere to go", ["digital"]),
        ("no not computers take that off", ["digital"]),
        ("i dont need help with computers", ["digital"]),
        ("take the computers off please", ["digital"]),
        ("its not about money", ["money"]),
        ("i never said anything about money", ["money"]),
        ("no i dont want the caring one", ["caring"]),
        ("take that off", ["work"]),
        ("i have no money", []),
        ("i have no friends", []),
        ("not work days", []),
        ("im not very good with computors", []),
    ],
)
def test_needs_are_said_away(words: str, off: list[str]) -> None:
    """Beside a no; never by the lack of a thing."""
    assert taken_off(words, HELD, ["work"]) == off


def test_an_excuse_is_no_need() -> None:
    """Nor is care where somebody died and none is spoken of."""
    slow = told("on my own a lot, sorry, im not very good with computors", needs=["loneliness", "digital"])
    assert misheard(slow, slow.needs) == {"digital"}
    learn = told("im no good with computers and want to learn, and i am lonely", needs=["loneliness", "digital"])
    assert not misheard(learn, learn.needs)
    assert "caring" in misheard(told("on me own since my husband died", needs=["bereavement", "caring"]), ["bereavement", "caring"])


@pytest.mark.parametrize(
    ("words", "hard"),
    [
        ("my hip is bad i use a stick", ["bad hip", "walking stick"]),
        ("lu3, ive got dodgy knees", ["bad knees"]),
        ("i cant walk far", ["cannot walk far"]),
        ("my husband's knees are bad", []),
        ("I'll stick with it and get back to work", []),
    ],
)
def test_what_makes_getting_about_hard(words: str, hard: list[str]) -> None:
    """Of oneself only."""
    assert hard_to_get_about(words) == hard


def test_an_unwanted_save_is_undone() -> None:
    """In many words, of which none is of money."""
    assert all(map(takes_off, ("i didnt want golden years saved", "i didn't mean to save that", "dont save that one", "unsave it")))
    assert not any(map(takes_off, ("i dont want to save money", "i never have any money saved", "i don't want to keep feeling like this")))
