"""How facts about a service and a practice are put into words on the plain and printed pages.

static/service_card.js says the same in the chat; tests/browser compares the two.
"""

from __future__ import annotations

from typing import Any

ASK = "Ask"
MILES_PER_KM = 0.621371


def distance(km: float | None) -> str:
    """Kilometres as the miles people here think in."""
    if km is None:
        return ASK
    miles = km * MILES_PER_KM
    if miles < 0.45:
        return "Less than half a mile"
    return f"About {miles:.1f} miles".replace(".0 miles", " miles")


def money(value: Any) -> str:
    """A price: a number is pounds, 0 is free, words stay as they are, unknown says so."""
    if value is None or value == "":
        return ASK
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "Free" if value == 0 else f"£{value:.2f}".replace(".00", "")
    return str(value)


def listed(value: Any, joined_by: str = ", ") -> str:
    """A list, or one thing, as a phrase."""
    if isinstance(value, (list, tuple)):
        value = joined_by.join(str(part) for part in value if part not in (None, ""))
    return str(value) if value not in (None, "") else ASK


def yes_no(value: Any) -> str:
    """True, False or unknown; words stay as they are."""
    if isinstance(value, str):
        return value or ASK
    return {True: "Yes", False: "No"}.get(value, ASK)


def service_facts(service: dict[str, Any]) -> list[tuple[str, str]]:
    """Label and value, in the order people ask: how far, when, what it costs, who is there, how to begin."""
    cost = service.get("cost") or {}
    facts = [
        ("How far", distance(service.get("distance_km"))),
        ("Where", listed(service.get("where"))),
        ("When", listed(service.get("when"), "; ")),
        ("Cost now", money(cost.get("now"))),
        ("Free sessions", listed(cost.get("free_sessions"))),
        ("Cost afterwards", money(cost.get("afterwards"))),
        ("Who meets you", listed(service.get("who_meets_you"))),
        ("Bring someone", yes_no(service.get("can_bring_someone"))),
        ("Access", listed(service.get("access"))),
        ("How to join", listed(service.get("how_to_join"))),
    ]
    if service.get("contact"):
        facts.append(("Contact", listed(service["contact"])))
    return facts


def days(value: Any) -> str:
    """'Monday, Tuesday and Thursday' from a list; a sentence stays as it is."""
    if isinstance(value, (list, tuple)) and len(value) > 1:
        return f"{', '.join(map(str, value[:-1]))} and {value[-1]}"
    return listed(value) if value else ""


def tel(number: str | None) -> str:
    """The number as a tel: link wants it."""
    return "".join(character for character in number or "" if character.isdigit() or character == "+")
