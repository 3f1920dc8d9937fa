"""The seam between the outbox and whoever carries texts: one method, three ways to fail."""

from __future__ import annotations

from typing import Protocol

TIMEOUT_SECONDS = 10.0  # for a gateway's answer; far below the outbox's lease of two minutes


class GatewayDown(Exception):
    """Not now: no connection, too busy, credentials refused. Tried again. Never carries the text's words."""


class GatewayRefused(Exception):
    """Never: this text or number will not be taken however often it is tried."""


class NumberStopped(GatewayRefused):
    """The carrier blocks texts to this number because its owner sent STOP."""


class Gateway(Protocol):
    """A carrier of texts. `send` runs in several threads at once."""

    def send(self, to: str, body: str, key: str, conversation: str | None) -> str:
        """Hand over a text to `to` (E.164) and return the carrier's id for it.

        `key` is the same when the same text is tried again; a carrier that can, sends it once.

        Raises:
            GatewayDown: try again later. GatewayRefused: do not. NumberStopped: nor anything else to it.
        """
        ...
