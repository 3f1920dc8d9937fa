"""A house with a real database and no model, a stopped clock, staff, and browsers that are signed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from desk_browser import BASE, Desk, browser, fill_in
from fastapi import FastAPI

from assistant import errors
from assistant.clock import clock
from assistant.conversations import messages, records
from assistant.desk import accounts
from assistant.desk.router import desk_router, mount_files
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store import staff_tables  # noqa: F401 - its tables join the metadata
from assistant.store.database import open_engine, reading, transaction
from assistant.store.tables import metadata
from directory.tables import directory_metadata

PROGRAMME = load_programme(Path(__file__).parents[2] / "programme")
PRACTICE, OTHER = "wardown-park", "stopsley-green"
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)  # a Monday morning, winter time


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    """The clock stands at ten on a Monday until a test moves it."""
    clock.set(MONDAY)
    yield
    clock.run()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A SQLite file, the demo programme, nothing else."""
    engine = open_engine(f"sqlite:///{tmp_path}/desk.db")
    metadata.create_all(engine)
    directory_metadata.create_all(engine)
    return House(Settings(home=tmp_path, public_base_url=BASE), engine, PROGRAMME)


@pytest.fixture(scope="session")
def whole_desk() -> FastAPI:
    """Only the desk. Made once: half a second and fifteen megabytes for its two hundred addresses."""
    made = FastAPI()
    errors.install(made)
    made.include_router(desk_router)
    mount_files(made)
    return made


@pytest.fixture
def app(whole_desk: FastAPI, house: House) -> FastAPI:
    """The desk of this test's house."""
    whole_desk.state._state.clear()
    whole_desk.state.house = house
    return whole_desk


@pytest.fixture
def staff(house: House) -> dict[str, accounts.NewAccount]:
    """Two navigators, a manager, a receptionist and an editor of one practice; a navigator of another; one of all."""
    people = [
        ("amina", "Amina Yusuf", "navigator", PRACTICE),
        ("colin", "Colin Prior", "navigator", PRACTICE),
        ("grace", "Grace Obi", "manager", PRACTICE),
        ("rita", "Rita Lane", "receptionist", PRACTICE),
        ("edith", "Edith Moss", "editor", PRACTICE),
        ("joanne", "Joanne Castle", "navigator", OTHER),
        ("olive", "Olive Reed", "manager", None),
    ]
    with transaction(house.engine) as connection:
        return {p[0]: accounts.add_staff(connection, *p) for p in people}


@pytest.fixture
def at_desk(app: FastAPI, staff: dict[str, accounts.NewAccount]) -> Callable[[str], Desk]:
    """`at_desk("amina")`: a browser that Amina is signed in with."""

    def sign_in(username: str) -> Desk:
        desk, account = browser(app), staff[username]
        answer = fill_in(desk, username, account.password, accounts.current_code(account.totp_secret))
        assert answer.status_code == 303, answer.text
        desk.csrf = re.search(r'data-csrf="([^"]+)"', desk.look("/help").text)[1]  # type: ignore[index]
        return desk

    return sign_in


@pytest.fixture
def begin(house: House) -> Callable[..., str]:
    """`begin("I feel alone", state="waiting")`: a conversation in which the patient said so; its id."""

    def make(*said: str, practice: str = PRACTICE, channel: str = "web", phone: str | None = None, **values: Any) -> str:
        with transaction(house.engine) as connection:
            conversation_id, _ = records.begin(connection, channel=channel, practice=practice, phone=phone)
            for text in said or ("I feel alone",):
                messages.append(connection, conversation_id, "patient", text, answered=True)
            if values.get("state") == "waiting":
                values.setdefault("waiting_since", clock.now())
            if values:
                records.update(connection, conversation_id, **values)
        return conversation_id

    return make


@pytest.fixture
def thread(house: House) -> Callable[[str], list[tuple[str, str]]]:
    """`thread(id)`: (sender, text) of every message."""

    def read(conversation_id: str) -> list[tuple[str, str]]:
        with reading(house.engine) as connection:
            return [(row.sender, row.text) for row in messages.since(connection, conversation_id)]

    return read
