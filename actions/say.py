"""Saying things: responses of domain.yml with the practice's facts filled in, and choices beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

Choice = tuple[str, str]  # label, payload


def buttons(choices: Sequence[Choice]) -> list[dict[str, str]]:
    """Rasa's form of choices."""
    return [{"title": label, "payload": payload} for label, payload in choices]


def say(
    dispatcher: CollectingDispatcher,
    response: str,
    choices: Sequence[Choice] | None = None,
    custom: dict[str, Any] | None = None,
    **values: Any,
) -> None:
    """Utter `response` with `values` in its placeholders; the practice's facts are filled in by dialogue/words.py."""
    dispatcher.utter_message(
        response=response, buttons=buttons(choices) if choices else None, json_message=custom or None, **values
    )


def say_text(
    dispatcher: CollectingDispatcher,
    text: str,
    choices: Sequence[Choice] = (),
    custom: dict[str, Any] | None = None,
) -> None:
    """Utter a finished text."""
    dispatcher.utter_message(text=text, buttons=buttons(choices), json_message=custom or None)


def listed(items: Sequence[str], last: str = "and") -> str:
    """'a, b and c'."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
