"""Patients' words of the caseload and of signposting: a new navigator's name, and a short list of places handed out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def new_navigator(practice: str, before: str, name: str, call: str = "") -> str:
    """One colleague has left and another has the case; a call that is booked stays. About a text message long."""
    stays = f"{name.split()[0]} will ring you on {call}, as planned." if call else "Nothing else changes for you."
    return f"{practice}: {before} has left the team. Your navigator is now {name}. {stays} You do not have to say it all again."


def call_cannot_be_kept(when: str) -> str:
    """The one who was to ring has left, and nobody else is free then."""
    return f"Sorry, we cannot ring you on {when} after all. Please pick another time. We would still like to talk with you."


def handed_out(practice: str, phone: str, services: Sequence[Mapping[str, Any]]) -> str:
    """The list as a text: each place with its day and how to reach it, then who gave it. Names nobody and no trouble."""
    lines = [f"From {practice}, as you asked:", *(place(service) for service in services), f"Questions? Ring us on {phone}."]
    return "\n".join(lines)


def place(service: Mapping[str, Any]) -> str:
    """'Tuesday Kettle: Tuesdays 10am. 01632 960200', with the way to join where no contact is known."""
    when = "; ".join(service.get("when") or [])[:60].rstrip(" .;,")
    how = service.get("contact") or service.get("how_to_join") or "ask us how"
    return f"{service['name']}: {when}. {how}" if when else f"{service['name']}: {how}"
