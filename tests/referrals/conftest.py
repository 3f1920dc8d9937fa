"""A house with a real database and a small directory, a stopped clock, and a person to be referred."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from referral_house import give_directory, open_again
from sqlalchemy.engine import Row

from assistant.clock import clock
from assistant.conversations import messages, records
from assistant.house import House
from assistant.pathway import patients, provider_answers, referral_timers, referrals
from assistant.pathway.referral_steps import load
from assistant.pathway.referrals import Wanted
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store import pathway_tables, staff_tables  # noqa: F401 - their tables join the metadata
from assistant.store.database import open_engine, reading, transaction
from assistant.store.tables import events, metadata, outbox, tasks

PROGRAMME = load_programme(Path(__file__).parents[2] / "programme")
PRACTICE = "wardown-park"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
DOROTHY = {"person_name": "Dorothy Hale", "contact_number": "+447700900123", "safe_to_text": True}


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    """The clock stands at ten on a Monday until a test moves it."""
    clock.set(MONDAY)
    yield
    clock.run()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table and the listings, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("empty")
    engine = open_engine(f"sqlite:///{folder}/house.db")
    metadata.create_all(engine)
    clock.set(MONDAY)
    give_directory(House(Settings(home=folder, _env_file=None), engine, PROGRAMME), folder)
    clock.run()
    engine.dispose()
    return folder / "house.db"


@pytest.fixture
def house(tmp_path: Path, empty: Path) -> House:
    """A SQLite file, the demo programme, a handful of listings."""
    shutil.copy(empty, tmp_path / "house.db")
    engine = open_engine(f"sqlite:///{tmp_path}/house.db")
    made = House(Settings(home=tmp_path, public_base_url="https://linkway.test", _env_file=None), engine, PROGRAMME)
    open_again(made, tmp_path)
    return made


class Way:
    """One person's way, and what can be looked at along it."""

    def __init__(self, house: House, **person: Any) -> None:
        """A conversation in which they said that they feel alone."""
        self.house = house
        values = {**DOROTHY, **person}
        with transaction(house.engine) as connection:
            channel, phone = values.pop("channel", "web"), values.pop("phone", None)
            source = values.pop("source", "self")
            self.conversation, _ = records.begin(connection, channel=channel, practice=PRACTICE, phone=phone)
            messages.append(connection, self.conversation, "patient", "I feel alone", answered=True)
            records.update(connection, self.conversation, **values)
            self.patient = patients.of_conversation(connection, records.load(connection, self.conversation))
            if source != "self":
                patients.update(connection, self.patient, source=source, referred_by="Dr Ann Shaw", referrer_contact="shaw@gp.example")
        self.id = ""

    def wanted(self, **changes: Any) -> Wanted:
        """A whole form."""
        values = {
            "id": str(uuid.uuid4()), "listing_id": "tea", "need": "loneliness", "note": "Would like some company on Tuesdays.",
            "first_name": "Dorothy", "reach_how": "ring", "reach_number": "+447700900123", "consent_how": "phone",
            "provider_contact": "tea@service.example",
        }  # fmt: skip
        return Wanted(**{**values, **changes})

    def refer(self, **changes: Any) -> str:
        """Referred by Amina."""
        with transaction(self.house.engine) as connection:
            self.id = referrals.make(connection, self.house, self.patient, self.conversation, self.wanted(**changes), "amina")
        return self.id

    @property
    def row(self) -> Row:
        """The referral now."""
        with reading(self.house.engine) as connection:
            return load(connection, self.id)

    def do(self, act: Callable[..., Any]) -> Any:
        """`act(connection, house, referral)` in one transaction."""
        with transaction(self.house.engine) as connection:
            return act(connection, self.house, load(connection, self.id, lock=True))

    def accept(self, day: str = "2026-11-26", time: str = "14:00", by: str = "provider", **more: str) -> str:
        """The provider says yes."""
        agreed = provider_answers.meeting(day, time, more.get("who", "Jo"), more.get("place", "Mill Street"), more.get("bring", "yes"))
        return str(self.do(lambda c, h, r: provider_answers.accept(c, h, r, agreed, by)))

    def look(self) -> int:
        """The timed pass once."""
        return referral_timers.look(self.house)

    def said(self, conversation: str | None = None) -> list[str]:
        """What the patient was told."""
        with reading(self.house.engine) as connection:
            return [row.text for row in messages.since(connection, conversation or self.conversation) if row.sender != "patient"]

    def offered(self) -> list[str]:
        """Labels under the newest message."""
        with reading(self.house.engine) as connection:
            return [one["label"] for one in messages.last_offered(connection, self.conversation)]

    def texts(self, to: str = "+447700900123") -> list[str]:
        """Texts on their way to a number."""
        with reading(self.house.engine) as connection:
            return list(connection.execute(sa.select(outbox.c.body).where(outbox.c.to == to).order_by(outbox.c.created_at)).scalars())

    def events(self) -> list[str]:
        """Kinds of what was counted, the conversation's own begin left out."""
        with reading(self.house.engine) as connection:
            return [row.kind for row in connection.execute(sa.select(events).order_by(events.c.id)) if row.kind != "conversation_started"]

    def event(self, kind: str) -> dict[str, Any]:
        """The data of the newest of a kind."""
        with reading(self.house.engine) as connection:
            row = connection.execute(sa.select(events).where(events.c.kind == kind).order_by(events.c.id.desc())).first()
        assert row is not None, kind
        return dict(row.data)

    def tasks(self, kind: str | None = None) -> list[str]:
        """The team's tasks."""
        with reading(self.house.engine) as connection:
            return [row.text for row in connection.execute(sa.select(tasks).order_by(tasks.c.id)) if kind in (None, row.kind)]


@pytest.fixture
def way(house: House) -> Way:
    """Dorothy, by web, whose mobile may be texted, and who came by herself."""
    return Way(house)


@pytest.fixture
def another(house: House) -> Callable[..., Way]:
    """`another(channel="sms", phone=...)`: somebody else."""
    return lambda **person: Way(house, **person)


@pytest.fixture
def parts() -> SimpleNamespace:
    """What several tests need by name."""
    return SimpleNamespace(practice=PRACTICE, monday=MONDAY)
