"""The replies of a turn: from Rasa's form to rows of the record, put together so that a turn reads as one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Row

if TYPE_CHECKING:
    from assistant.house import House

Reply = dict[str, Any]


def apology(house: House, row: Row) -> Reply:
    """Said when a part of us fails; needs nothing but the programme's facts."""
    facts = house.programme.facts(row.practice)
    answers = f" Common questions are answered at {house.settings.public_base_url.rstrip('/')}/answers." if row.channel == "web" else ""
    return {
        "text": (
            "Sorry, something on our side is not working just now. Your message is kept, and I have passed it to the "
            f"team at {facts['practice_name']}. You can ring them on {facts['practice_phone']}. "
            f"If it is urgent, call NHS {facts['nhs_111']}. If a life is in danger, call {facts['emergency_999']}.{answers}"
        )
    }


def beside(first: list[Reply], said: list[Reply], understood: dict[str, Any]) -> list[Reply]:
    """Rasa's replies after the screen's one plain line; a fuller answer to a medical question takes its place."""
    if not first or not said:
        return first or said
    if understood.get("intent") == "clinical_question" and set(first[0].get("risks") or []) == {"medication_clinical"}:
        return [{**said[0], "risks": first[0]["risks"], "contacts": first[0]["contacts"]}, *said[1:]]
    return [*first, *said]


def as_reply(reply: dict[str, Any]) -> Reply:
    """A Rasa reply as keyword arguments of `messages.append`."""
    custom = reply.get("custom") or {}
    out: Reply = {"text": reply["text"]}
    if reply.get("buttons"):
        out["choices"] = [{"label": b["title"], "value": b["payload"]} for b in reply["buttons"]]
    if custom.get("services"):
        out["services"] = custom["services"]
    if custom.get("topic"):
        out["topic"] = custom["topic"]
    return out


def joined(replies: list[Reply]) -> list[Reply]:
    """Plain lead-in lines become part of the message they lead to, so that a turn reads as one thing."""
    out: list[Reply] = []
    for reply in replies:
        plain_before = out and not out[-1].keys() - {"text"}
        if plain_before:
            out[-1] = {**reply, "text": f"{out[-1]['text']}\n\n{reply['text']}".strip()}
        else:
            out.append(reply)
    return out


def without_choices(replies: list[Reply]) -> list[Reply]:
    """The same words with nothing to press: what follows asks its own question."""
    return [{**reply, "choices": []} for reply in replies]
