"""The patient's pages: the demo practice, the chat, its plain twin without JavaScript, print, help pages."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.templating import Jinja2Templates
from starlette.staticfiles import StaticFiles

from assistant.channels.limits import address_of
from assistant.errors import LinkwayError
from assistant.web import wording
from assistant.web.context import PageContext
from assistant.web.headers import page_headers
from assistant.web.numbers import pressed
from assistant.web.sealed import seal, unseal

HERE = Path(__file__).parent
LEAVE = "safety:leave_page"  # the one choice that is a way out and not something said
templates = Jinja2Templates(directory=HERE / "templates")
templates.env.filters.update(
    days=wording.days, tel=wording.tel, on_card=wording.on_card, under_message=wording.under_message, pressed=pressed,
    paragraphs=wording.around_contacts,
)  # fmt: skip
templates.env.globals.update(service_facts=wording.service_facts, state_words=wording.state_words, leave=LEAVE)


class FreshStatic(StaticFiles):
    """Static files a browser checks before reusing: an update reaches every practice's site at once."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """A path that no file can have (a NUL in it) is not there, rather than a fault of ours."""
        return super().lookup_path(path) if "\x00" not in path else ("", None)

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Add the caching and cross-origin headers."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response


def static_files() -> StaticFiles:
    """For `app.mount("/static", static_files())`, on the app and on the demo practice's own site."""
    return FreshStatic(directory=HERE / "static")


