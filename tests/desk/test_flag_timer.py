"""The acknowledge timer of safety flags: in hours after its minutes, out of hours the duty number at once, in the morning on top."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from desk_browser import section

from assistant.clock import clock
from assistant.conversations import people
from assistant.conversations.working_hours import after_working
from assistant.desk import flag_timer
from assistant.store.database import reading, transaction
from assistant.store.tables import events, outbox, risk_flags
from assistant.tending import PASSES

DUTY = "07700 900555"


@pytest.fixture
def duty(house):
    """The practice has a number on safeguarding duty."""
    practices = house.programme.practices
    before = dict(practices)
    practices.update({slug: practice.copy(update={"safeguarding_duty_mobile": DUTY}) for slug, practice in before.items()})
    yield
    practices.update(before)


@pytest.fixture
def flag(house, begin):
    def make(*risks, practice="wardown-park", **values):
        conversation = begin(practice=practice, **values)
        with transaction(house.engine) as connection:
            people.flag_risk(connection, conversation, practice, 1, list(risks))
        return conversation

    return make


def texts(house):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(outbox).order_by(outbox.c.created_at)).all()


def test_after_its_minutes_a_flag_alerts_everybody_again_once(house, at_desk, flag, duty):
    assert flag_timer.look in PASSES
    late = flag("self_harm", person_name="Later")
    clock.shift(minutes=14)
    assert flag_timer.look(house) == 0 and texts(house) == []
    clock.shift(minutes=1)
    fresh = flag("self_harm", person_name="Fresh")
    assert flag_timer.look(house) == 1 and flag_timer.look(house) == 0
    for username in ("amina", "colin"):
        inbox = section(at_desk(username).look("/").text, "flags")
        assert "1 person&#39;s safety flag was not acknowledged in time." in inbox and 'role="alert"' in inbox
        assert inbox.index(late) < inbox.index(fresh), "those out of time stand above"
    (text,) = texts(house)
    assert text.body == "A safety flag waits in Linkway." and text.to == "+447700900555" and text.conversation_id is None


def test_an_acknowledged_flag_and_a_less_urgent_one_stay_quiet(house, at_desk, flag, duty):
    flag("medication_clinical")
    seen = flag("suicide_ideation")
    clock.shift(minutes=5)
    with reading(house.engine) as connection:
        flag_id = connection.execute(sa.select(risk_flags.c.id).where(risk_flags.c.conversation_id == seen)).scalar()
    assert at_desk("amina").press(f"/flags/{flag_id}/acknowledge").status_code == 200
    clock.shift(hours=3)
    assert flag_timer.look(house) == 0 and texts(house) == []


def test_how_long_it_took_is_kept_for_the_reports(house, at_desk, flag):
    flag("self_harm")
    clock.shift(minutes=20)
    flag_timer.look(house)
    with reading(house.engine) as connection:
        flag_id = connection.execute(sa.select(risk_flags.c.id)).scalar()
    at_desk("amina").press(f"/flags/{flag_id}/acknowledge")
    with reading(house.engine) as connection:
        data = connection.execute(sa.select(events.c.data).where(events.c.kind == "risk_acknowledged")).scalar()
    assert data["seconds"] == 1200 and data["alerted"] is True
    assert not {"score", "level", "severity"} & set(data)


def test_out_of_hours_the_duty_number_is_told_at_once_and_the_morning_starts_with_it(house, at_desk, flag, duty):
    clock.set(datetime(2026, 11, 20, 22, 30, tzinfo=timezone.utc))  # a Friday night
    at_night = flag("suicide_imminent", person_name="Night")
    assert flag_timer.look(house) == 1 and flag_timer.look(house) == 0
    assert [text.body for text in texts(house)] == ["A safety flag waits in Linkway."]
    clock.set(datetime(2026, 11, 22, 12, 0, tzinfo=timezone.utc))  # Sunday: nobody is there
    assert flag_timer.look(house) == 0
    clock.set(datetime(2026, 11, 23, 9, 0, tzinfo=timezone.utc))
    fresh = flag("suicide_imminent", person_name="Fresh")
    assert flag_timer.look(house) == 1
    inbox = section(at_desk("amina").look("/").text, "flags")
    assert inbox.index(at_night) < inbox.index(fresh) and "not acknowledged in time" in inbox
    assert len(texts(house)) == 1, "the duty number was told at night"


def test_several_flags_in_the_same_minutes_are_one_text(house, flag, duty):
    clock.set(datetime(2026, 11, 21, 22, 1, tzinfo=timezone.utc))
    for _ in range(3):
        flag("self_harm")
    assert flag_timer.look(house) == 3 and len(texts(house)) == 1


def test_without_a_duty_number_nothing_is_texted(house, flag):
    flag("self_harm")
    clock.shift(minutes=16)
    assert flag_timer.look(house) == 1 and texts(house) == []


def test_two_processes_alert_once(house, flag, duty, monkeypatch):
    flag("self_harm")
    clock.shift(minutes=16)
    real = flag_timer._alert

    def twice(*arguments):
        return real(*arguments) + real(*arguments)

    monkeypatch.setattr(flag_timer, "_alert", twice)
    assert flag_timer.look(house) == 1 and len(texts(house)) == 1


@pytest.mark.parametrize(("since", "minutes", "expected"), [
    ("2026-11-23T16:50+00:00", 15, "2026-11-24T09:05+00:00"),  # over the evening
    ("2026-11-20T16:50+00:00", 15, "2026-11-23T09:05+00:00"),  # over the weekend
    ("2026-12-24T16:59+00:00", 15, "2026-12-29T09:14+00:00"),  # Christmas, Boxing Day and its substitute
    ("2026-03-27T16:50+00:00", 15, "2026-03-30T08:05+00:00"),  # the clocks go forward on Sunday: nine is eight in UTC
    ("2026-10-23T15:50+00:00", 15, "2026-10-26T09:05+00:00"),  # and back
    ("2026-11-23T03:00+00:00", 0, "2026-11-23T09:00+00:00"),
])  # fmt: skip
def test_working_time_is_counted_to_the_minute(house, since, minutes, expected):
    practice = house.programme.practice("wardown-park")
    assert after_working(practice, datetime.fromisoformat(since), timedelta(minutes=minutes)) == datetime.fromisoformat(expected)
