"""The web chat's API, to the contract: begin, say, read on, stream, take away, erase."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.engine import Connection, Row
from sse_starlette import EventSourceResponse

from assistant.channels.limits import Limits, address_of, limits_of
from assistant.channels.texting import back_to_web
from assistant.channels.web_messages import can_be_chosen, for_web
from assistant.channels.web_models import (
    PROBLEMS,
    STATES,
    Answered,
    Begun,
    Erased,
    NewConversation,
    NewMessage,
)
from assistant.channels.web_state import state_of, who_writes
from assistant.channels.when_down import told_if_down
from assistant.conversations import erasing, messages, records, typing
from assistant.conversations.welcome import welcome
from assistant.errors import BadInput, NotFound, NotSignedIn
from assistant.house import TheHouse
from assistant.store.database import reading, transaction

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"])
ConversationId = Annotated[str, Path(max_length=36, description="The conversation's id.")]
BEARER = HTTPBearer(auto_error=False, description="The token of POST /api/v1/conversations.")
PING_SECONDS = 4  # below the five seconds after which the page falls back to polling
LONGEST_WAIT = 25


async def bearer(given: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)]) -> str:
    """The token of the Authorization header."""
    if given is None or not given.credentials.strip():
        raise NotSignedIn("Send the conversation's token as 'Authorization: Bearer ...'.", field="authorization")
    return given.credentials.strip()


Token = Annotated[str, Depends(bearer)]
TheLimits = Annotated[Limits, Depends(limits_of)]


def allowed(connection: Connection, conversation_id: str, token: str) -> Row:
    """The conversation, for its own token only."""
    try:
        uuid.UUID(conversation_id)
    except ValueError as error:
        raise NotFound("There is no such conversation. It may have been deleted.") from error
    return records.authorise(connection, conversation_id, token)


@router.post("", status_code=201, response_model=Begun,
             responses={k: PROBLEMS[k] for k in (400, 404, 413, 422, 429, 503)})  # fmt: skip
async def begin(body: NewConversation, house: TheHouse, limits: TheLimits, request: Request) -> Response:
    """Begin a conversation. The token is a bearer secret for the other calls, shown this once."""
    practice = house.programme.practice(body.practice)
    limits.begun.take(address_of(request))
    with transaction(house.engine) as connection:
        conversation_id, token = records.begin(connection, channel="web", practice=practice.slug)
        welcome(connection, house, conversation_id, "web", practice.slug)
        said = messages.since(connection, conversation_id)
    first = [for_web(m) for m in said]
    return JSONResponse({"id": conversation_id, "token": token, "state": "bot", "messages": first}, status_code=201)


@router.post("/{conversation_id}/messages", response_model=Answered,
             responses={k: PROBLEMS[k] for k in (400, 401, 404, 409, 413, 422, 429, 503)})  # fmt: skip
async def say(
    conversation_id: ConversationId, body: NewMessage, house: TheHouse, token: Token, limits: TheLimits
) -> Response:
    """Say something, or press a choice that was offered. What came of it is the answer."""
    with told_if_down(house, body.text), transaction(house.engine) as connection:
        row = allowed(connection, conversation_id, token)
        before = body.client_message_id and messages.find_client_message(
            connection, conversation_id, body.client_message_id
        )
        if before:
            seq = before.seq
        else:
            limits.said.take(conversation_id)
            back_to_web(connection, row)
            seq = accept(connection, row, body)
    house.notifier.nudge(conversation_id)
    if house.turns is not None:
        await house.turns.answer(conversation_id)
    with reading(house.engine) as connection:
        answers = answers_to(connection, conversation_id, seq)
        plain = answers and answers[0].standing == "bot"
        state = {"state": "bot"} if plain else state_of(connection, house, records.load(connection, conversation_id))
    # As it is: the model describes it, and would drop what is unknown (null in a Service).
    return JSONResponse({"messages": [for_web(m) for m in answers], **state})


def accept(connection: Connection, row: Row, body: NewMessage) -> int:
    """Store the patient's message in the conversation of `row`, durable before anything is done with it; its seq."""
    text, payload = body.text, None
    if body.choice is not None:
        label = can_be_chosen(connection, row.id).get(body.choice)
        if label is None:
            raise BadInput("That choice was not offered in this conversation. Send text instead.", field="choice")
        text, payload = label, body.choice
    if row.state == "live":  # only a navigator is shown that somebody is writing
        typing.stop(connection, row.id, typing.PATIENT)
    return messages.append(
        connection, row.id, "patient", text or "", payload=payload, client_message_id=body.client_message_id
    )


def answers_to(connection: Connection, conversation_id: str, seq: int) -> list[Row]:
    """The patient's message and everything up to the patient's next one; `standing` is the conversation's state."""
    out: list[Row] = []
    for row in messages.since_with_state(connection, conversation_id, after=seq - 1):
        if row.sender == "patient" and row.seq != seq:
            break
        out.append(row)
    return out


@router.get("/{conversation_id}/messages", response_model=Answered,
            responses={k: PROBLEMS[k] for k in (401, 404, 422, 503)})  # fmt: skip
