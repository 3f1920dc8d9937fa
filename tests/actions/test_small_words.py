"""Lists, numbers, names and wishes in words: the small parts of actions/ that need no house."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher
from told import told

from actions.calls import consent
from actions.contact_details import read_name
from actions.declining import among, outcode
from actions.handover import number_in_words, purpose_of, shortened
from actions.saved_list import show_list
from actions.say import listed, offer_open, offering
from actions.summary import spoken, summary_of
from actions.surroundings import current
from actions.wishes import add_wishes, days_of, query_of


@contextmanager
def at_turn(turn: int) -> Iterator[None]:
    """The surroundings of one turn."""
    token = current.set(SimpleNamespace(turn=turn))  # type: ignore[arg-type]
    try:
        yield
    finally:
        current.reset(token)


def test_lists_stay_clear() -> None:
    """An item with an 'and' of its own is set apart."""
    assert listed(["work"]) == "work"
    assert listed(["work", "housing", "food"]) == "work, housing and food"
    assert listed(["money and bills", "work"]) == "money and bills, and work"
    assert listed(["money and bills", "work", "food"]) == "money and bills; work; and food"


def test_a_yes_is_to_the_last_offer_only() -> None:
    """An offer two turns old is not what a 'yes' means."""
    with at_turn(3):
        offer = offering("book_callback")[0]["value"]
    with at_turn(4):
        assert offer_open(offer) == "book_callback"
    with at_turn(5):
        assert offer_open(offer) is None and offer_open(None) is None


def test_numbers_as_people_write_them() -> None:
    """Kept as E.164, read back as typed at home."""
    assert number_in_words("+447700900123") == "07700 900123" and number_in_words("") == ""


def test_what_a_call_is_about_fits_the_diary() -> None:
    """Needs in plain words; else the person's own, cut at a word."""
    assert purpose_of({"needs": ["money"]}) == "money and bills"
    assert purpose_of({"what_matters": "skipped"}) is None
    assert len(shortened("word " * 100)) <= 153 and shortened("word " * 100).endswith("word...")


@pytest.mark.parametrize(("text", "name"), [("my name is Joan.", "Joan"), ("I'm Bob", "Bob"), ("no name", "skipped"), ("rather not", "skipped")])
def test_names(text: str, name: str) -> None:
    """As typed, without its lead; a refusal is no name."""
    assert read_name(told(text)) == name


@pytest.mark.parametrize(("text", "intent", "given"), [("go on", "affirm", "yes"), ("never mind", "stop_messages", "no"), ("no", "deny", "no"), ("hm", "answer", None)])
def test_consent(text: str, intent: str, given: str | None) -> None:
    """Only a clear yes is one."""
    assert consent(told(text, intent)) == given


@pytest.mark.parametrize(("step", "text", "value"), [("age_band", "I am 52", "45-64"), ("age_band", "81", "80+"), ("age_band", "12", None),
                                                     ("sex", "a woman", "female"), ("sex", "male", "male"), ("ethnicity", "white british", "white")])  # fmt: skip
def test_about_you_in_own_words(step: str, text: str, value: str | None) -> None:
    """One of the question's own answers, or none."""
    assert among(step, told(text)) == value


def test_only_half_of_a_postcode_is_kept() -> None:
    """A place without figures is none."""
    assert outcode("LU4 9AB") == "LU4" and outcode("Dunstable") is None


def test_days_add_up_unless_put_right() -> None:
    """'Tuesdays too' adds; 'no, Tuesday' replaces."""
    monday = add_wishes({}, told("mondays", entities={"day": "mon"}))
    assert add_wishes(monday, told("tuesdays too", entities={"day": "tue"}))["day"] == ["mon", "tue"]
    assert add_wishes(monday, told("no, tuesday", entities={"day": "tue"}))["day"] == ["tue"]
    assert days_of({"day_not": ["mon", "sun"]}) == ("tue", "wed", "thu", "fri", "sat")


def test_too_far_searches_nearer() -> None:
    """Only with a place to be near to."""
    assert query_of({"wishes": {"nearer": 1.5, "place": "LU2"}}).nearer_than == 1.5
    assert query_of({"wishes": {"nearer": True}}).within_km is None


def test_too_far_is_of_the_list_on_the_screen() -> None:
    """The distances go with the services, known only of those that were just shown."""
    names = {"a": "Tea", "b": "Chat"}
    house = SimpleNamespace(turn=4, saved=lambda: ["b", "a"], service=lambda one: {"id": one, "name": names[one]})
    token = current.set(house)  # type: ignore[arg-type]
    try:
        events = show_list(CollectingDispatcher(), {"shown": ["a", "c"], "shown_km": [1.5, 4.0]}, in_form=False)
    finally:
        current.reset(token)
    now = {event["name"]: event["value"] for event in events}
    assert now["shown"] == ["b", "a"] and now["shown_km"] == [None, 1.5]


def test_the_summary_leaves_out_what_was_skipped() -> None:
    """Nothing skipped is held up to the person."""
    said = summary_of({"needs": ["work"], "where": "LU2", "when": "morning, not mon", "cost": "skipped", "access_needs": "no"})
    assert said == "- What matters: work\n- Near: LU2\n- When: mornings, not Monday\n- Access and language: nothing needed"
    assert summary_of({}) == "- nothing yet, that is fine"
    assert spoken("with_someone") == "with someone"
