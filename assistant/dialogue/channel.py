"""Collects what the bot says in a turn, whole: text, buttons and custom parts of one reply stay together."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel


class TurnChannel(OutputChannel):
    """An output channel that only gathers; delivery starts after the commit."""

    def __init__(self, name: str) -> None:
        """`name` is the conversation's channel, web or sms: Rasa picks channel variants of a response by it."""
        self._name = name
        self.replies: list[dict[str, Any]] = []

    def name(self) -> str:  # type: ignore[override]
        """The channel Rasa sees."""
        return self._name

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one reply."""
        self.replies.append(
            {
                "text": message.get("text") or "",
                "buttons": message.get("buttons") or [],
                "custom": message.get("custom") or {},
            }
        )
