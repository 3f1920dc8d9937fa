"""The first words: at once that this is a program nobody watches, what it can do, and 999 and 111."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from assistant.conversations import messages

_LAST_QUESTION = re.compile(r"[^.!?]*\?\s*$")

if TYPE_CHECKING:
    from assistant.house import House


def welcome(
    connection: Connection, house: House, conversation_id: str, channel: str, practice: str, *, asks: bool = True
) -> int:
    """Say utter_welcome of domain.yml, with the practice's facts; its seq. Needs no model: it must always be said.

    Without `asks` its question and choices are left out: something was written already, and the answer has its own.
    """
    response = house.words("utter_welcome", channel)
    facts = house.programme.facts(practice)
    choices: list[dict[str, Any]] = [
        {"label": b["title"], "value": b["payload"].replace("{{", "{").replace("}}", "}")}
        for b in response.get("buttons") or []
    ]
    text = response["text"].format_map(facts)
    if not asks:
        choices, text = [], _LAST_QUESTION.sub("", text)
    return messages.append(connection, conversation_id, "bot", text, choices=choices)
