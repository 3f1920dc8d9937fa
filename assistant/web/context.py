"""What the pages need from the rest of the program: plain facts and seven callables, wired in app.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.web.numbers import numbers_to_press

Answer = Mapping[str, Any]  # {messages, state}, and {id, token} of a new one: the HTTP contract


class Send(Protocol):
    """Says one thing in a conversation; the same `client_message_id` twice is said once."""

    async def __call__(
        self,
        conversation_id: str,
        token: str,
        *,
        text: str | None,
        choice: str | None,
        client_message_id: str,
    ) -> Answer:
        """The reply as `POST messages` gives it. Raises a LinkwayError for what cannot be used."""


@dataclass(frozen=True)
class PageContext:
    """Everything the routers in pages.py use. Callables raise LinkwayError; pages show its `detail`."""

    practice: Callable[[str | None], Mapping[str, Any]]  # slug, or None for the only one; raises NotFound
    public_base_url: str
    secret: str  # signs the plain page's field
    now: Callable[[], float]  # seconds since 1970
    create: Callable[[str | None, str], Awaitable[Answer]]  # slug, network address
    send: Send
    messages: Callable[[str, str], Awaitable[Answer]]
    services: Callable[[str, str, list[str]], Awaitable[Iterable[Mapping[str, Any]]]]  # no ids: the saved
    linked: Callable[[str], Awaitable[str]]  # a link's token -> slug, without using it up; raises NotFound
    reopen: Callable[[str], Awaitable[Answer]]  # uses it up: an answer with id, token and practice
    answers: Callable[[str], list[tuple[str, list[tuple[str, str]]]]] = lambda slug: []  # by heading: question and answer
    exit_url: str = "https://www.bbc.co.uk/weather"
    sites: tuple[str, ...] = ()  # origins, beside ours, that may show the chat in a frame
    sms_number: str = ""
    demo_phone: bool = False


def page_facts(practice: Any, contacts: Iterable[Any] = ()) -> dict[str, Any]:
    """What templates show of an `assistant.programme` Practice: its facts by key, name, phone, slug, numbers to press."""
    facts = practice.facts()
    return {
        **facts,
        "slug": practice.slug,
        "name": practice.name,
        "phone": practice.phone,
        "address": practice.address,
        "navigator_bio": practice.navigator.bio,
        "self_referral": practice.self_referral,
        "numbers": numbers_to_press(contacts, practice.phone),
    }
