"""How facts about a service and a practice are put into words on the plain and printed pages.

static/service_card.js says the same in the chat; tests/browser compares the two.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

ASK = "Ask"
MILES_PER_KM = 0.621371
PRICE = re.compile(r"\d+(\.\d{1,2})?")


# Enough to choose by; "Tell me more" shows the rest.
IN_BRIEF = frozenset({"How far", "Where", "When", "Cost now", "Who meets you"})


def capital(words: str) -> str:
    """A capital letter for the first word alone."""
    return words[:1].upper() + words[1:]


def distance(km: float) -> str:
    """Kilometres as the miles people here think in."""
    miles = km * MILES_PER_KM
    if miles < 0.45:
        return "Less than half a mile"
    return f"About {miles:.1f} miles".replace(".0 miles", " miles")


def money(value: Any) -> str:
    """A price: a bare number is pounds, 0 is free, words stay as they are, unknown says so."""
    if value is None or value == "":
        return ASK
    if not PRICE.fullmatch(str(value)):
        return capital(str(value))
    return "Free" if float(value) == 0 else f"£{float(value):.2f}".replace(".00", "")


def listed(value: Any, joined_by: str = ", ") -> str:
    """A list, or one thing, as a phrase."""
    if isinstance(value, (list, tuple)):
        value = joined_by.join(str(part) for part in value if part not in (None, ""))
    return capital(str(value)) if value not in (None, "") else ASK


def yes_no(value: Any) -> str:
    """True, False or unknown; words stay as they are."""
    if isinstance(value, str):
        return capital(value) or ASK
    return {True: "Yes", False: "No"}.get(value, ASK)


def service_facts(service: Mapping[str, Any], brief: bool = False) -> list[tuple[str, str]]:
    """Label and value, in the order people ask: how far, when, what it costs, who is there, how to begin.

    What is unknown says "Ask". A distance nobody measured, languages and contact are left out when there are none.
    """
    cost, far = service.get("cost") or {}, service.get("distance_km")
    facts = [
        ("How far", None if far is None else distance(far)),
        ("Where", listed(service.get("where"))),
        ("When", listed(service.get("when"), "; ")),
        ("Cost now", money(cost.get("now"))),
        ("Free sessions", listed(cost.get("free_sessions"))),
        ("Cost afterwards", money(cost.get("afterwards"))),
        ("Who meets you", listed(service.get("who_meets_you"))),
        ("Bring someone", yes_no(service.get("can_bring_someone"))),
        ("Access", listed(service.get("access"))),
        ("Languages", listed(service["languages"]) if service.get("languages") else None),
        ("How to join", listed(service.get("how_to_join"))),
        ("Contact", listed(service["contact"]) if service.get("contact") else None),
    ]
    return [(label, value) for label, value in facts if value is not None and (not brief or label in IN_BRIEF)]


def state_words(now: Mapping[str, Any]) -> str:
    """Who is at the other end, as static/state_line.js says it; `now` is the `state` and what comes with it."""
    state, navigator, place = now["state"], now.get("navigator"), now.get("queue_place") or 0
    if state == "live" and navigator:
        role = now.get("navigator_role")
        return f"You are talking to {navigator}{f', {role}' if role else ''}."
    if state == "waiting":
        queue = f" You are number {place} in the queue." if place > 1 else " You are next." if place == 1 else ""
        return f"We have asked for a person.{queue} You can keep writing."
    return {"live": "A person has joined the chat.", "closed": "This chat is closed for now. You can write again any time."}.get(
        state, "This is a bot, not a person."
    )


def around_contacts(message: Mapping[str, Any]) -> list[str]:
    """The text beside the cards of services. Contacts stand after its first part, where they are seen, so it comes in two."""
    text = message.get("beside_cards", message["text"])
    return text.split("\n\n", 1) if message.get("contacts") else [text]


def on_card(label: str, name: str) -> str:
    """A choice's label without the service's name, which the card bears already."""
    return label.replace(f" {name}", "").removesuffix(" about")


def under_message(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The choices that do not stand on a service's card."""
    on_cards = {choice["value"] for service in message.get("services") or [] for choice in service.get("choices") or []}
    return [choice for choice in message.get("choices") or [] if choice["value"] not in on_cards]


def days(value: Any) -> str:
    """'Monday, Tuesday and Thursday' from a list; a sentence stays as it is."""
    if isinstance(value, (list, tuple)) and len(value) > 1:
        return f"{', '.join(map(str, value[:-1]))} and {value[-1]}"
    return listed(value) if value else ""


def spaced(number: str) -> str:
    """A mobile number as people read one out: 07700 900000. Anything else stays as it is."""
    return f"{number[:5]} {number[5:]}" if re.fullmatch(r"07\d{9}", number) else number


def tel(number: str | None) -> str:
    """The number as a tel: link wants it."""
    return "".join(character for character in number or "" if character.isdigit() or character == "+")
