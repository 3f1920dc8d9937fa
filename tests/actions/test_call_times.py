"""Which time is meant by what is told, against a diary made for it; and what is about the call at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from told import told

from actions.about_the_call import put_right
from actions.call_times import LONDON, Fit, find_time, wanted_time
from actions.contact_details import read_name
from actions.surroundings import CallTime, current

MONDAY = date(2026, 11, 23)
WEDNESDAY_11 = datetime(2026, 11, 25, 11, tzinfo=LONDON)


def diary() -> list[CallTime]:
    """Nine to five on weekdays of two weeks, on the hour, from today at noon; Thursday's two o'clock is taken."""
    times = []
    for ahead in range(12):
        day = MONDAY + timedelta(days=ahead)
        for hour in range(12 if ahead == 0 else 9, 17):
            at = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
            if day.weekday() < 5 and (ahead, hour) != (3, 14):
                times.append(CallTime(at, f"{at:%a %d at %H}", "Amina"))
    return times


@pytest.fixture(autouse=True)
def here() -> Iterator[SimpleNamespace]:
    """A Monday, and whatever a test says stands in it."""
    world = SimpleNamespace(
        today=MONDAY, turn=3, call_times=lambda limit, every=False: diary(), booked_call=lambda: None, last_said=lambda: [],
        facts={"navigator_name": "Amina Yusuf"}, state="bot", met_navigator=lambda: False,
    )  # fmt: skip
    token = current.set(world)  # type: ignore[arg-type]
    yield world
    current.reset(token)


def fit(text: str, standing: datetime | None = None, **entities: Any) -> Fit:
    wanted = wanted_time(told(text, entities=entities), bare=True)
    assert wanted is not None, text
    return find_time(wanted, standing)


@pytest.mark.parametrize(
    ("text", "standing", "entities", "exact"),
    [
        ("10am", WEDNESDAY_11, {"time": "10:00"}, "Wed 25 at 10"),
        ("10", WEDNESDAY_11, {}, "Wed 25 at 10"),
        ("make it the 26th at 3pm", WEDNESDAY_11, {"time": "15:00"}, "Thu 26 at 15"),
        ("can you make it tuesday instead", WEDNESDAY_11, {"day": "tue"}, "Tue 24 at 11"),
        ("tuesday afternoon", None, {"day": "tue", "part_of_day": "afternoon"}, "Tue 24 at 12"),
        ("oh is that bin day. no can it be friday same time", WEDNESDAY_11, {}, "Fri 27 at 11"),
        ("same time next week", WEDNESDAY_11, {}, "Wed 02 at 11"),
        ("i have the dentist on thursday, can we say friday at 3", WEDNESDAY_11, {"day": "thu", "time": "15:00"}, "Fri 27 at 15"),
        ("next week on friday at 9", None, {"day": "fri", "time": "09:00"}, "Fri 04 at 09"),
    ],
)
def test_the_time_that_was_named_is_taken(
    text: str, standing: datetime | None, entities: dict[str, Any], exact: str
) -> None:
    found = fit(text, standing, **entities)
    assert found.exact is not None and found.exact.label == exact


@pytest.mark.parametrize(
    ("text", "entities", "how", "days"),
    [
        ("thursday at 2pm", {"day": "thu", "time": "14:00"}, "near", {26}),
        ("sunday", {"day": "sun"}, "none_then", {30, 27}),
        ("at 10am", {"time": "10:00"}, "these", {24, 25, 26, 27}),
        ("friday", {"day": "fri"}, "these", {27}),
        ("next week some time", {}, "these", {30, 1}),
        ("not this week", {}, "these", {30, 1}),
        ("whenever", {}, "first", {23, 24}),
    ],
)
def test_nothing_is_taken_that_was_not_named(text: str, entities: dict[str, Any], how: str, days: set[int]) -> None:
    found = fit(text, **entities)
    assert found.exact is None and found.how == how and len(found.near) > 1
    assert {time.starts_at.day for time in found.near} <= days


def test_after_and_before_are_bounds() -> None:
    assert [t.starts_at.hour for t in fit("after 3 on friday", day="fri", time="15:00").near] == [15, 16]
    assert {t.starts_at.hour for t in fit("friday before 10", day="fri", time="10:00").near} == {9, 10}


def reading(text: str, intent: str = "out_of_scope", **entities: str) -> dict[str, Any]:
    found = [{"entity": kind, "value": value} for kind, value in entities.items()]
    return {"text": text, "intent": {"name": intent, "confidence": 0.6}, "entities": found, "reading": {"intent": intent}}


@pytest.mark.parametrize("text", ["book a call", "I'd like to book a phone call", "arrange a phone call please", "can i have a call",
                                  "i want an appointment with amina", "set up a callback", "I would like a call with the navigator"])  # fmt: skip
def test_a_call_is_asked_for(text: str, here: Any) -> None:
    assert put_right(reading(text), None, here)["intent"]["name"] == "book_callback"


@pytest.mark.parametrize("text", ["i want an appointment with dr shah", "book an appointment", "how do i book a call", "a call from my son",
                                  "i need a blood test appointment", "what about tuesdays"])  # fmt: skip
def test_other_business_is_left_alone(text: str, here: Any) -> None:
    assert put_right(reading(text, day="tue"), None, here)["intent"]["name"] == "out_of_scope"


def test_a_time_is_of_the_call_where_the_call_was_the_last_thing_said(here: Any) -> None:
    here.booked_call = lambda: SimpleNamespace(starts_at=WEDNESDAY_11)
    assert put_right(reading("can we say 2pm", time="14:00"), None, here)["intent"]["name"] == "out_of_scope"
    here.last_said = lambda: [{"choices": [{"value": '/manage_appointment{"appointment":"change"}'}], "services": []}]
    put = put_right(reading("can we say 2pm", time="14:00"), None, here)
    assert put["intent"]["name"] == "manage_appointment" and put["entities"][-1]["value"] == "change"


def test_a_heavy_word_is_not_taken_for_a_call(here: Any) -> None:
    here.booked_call = lambda: SimpleNamespace(starts_at=WEDNESDAY_11)
    for text in ("i can't take it any more", "i cant do it", "i cant make it through the week"):
        assert put_right(reading(text), None, here)["intent"]["name"] == "out_of_scope"
    assert put_right(reading("i cant make the call"), None, here)["entities"][-1]["value"] == "cannot"


@pytest.mark.parametrize("text", ["9", "save 2 and 3", "cancel it", "07700", "I am not going to tell a computer my name", "WHY DO YOU NEED TO KNOW THAT"])
def test_what_is_no_name(text: str) -> None:
    assert read_name(told(text)) is None


@pytest.mark.parametrize(("text", "name"), [
    ("my name is Joan", "Joan"), ("Mary-Anne O'Neill", "Mary-Anne O'Neill"), ("call me Bill", "Bill"),
    ("Wilhelmina-Constantina Featherstonehaugh-Cholmondeley عبد الرحمن بن محمد",) * 2, ("عبد الرحمن بن محمد آل مكتوم الطويل",) * 2,
])  # fmt: skip
def test_names(text: str, name: str) -> None:
    assert read_name(told(text)) == name
