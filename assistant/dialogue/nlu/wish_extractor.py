"""Entity extractor: places, times, money, access and refusals of each message, by the rules in `wishes/`."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.clock import clock
from assistant.dialogue.nlu.wishes import find_wishes
from assistant.settings import get_settings
from directory.places import Places

EXTRACTOR = "WishExtractor"


@lru_cache(maxsize=4)
def places_of(programme_dir: Path) -> Places:
    """The practice's places and all outcodes, read once a process. Raises ValueError on a bad places.csv."""
    return Places.load(programme_dir / "places.csv")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class WishExtractor(GraphComponent, EntityExtractorMixin):
    """Adds the wishes of a message to its entities; several values of a kind are several entities. No settings."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set: the rules are code, the names come from programme/places.csv."""
        return {}

    def __init__(self) -> None:
        """Take the process's one set of places."""
        self._places = places_of(get_settings().programme_dir)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WishExtractor:
        """Rasa's constructor."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message; a payload such as '/skip' carries its own entities and is left alone."""
        today = clock.today()
        for message in messages:
            text = message.get(TEXT) or ""
            if text.startswith("/"):
                continue
            told = [
                {
                    "entity": wish.entity,
                    "value": wish.value,
                    "start": wish.start,
                    "end": wish.end,
                    "extractor": EXTRACTOR,
                }
                for wish in find_wishes(text, self._places.find_places, today)
            ]
            if told:
                message.set(ENTITIES, [*message.get(ENTITIES, []), *told], add_to_output=True)
        return messages
