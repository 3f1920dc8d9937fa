"""What the chat tests do again and again: open the widget, say something, read what stands in the log."""

from __future__ import annotations

import base64
import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Frame, Page, expect

BROAD, NARROW = 1280, 320
HIDDEN_FOCUS = "document.activeElement.shadowRoot?.activeElement?.className ?? ''"


def open_widget(page: Page, site_url: str) -> Frame:
    """The practice page with the chat opened by its button; returns the chat's frame, ready to write in."""
    page.goto(site_url + "/")
    page.locator("#linkway .launcher").click()
    return chat_frame(page)


def chat_frame(page: Page) -> Frame:
    """The chat's frame once the bot has greeted."""
    page.locator("iframe.frame").wait_for()
    handle = page.locator("iframe.frame").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame is not None
    frame.locator(".message").first.wait_for()
    expect(frame.locator("#text")).to_be_focused()
    return frame


def say(frame: Frame, text: str) -> None:
    """Write and send by keyboard; waits until an answer stands below it."""
    before = frame.locator(".message.from-bot").count()
    frame.locator("#text").fill(text)
    frame.locator("#text").press("Enter")
    expect(frame.locator(".message.from-patient .text", has_text=text).last).to_be_visible()
    frame.wait_for_function(
        "before => document.querySelectorAll('.message.from-bot, .message.from-system').length > before",
        arg=before,
    )


def press(frame: Frame, label: str) -> None:
    """Press the first answer that begins with `label`; waits until something stands below it."""
    before = frame.locator(".message").count()
    frame.get_by_role("button", name=re.compile(f"^{re.escape(label)}")).first.click()
    expect(frame.locator(".pending")).to_have_count(0)
    frame.wait_for_function("before => document.querySelectorAll('.message').length > before + 1", arg=before)


# What a person with no wishes would press, in the order of preference; where none is offered, PLACE is written.
EASY = ("Yes, show me places", "Any time", "I do not mind", "Bus", "Nothing special", "No thank you")
PLACE = "LU3"


def to_suggestions(said: Callable[[], list[str]], choose: Callable[[str], None], write: Callable[[str], None]) -> None:
    """Through the check-in, whatever it asks, until services are there.

    `said` gives the answers offered, `choose` presses one, `write` sends words.
    """
    for _ in range(14):
        offered = said()
        if "None of these" in offered:
            return
        fitting = [easy for easy in EASY if easy in offered]
        if fitting:
            choose(fitting[0])
        else:
            write(PLACE)
    raise AssertionError(f"no suggestions after fourteen answers; offered: {said()}")


def to_a_call(said: Callable[[], list[str]], choose: Callable[[str], None], write: Callable[[str], None]) -> None:
    """From 'a person, please' out of hours to a booked call."""
    for answer in ("Yes, ring me", "Monday", "company", "Dorothy Hale", "07700 900123", "Yes, both are safe"):
        pressed = [offered for offered in said() if offered.startswith(answer)]
        if pressed:
            choose(pressed[0])
        else:
            write(answer)
    assert "Cancel the call" in said()


def offered(frame: Frame) -> list[str]:
    """The answers to choose from just now."""
    return frame.locator("#choices button").all_text_contents()


def shown(frame: Frame) -> list[str]:
    """The texts in the log, from the top."""
    return frame.locator(".message > .text").all_text_contents()


class Conversation:
    """The same conversation by the HTTP API, with the key the page's tab keeps."""

    def __init__(self, page: Page, api: str) -> None:
        """Read the key from the host page's session storage."""
        kept = page.evaluate("JSON.parse(sessionStorage.getItem('linkway.resume')).key")
        self.id, self.token = json.loads(base64.b64decode(kept))
        self.url = f"{api}/api/v1/conversations/{self.id}/messages"

    def call(self, url: str, body: dict[str, Any] | None = None) -> Any:
        """GET, or POST of `body`."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=20) as answer:
            return json.load(answer)

    def say(self, text: str) -> None:
        """Say something past the page, as if from elsewhere."""
        self.call(self.url, {"text": text})

    def texts(self) -> list[str]:
        """What the server holds, in order."""
        return [message["text"] for message in self.call(f"{self.url}?after=0")["messages"]]


def sideways(page: Page | Frame) -> int:
    """Pixels by which the content is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
