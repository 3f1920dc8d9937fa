"""The web service: routers, background work, start and stop. Only wiring lives here."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import errors
from assistant.channels import open_referral, web, web_directory
from assistant.channels.limits import Limits
from assistant.channels.outbox import OutboxSender
from assistant.channels.sms.demo import demo_router
from assistant.channels.sms.gateways import gateway_for
from assistant.channels.sms.webhooks import sms_router
from assistant.clock import clock
from assistant.conversations.diary import bank_holidays
from assistant.described import describe
from assistant.desk.router import desk_router, mount_files
from assistant.house import House
from assistant.logs import log
from assistant.memory import give_memory_back
from assistant.providers.pages import router as provider_router
from assistant.safety.languages import phrases
from assistant.safety.patterns import book
from assistant.tending import tend
from assistant.web.calendar_pages import calendar_router
from assistant.web.link_pages import link_router
from assistant.web.listing_pages import listing_router
from assistant.web.pages import pages_router, site_router, static_files
from assistant.web.wiring import page_context

MOST_BYTES = 256 * 1024
TEND_SECONDS = 10.0
RESTS = 4  # warming rests so many times as long as it works
TITLE = "Linkway"
ABOUT = "Social prescribing assistant for GP practices: conversations, directory, text messages, navigators' console."


def create_app(house: House) -> FastAPI:
    """The application around an open house."""
    app = FastAPI(title=TITLE, description=ABOUT, version="0.1.0", lifespan=_life(house))
    app.state.house = house
    app.state.limits = Limits(house.settings)
    errors.install(app)
    app.add_middleware(LimitSize)
    app.include_router(web.router)
    app.include_router(web_directory.router)
    app.include_router(open_referral.router)
    app.include_router(sms_router)
    app.include_router(desk_router)
    app.include_router(provider_router)
    mount_files(app)
    context = page_context(house, app.state.limits)
    app.include_router(pages_router(context))
    app.include_router(link_router(context))
    app.include_router(calendar_router(house, context))
    app.include_router(listing_router(context, house))
    app.mount("/static", static_files())
    if house.settings.demo:
        app.include_router(demo_router)
    add_operations(app, house)
    describe(app)
    return app


def create_site(house: House) -> FastAPI:
    """The demo practice's own website, for another port: it embeds the chat as any practice's site would."""
    site = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    site.state.house = house
    errors.install(site)
    site.include_router(site_router(page_context(house, Limits(house.settings))))
    site.include_router(demo_router)
    site.mount("/static", static_files())
    return site


def _life(house: House) -> Callable[[FastAPI], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        house.notifier.bind(asyncio.get_running_loop())
        sender = OutboxSender(house, gateway_for(house))
        house.wake_outbox = sender.wake
        await asyncio.to_thread(_make_ready)
        await _recover(house)
        tasks = [asyncio.create_task(work) for work in (sender.run(), _tending(house), _warm())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return life


def _make_ready() -> None:
    """What every first message needs, before the doors open: read beside that message, it made it wait for 14 seconds."""
    book()
    phrases()
    bank_holidays(clock.local().year)


async def _warm() -> None:
    """Compile what rarer messages need, a pattern at a time with longer rests between: whoever writes now comes first."""
    for pattern in book().patterns():
        began = time.perf_counter()
        pattern.compiled  # noqa: B018  (a cached property: asking for it compiles)
        await asyncio.sleep(RESTS * (time.perf_counter() - began))
    give_memory_back()


async def _recover(house: House) -> None:
    """Answer what a stopped process left. A database that is away now is tried again while tending."""
    try:
        if house.turns is not None and (left := await house.turns.recover()):
            log.info("answered what a stopped process left", count=left)
    except Exception as error:
        log.error("recovering failed", error=type(error).__name__)


async def _tending(house: House) -> None:
    """The desk's timers are rows; this only looks at them, and at what another process may have left behind."""
    while True:
        try:
            await tend(house)
            if house.directory is not None and house.directory.stale:
                await asyncio.to_thread(house.directory.refresh)
            await _recover(house)
        except Exception as error:
            log.error("tending failed", error=type(error).__name__)
        await asyncio.sleep(TEND_SECONDS)


class LimitSize:
    """Refuse bodies over the limit by their length; a body without a length is counted as it comes by the parsers.

    Plain ASGI: the framework's own wrapping of such functions makes a task group and a stream a request.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stand before `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        staff = scope["path"].startswith("/navigator")
        if length.isdigit() and int(length) > (MOST_BYTES * 80 if staff else MOST_BYTES):
            return errors.problem(413, "Too large", f"Send at most {MOST_BYTES // 1024} KiB.")
        if "chunked" in headers.get("transfer-encoding", "") and not staff:
            return errors.problem(411, "Length required", "Send a Content-Length header.")
        return None


def add_operations(app: FastAPI, house: House) -> None:
    """/healthz, /readyz and /metrics."""

    @app.get("/healthz", tags=["operations"])
    async def healthz() -> dict[str, str]:
        """The process is up."""
        return {"status": "up"}

    @app.get("/readyz", tags=["operations"], responses={503: {"description": "Says which part is not ready"}})
    async def readyz() -> Response:
        """Model, database and index are ready, or which is not."""
        from assistant.readiness import readiness

        return readiness(house)

    @app.get("/metrics", tags=["operations"], response_class=Response,
             responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}})  # fmt: skip
    async def metrics() -> Response:
        """Prometheus; no text and no identifiers."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
