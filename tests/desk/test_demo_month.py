"""The demo's month: what its pages show is as a real month leaves it, and starting the program does not do it all again."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from assistant.clock import clock
from assistant.demo_month.fill import fill
from assistant.desk.referrals import group_of
from assistant.pathway import referral_timers
from assistant.store.database import reading
from assistant.store.pathway_tables import referrals
from assistant.store.tables import callbacks, conversations, tasks


@pytest.fixture
def month(house):
    """The month as of a Monday morning."""
    house.responses = yaml.safe_load((Path(__file__).parents[2] / "domain.yml").read_text(encoding="utf-8"))["responses"]
    return house, fill(house)


def test_the_month_is_true_to_itself(month):
    house, filled = month
    assert {"amina", "rita", "grace"} <= set(filled.usernames), "reception can sign in too"
    with reading(house.engine) as connection:
        for row in connection.execute(sa.select(referrals)):
            assert row.first_name and row.reach_number
            assert group_of(row) != "closed" or row.closed_at is not None, "the page sorts the closed by their day"
            assert row.status != "attending" or row.sessions_attended
            assert row.status != "accepted" or row.first_session_at > clock.now()
        calls = connection.execute(sa.select(callbacks.c.status, callbacks.c.starts_at)).all()
        known = connection.execute(sa.select(conversations.c.safe_to_ring).where(conversations.c.patient_id.is_not(None))).scalars().all()
    assert not [call for call in calls if call.status in ("done", "missed") and call.starts_at > clock.now()]
    assert [call for call in calls if call.status == "booked"] and set(known) == {True}


def test_a_first_start_finds_nothing_to_catch_up_with(month):
    house, _ = month
    with reading(house.engine) as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(tasks)).scalar_one()
    assert referral_timers.look(house) == 0
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tasks)).scalar_one() == before
