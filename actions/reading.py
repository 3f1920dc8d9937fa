"""The last message as an action sees it: intent, topic, needs, and what was wished for."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

_ASKING = re.compile(r"(?:(?:so|and|but|er+|um+|ok|well|hang on|wait)\W+)*(?:is|are|do|does|did|can|could|will|would|what|whats|what's|"
                     r"how|hows|how's|who|whos|who's|when|where|wheres|why|which)\b")


class Reading:
    """A view of `tracker.latest_message`."""

    def __init__(self, tracker: Tracker) -> None:
        """Sort the entities by kind."""
        message = tracker.latest_message or {}
        self.text: str = (message.get("text") or "").strip()
        self.intent: str = (message.get("intent") or {}).get("name") or ""
        self.confidence: float = float((message.get("intent") or {}).get("confidence") or 0.0)
        reading = message.get("reading") or {}
        self.ranking: list[tuple[str, float]] = [tuple(item) for item in reading.get("ranking") or []]
        self.topic: str | None = reading.get("topic")
        self.reason: str | None = reading.get("reason")
        self.needs: list[str] = list(reading.get("needs") or [])
        self.entities: dict[str, list[Any]] = {}
        for entity in message.get("entities") or []:
            self.entities.setdefault(entity["entity"], []).append(entity.get("value"))
        self.is_choice = self.text.startswith("/")

    def first(self, entity: str) -> Any:
        """The first value of an entity, or None."""
        return next(iter(self.entities.get(entity, [])), None)

    @property
    def answer(self) -> str | None:
        """The value a pressed choice carries."""
        return self.first("answer")

    @property
    def is_question(self) -> bool:
        """Whether it is put as a question: 'is it free?' asks, 'free please' answers."""
        return not self.is_choice and (self.text.endswith("?") or bool(_ASKING.match(self.text.lower())))

    @property
    def words(self) -> str:
        """What the person typed; empty for a pressed choice."""
        return "" if self.is_choice else self.text
