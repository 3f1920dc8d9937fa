"""The link of a text that opens the web chat: a page that asks first, then the chat with what was said so far.

Phones and mail scanners open addresses by themselves: looking at the link changes nothing, pressing uses it up.
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse

from assistant.channels.chat_links import ADDRESS
from assistant.errors import LinkwayError
from assistant.web.context import PageContext
from assistant.web.headers import page_headers
from assistant.web.pages import render, render_error
from assistant.web.sealed import seal

LinkToken = Annotated[str, Path(max_length=60)]


def link_router(context: PageContext) -> APIRouter:
    """The two requests of a link."""
    router = APIRouter(include_in_schema=False)

    @router.get(ADDRESS + "{token}", response_class=HTMLResponse)
    async def ask(request: Request, token: LinkToken) -> HTMLResponse:
        """Whether to open the chat here; a link that is over says so."""
        try:
            practice = context.practice(await context.linked(token))
        except LinkwayError as error:
            return render_error(request, context, error)
        return render(request, "link.html", context, practice=practice, address=f"{ADDRESS}{token}")

    @router.post(ADDRESS + "{token}", response_class=HTMLResponse)
    async def go(request: Request, token: LinkToken, plain: Annotated[str, Form(max_length=1)] = "") -> HTMLResponse:
        """The chat, or without JavaScript its plain twin."""
        try:
            opened = await context.reopen(token)
            practice = context.practice(str(opened["practice"]))
        except LinkwayError as error:
            return render_error(request, context, error)
        conversation_id, bearer = str(opened["id"]), str(opened["token"])
        if plain:
            return render(
                request, "chat_plain.html", context, practice=practice, messages=opened["messages"], now=opened,
                key=seal(conversation_id, bearer, context.now(), context.secret), message_id=str(uuid.uuid4()),
            )  # fmt: skip
        resume = base64.b64encode(json.dumps([conversation_id, bearer]).encode()).decode()  # as static/api.js keeps it
        return render(request, "chat.html", context, practice=practice, resume=resume, headers=page_headers())

    return router
