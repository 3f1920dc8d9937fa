"""Real Chromium for the browser tests: `browser`, `page_at(width)`, `axe(page)`; they use `live_server`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from live import LiveServer
from playwright.sync_api import Browser, Frame, Page, Route, sync_playwright

from assistant.clock import clock
from assistant.store.database import transaction
from assistant.store.staff_tables import presence

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEUTRAL = "https://www.bbc.co.uk/**"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a file. Not one for the run: while it is open its event loop runs in this thread, and no
    `asyncio.run` of another test can."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page_at(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`page_at(width, height=800, javascript=True)`: a page of its own profile.

    The neutral site is answered here, nothing leaves the machine. At the end no script may have failed
    and no content security policy may have been broken on any page it opened.
    """
    contexts, broken = [], []

    def neutral(route: Route) -> None:
        route.fulfill(status=200, content_type="text/html", body="<title>Weather</title><p>Sunny spells</p>")

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: broken.append(f"script failed: {error}"))
        page.on(
            "console",
            lambda said: broken.append(said.text) if re.search("Content Security Policy|htmx:(?:syntax:error|targetError|swapError)", said.text) else None,
        )

    def open_page(width: int, height: int = 800, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=javascript, locale="en-GB"
        )
        context.set_default_timeout(15_000)
        context.route(NEUTRAL, neutral)
        context.on("page", watch)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert broken == []


@pytest.fixture
def monday_morning(live_server: LiveServer) -> Iterator[None]:
    """The clock stands at ten on a working Monday; afterwards nobody is at a console any more."""
    yield from _standing(live_server, datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc))


@pytest.fixture
def saturday(live_server: LiveServer) -> Iterator[None]:
    """The clock stands at noon on a Saturday, when nobody works."""
    yield from _standing(live_server, datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc))


def _standing(server: LiveServer, moment: datetime) -> Iterator[None]:
    clock.set(moment)
    yield
    clock.run()
    with transaction(server.house.engine) as connection:
        connection.execute(presence.delete())


@pytest.fixture
def axe() -> Callable[[Page | Frame], list[str]]:
    """`axe(page or frame)`: what axe-core finds against WCAG 2.2 AA, one line for each fault and place."""

    def run(page: Page | Frame) -> list[str]:
        page.evaluate(AXE)
        found: dict[str, Any] = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, iframes: false, preload: false})",
            WCAG,
        )
        return [
            f"{fault['id']}: {node['target']} {node['failureSummary']}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    return run
