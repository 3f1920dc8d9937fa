"""Referrals on both databases: made once by many at once, acted on once by many processes, answered once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from referral_house import give_directory
from sqlalchemy.engine import Engine

from assistant.clock import clock
from assistant.conversations import records
from assistant.errors import Conflict
from assistant.house import House
from assistant.pathway import patients, provider_answers, referral_timers, referrals, sessions
from assistant.pathway.referral_steps import load
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store.database import open_engine, reading, transaction
from assistant.store.tables import events

ROOT = Path(__file__).parents[2]
ONE = "2f1d5c1e-8a77-4f0e-9b43-4d2f2f0a9a11"
FORM = referrals.Wanted(ONE, "tea", "loneliness", "Would like company.", "Dorothy", "surgery", None, "phone", "tea@service.example")


@pytest.fixture
def house(engine: Engine, tmp_path: Path):
    clock.set(datetime(2026, 11, 23, 10, tzinfo=timezone.utc))
    made = House(Settings(home=tmp_path, _env_file=None), engine, load_programme(ROOT / "programme"))
    give_directory(made, tmp_path)
    yield made
    clock.run()


def kinds(house: House) -> list[str]:
    with reading(house.engine) as connection:
        return list(connection.execute(sa.select(events.c.kind).order_by(events.c.id)).scalars())


def test_many_at_once_do_each_thing_once(house, url):
    with transaction(house.engine) as connection:
        conversation, _ = records.begin(connection, channel="web", practice="wardown-park")
        patient = patients.of_conversation(connection, records.load(connection, conversation))
    houses = [replace(house, engine=open_engine(url)) for _ in range(4)]

    def all_at_once(act):
        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(act, houses))

    def make(one: House) -> str:
        with transaction(one.engine) as connection:
            return referrals.make(connection, one, patient, conversation, FORM, "amina")

    def answer(one: House) -> str:
        agreed = provider_answers.meeting("2026-12-10", "14:00", "Jo", "", "yes")
        with transaction(one.engine) as connection:
            try:
                return provider_answers.accept(connection, one, load(connection, ONE, lock=True), agreed, "provider")
            except Conflict:
                return "conflict"

    def went(one: House) -> str:
        with transaction(one.engine) as connection:
            return sessions.record(connection, one, load(connection, ONE, lock=True), date(2026, 12, 10), True, "provider")

    assert set(all_at_once(make)) == {ONE}
    clock.shift(days=10)
    assert sum(all_at_once(referral_timers.look)) == 1
    assert sorted(all_at_once(answer)) == ["accepted", "same", "same", "same"]
    clock.shift(days=8)
    assert sum(all_at_once(referral_timers.look)) == 1  # 'Did you go?'
    assert sorted(all_at_once(went)) == ["new", "same", "same", "same"]
    assert kinds(house) == [
        "conversation_started", "referral_made", "provider_silent", "patient_told_of_silence", "provider_accepted", "session_attended",
        "first_session_attended",
    ]  # fmt: skip
    for one in houses:
        one.engine.dispose()
