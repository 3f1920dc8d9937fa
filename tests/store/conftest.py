"""Each test of the store runs twice: on a SQLite file, and on a real PostgreSQL where one is installed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from postgres import Cluster, cluster
from sqlalchemy.engine import Engine

from assistant.store.database import open_engine
from assistant.store.migrate import migrate


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """The session's PostgreSQL. Where there is none: skipped with the reason, and failed under `.ci/run`."""
    with cluster() as found:
        if isinstance(found, str):
            if os.environ.get("ALL_TESTS_MUST_RUN"):  # the gate installs it: there its absence is a fault
                pytest.fail(found)
            pytest.skip(found)
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'linkway.db'}"
    found: Cluster = request.getfixturevalue("postgres")
    return found.database()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database of today's tables."""
    made = open_engine(url)
    migrate(made)
    yield made
    made.dispose()
