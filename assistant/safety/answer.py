"""What the guard is told of the moment, and what it makes of one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.safety.contacts import Contact


@dataclass
class SafetyAnswer:
    """What the screen makes of one message.

    `replies` go out first, as keyword arguments of a stored message. `stops`: nothing else is said this turn.
    `plain_line`: the one line on medicines, which gives way to a fuller answer of the dialogue. `watched_answer`: a
    topic's answer may follow. `safe_to_text` is what was just learned of the number, None when nothing was.
    `take_up`: a request for a call that the dialogue goes on with beside what is said here. `repeat`: the question of
    safety was asked before.
    """

    risks: list[str] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    stops: bool = False
    footer: str = ""
    alert: bool = False
    failed: bool = False
    safe_to_text: bool | None = None
    take_up: str = ""
    repeat: bool = False


@dataclass(frozen=True)
class Moment:
    """What the screen knows of the conversation beside its own state, filled for one practice."""

    channel: str
    contacts: Mapping[str, Contact]
    facts: Mapping[str, str]
    in_form: bool = False
    safe_to_text: bool | None = None
    desk: str = "bot"  # the conversation's state
    there: str = ""  # who is in the chat, when somebody is

    @property
    def web(self) -> bool:
        """Whether there are buttons."""
        return self.channel == "web"
