"""A service in words: complete on its own, for a reader of text messages as for one with cards on the screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions.pointing import without_places
from directory.for_whom import for_whom
from directory.prices import money, stays_free

ASK = "ask"
BRING = {"yes": "Yes", "no": "It is for you alone", True: "Yes", False: "It is for you alone"}
_IS_FREE = re.compile(r"free(?:$|,| (?:for|on|to|if|until|while|when|with)\b)", re.IGNORECASE)
FREE_FIRST = re.compile(r"(?:the )?first .{1,20}\bfree\b", re.IGNORECASE)


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


def cost_now(service: dict[str, Any]) -> str:
    """What it costs now, among other facts."""
    now = money((service.get("cost") or {}).get("now"))
    if now is None:
        return "Cost: ask"
    return now if now.lower() == "free" or FREE_FIRST.match(now) else f"Cost: {now}"


def cost_answer(service: dict[str, Any]) -> str:
    """The answer to 'how much': 'It is free', or the price and what it will be later."""
    cost = service.get("cost") or {}
    now, after = money(cost.get("now")), money(cost.get("afterwards"))
    if now is None:
        return f"Cost now: {sentence(ASK)}."
    said = f"It is {now}." if _IS_FREE.match(now) else f"{now}." if FREE_FIRST.match(now) else f"Cost now: {sentence(now)}."
    later = "" if after is None or after in now or stays_free(after) else f" Afterwards: {sentence(after)}."
    return sentence(said) + "." + later


def facts_of(service: dict[str, Any]) -> dict[str, str]:
    """Everything a person wants to know before going, by its label; what is unknown says 'ask'."""
    cost = service.get("cost") or {}
    now, free, after = money(cost.get("now")), cost.get("free_sessions"), money(cost.get("afterwards"))
    told = now is not None and bool(FREE_FIRST.match(now))  # the price says it already
    return {
        "Where": service.get("where") or ASK,
        "When": "; ".join(service.get("when") or []) or ASK,
        "Cost now": now or ASK,
        "Free sessions": "" if told or (free is None and (now or "").lower() == "free") else str(free) if free is not None else ASK,
        "Afterwards": "" if told and (after or "") in (now or "") else after or ASK,
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
    (("Cost now",), r"cost|how much|price|free\b|pay|charge|money|£|fee"),
    (("Where",), r"where|address|how far|get there|postcode"),
    (("When",), r"when\b|what time|what day|which day|how long|start"),
    (("Who meets you", "Bring someone"), r"who (?:meet|will|would|is|runs|do i)|meets? me|on my own|bring|alone|come with|\b(?:take|have) (?:my|a|our|someone|somebody) ?(?:friend|mate|husband|wife|mum|dad|son|daughter|sister|brother|partner|carer|neighbour|kids|dog)?\b"),
    (("Access",), r"wheel ?chair|\bsteps?\b|step[- ]free|stairs|access|lift\b|\bramps?\b|toilet|\bloos?\b|hearing|loop|parking|creche|child ?care"),
    (("Languages",), r"language|speak"),
    (("How to join", "Contact"), r"join|sign up|book|phone|number|contact|ring|email|get on it"),
)


def asked_labels(words: str, name: str = "") -> list[str]:
    """The labels of the facts that `words` ask for; a name such as 'Hearts in Step', and 'number 2', ask for nothing."""
    rest = re.sub(re.escape(name.lower()), " ", without_places(words)) if name else without_places(words)
    return [label for labels, pattern in ASKED_OF if re.search(pattern, rest) for label in labels]


def answer_to(words: str, service: dict[str, Any] | None, labels: Sequence[str] = ()) -> str | None:
    """The facts that `words`, or else `labels`, ask for, after the service's name; None when they ask for the whole."""
    if service is None:
        return None
    asked = asked_labels(words, service["name"]) or list(labels)
    facts = facts_of(service)
    told = [cost_answer(service) if label == "Cost now" else f"{label}: {sentence(facts[label])}." for label in asked if facts.get(label)]
    return f"{service['name']}. {' '.join(told)}" if told and len(asked) <= 5 else None


def how_to_join(service: dict[str, Any]) -> str | None:
    """How to begin; where it is by ringing or writing, with the number or address to do it."""
    how = str(service.get("how_to_join") or "").strip().rstrip(".")
    contact = [part.strip() for part in str(service.get("contact") or "").split(",")]
    way = "@" if re.search(r"\be-?mail\b", how) else "" if re.search(r"\b(?:ring|phone|call|text|telephone)\b", how) else None
    if not how or way is None or any(letter.isdigit() for letter in how):
        return how or None
    to = next((part for part in contact if part and ("@" in part) == bool(way)), None)
    return f"{how}, {to}" if to else how
