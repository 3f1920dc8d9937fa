"""One message read on its own: the safety screen and the understanding together."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.conversations.choices import for_rasa
from assistant.safety.screen import screen
from assistant.settings import get_settings

if TYPE_CHECKING:
    from assistant.dialogue.agent import Dialogue


async def understand(dialogue: Dialogue, text: str) -> dict[str, Any]:
    """`{text, intent, topic, reason, confidence, needs, risks, entities}`, ids of the taxonomy."""
    _open_screen_once()
    risks = screen(text).risks
    reading = await dialogue.understand(for_rasa(text, None))
    reading.pop("closest", None)  # the editors' business alone
    return {"text": text, **reading, "risks": risks}


@lru_cache(maxsize=1)
def _open_screen_once() -> None:
    """The screen as the served program has it."""
    from assistant.opening import open_screen

    open_screen(get_settings())
