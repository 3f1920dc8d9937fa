"""Dropped, held and doubled connections: what the page shows is what the server holds, once and in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chat_steps import BROAD, Conversation, open_widget, say, shown
from playwright.sync_api import Page, Route, expect

OpenPage = Callable[..., Page]
EVENTS, MESSAGES = "**/conversations/*/events", "**/conversations/*/messages"


def same(frame: Any, conversation: Conversation) -> None:
    """The log has come to hold exactly what the server holds."""
    expect(frame.locator(".message > .text")).to_have_text(conversation.texts(), timeout=25_000)


def test_a_stream_that_breaks_loses_and_doubles_nothing(page_at: OpenPage, live_server: Any) -> None:
    page, tries = page_at(BROAD), []

    def fault(route: Route) -> None:
        tries.append(route.request.headers.get("last-event-id", ""))
        if len(tries) % 2:
            route.abort("connectionreset")
        else:
            route.fulfill(status=200, content_type="text/event-stream", body=": cut short\n\n")

    page.route(EVENTS, fault)
    frame = open_widget(page, live_server.site_url)
    conversation = Conversation(page, live_server.url)
    for number in range(4):
        with page.expect_request(EVENTS):
            conversation.say(f"From elsewhere {number}")
            say(frame, f"From the page {number}")
    page.unroute(EVENTS)
    conversation.say("The last one")
    same(frame, conversation)
    assert len(tries) >= 3 and shown(frame).count("From the page 3") == 1


def test_a_held_stream_gives_way_to_long_poll(page_at: OpenPage, live_server: Any) -> None:
    """A gateway that keeps event streams back is noticed in five seconds."""
    page, polls = page_at(BROAD), []
    page.route(EVENTS, lambda route: None)
    page.on("request", lambda request: polls.append(request.url) if "wait=" in request.url else None)
    frame = open_widget(page, live_server.site_url)
    conversation = Conversation(page, live_server.url)
    with page.expect_request(lambda request: "wait=20" in request.url, timeout=8_000):
        pass
    conversation.say("Said while the stream was held")
    same(frame, conversation)
    assert polls and "after=" in polls[0]


def test_an_answer_lost_on_its_way_is_not_said_twice(page_at: OpenPage, live_server: Any) -> None:
    """The server took the message, the answer never came: the same id goes again, and it is done once."""
    page, ids = page_at(BROAD), []

    def swallow(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        ids.append(route.request.post_data_json["client_message_id"])
        if len(ids) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.fallback()

    page.route(MESSAGES, swallow)
    frame = open_widget(page, live_server.site_url)
    conversation = Conversation(page, live_server.url)
    say(frame, "Only once please")
    same(frame, conversation)
    assert conversation.texts().count("Only once please") == 1
    assert len(set(ids)) == 1


def test_what_was_not_sent_is_kept_and_can_be_sent_again(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    conversation = Conversation(page, live_server.url)
    page.route(MESSAGES, lambda route: route.abort() if route.request.method == "POST" else route.fallback())
    frame.locator("#text").fill("Please keep me")
    frame.locator("#text").press("Enter")
    again = frame.get_by_role("button", name="Try again")
    again.wait_for(timeout=20_000)
    expect(frame.locator(".not-sent .text")).to_have_text("Please keep me")
    assert "Please keep me" not in conversation.texts()
    page.unroute(MESSAGES)
    again.click()
    expect(frame.locator(".not-sent, .pending")).to_have_count(0)
    same(frame, conversation)


def test_a_message_that_is_too_long_stays_in_the_box(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    frame.locator("#text").fill("a" * 2003)
    frame.locator("#text").press("Enter")
    expect(frame.locator("#counter")).to_have_text("You have 3 characters too many.")
    assert frame.locator("#text").input_value() == "a" * 2003
    frame.locator("#text").fill("😀" * 2000)
    frame.locator("#text").press("Enter")
    expect(frame.locator(".from-patient .text").last).to_have_text("😀" * 2000)
