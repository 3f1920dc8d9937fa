"""The house transcripts are played in: the trained model and the demo directory made once, a database for each play."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from assistant.clock import clock
from assistant.conversations.stream import Notifier
from assistant.demo import ensure_directory
from assistant.dialogue.training import fresh_model, train
from assistant.house import House
from assistant.opening import ROOT, load_dialogue, open_house
from assistant.settings import Settings, get_settings
from assistant.store.database import open_engine
from assistant.turns import Turns

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)  # a Monday morning in winter, the team at work


@contextmanager
def one_house() -> Iterator[House]:
    """Everything that takes long to make, in a folder that goes afterwards. A model that is fresh is not made again."""
    here = get_settings()
    with tempfile.TemporaryDirectory(prefix="linkway-talks-") as folder:
        home = Path(folder)
        if (here.home / "encoder").is_dir():
            (home / "encoder").symlink_to((here.home / "encoder").resolve())
        model = fresh_model(ROOT, here.models_dir, here.encoder)
        before = os.environ.get("LINKWAY_HOME")
        os.environ["LINKWAY_HOME"] = folder
        get_settings.cache_clear()
        clock.set(MONDAY)
        try:
            house = open_house(Settings(_env_file=None, home=home, messages_per_minute=600))
            ensure_directory(house)
            assert house.directory is not None, house.not_ready
            house.directory.refresh()
            load_dialogue(house, model or train(ROOT, home / "models", here.encoder))
            assert house.dialogue is not None, house.not_ready
            yield house
        finally:
            house.engine.dispose()
            clock.run()
            os.environ.pop("LINKWAY_HOME") if before is None else os.environ.update(LINKWAY_HOME=before)
            get_settings.cache_clear()


def house_of_its_own(house: House, folder: Path) -> House:
    """The same house on a copy of its database: nothing said in one play is known in another."""
    source = sqlite3.connect(house.settings.home / "linkway.db")
    copy = sqlite3.connect(folder / "talk.db")
    source.backup(copy)
    source.close()
    copy.close()
    own = replace(house, engine=open_engine(f"sqlite:///{folder / 'talk.db'}"), notifier=Notifier(), not_ready={})
    own.turns = Turns(own)
    return own


def remove(folder: Path) -> None:
    """A play's folder, gone."""
    shutil.rmtree(folder, ignore_errors=True)
