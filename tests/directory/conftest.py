"""Shared by the directory's tests: a real SQLite file, the real encoder, a fixed day, and listings made by
hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from directory_made import TODAY
from sqlalchemy.engine import Engine

from directory import store
from directory.encoder import Encoder, get_encoder
from directory.places import Places
from directory.records import Listing
from directory.search import Directory


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The process's one int8 encoder."""
    return get_encoder(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Outcodes of the whole country and four names."""
    names = tmp_path_factory.mktemp("places") / "places.csv"
    names.write_text(
        "name,also_called,outcode,latitude,longitude\n"
        "Luton,,LU1,51.8795,-0.4175\n"
        "Bury Park,burypark;berry park,LU1,51.8850,-0.4310\n"
        "Dunstable,,LU6,51.8860,-0.5210\n"
        "Bedford,,MK40,52.1360,-0.4670\n",
        encoding="utf-8",
    )
    return Places.load(names)


@pytest.fixture()
def engine(tmp_path: Path) -> Engine:
    """An empty directory in a SQLite file."""
    made = sa.create_engine(f"sqlite:///{tmp_path / 'directory.db'}")
    store.create_tables(made)
    return made


@pytest.fixture()
def directory_of(
    engine: Engine, encoder: Encoder, places: Places, tmp_path: Path
) -> Callable[..., Directory]:
    """Stores listings and gives the directory over them."""

    def build(*listings: Listing) -> Directory:
        for listing in listings:
            store.save(engine, listing, by="test")
        return Directory(engine, tmp_path, encoder, places, clock=lambda: TODAY)

    return build
