"""A person as a provider sees them, in one template: the provider's page and the desk's preview are the same words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from assistant.clock import LONDON
from assistant.conversations.diary import spoken
from assistant.pathway.referral_letters import BRING, DECLINED, STOPPED, day_words


def uk_number(number: str | None) -> str:
    """+447700900123 as 07700 900123."""
    if not number:
        return ""
    plain = "0" + number[3:] if number.startswith("+44") else number
    return f"{plain[:5]} {plain[5:]}"


HERE = Path(__file__).parent
environment = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
environment.filters.update(
    spoken=spoken, day_words=day_words, number=uk_number, local=lambda moment: moment.astimezone(LONDON),
    uk_day=lambda iso: f"{date.fromisoformat(iso):%A} {date.fromisoformat(iso).day} {date.fromisoformat(iso):%B}",
)  # fmt: skip
environment.globals.update(BRING=BRING, DECLINED=DECLINED, STOPPED=STOPPED)


def person(seen: dict[str, Any], accepted: bool) -> Markup:
    """The person's part of the page. `seen` is made by referral_letters.seen_by_provider; contact only once `accepted`."""
    return Markup(environment.get_template("_person.html").render(seen=seen, accepted=accepted))


def html(template: str, **values: Any) -> str:
    """A whole page."""
    return environment.get_template(template).render(**values)
