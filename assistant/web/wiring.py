"""Gives the pages their callables: the same code as the API, without the network in between."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assistant.channels import chat_links
from assistant.channels.limits import Limits
from assistant.channels.texting import back_to_web
from assistant.channels.web import accept, allowed
from assistant.channels.web_messages import for_print, for_web
from assistant.channels.web_models import NewMessage
from assistant.channels.web_state import state_of
from assistant.channels.when_down import told_if_down
from assistant.clock import clock
from assistant.conversations import messages, people, records
from assistant.conversations.welcome import welcome
from assistant.errors import BadInput, NotFound
from assistant.house import House
from assistant.secret import secret_key
from assistant.store.database import reading, transaction
from assistant.web.context import PageContext, page_facts

# Headings of the page of answers, in the words of the files they stand in; a file of a practice's own is named by itself.
ANSWER_GROUPS = {
    "what_it_is": "What it is", "who_its_for": "Who it is for", "how_to_get_it": "How to get it", "navigator_role": "The navigator",
    "first_call_and_meeting": "The first call and meeting", "sessions_and_after": "Sessions, and what comes after",
    "privacy_and_data": "Your privacy", "emergency_and_urgent": "Urgent help", "waiting_and_changes": "Waiting and changes",
}  # fmt: skip


def page_context(house: House, limits: Limits) -> PageContext:
    """The context of this house. `limits` are the API's own: a page without JavaScript is no way around them."""
    settings = house.settings

    def practice(slug: str | None) -> Mapping[str, Any]:
        chosen = house.programme.practice(slug)
        return page_facts(chosen, house.guard.contacts(chosen.slug).values())

    def answers(slug: str) -> list[tuple[str, list[tuple[str, str]]]]:
        by_group: dict[str, list[tuple[str, str]]] = {}
        for topic, answer in house.programme.answers.items():
            by_group.setdefault(answer.group, []).append((answer.question, house.programme.answer_text(topic, slug)))
        return [(ANSWER_GROUPS.get(group, group.replace("_", " ").capitalize()), found) for group, found in by_group.items()]

    async def create(slug: str | None, address: str) -> Mapping[str, Any]:
        chosen = house.programme.practice(slug)
        limits.begun.take(address)
        with transaction(house.engine) as connection:
            conversation_id, token = records.begin(connection, channel="web", practice=chosen.slug)
            welcome(connection, house, conversation_id, "web", chosen.slug)
        return {**await said(conversation_id, token), "id": conversation_id, "token": token}

    async def send(
        conversation_id: str, token: str, *, text: str | None, choice: str | None, client_message_id: str
    ) -> Mapping[str, Any]:
        try:
            body = NewMessage(text=text, choice=choice, client_message_id=client_message_id)
        except ValueError as error:
            faults: list[dict[str, Any]] = getattr(error, "errors", list)()
            raise BadInput(str(faults[0]["msg"]) if faults else "That could not be used.", field="text") from error
        with told_if_down(house, text), transaction(house.engine) as connection:
            row = allowed(connection, conversation_id, token)
            if not messages.find_client_message(connection, conversation_id, client_message_id):
                limits.said.take(conversation_id)
                back_to_web(connection, row)
                accept(connection, row, body)
        house.notifier.nudge(conversation_id)
        if house.turns is not None:
            await house.turns.answer(conversation_id)
        return await said(conversation_id, token)

    async def said(conversation_id: str, token: str) -> Mapping[str, Any]:
        with reading(house.engine) as connection:
            row = allowed(connection, conversation_id, token)
            log = messages.since(connection, conversation_id)
            state = state_of(connection, house, row)
        return {"messages": [for_web(m) for m in log], **state}

    async def linked(token: str) -> str:
        with reading(house.engine) as connection:
            return chat_links.practice_of(connection, token)

    async def reopen(token: str) -> Mapping[str, Any]:
        with transaction(house.engine) as connection:
            slug, conversation_id, bearer = chat_links.redeem(connection, token)
        house.notifier.nudge(conversation_id)
        return {**await said(conversation_id, bearer), "id": conversation_id, "token": bearer, "practice": slug}

    async def services(conversation_id: str, token: str, ids: list[str]) -> Iterable[Mapping[str, Any]]:
        with reading(house.engine) as connection:
            allowed(connection, conversation_id, token)
            wanted = ids or people.saved(connection, conversation_id)
        if house.directory is None:
            raise NotFound("The list cannot be made just now. Please try again later.")
        matches = [house.directory.get(one, viewer="patient") for one in wanted[:20]]
        return [for_print(match.as_service()) for match in matches if match is not None]

    return PageContext(
        practice=practice,
        public_base_url=settings.public_base_url,
        secret=secret_key(settings),
        now=lambda: clock.now().timestamp(),
        create=create,
        send=send,
        messages=said,
        services=services,
        linked=linked,
        reopen=reopen,
        answers=answers,
        exit_url=settings.exit_url,
        sites=_sites(house),
        sms_number=settings.sms_number,
        demo_phone=settings.demo,
    )


def _sites(house: House) -> tuple[str, ...]:
    """Origins that may frame the chat: the practices' own websites, and the demo's other port."""
    origins = {str(p.website).rstrip("/") for p in house.programme.practices.values()}
    if house.settings.demo:
        port = house.settings.demo_site_port
        origins |= {f"http://127.0.0.1:{port}", f"http://localhost:{port}"}
    return tuple(sorted(origins))
