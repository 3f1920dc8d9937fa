"""A provider's yes, no, other day and sessions: once each, late or twice, and the patient hears of it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.clock import clock
from assistant.errors import BadInput, Conflict
from assistant.pathway import provider_answers, sessions
from assistant.pathway.provider_answers import meeting


def test_a_yes_with_a_day_tells_who_where_and_when(way):
    way.refer()
    assert way.accept() == "accepted"
    assert way.said()[-1] == (
        "Good news. Tea and Talk can see you on Thursday 26 November at 2pm. Where: Mill Street. Jo will meet you. You can bring someone."
    )
    assert way.offered() == ["I cannot make it"]
    assert way.row.status == "accepted" and way.event("provider_accepted")["hours"] == 0.0


def test_a_yes_without_a_day(way):
    way.refer()
    way.accept("", "", bring="no")
    assert way.said()[-1] == "Good news. Tea and Talk would like to see you. They will be in touch to set a day. Jo will meet you."
    assert way.offered() == []


def test_a_double_click_tells_once(way):
    way.refer()
    assert [way.accept(), way.accept()] == ["accepted", "same"]
    assert way.events().count("provider_accepted") == 1 and len(way.texts()) == 2


def test_another_day_is_told_each_time_also_when_it_is_the_first_again(way):
    way.refer()
    way.accept()
    assert way.accept("2026-11-27", "10:30") == "changed"
    assert way.said()[-1].startswith("A new day for Tea and Talk: Friday 27 November at 10:30am.")
    way.accept()
    assert "Thursday 26 November" in way.said()[-1] and way.events().count("provider_accepted") == 1


def test_who_cannot_be_texted_is_told_by_the_team(another):
    way = another(safe_to_text=None)
    way.refer()
    way.accept()
    assert way.texts() == [] and way.said()[-1].startswith("Good news.")
    assert any(task.startswith("Please tell Dorothy: Good news.") for task in way.tasks())


def test_a_no_is_kind_and_offers_others(way):
    way.refer()
    clock.shift(hours=30)
    done = way.do(lambda c, h, r: provider_answers.decline(c, h, r, "full", "until  spring", "provider"))
    again = way.do(lambda c, h, r: provider_answers.decline(c, h, r, "full", "", "provider"))
    assert (done, again) == ("declined", "same")
    assert way.row.status == "declined" and way.row.decline_reason == "We are full just now: until spring"
    assert way.said()[-1].startswith("Sorry, Tea and Talk cannot take anyone new just now. It is nothing you did.")
    assert way.offered() == ["Show me others", "Book a call"]
    assert way.event("provider_declined") == {"referral": way.id, "listing": "tea", "reason": "full", "hours": 30.0}


def test_a_yes_after_a_no_and_a_no_after_a_yes_are_refused(way):
    way.refer()
    way.accept()
    with pytest.raises(Conflict):
        way.do(lambda c, h, r: provider_answers.decline(c, h, r, "full", "", "provider"))


def test_of_a_yes_and_a_no_at_once_one_holds(way):
    """Both pages were loaded while nobody had answered."""
    way.refer()
    stale = way.row
    way.accept()
    with pytest.raises(Conflict):
        way.do(lambda c, h, r: provider_answers.decline(c, h, stale, "full", "", "provider"))
    assert way.row.status == "accepted" and "provider_declined" not in way.events()


@pytest.mark.parametrize(("day", "time", "who", "bring", "field"), [
    ("2026-11-26", "14:00", " ", "yes", "who"), ("2026-11-26", "14:00", "x" * 121, "yes", "who"), ("26/11/2026", "14:00", "Jo", "yes", "day"),
    ("2026-11-26", "", "Jo", "yes", "time"), ("2026-11-26", "2pm", "Jo", "yes", "time"), ("", "14:00", "Jo", "yes", "day"),
    ("2026-11-22", "14:00", "Jo", "yes", "day"), ("2027-11-26", "14:00", "Jo", "yes", "day"), ("2026-11-26", "14:00", "Jo", "", "bring"),
])  # fmt: skip
def test_a_form_that_cannot_be_used_names_the_field(day, time, who, bring, field):
    with pytest.raises(BadInput) as fault:
        meeting(day, time, who, "", bring)
    assert fault.value.field == field


def test_an_hour_that_the_spring_night_skips_becomes_one_that_is():
    agreed = meeting("2027-03-28", "01:30", "Jo", "", "yes")
    assert agreed.when is not None and agreed.when.isoformat() == "2027-03-28T01:30:00+00:00"  # 2.30 on the wall


def count(way, day: str, came: bool = True, by: str = "provider") -> str:
    return str(way.do(lambda c, h, r: sessions.record(c, h, r, date.fromisoformat(day), came, by)))


def test_a_day_counts_once_whoever_tells_of_it(way):
    way.refer()
    way.accept()
    clock.shift(days=10)
    assert [count(way, "2026-11-26"), count(way, "2026-11-26", by="amina"), count(way, "2026-11-27", came=False)] == ["new", "same", "new"]
    assert (way.row.sessions_attended, way.row.status) == (1, "attending")
    assert way.events()[-2:] == ["session_attended", "first_session_attended"]
    assert way.event("session_attended") == {"referral": way.id, "listing": "tea", "day": "2026-11-26", "number": 1}


def test_noted_wrongly_and_put_right(way):
    way.refer()
    way.accept()
    clock.shift(days=10)
    count(way, "2026-11-26")
    assert count(way, "2026-11-26", came=False) == "changed"
    assert (way.row.sessions_attended, way.row.status) == (0, "accepted")


@pytest.mark.parametrize(("day", "fault"), [("2026-11-24", BadInput), ("2026-11-22", BadInput), ("2026-11-23", Conflict)])
def test_sessions_to_come_before_the_referral_or_without_a_yes_are_refused(way, day, fault):
    way.refer()
    with pytest.raises(fault):
        count(way, day)


def test_twice_missed_puts_it_to_the_team(way):
    way.refer()
    way.accept()
    clock.shift(days=20)
    for day in ("2026-11-26", "2026-12-03"):
        count(way, day, came=False)
    assert any("did not come to Tea and Talk twice" in task for task in way.tasks())


def test_the_last_free_session_completes(way):
    way.refer()
    way.accept()
    clock.shift(days=40)
    for day in ("2026-11-26", "2026-12-03", "2026-12-10", "2026-12-17"):
        count(way, day)
    assert (way.row.status, way.row.ended, way.row.sessions_attended) == ("closed", "completed", 4)
    assert way.said()[-1].startswith("You have had all your free sessions at Tea and Talk.")
    assert way.event("completed")["sessions"] == 4 and way.tasks("closing")
    with pytest.raises(Conflict):
        count(way, "2026-12-24")
