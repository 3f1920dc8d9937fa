"""A service in words: complete on its own, for a reader of text messages as for one with cards on the screen."""

from __future__ import annotations

from typing import Any

ASK = "ask"


def short_line(number: int, service: dict[str, Any]) -> str:
    """Name, when, distance and cost: enough to choose by."""
    parts = [service["name"]]
    if service.get("when"):
        parts.append("; ".join(service["when"][:2]))
    if service.get("distance_km") is not None:
        parts.append(distance(service["distance_km"]))
    elif service.get("where"):
        parts.append(service["where"])
    parts.append(cost_now(service))
    return f"{number}. " + ". ".join(str(p).rstrip(".") for p in parts) + "."


def with_reasons(number: int, service: dict[str, Any]) -> str:
    """The short line, and why it was suggested."""
    why = service.get("why") or []
    return short_line(number, service) + (f" Why: {', '.join(why[:3])}." if why else "")


def distance(km: float) -> str:
    """Miles, as people here say it."""
    miles = km / 1.609
    return "under a mile away" if miles < 1 else f"about {miles:.0f} mile{'s' if round(miles) != 1 else ''} away"


def cost_now(service: dict[str, Any]) -> str:
    """What it costs now."""
    now = (service.get("cost") or {}).get("now")
    return "Cost: ask" if now in (None, "") else ("Free" if str(now).lower() == "free" else f"Cost: {now}")


def in_full(service: dict[str, Any]) -> str:
    """Everything a person wants to know before going; what is unknown says 'ask'."""
    cost = service.get("cost") or {}
    bring = {"yes": "Yes", "no": "It is for you alone", True: "Yes", False: "It is for you alone"}
    lines = [
        service["name"] + (f", run by {service['provider']}" if service.get("provider") else ""),
        service.get("summary") or "",
        f"Where: {service.get('where') or ASK}",
        f"When: {'; '.join(service.get('when') or []) or ASK}",
        f"Cost now: {cost.get('now') or ASK}",
        f"Free sessions: {cost['free_sessions'] if cost.get('free_sessions') is not None else ASK}",
        f"Afterwards: {cost.get('afterwards') or ASK}",
        f"Who meets you: {service.get('who_meets_you') or ASK}",
        f"Bring someone: {bring.get(service.get('can_bring_someone'), ASK)}",
        f"Access: {', '.join(service.get('access') or []) or ASK}",
        f"Languages: {', '.join(service['languages'])}" if service.get("languages") else "",
        f"How to join: {service.get('how_to_join') or ASK}",
        f"Contact: {service.get('contact') or ASK}",
    ]
    return "\n".join(line for line in lines if line)
