"""What is told beside the wish for a person, what is asked of the queue, and letters that are words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions.about_the_call import put_right
from actions.about_the_questions import plainly_meant
from actions.beside_the_wish import beside_the_wish, kept
from assistant.dialogue.agent import keep_ways_out

AMINA = "Amina Yusuf"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("can i speak to a real person pls im ever so worried about my rent", "im ever so worried about my rent"),
        ("i want to talk to someone about my debts", "help with my debts"),
        ("im so lonely can i talk to somebody", "im so lonely"),
        ("could amina phone me back, my flat is damp", "my flat is damp"),
        ("i need a call about my housing", "help with my housing"),
        ("is there anyone i can talk to about getting a job", "help with getting a job"),
        ("can i talk to a person now", ""),
        ("i would rather speak to a human being", ""),
        ("book a call", ""),
    ],
)
def test_what_is_told_with_it(text: str, told: str) -> None:
    """The wish itself tells of no need."""
    assert beside_the_wish(text, AMINA) == told


def test_needs_are_added_to_those_held() -> None:
    """And what was said before of what matters stands."""
    new = {event["name"]: event["value"] for event in kept("my rent", ["housing", "money"], {"needs": ["money"], "what_matters": "bills"})}
    assert new == {"needs": ["money", "housing"]}
    assert not kept("my rent", ["money"], {"needs": ["money"]})


def read(text: str, state: str, left: bool = False, intent: str = "faq") -> str:
    here: Any = SimpleNamespace(state=state, facts={"navigator_name": AMINA}, met_navigator=lambda: left, booked_call=lambda: None, last_said=lambda: [])
    return str(put_right({"text": text, "intent": {"name": intent, "confidence": 0.6}, "entities": []}, None, here)["intent"]["name"])


@pytest.mark.parametrize("text", ["are you there?", "is anybody there", "anyone there", "still there?", "how much longer", "im still waiting",
                                  "what number am i", "where is everyone", "is amina coming", "??", "when will she be here"])  # fmt: skip
def test_in_the_queue_it_is_about_the_queue(text: str) -> None:
    """Nowhere else, unless she is named."""
    assert read(text, "waiting") == "talk_to_human" and read("hello", "waiting", intent="greet") == "talk_to_human"
    assert read("does it cost anything", "waiting") == "faq"


def test_somebody_who_has_left_is_asked_for() -> None:
    """By name at any time; as 'you' only straight after."""
    assert read("are u still there amina", "bot") == "talk_to_human"
    assert read("are you still there", "bot", left=True) == "talk_to_human" and read("are you still there", "bot") == "faq"
    assert read("who is amina", "bot") == "faq"


def test_ways_out_of_the_queue_stay() -> None:
    """Beside an answer's own choices; by text instead of them."""
    for channel, labels in (("web", ["Is it free?", "Stop waiting", "Book a call"]), ("sms", ["Stop waiting", "Book a call"])):
        replies: list[dict[str, Any]] = [{"text": "a", "buttons": [{"title": "Is it free?", "payload": "/faq"}, {"title": "Talk", "payload": "/talk_to_human"}]}]
        keep_ways_out(replies, channel)
        assert [button["title"] for button in replies[0]["buttons"]] == labels


@pytest.mark.parametrize(("text", "meant"), [("y", "yes"), ("Y.", "yes"), ("yh", "yes"), ("k", "ok"), ("n", "no"), ("why", "why")])
def test_a_letter_is_a_word(text: str, meant: str) -> None:
    """In any form, or in none."""
    assert plainly_meant(text, {}, "handover_form") == meant
