"""Parts of the way after the first hello, on a real database: `house`, a stopped clock, `staff_id`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from assistant.clock import clock
from assistant.conversations import messages, records
from assistant.desk import accounts
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store import staff_tables  # noqa: F401 - its tables join the metadata
from assistant.store.database import open_engine, transaction
from assistant.store.migrate import migrate

PROGRAMME = load_programme(Path(__file__).parents[2] / "programme")
PRACTICE = "wardown-park"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    """The clock stands at ten on a Monday until a test moves it."""
    clock.set(MONDAY)
    yield
    clock.run()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A SQLite file brought up by the migrations, and the demo programme."""
    engine = open_engine(f"sqlite:///{tmp_path}/linkway.db")
    migrate(engine)
    yield House(Settings(_env_file=None, home=tmp_path), engine, PROGRAMME)
    engine.dispose()


@pytest.fixture
def staff_id(house: House) -> str:
    """Amina's id."""
    with transaction(house.engine) as connection:
        accounts.add_staff(connection, "amina", "Amina Yusuf", "navigator", PRACTICE)
        return str(accounts.find(connection, "amina").id)


@pytest.fixture
def talk(house: House) -> Callable[..., str]:
    """`talk("I feel alone", person_name="Dorothy")`: a conversation; its id."""

    def make(*said: str, channel: str = "web", phone: str | None = None, **values: Any) -> str:
        with transaction(house.engine) as connection:
            conversation_id, _ = records.begin(connection, channel=channel, practice=values.pop("practice", PRACTICE), phone=phone)
            for text in said or ("I feel alone",):
                messages.append(connection, conversation_id, "patient", text, answered=True)
            if values:
                records.update(connection, conversation_id, **values)
        return conversation_id

    return make
