"""Silence is counted in working days: weekends and bank holidays are nobody's fault, and ten o'clock stays ten o'clock."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.clock import LONDON
from assistant.pathway.working_days import after, is_working_day


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=LONDON)


@pytest.mark.parametrize(("begun", "days", "ends"), [
    ("2026-11-23 10:00", 5, "2026-11-30 10:00"),  # a weekend between
    ("2026-11-27 15:00", 1, "2026-11-30 15:00"),
    ("2026-11-28 12:00", 1, "2026-12-01 09:00"),  # a Saturday counts from Monday morning
    ("2026-12-23 10:00", 2, "2026-12-29 10:00"),  # Christmas Day a Friday, Boxing Day kept on Monday
    ("2026-12-24 10:00", 5, "2027-01-05 10:00"),  # and the New Year
    ("2026-10-23 10:00", 1, "2026-10-26 10:00"),  # the clocks go back on the 25th
    ("2026-03-27 10:00", 1, "2026-03-30 10:00"),  # and forward on the 29th
])  # fmt: skip
def test_days_that_nobody_works_do_not_count(begun, days, ends):
    assert after(at(begun), days) == at(ends)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(timezone.utc)), st.integers(1, 30))
@settings(max_examples=150, deadline=None)
def test_the_end_is_on_a_working_day_and_never_sooner_than_the_days_themselves(moment, days):
    end = after(moment, days)
    assert is_working_day(end.astimezone(LONDON).date())
    assert end - moment >= timedelta(days=days) - timedelta(hours=1)  # an hour: the spring night
    assert after(moment, days + 1) > end
