"""A service in words: complete on its own, for a reader of text messages as for one with cards on the screen."""

from __future__ import annotations

import re
from typing import Any

from directory.for_whom import for_whom

ASK = "ask"
BRING = {"yes": "Yes", "no": "It is for you alone", True: "Yes", False: "It is for you alone"}
_ONLY_FIGURES = re.compile(r"\d+(?:\.\d{1,2})?")


def short_line(number: int, service: dict[str, Any]) -> str:
    """Name, the group it is for, when, distance and cost: enough to choose by."""
    parts = [service["name"], *filter(None, [for_whom(service)])]
    if service.get("when"):
        parts.append("; ".join(service["when"][:2]))
    if service.get("distance_km") is not None:
        parts.append(distance(service["distance_km"]))
    elif service.get("where"):
        parts.append(service["where"])
    parts.append(cost_now(service))
    return f"{number}. " + ". ".join(sentence(part) for part in parts) + "."


def with_reasons(number: int, service: dict[str, Any]) -> str:
    """The short line, and why it was suggested; whom it is for was said."""
    group = (for_whom(service) or "").lower()
    why = [reason for reason in service.get("why") or [] if reason.lower() != group]
    return short_line(number, service) + (f" Why: {', '.join(why[:3])}." if why else "")


def sentence(text: Any) -> str:
    """As a sentence begins, without its full stop."""
    words = str(text).strip().rstrip(".")
    return words[:1].upper() + words[1:]


def distance(km: float) -> str:
    """Miles, as people here say it."""
    miles = km / 1.609
    return "under a mile away" if miles < 1 else f"about {miles:.0f} mile{'s' if round(miles) != 1 else ''} away"


def money(text: Any) -> str | None:
    """A cell of a directory as a person reads it: '4.50' is £4.50, '0' is free; None when nothing is known."""
    words = str(text).strip() if text is not None else ""
    if not words:
        return None
    if not _ONLY_FIGURES.fullmatch(words):
        return words
    if not float(words):
        return "free"
    return f"£{float(words):.2f}".removesuffix(".00")


def cost_now(service: dict[str, Any]) -> str:
    """What it costs now."""
    now = money((service.get("cost") or {}).get("now"))
    return "Cost: ask" if now is None else ("Free" if now.lower() == "free" else f"Cost: {now}")


def facts_of(service: dict[str, Any]) -> dict[str, str]:
    """Everything a person wants to know before going, by its label; what is unknown says 'ask'."""
    cost = service.get("cost") or {}
    free = cost.get("free_sessions")
    return {
        "Where": service.get("where") or ASK,
        "When": "; ".join(service.get("when") or []) or ASK,
        "Cost now": money(cost.get("now")) or ASK,
        "Free sessions": str(free) if free is not None else ASK,
        "Afterwards": money(cost.get("afterwards")) or ASK,
        "Who meets you": service.get("who_meets_you") or ASK,
        "Bring someone": BRING.get(service.get("can_bring_someone"), ASK),
        "Access": ", ".join(service.get("access") or []) or ASK,
        "Languages": ", ".join(service.get("languages") or []),
        "How to join": service.get("how_to_join") or ASK,
        "Contact": service.get("contact") or ASK,
    }


def in_full(service: dict[str, Any]) -> str:
    """The whole of it, a line for each thing."""
    name = service["name"] + (f", run by {service['provider']}" if service.get("provider") else "")
    lines = [name, for_whom(service) or "", service.get("summary") or ""]
    lines += [f"{label}: {value}" for label, value in facts_of(service).items() if value]
    return "\n".join(line for line in lines if line)


# What a question is about, by its words.
ASKED_OF = (
    (("Cost now", "Free sessions", "Afterwards"), r"cost|how much|price|free\b|pay|charge|money|£|fee"),
    (("Where",), r"where|address|how far|get there|postcode"),
    (("When",), r"when\b|what time|what day|which day|how long|start"),
    (("Who meets you", "Bring someone"), r"who (?:meet|will|would|is|runs|do i)|meets? me|on my own|bring|alone|come with"),
    (("Access",), r"wheelchair|step|stairs|access|lift\b|toilet|hearing|loop|parking|creche|childcare"),
    (("Languages",), r"language|speak"),
    (("How to join", "Contact"), r"join|sign up|book|phone|number|contact|ring|email|get on it"),
)


def answer_to(words: str, service: dict[str, Any] | None) -> str | None:
    """The facts that `words` ask for, after the service's name; None when they ask for the whole."""
    if service is None:
        return None
    labels = [label for labels, pattern in ASKED_OF if re.search(pattern, words.lower()) for label in labels]
    facts = facts_of(service)
    told = [f"{label}: {sentence(facts[label])}." for label in labels if facts.get(label)]
    return f"{service['name']}. {' '.join(told)}" if told and len(labels) <= 5 else None
