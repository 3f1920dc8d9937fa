"""One message read on its own: the safety screen and the understanding together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant.safety.screen import screen

if TYPE_CHECKING:
    from assistant.dialogue.agent import Dialogue


async def understand(dialogue: Dialogue, text: str) -> dict[str, Any]:
    """`{text, intent, topic, reason, confidence, needs, risks, entities}`, ids of the taxonomy."""
    risks = screen(text).risks
    reading = await dialogue.understand(text.lstrip("/ \t") or "...")
    return {"text": text, **reading, "risks": risks}
