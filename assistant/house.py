"""The parts of a running Linkway, made once and handed to whoever needs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from sqlalchemy.engine import Engine

from assistant.conversations.stream import Notifier
from assistant.programme import Programme
from assistant.safety.guard import Guard
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
    responses: dict[str, Any] = field(default_factory=dict)  # domain.yml's prompts, for what is said without Rasa
    guard: Guard = field(init=False)  # needs the programme's contacts alone, so it stands when all else is down

    def __post_init__(self) -> None:
        """The guard of these contacts."""
        practices = self.programme.practices.values()
        facts = {practice.slug: self.programme.facts(practice.slug) for practice in practices}
        self.guard = Guard(self.programme.contacts, facts, {practice.slug: practice.nation for practice in practices})

    def words(self, response: str, channel: str) -> dict[str, Any]:
        """The variant of a prompt of domain.yml for `channel`: text and buttons. Raises KeyError for one unknown."""
        variants = self.responses[response]
        own = [v for v in variants if v.get("channel") == channel]
        return dict((own or [v for v in variants if "channel" not in v])[0])


def house_of(request: Request) -> House:
    """The house of this app."""
    house: House = request.app.state.house
    return house


async def _given(request: Request) -> House:
    """Async, for FastAPI runs any other kind of dependency in a thread: a third of a millisecond for nothing."""
    return house_of(request)


TheHouse = Annotated[House, Depends(_given)]
