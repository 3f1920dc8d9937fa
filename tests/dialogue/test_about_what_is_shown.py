"""actions/about_what_is_shown.py: what is plainly meant while services are on the screen."""

from __future__ import annotations

from typing import Any

import pytest

from actions.about_what_is_shown import asks_for_saved, settled, takes_off
from assistant.conversations.choices import own_button

SLOTS = {"shown": ["a", "b", "c"]}


def read(text: str, form: str | None = None, **entities: str) -> tuple[str, list[str]]:
    """The intent a message is given, and the places of the list."""
    lowered = text.lower()
    found = [{"entity": kind, "value": "x", "start": lowered.index(words), "end": lowered.index(words) + len(words)} for kind, words in entities.items()]
    reading: dict[str, Any] = {"text": text, "intent": {"name": "as_read", "confidence": 0.4}, "entities": found}
    out = settled(text, reading, SLOTS, form, True, lambda: ["b"])
    return out["intent"]["name"], [e["value"] for e in out["entities"] if e["entity"] == "position"]


@pytest.mark.parametrize(
    ("text", "intent", "places"),
    [
        ("save 1", "choose_service", ["1"]),
        ("save 2 and 3", "choose_service", ["2", "3"]),
        ("Please save the first and the third", "choose_service", ["1", "3"]),
        ("save all three", "choose_service", ["1", "2", "3"]),
        ("number 9", "ask_service_detail", ["9"]),
        ("2 and 3", "ask_service_detail", ["2", "3"]),
        ("tell me about 2 and 3", "ask_service_detail", ["2", "3"]),
        ("tell me more about the last one", "ask_service_detail", ["-1"]),
        ("take off the second one", "choose_service", ["2"]),
        ("I dont want the second one any more", "choose_service", ["2"]),
        ("something closer", "reject_results", []),
        ("too far away", "reject_results", []),
        ("free ones", "answer", []),
        ("save me some money", "as_read", []),
        ("i take tablets for two things", "as_read", []),
        ("take one day at a time", "as_read", []),
        ("is it free", "as_read", []),
        ("and the third 1", "ask_service_detail", ["3"]),
        ("that last one", "ask_service_detail", ["-1"]),
        ("and how much is the third 1", "ask_service_detail", ["3"]),
        ("what about the 2nd place love", "ask_service_detail", ["2"]),
        ("is ther steps at the first place i hav a bad hip", "ask_service_detail", ["1"]),
        ("is the last one on a bus route and how much is it", "ask_service_detail", ["-1"]),
        ("ill go with the 3rd please", "choose_service", ["3"]),
        ("print the second one", "as_read", []),
        ("the first group i went to was free", "as_read", []),
        ("i didnt want that saved", "choose_service", []),
        ("i never asked you to save the second one", "choose_service", ["2"]),
        ("dont save that", "choose_service", []),
        ("how many more are there", "more_results", []),
        ("how many others have you got?", "more_results", []),
        ("how many is that altogether for me and my wife", "as_read", []),
        ("i dont want to talk any more", "as_read", []),
    ],
)
def test_the_words_decide(text: str, intent: str, places: list[str]) -> None:
    assert read(text) == (intent, places)


def test_a_name_is_asked_about_and_a_wish_is_not() -> None:
    shown = [{"id": "a", "name": "Walking Football"}, {"id": "b", "name": "Golden Years Lunch Club"}]

    def which(text: str) -> list[str]:
        out = settled(text, {"text": text, "intent": {"name": "as_read"}, "entities": []}, SLOTS, None, True, list, list, lambda: shown)
        return [e["value"] for e in out["entities"] if e["entity"] == "service"]

    assert which("how much is golden years") == which("and golden years?") == which("what about the lunch club") == ["b"]
    assert which("something with walking") == which("walking") == which("save golden years") == []


def test_a_save_is_taken_back_in_so_many_words() -> None:
    def answer(text: str, offered: list[str], kept: list[str]) -> list[str]:
        out = settled(text, {"text": text, "intent": {"name": "as_read"}, "entities": []}, SLOTS, None, True, lambda: kept, lambda: offered)
        return [e["value"] for e in out["entities"] if e["entity"] == "answer"]

    undo = ['/choose_service{"answer":"take_off","service":"a"}', "/more_results"]
    for text in ("undo", "no i didnt want that", "oh that was a mistake", "not that one", "no i never asked for that"):
        assert answer(text, undo, ["a"]) == ["take_off"] and answer(text, [], ["a"]) == []
    assert answer("i didnt want golden years saved", [], []) == ["list"], "nothing to take off: the empty list is said"


def test_a_bare_wish_narrows_and_a_story_does_not() -> None:
    assert read("what about in the evening", part_of_day="evening")[0] == "answer"
    assert read("is it on in the evening", part_of_day="evening")[0] == "as_read"
    assert read("i get frightened in the evening", part_of_day="evening")[0] == "as_read"


def test_while_a_form_asks_only_plain_words_are_of_services() -> None:
    assert read("tell me about 2 and 3", form="handover_form") == ("ask_service_detail", ["2", "3"])
    for text in ("2", "pick 2", "what about the second one", "2 and 3", "too far away"):
        assert read(text, form="handover_form")[0] == "as_read"
    assert read("save 2", form="decline_form")[0] == "as_read"


@pytest.mark.parametrize("text", ["what have i saved", "whats my list", "show my list", "What's on my list?", "my saved ones"])
def test_the_list_is_asked_for(text: str) -> None:
    assert asks_for_saved(text) and not asks_for_saved("print my list") and not asks_for_saved("am i on the waiting list")


def test_taking_off() -> None:
    assert takes_off("delete number 2") and not takes_off("take the bus off peak") and not takes_off("i want it off my chest")


@pytest.mark.parametrize(
    ("text", "form", "payload"),
    [
        ("Help me find support", None, "/start_check_in"),
        ("please help me find support!", "check_in_form", "/start_check_in"),
        ("help me find support", "handover_form", None),
        ("help me", None, None),
    ],
)
def test_our_buttons_typed(text: str, form: str | None, payload: str | None) -> None:
    assert own_button(text, form) == payload
