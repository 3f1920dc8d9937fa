"""`home()`: an installation with a filled database, a programme of its own, a key and editors' lines."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("privacy", "store")]
from postgres import Cluster, cluster  # noqa: E402
from whole_state import State  # noqa: E402

from assistant.settings import Settings  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Callable[..., State]]:
    """`home("one")`: filled; `home("two", fill=False)`: nothing in it but a place."""
    made: list[State] = []

    def make(name: str, *, fill: bool = True, url: str = "") -> State:
        folder = tmp_path / name
        settings = Settings(_env_file=None, home=folder, programme_dir=folder / "programme", database_url=url)
        state = State(settings)
        if fill:
            folder.mkdir()
            shutil.copytree(ROOT / "programme", settings.programme_dir)
            state.fill()
        made.append(state)
        return state

    yield make
    for state in made:
        state.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """As in tests/store: skipped with the reason where there is none, failed under `.ci/run`."""
    with cluster() as found:
        if isinstance(found, str):
            if os.environ.get("ALL_TESTS_MUST_RUN"):
                pytest.fail(found)
            pytest.skip(found)
        yield found
