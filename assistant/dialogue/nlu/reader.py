"""Intent classifier: puts intent, topic, reason and needs into Rasa's parse, from vector and words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.dialogue.nlu.reading import Example, Reader
from assistant.dialogue.nlu.sentence_embeddings import SentenceEmbeddings

FILE = "reader.npz"
# Rasa acts on an intent called `restart` by itself (it wipes the tracker): the domain has another name.
RASA_NAMES = {"restart": "start_again"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageReader(GraphComponent, IntentClassifier):
    """Trains and applies `reading.Reader`."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Needs the embedding before it."""
        return [SentenceEmbeddings]

    def __init__(self, storage: ModelStorage, resource: Resource, reader: Reader | None = None) -> None:
        """Untrained unless given a reader."""
        self._storage, self._resource, self._reader = storage, resource, reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        """Rasa's constructor before training."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageReader:
        """Rasa's constructor of a trained model."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, Reader.from_bytes((Path(folder) / FILE).read_bytes()))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on every example with an intent."""
        messages = [m for m in training_data.intent_examples if m.get(TEXT)]
        examples = [example_of(m) for m in messages]
        vectors = [vector for m in messages if (vector := vector_of(m)) is not None]
        self._reader = Reader.train(examples, np.vstack(vectors))
        with self._storage.write_to(self._resource) as folder:
            (Path(folder) / FILE).write_bytes(self._reader.to_bytes())
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message; a payload such as '/greet' was settled before and is left alone."""
        for message in messages:
            vector = vector_of(message)
            if vector is None or self._reader is None:
                continue
            reading = self._reader.read(vector, message.get(TEXT) or "")
            name = RASA_NAMES.get(reading.intent, reading.intent)
            message.set(INTENT, {"name": name, "confidence": reading.confidence}, add_to_output=True)
            message.set("reading", reading.as_dict(), add_to_output=True)
            message.set(
                INTENT_RANKING_KEY,
                [{"name": name, "confidence": chance} for name, chance in reading.ranking],
                add_to_output=True,
            )
        return messages


def vector_of(message: Message) -> np.ndarray | None:
    """The sentence embedding on the message, shape (d,)."""
    features = [f for f in message.features if f.origin and "SentenceEmbeddings" in f.origin]
    return features[0].features[0] if features else None


def example_of(message: Message) -> Example:
    """A training message with its finest label: Rasa's retrieval form for topics, metadata for the rest."""
    label = message.get_full_intent()
    told = (message.get("metadata") or {}).get("example") or {}
    if told.get("reason"):
        label = f"{label}/{told['reason']}"
    return Example(message.get(TEXT), label, tuple(told.get("needs") or ()))
