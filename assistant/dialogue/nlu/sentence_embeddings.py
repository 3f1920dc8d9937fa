"""Featurizer: the adapted sentence encoder's vector of each message, scaled for Rasa's classifiers."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.dialogue.nlu.adapter import message_encoder
from assistant.dialogue.nlu.repair import repair
from assistant.settings import get_settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(GraphComponent, Featurizer):
    """Adds one dense sentence feature a message. Settings: `scale` (10: unit vectors starve LogisticRegression)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The component's settings."""
        return {"scale": 10.0}

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Take the process's one encoder."""
        self._config, self._identifier = config, name
        settings = get_settings()
        self._encoder = message_encoder(settings.home / "encoder", settings.encoder)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raises ValueError when the scale is no positive number."""
        if not float(config.get("scale", 10.0)) > 0:
            raise ValueError("SentenceEmbeddings: `scale` in config.yml must be a number above 0")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddings:
        """Rasa's constructor."""
        return cls(config, execution_context.node_name)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurize all examples."""
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurize messages; an empty text gets a vector too."""
        texts = [repair(message.get(TEXT) or "") for message in messages]
        vectors = self._encoder.encode(texts) * float(self._config["scale"])
        for message, vector in zip(messages, vectors):
            message.add_features(
                Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
            )
        return messages