async def read_on(
    conversation_id: ConversationId,
    house: TheHouse,
    token: Token,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="The last seq you have.")] = 0,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for something new.")] = 0,
    state: Annotated[STATES | None, Query(description="The state you know: another one is news too.")] = None,
) -> Response:
    """What was said since `after`; with `wait` a long poll, which a change of the state ends as well."""
    deadline = asyncio.get_running_loop().time() + wait
    known: dict[str, Any] | None = None
    while True:
        with reading(house.engine) as connection:
            row = allowed(connection, conversation_id, token)
            new = messages.since(connection, conversation_id, after)
            now = {**state_of(connection, house, row), **who_writes(connection, row)}
        known = known or now
        left = deadline - asyncio.get_running_loop().time()
        if new or left <= 0 or now != known or state not in (None, now["state"]):
            return JSONResponse({"messages": [for_web(m) for m in new], **now})
        await house.notifier.wait(conversation_id, min(left, 1.0))


@router.post("/{conversation_id}/typing", status_code=204, response_class=Response,
             responses={204: {"description": "Noted, or of no use just now"}, **{k: PROBLEMS[k] for k in (401, 404, 422, 503)}})  # fmt: skip
async def is_typing(conversation_id: ConversationId, house: TheHouse, token: Token) -> Response:
    """The person is writing: the navigator who has the conversation sees that, and nothing of what. Over after 8 seconds."""
    with reading(house.engine) as connection:
        row = allowed(connection, conversation_id, token)
        known = row.state != "live" or typing.is_fresh(connection, row.id, typing.PATIENT)
    if not known:
        with transaction(house.engine) as connection:
            typing.note(connection, conversation_id, typing.PATIENT)
        house.notifier.nudge(conversation_id)
    return Response(status_code=204)


@router.get("/{conversation_id}/events", response_class=EventSourceResponse,
            responses={200: {"description": "Server-sent events: message, state, typing",
                             "content": {"text/event-stream": {"schema": {"type": "string"}}}},
                       **{k: PROBLEMS[k] for k in (401, 404, 422, 503)}})  # fmt: skip
async def stream(
    conversation_id: ConversationId,
    house: TheHouse,
    token: Token,
    request: Request,
    last_event_id: Annotated[str | None, Header(max_length=20)] = None,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> EventSourceResponse:
    """Everything from the cursor on, as it is said. `Last-Event-ID` or `after` is the last seq you have."""
    with reading(house.engine) as connection:
        allowed(connection, conversation_id, token)
    given = last_event_id or ""
    cursor = int(given) if given.isascii() and given.isdigit() else after

    async def flow() -> AsyncIterator[dict[str, Any]]:
        seen = min(cursor, 2**31 - 1)
        known: dict[str, Any] = {}
        writing: dict[str, Any] = {}
        while not await request.is_disconnected():
            with reading(house.engine) as connection:
                try:
                    row = allowed(connection, conversation_id, token)
                except NotSignedIn:  # erased meanwhile
                    yield {"event": "state", "data": json.dumps({"state": "closed"})}
                    return
                new = messages.since(connection, conversation_id, seen)
                now = state_of(connection, house, row)
                writes = who_writes(connection, row)
            if now != known:
                known = now
                yield {"event": "state", "data": json.dumps(known)}
            for message in new:
                seen = message.seq
                yield {"event": "message", "id": str(seen), "data": json.dumps(for_web(message))}
            if writes != writing:
                writing = writes
                told = {"from": "navigator", "typing": bool(writes), **({"name": writes["typing"]} if writes else {})}
                yield {"event": "typing", "data": json.dumps(told)}
            await house.notifier.wait(conversation_id, 1.0)

    return EventSourceResponse(flow(), ping=PING_SECONDS, headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"})


@router.get("/{conversation_id}/transcript", response_class=PlainTextResponse,
            responses={k: PROBLEMS[k] for k in (401, 404, 503)})  # fmt: skip
async def transcript(conversation_id: ConversationId, house: TheHouse, token: Token) -> PlainTextResponse:
    """The whole conversation as plain text, to download."""
    with reading(house.engine) as connection:
        row = allowed(connection, conversation_id, token)
        said = messages.since(connection, conversation_id, limit=100_000)
    name = house.programme.practice(row.practice).name
    who = {"patient": "You", "bot": "Helper (computer)", "navigator": "Navigator", "system": "Notice"}
    lines = [f"Your chat with {name}", ""]
    lines += [f"{m.at:%d %B %Y %H:%M} UTC  {who[m.sender]}: {m.text}" for m in said]
    return PlainTextResponse(
        "\n".join(lines) + "\n", headers={"Content-Disposition": 'attachment; filename="chat.txt"', "Cache-Control": "no-store"}
    )


@router.delete("/{conversation_id}", response_model=Erased,
               responses={202: {"model": Erased, "description": "Deferred: the team must look at it first"},
                          **{k: PROBLEMS[k] for k in (401, 404, 422, 503)}})  # fmt: skip
async def erase(conversation_id: ConversationId, house: TheHouse, token: Token, response: Response) -> dict[str, Any]:
    """Erase it, trackers and drafts included. A safeguarding hold defers it, and the answer says so."""
    with transaction(house.engine) as connection:
        row = allowed(connection, conversation_id, token)
        if held := erasing.held(connection, row):
            erasing.defer(connection, row)
        else:
            record_stays = erasing.erase_as_patient(connection, row)
    if house.dialogue is not None:
        house.dialogue.forget(conversation_id)
    house.notifier.nudge(conversation_id)
    if held:
        response.status_code = 202
        return {"erased": False, "detail": "The team must look at this conversation first. It is erased after that."}
    also = " The team still has your record. They will talk with you about it." if record_stays else ""
    return {"erased": True, "detail": f"The conversation is erased.{also}"}
