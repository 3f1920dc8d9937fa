"""The parts of a running Linkway, made once and handed to whoever needs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fastapi import Request
from sqlalchemy.engine import Engine

from assistant.conversations.stream import Notifier
from assistant.programme import Programme
from assistant.settings import Settings
from directory.search import Directory

if TYPE_CHECKING:
    from assistant.dialogue.agent import Dialogue
    from assistant.turns import Turns


@dataclass
class House:
    """Everything with a lifetime. `dialogue` and `directory` may be None: the safety route and handover still work."""

    settings: Settings
    engine: Engine
    programme: Programme
    directory: Directory | None = None
    dialogue: Dialogue | None = None
    notifier: Notifier = field(default_factory=Notifier)
    turns: Turns | None = None
    wake_outbox: Callable[[], None] = lambda: None  # tells the sender that rows are waiting
    not_ready: dict[str, str] = field(default_factory=dict)  # part -> what is wrong, for /readyz


def house_of(request: Request) -> House:
    """FastAPI dependency: the house of this app."""
    house: House = request.app.state.house
    return house
