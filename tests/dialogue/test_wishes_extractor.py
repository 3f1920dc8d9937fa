"""The Rasa component, where wishes stand in a message, dates, speed, and no crash on anything."""

from __future__ import annotations

import time
from collections import namedtuple
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.clock import clock
from assistant.dialogue.nlu.wishes import find_wishes
from directory.places import Places

TODAY = date(2026, 11, 23)  # a Monday
PLACES = Places.load(Path("programme/places.csv"))
Place = namedtuple("Place", "name precision")
PIECES = st.sampled_from(
    "not no but except lu3 lu32ab mon tue weekend half past 4 5pm free £5 the second last one my name is i'm 61 "
    "07700 900123 wheelchair deaf polish urdu group gym hate can't , . ? ! / - & \n 3rd december tomorrow on my own "
    "with bring kids bus lift online cancel appointment print them luton bury park \u2019 \u00e9 \u0627\u0631\u062f\u0648 \U0001f600".split(
        " "
    )
)


@pytest.mark.parametrize(
    ("text", "kind", "typed"),
    [
        ("something in LU3 2AB please", "place", "LU3 2AB"),
        ("smthng on  tues   pls", "day", "tues"),
        ("I\u2019m 61 \U0001f600 and skint", "age", "61"),
        ("caf\u00e9 near Bury Park \u2014 free?", "place", "Bury Park"),
        ("hiya its Pauline here", "name", "Pauline"),
        ("ring 07700 900 123 tomorrow", "phone", "07700 900 123"),
        ("is there parking", "access", "parking"),
        ("near the mall, weekends", "place", "the mall"),
    ],
)
def test_a_wish_knows_where_it_stands_in_the_message(text: str, kind: str, typed: str) -> None:
    """Offsets are of the message as typed, whatever was written out or folded on the way."""
    wish = next(w for w in find_wishes(text, PLACES.find_places, TODAY) if w.entity == kind)
    assert text[wish.start : wish.end] == typed


@pytest.mark.parametrize(
    ("today", "text", "expected"),
    [
        ("2026-11-23", "today please", "2026-11-23"),
        ("2026-11-23", "tomorrow", "2026-11-24"),
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-11-23", "day after tomorrow", "2026-11-25"),
        ("2026-11-23", "this thursday", "2026-11-26"),
        ("2026-11-23", "next tuesday", "2026-12-01"),
        ("2026-11-28", "next tuesday", "2026-12-01"),
        ("2026-11-23", "a week on tuesday", "2026-12-01"),
        ("2026-11-23", "tuesday week", "2026-12-01"),
        ("2026-11-23", "3rd of december", "2026-12-03"),
        ("2026-11-23", "dec 3rd", "2026-12-03"),
        ("2026-11-23", "december the 3rd", "2026-12-03"),
        ("2026-11-23", "3 dec 2026", "2026-12-03"),
        ("2026-11-23", "on 3/12", "2026-12-03"),
        ("2026-11-23", "03/12/26", "2026-12-03"),
        ("2026-11-23", "on the 3rd", "2026-12-03"),
        ("2026-11-23", "thursday 3rd", "2026-12-03"),
        ("2026-11-23", "4th of january", "2027-01-04"),
        ("2028-02-01", "29th february", "2028-02-29"),
        ("2026-11-23", "31st of february", None),
        ("2026-11-23", "45/12/2026", None),
        ("2026-11-23", "3/12/1950", None),
    ],
)
def test_dates_are_counted_from_today(today: str, text: str, expected: str | None) -> None:
    """'Next Tuesday' is the one of next week; a day and month without a year is the next such day."""
    found = [w.value for w in find_wishes(text, None, date.fromisoformat(today)) if w.entity == "date"]
    assert found == ([expected] if expected else [])


@given(st.text(max_size=2200))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all_is_read(text: str) -> None:
    """Whatever arrives, every wish has a value and lies inside the message."""
    for wish in find_wishes(text, PLACES.find_places, TODAY):
        assert wish.value and 0 <= wish.start < wish.end <= len(text)


