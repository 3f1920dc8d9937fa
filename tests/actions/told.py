"""Messages and trackers as actions see them, without a model."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.reading import Reading


def tracker_of(text: str, intent: str = "answer", slots: dict[str, Any] | None = None, **read: Any) -> Tracker:
    """A tracker whose last message reads so; `read` may hold confidence, needs, reason and entities."""
    entities = [{"entity": kind, "value": value} for kind, value in (read.pop("entities", None) or {}).items()]
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": read.pop("confidence", 0.95)},
        "entities": entities,
        "reading": read,
    }
    return Tracker("test", slots or {}, message, [], False, None, {}, "action_listen")


def told(text: str, intent: str = "answer", **read: Any) -> Reading:
    """The reading of one message."""
    return Reading(tracker_of(text, intent, **read))