def render(
    request: Request,
    name: str,
    context: PageContext,
    *,
    status: int = 200,
    base: str = "",
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """One template with what every page shows. `base` is '' or the origin our files come from."""
    values.setdefault("practice", context.practice(None))
    shared = {"base": base, "public": context.public_base_url.rstrip("/"), "exit_url": context.exit_url, "sms_number": wording.spaced(context.sms_number)}
    return templates.TemplateResponse(
        request, name, {**shared, **values}, status_code=status, headers=dict(headers or page_headers())
    )


def render_error(request: Request, context: PageContext, error: LinkwayError) -> HTMLResponse:
    """An error as a page a patient can act on."""
    return render(request, "error.html", context, status=error.status, title=error.title, detail=error.detail)


def site_router(context: PageContext) -> APIRouter:
    """The demo practice's website, for its own port: `/` with the chat embedded by one script tag."""
    router = APIRouter(include_in_schema=False)
    _practice_page(router, context, context.public_base_url)
    return router


def pages_router(context: PageContext) -> APIRouter:
    """Every page on the app's own port, the practice page included. See the HTTP contract."""
    router = APIRouter(include_in_schema=False)
    _practice_page(router, context, "")
    _information_pages(router, context)
    _chat_pages(router, context)
    return router


def _practice_page(router: APIRouter, context: PageContext, base: str) -> None:
    @router.get("/", response_class=HTMLResponse)
    async def practice_page(request: Request) -> HTMLResponse:
        headers = page_headers(app=base, cached=True)
        demo_phone = context.demo_phone
        return render(request, "practice.html", context, base=base, demo_phone=demo_phone, headers=headers)


def _information_pages(router: APIRouter, context: PageContext) -> None:
    @router.get("/widget.js")
    async def widget() -> FileResponse:
        headers = {"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        return FileResponse(HERE / "static" / "widget.js", media_type="text/javascript", headers=headers)

    @router.get("/accessibility", response_class=HTMLResponse)
    async def accessibility(request: Request) -> HTMLResponse:
        return render(request, "accessibility.html", context, headers=page_headers(cached=True))

    @router.get("/answers", response_class=HTMLResponse)
    async def answers(request: Request, practice: str = "") -> HTMLResponse:
        """Every answer the bot can give, from the programme alone: it stands when model, directory and database do not."""
        try:
            facts = context.practice(practice or None)
        except LinkwayError as error:
            return render_error(request, context, error)
        found = context.answers(str(facts["slug"]))
        return render(request, "answers.html", context, practice=facts, answers=found, headers=page_headers(cached=True))

    @router.get("/privacy", response_class=HTMLResponse)
    async def privacy(request: Request) -> HTMLResponse:
        return render(request, "privacy.html", context, headers=page_headers(cached=True))


def _chat_pages(router: APIRouter, context: PageContext) -> None:
    def plain(
        request: Request, slug: str, answer: Mapping[str, Any] | None, key: str = "", **values: Any
    ) -> HTMLResponse:
        values.setdefault("status", 200)
        return render(
            request,
            "chat_plain.html",
            context,
            practice=context.practice(slug or None),
            key=key,
            messages=(answer or {}).get("messages", []),
            now={"state": "bot", **(answer or {})},
            message_id=str(uuid.uuid4()),
            **values,
        )

    @router.get("/chat", response_class=HTMLResponse)
    async def chat(request: Request, practice: str = "") -> HTMLResponse:
        try:
            facts = context.practice(practice or None)
        except LinkwayError as error:
            return render_error(request, context, error)
        allowed = ("'self'", *context.sites)
        return render(request, "chat.html", context, practice=facts, headers=page_headers(framed_by=allowed))

    @router.get("/chat/plain", response_class=HTMLResponse)
    async def plain_start(request: Request, practice: str = "") -> HTMLResponse:
        try:
            return plain(request, practice, None)
        except LinkwayError as error:
            return render_error(request, context, error)

    @router.post("/chat/plain", response_class=HTMLResponse)
    async def plain_turn(
        request: Request,
        practice: str = Form("", max_length=64),
        key: str = Form("", max_length=1000),
        text: str = Form("", max_length=20_000),
        choice: str = Form("", max_length=400),
        message_id: str = Form("", max_length=64),
    ) -> HTMLResponse:
        """Start, say, choose, or (with nothing said) look for new messages. The whole log comes back."""
        try:
            if not key:
                answer = await context.create(practice or None, address_of(request))
                fresh = seal(answer["id"], answer["token"], context.now(), context.secret)
                return plain(request, practice, answer, fresh)
            conversation_id, token = unseal(key, context.now(), context.secret)
            fault, said = "", text.strip()
            if said or choice:
                try:
                    await context.send(
                        conversation_id,
                        token,
                        text=None if choice else said,
                        choice=choice or None,
                        client_message_id=message_id or str(uuid.uuid4()),
                    )
                except LinkwayError as error:
                    if error.status not in (409, 413, 422, 429, 503):
                        raise
                    fault = error.detail
            answer = await context.messages(conversation_id, token)
            fresh = seal(conversation_id, token, context.now(), context.secret)
            kept = text if fault else ""
            return plain(
                request, practice, answer, fresh, fault=fault, kept=kept, status=422 if fault else 200
            )
        except LinkwayError as error:
            return render_error(request, context, error)

    @router.get("/chat/list", response_class=HTMLResponse)
    async def list_without_key(request: Request) -> HTMLResponse:
        """The address the bot gives. Followed inside the chat it becomes /chat/print; here it says how to get there."""
        return render(request, "print.html", context, services=None)

    @router.post("/chat/print", response_class=HTMLResponse)
    async def print_list(
        request: Request,
        practice: str = Form("", max_length=64),
        key: str = Form("", max_length=1000),
        conversation: str = Form("", max_length=64),
        token: str = Form("", max_length=200),
        services: str = Form("", max_length=4000),
    ) -> HTMLResponse:
        """A list to print: the services named (ids joined by commas), or with none named the saved ones."""
        try:
            if key:
                conversation, token = unseal(key, context.now(), context.secret)
            wanted = [one for one in services.split(",") if one]
            found = list(await context.services(conversation, token, wanted))
            facts = context.practice(practice or None)
            back = seal(conversation, token, context.now(), context.secret) if key else ""
            return render(request, "print.html", context, practice=facts, services=found, key=back)
        except LinkwayError as error:
            return render_error(request, context, error)