@given(st.lists(PIECES, max_size=40).map(" ".join))
@settings(max_examples=400, deadline=None)
def test_any_mixture_of_wishing_words_is_read(text: str) -> None:
    """The words the rules look for, in any order."""
    for wish in find_wishes(text, PLACES.find_places, TODAY):
        assert wish.value and 0 <= wish.start < wish.end <= len(text)


@pytest.mark.parametrize(
    "piece",
    ["a ", "not ", "1", "1 ", "0 - ", "no no, ", "monday or ", "((((", "i'm a ", "one two ", "can't get ", "last the ",
     "my my ", "half past ", "bring my ", "cancel my call ", "not a a a a ", "when when ", "walk to the ", "lu3 2"],
)  # fmt: skip
def test_two_thousand_characters_take_no_more_than_a_moment(piece: str) -> None:
    """No pattern may go back over its steps without end: 0.4 s is some forty times what the slowest takes."""
    text = (piece * 2000)[:2000]
    started = time.perf_counter()
    find_wishes(text, PLACES.find_places, TODAY)
    assert time.perf_counter() - started < 0.4


def test_a_message_of_twenty_words_is_read_in_under_a_millisecond() -> None:
    """The share of a turn that the rules may take; the best of many runs, as the machine is shared."""
    text = "hi im 61 and live in leagrave cant do stairs looking for something on tues aft that is free not bingo"
    best = 1.0
    for _ in range(60):
        started = time.perf_counter()
        find_wishes(text, PLACES.find_places, TODAY)
        best = min(best, time.perf_counter() - started)
    assert best < 0.001


def test_names_in_the_practices_file_are_found_by_any_of_their_names() -> None:
    """Another name for a place gives the name the directory knows it by, and refusals reach it too."""
    assert [w.value for w in find_wishes("near dallow road", PLACES.find_places, TODAY)] == ["Dallow"]
    assert find_wishes("anywhere but dallow road", PLACES.find_places, TODAY) == []
    assert [w.value for w in find_wishes("in S10 or m14 6hr", None, TODAY)] == ["S10", "M14 6HR"]


@pytest.fixture()
def extractor():  # noqa: ANN201 - the type needs Rasa, imported only here
    """The component as Rasa would make it, the clock stopped on a Monday."""
    from assistant.dialogue.nlu.wish_extractor import WishExtractor

    clock.set(datetime(2026, 11, 23, 9, tzinfo=timezone.utc))
    yield WishExtractor.create({}, None, None, None)
    clock.run()


def test_the_component_adds_its_entities_beside_those_that_are_there(extractor) -> None:
    """One entity a value, with Rasa's keys; the date is counted from the one clock."""
    from rasa.shared.nlu.training_data.message import Message

    there = {"entity": "topic", "value": "cost", "start": 0, "end": 1, "extractor": "other"}
    message = Message(data={"text": "mon or tues near LU3, call me tomorrow", "entities": [there]})
    extractor.process([message])
    added = message.get("entities")
    assert added[0] == there
    assert [(e["entity"], e["value"]) for e in added[1:]] == [
        ("day", "mon"), ("day", "tue"), ("place", "LU3"), ("date", "2026-11-24")
    ]  # fmt: skip
    assert added[1] == {"entity": "day", "value": "mon", "start": 0, "end": 3, "extractor": "WishExtractor"}
    assert message.as_dict(only_output_properties=True)["entities"] == added


@pytest.mark.parametrize("text", ["/skip", '/inform{"day":"mon"} monday', "", "hello there"])
def test_payloads_and_messages_without_wishes_are_left_alone(extractor, text: str) -> None:
    """A pressed choice carries its own entities."""
    from rasa.shared.nlu.training_data.message import Message

    message = Message(data={"text": text})
    extractor.process([message])
    assert message.get("entities") is None


def test_a_message_without_text_is_left_alone(extractor) -> None:
    """Rasa hands over messages with only an action name in training."""
    from rasa.shared.nlu.training_data.message import Message

    message = Message(data={"action_name": "action_listen"})
    assert extractor.process([message])[0].get("entities") is None
