"""Messages as web clients get them: as the contract says, each service with the choices that stand on its card."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from actions.service_words import in_full, short_line
from assistant.conversations import messages
from assistant.store.tables import messages as table
from directory.for_whom import for_whom


def save_value(listing_id: str) -> str:
    """What a press on 'Save' stands for."""
    return f'/choose_service{{"service":"{listing_id}"}}'


def more_value(listing_id: str) -> str:
    """What a press on 'Tell me more' stands for."""
    return f'/ask_service_detail{{"service":"{listing_id}"}}'


def service_choices(service: dict[str, Any]) -> list[dict[str, str]]:
    """Save it, hear more: these can be pressed as long as the card is there, whatever was said since."""
    return [
        {"label": f"Save {service['name']}", "value": save_value(service["id"])},
        {"label": f"Tell me more about {service['name']}", "value": more_value(service["id"])},
    ]


def for_print(service: dict[str, Any]) -> dict[str, Any]:
    """A service of the printed list: nothing to press."""
    return {**service, "for_whom": for_whom(service)}


def beside_cards(text: str, services: Sequence[dict[str, Any]]) -> str:
    """The text without the lines that say what the cards below it say again. An answer to a question is no such line."""
    for service in services:
        text = text.replace(in_full(service), "")
    again = tuple(short_line(place, service) for place, service in enumerate(services, 1))
    kept = "\n".join(line for line in text.split("\n") if not line.startswith(again))
    return re.sub(r"\n{3,}", "\n\n", kept).strip()


def for_web(row: Row) -> dict[str, Any]:
    """The Message of the contract. A service shown in full is not asked to be told more of."""
    message = messages.as_message(row)
    if message["services"]:
        message["beside_cards"] = beside_cards(row.text, message["services"])
    offered = {choice["value"] for choice in message["choices"]}
    for place, service in enumerate(message["services"]):
        save, more = service_choices(service)
        in_brief = more["value"] in offered
        on_card = {"for_whom": for_whom(service), "choices": [save, more] if in_brief else [save]}
        message["services"][place] = {**service, **on_card}
    return message


def can_be_chosen(connection: Connection, conversation_id: str) -> dict[str, str]:
    """Value -> label of everything offered in this conversation, on cards too: only these may come back."""
    rows = connection.execute(
        sa.select(table.c.services).where(table.c.conversation_id == conversation_id, table.c.sender != "patient")
    ).scalars()
    on_cards = [choice for services in rows for service in services or [] for choice in service_choices(service)]
    return {c["value"]: c["label"] for c in on_cards} | messages.offered_values(connection, conversation_id)
