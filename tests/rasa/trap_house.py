"""A small model of the real domain and rules, trained once a process, and a house in which it answers."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import yaml
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.conversations import messages, records
from assistant.dialogue.agent import Dialogue
from assistant.dialogue.trackers import current_connection
from assistant.dialogue.training import train
from assistant.house import House
from assistant.opening import open_house
from assistant.settings import Settings, get_settings
from assistant.store.database import reading, transaction
from assistant.store.tables import tracker_events
from assistant.turns import Turns

ROOT = Path(__file__).resolve().parents[2]
ENCODER = "minilm-int8"
EACH = 2  # examples kept of an intent: these tests press choices, they do not measure understanding
SORRY = "something on our side is not working"
COST = '/faq{"topic":"cost"}'


@lru_cache(maxsize=1)
def workshop() -> Path:
    """A folder for the process's model and encoder, removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="linkway-traps-"))
    atexit.register(shutil.rmtree, folder, True)
    return folder


def sources(folder: Path, each: int = EACH) -> Path:
    """Copy config, domain and rules into `folder`, with `each` examples of an intent; the folder."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "nlu_data" / "rules", folder / "nlu_data" / "rules")
    few = []
    for file in sorted((ROOT / "nlu_data").glob("*.yml")):
        if file.name.startswith("faq_") and file.name != "faq_cost_and_travel.yml":
            continue
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            few.append({"intent": block["intent"], "examples": block["examples"][:each]})
    (folder / "nlu_data" / "few.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": few}), encoding="utf-8")
    return folder


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Settings with their home in `folder`, for components that ask for them by themselves."""
    before = os.environ.get("LINKWAY_HOME")
    os.environ["LINKWAY_HOME"] = str(folder)
    get_settings.cache_clear()
    try:
        yield
    finally:
        os.environ.pop("LINKWAY_HOME") if before is None else os.environ.update(LINKWAY_HOME=before)
        get_settings.cache_clear()


@lru_cache(maxsize=1)
def trained_model() -> Path:
    """The model file."""
    folder = workshop()
    with at_home(folder):
        return train(sources(folder), folder / "models", ENCODER)


@lru_cache(maxsize=1)
def loaded_dialogue() -> Dialogue:
    """The model with our stores and actions around it, as `linkway serve` loads it."""
    with at_home(workshop()):
        return Dialogue(trained_model())


def alone(script: str, *arguments: str, light: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python text in a process of its own, from the root. `light`: without TensorFlow, as the serving set is."""
    start = "from assistant.dialogue.light import stand_in_for_tensorflow; stand_in_for_tensorflow(force=True)\n"
    settled = {k: v for k, v in os.environ.items() if not k.startswith(("RASA_", "OMP_", "LINKWAY_"))}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", (start if light else "") + script, *arguments],
        cwd=ROOT, env={**settled, "PYTHONPATH": str(ROOT), **environment}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


class Trial:
    """One database, one house, and the shared dialogue in it."""

    def __init__(self, database: Path) -> None:
        """Open (or open again) the house whose records lie in `database`."""
        settings = Settings(home=workshop(), database_url=f"sqlite:///{database}", programme_dir=ROOT / "programme")
        self.house: House = open_house(settings)
        self.dialogue = self.house.dialogue = loaded_dialogue()
        self.turns = self.house.turns = Turns(self.house)
        self.endpoint: Any = self.dialogue._agent.action_endpoint
        self.actions: dict[str, Any] = self.endpoint.executor.actions

    def begin(self, channel: str = "web") -> str:
        """A conversation's id."""
        with transaction(self.house.engine) as connection:
            return records.begin(connection, channel=channel, practice=self.house.programme.practice().slug)[0]

    async def say(self, conversation: str, text: str, pressed: bool = True) -> str:
        """Store it, have it answered, and return the answers as one text. With a slash it is a choice `pressed`."""
        payload = text if pressed and text.startswith("/") else None
        with transaction(self.house.engine) as connection:
            seq = messages.append(connection, conversation, "patient", text, payload=payload)
        await self.turns.answer(conversation)
        return self.answers(conversation, seq)

    def answers(self, conversation: str, seq: int = 0) -> str:
        """Everything not said by the patient after `seq`."""
        with reading(self.house.engine) as connection:
            said = messages.since(connection, conversation, seq)
        return "\n".join(message.text for message in said if message.sender != "patient")

    def answers_cost(self, said: str) -> bool:
        """Is one of the wordings of that answer in `said`?"""
        programme = self.house.programme
        slug = programme.practice().slug
        return any(programme.answer_text("cost", slug, "web", variant) in said for variant in range(9))

    def question(self, slot: str, form: str = "check_in_form") -> str:
        """How the form asks for `slot`, as domain.yml has it."""
        return str(self.house.words(f"utter_ask_{form}_{slot}", "web")["text"]).strip()

    def stored(self, conversation: str) -> int:
        """Tracker events in the database."""
        query = sa.select(sa.func.count()).where(tracker_events.c.sender_id == conversation)
        with reading(self.house.engine) as connection:
            return int(connection.execute(query).scalar_one())

    async def tracker(self, conversation: str) -> DialogueStateTracker:
        """The tracker as the database has it, not as memory does."""
        self.dialogue.forget(conversation)
        with reading(self.house.engine) as connection:
            token = current_connection.set(connection)
            try:
                tracker = await self.dialogue.trackers.retrieve(conversation)
            finally:
                current_connection.reset(token)
        assert tracker is not None, "nothing is stored of this conversation"
        return tracker

    def sql(self, statement: str) -> None:
        """Change the database behind everybody's back."""
        with self.house.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def move(self, conversation: str, old: str, new: str) -> None:
        """Change who holds the conversation."""
        with transaction(self.house.engine) as connection:
            assert records.change_state(connection, conversation, old, new)
