"""Erasing, exporting, deleting by age and the flags' timer on a real PostgreSQL."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from filled import Somebody, fill, holding

sys.path.append(str(Path(__file__).parents[1] / "store"))
from postgres import cluster  # noqa: E402

from assistant.clock import clock  # noqa: E402
from assistant.conversations import people as told  # noqa: E402
from assistant.conversations import records  # noqa: E402
from assistant.desk import audit, flag_timer, keeping  # noqa: E402
from assistant.house import House  # noqa: E402
from assistant.pathway import objections, patients  # noqa: E402
from assistant.pathway.privacy import erase, export, holds  # noqa: E402
from assistant.pathway.privacy import person as people  # noqa: E402
from assistant.programme import load_programme  # noqa: E402
from assistant.settings import Settings  # noqa: E402
from assistant.store.database import open_engine, reading, transaction  # noqa: E402
from assistant.store.migrate import migrate  # noqa: E402
from assistant.store.tables import conversations, outbox  # noqa: E402

PROGRAMME = load_programme(Path(__file__).parents[2] / "programme")


@pytest.fixture
def house(tmp_path) -> Iterator[House]:
    with cluster() as found:
        if isinstance(found, str):
            if os.environ.get("ALL_TESTS_MUST_RUN"):
                pytest.fail(found)
            pytest.skip(found)
        engine = open_engine(found.database())
        migrate(engine)
        made = House(Settings(_env_file=None, home=tmp_path), engine, PROGRAMME)
        practice = PROGRAMME.practice("wardown-park")
        made.programme.practices["wardown-park"] = practice.copy(update={"safeguarding_duty_mobile": "07700 900555"})
        yield made
        made.programme.practices["wardown-park"] = practice
        engine.dispose()


def test_a_person_from_the_first_row_to_the_last(house):
    her, him = Somebody("Xanthippe", "+447700900111"), Somebody("Bartholomew", "+447700900222")
    with transaction(house.engine) as connection:
        fill(connection, her, staff_id="s-1")
        fill(connection, him, staff_id="s-1")
    with transaction(house.engine) as connection:
        found = people.one(connection, her.number)
        assert export.export_zip(connection, found).startswith(b"PK")
        erase.erase_person(connection, found.reference)
        assert holding(connection, her.patient, her.conversation, her.referral) == set()
        objections.note(connection, patients.load(connection, him.patient), "texts", "phone", "s-1")
    with transaction(house.engine) as connection:
        old, _ = records.begin(connection, channel="web", practice="wardown-park")
        flagged, _ = records.begin(connection, channel="web", practice="wardown-park")
        told.flag_risk(connection, flagged, "wardown-park", 1, ["self_harm"])
        holds.set_hold(connection, him.patient, "enquiry", "s-1")
    clock.shift(days=3000)
    assert flag_timer.look(house) == 1 and flag_timer.look(house) == 0
    assert keeping.what_is_due(house).counts["chats"] == 1
    assert keeping.look(house) >= 1 and keeping.look(house) == 0
    with reading(house.engine) as connection:
        kept = set(connection.execute(sa.select(conversations.c.id)).scalars())
        assert kept == {flagged, him.conversation} and old not in kept
        assert connection.execute(sa.select(sa.func.count()).where(outbox.c.body == "A safety flag waits in Linkway.")).scalar() == 1
        assert audit.verify(connection) is None
