"""The chat in the widget on a practice's website: keyboard, focus, small windows, leaving, coming back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from chat_steps import (
    BROAD,
    HIDDEN_FOCUS,
    NARROW,
    Conversation,
    chat_frame,
    open_widget,
    say,
    shown,
    sideways,
)
from playwright.sync_api import Page, expect

OpenPage = Callable[..., Page]


def test_a_conversation_by_keyboard_alone(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    page.goto(live_server.site_url + "/")
    page.locator("#linkway .launcher").wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(HIDDEN_FOCUS) == "launcher":
            break
    assert page.evaluate(HIDDEN_FOCUS) == "launcher"
    page.keyboard.press("Enter")
    frame = chat_frame(page)
    page.keyboard.type("What is social")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("prescribing?")
    page.keyboard.press("Enter")
    expect(frame.locator(".from-patient .text").last).to_have_text("What is social\nprescribing?")
    expect(frame.locator(".from-bot").last).to_be_visible()
    expect(frame.locator("#text")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#linkway .panel")).to_be_hidden()
    assert page.evaluate(HIDDEN_FOCUS) == "launcher"
    page.keyboard.press("Enter")
    expect(frame.locator("#text")).to_be_focused()


def test_focus_is_never_trapped(page_at: OpenPage, live_server: Any) -> None:
    """Tab goes from the panel back to the page; the panel folds rather than hide what has the focus."""
    page = page_at(NARROW, 568)
    frame = open_widget(page, live_server.site_url)
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.id") != "linkway":
            break
    assert page.evaluate("document.activeElement.id") != "linkway"
    expect(page.locator("#linkway .panel")).to_be_hidden()
    assert frame.locator(".message").count() > 0


def test_escape_closes_the_options_before_the_chat(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    frame.get_by_role("button", name="Options").click()
    expect(frame.get_by_role("button", name="Help with this chat")).to_be_focused()
    page.keyboard.press("Escape")
    expect(frame.get_by_role("button", name="Options")).to_be_focused()
    expect(page.locator("#linkway .panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#linkway .panel")).to_be_hidden()


@pytest.mark.parametrize("size", [(320, 568), (640, 360), (360, 740)])
def test_small_and_zoomed_windows_keep_room_to_read(
    page_at: OpenPage, live_server: Any, size: tuple[int, int]
) -> None:
    """640 by 360 is a 1280 by 720 window at 200% zoom."""
    page = page_at(*size)
    frame = open_widget(page, live_server.site_url)
    say(frame, "Hello")
    assert sideways(page) == 0 and sideways(frame) == 0
    panel = page.locator("#linkway .panel").bounding_box()
    assert panel == {"x": 0, "y": 0, "width": size[0], "height": size[1]}
    assert frame.locator("#scroll").evaluate("e => e.clientHeight") >= size[1] * 0.25
    for button in (frame.locator(".send"), frame.locator("#options-button"), page.locator("#linkway .exit")):
        box = button.bounding_box()
        assert box and box["height"] >= 44 and box["y"] >= 0 and box["y"] + box["height"] <= size[1]
    assert frame.locator("#text").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16


def test_exit_blanks_forgets_and_leaves(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(NARROW, 568)
    page.goto("about:blank")
    open_widget(page, live_server.site_url)
    assert page.evaluate("sessionStorage.length") > 0
    page.get_by_text("Exit this page").first.click()
    expect(page).to_have_url(re.compile("bbc.co.uk/weather"))
    page.go_back()
    assert page.url == "about:blank"
    page.goto(live_server.site_url + "/")
    assert page.evaluate("sessionStorage.length") == 0


@pytest.mark.parametrize("inside", [True, False])
def test_shift_three_times_leaves(page_at: OpenPage, live_server: Any, inside: bool) -> None:
    page = page_at(BROAD)
    open_widget(page, live_server.site_url)
    if not inside:
        page.locator("#linkway .close").focus()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    assert page.url.startswith(live_server.site_url)
    page.keyboard.press("Shift")
    expect(page).to_have_url(re.compile("bbc.co.uk/weather"))


def test_a_reload_brings_the_chat_back_in_the_same_tab_only(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    say(frame, "Remember me")
    before = shown(frame)
    assert page.evaluate("localStorage.length") == 0 and page.context.cookies() == []
    page.reload()
    expect(page.locator("#linkway .launcher")).to_have_text("Carry on your chat")
    page.locator("#linkway .launcher").click()
    assert shown(chat_frame(page)) == before
    other = page.context.new_page()
    assert not any("Remember me" in text for text in shown(open_widget(other, live_server.site_url)))


def test_the_loader_listens_to_its_own_frame_only(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    page.evaluate("window.postMessage({linkway: 'exit'}, '*')")
    say(frame, "Still here")
    assert page.url.startswith(live_server.site_url)
    expect(page.locator("#linkway .panel")).to_be_visible()


def test_deleting_asks_first_and_then_nothing_is_left(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    say(frame, "Hello")
    conversation = Conversation(page, live_server.url)
    for answer in ("Keep the chat", "Delete the chat"):
        frame.get_by_role("button", name="Options").click()
        frame.get_by_role("button", name="Delete this chat").click()
        frame.get_by_role("button", name=answer).click()
        if answer == "Keep the chat":
            assert "Hello" in conversation.texts()
    expect(frame.get_by_role("button", name="Start again")).to_be_focused()
    assert shown(frame) == []
    assert page.evaluate("sessionStorage.getItem('linkway.resume')") is None
    frame.get_by_role("button", name="Start again").click()
    frame.locator(".message").first.wait_for()
    assert Conversation(page, live_server.url).id != conversation.id


def test_the_transcript_downloads_under_a_neutral_name(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    say(frame, "Keep this sentence")
    frame.get_by_role("button", name="Options").click()
    with page.expect_download() as started:
        frame.get_by_role("button", name="Download this chat").click()
    assert started.value.suggested_filename == "chat.txt"
    assert "Keep this sentence" in started.value.path().read_text(encoding="utf-8")


def test_a_chat_that_may_not_open_here_says_so_and_tells_the_manager_where_to_look(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    told: list[str] = []
    page.on("console", lambda line: told.append(line.text))
    page.route("**/chat?practice=*", lambda route: route.fulfill(status=404, content_type="text/html", body="<p>No such practice</p>"))
    page.goto(live_server.site_url + "/")
    page.locator("#linkway .launcher").click()
    expect(page.locator("#linkway .note")).to_contain_text("The chat is not loading.")
    expect(page.locator("#linkway .frame")).to_be_hidden()
    assert any("programme/programme.yml" in line and live_server.site_url in line for line in told)
