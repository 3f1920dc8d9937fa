"""Saying things: responses of domain.yml with the practice's facts filled in, choices beside them, and offers kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.surroundings import surroundings

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
    """'a, b and c'; set further apart where an item holds an 'and' of its own, so that what belongs together stays so."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    crowded = any(f" {last} " in item for item in items)
    between = "; " if crowded and len(items) > 2 else ", "
    return f"{between.join(items[:-1])}{between.rstrip() if crowded else ''} {last} {items[-1]}"


def offering(kind: str, **more: Any) -> list[EventType]:
    """The slot that says what a 'yes' to this turn's words would mean."""
    return [SlotSet("offer", {"kind": kind, "turn": surroundings().turn, **more})]


def offer_open(offer: dict[str, Any] | None) -> str | None:
    """What was offered with the message before, or None: an older offer is not what a 'yes' of now is about."""
    if not offer or offer.get("turn") != surroundings().turn - 1:
        return None
    return str(offer.get("kind"))
