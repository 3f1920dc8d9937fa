"""Every patient page at two widths: clean for axe-core, no sideways scroll; the chat without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from chat_steps import BROAD, NARROW, open_widget, say, sideways
from playwright.sync_api import Frame, Page, expect

OpenPage = Callable[..., Page]
Axe = Callable[[Page | Frame], list[str]]
WIDTHS = pytest.mark.parametrize("width", [BROAD, NARROW])
WITH_ZOOM = pytest.mark.parametrize("width", [BROAD, BROAD // 2, NARROW])  # a window at 200% zoom is half as wide


@WITH_ZOOM
@pytest.mark.parametrize(
    "path", ["/", "/chat", "/chat/plain", "/chat/list", "/answers", "/accessibility", "/privacy", "/chat?practice=no-such"]
)
def test_each_page_is_clean(page_at: OpenPage, axe: Axe, live_server: Any, width: int, path: str) -> None:
    page = page_at(width)
    page.goto(live_server.url + path)
    if path == "/chat":
        page.locator(".message").first.wait_for()
    assert axe(page) == []
    assert sideways(page) == 0


@WIDTHS
def test_the_widget_is_clean_in_every_state(
    page_at: OpenPage, axe: Axe, live_server: Any, width: int
) -> None:
    page = page_at(width, 700)
    page.goto(live_server.site_url + "/")
    page.locator("#linkway .launcher").wait_for()
    assert axe(page) == []
    frame = open_widget(page, live_server.site_url)
    say(frame, "What is social prescribing?")
    assert axe(page) == [] and axe(frame) == []
    frame.get_by_role("button", name="Options").click()
    assert axe(frame) == []
    for sheet in ("Help with this chat", "Delete this chat"):
        if frame.locator("#options").is_hidden():
            frame.get_by_role("button", name="Options").click()
        frame.get_by_role("button", name=sheet).click()
        assert axe(frame) == []
        frame.locator("dialog[open] .button").first.click()
    assert sideways(page) == 0 and sideways(frame) == 0


@WIDTHS
def test_the_plain_page_works_without_javascript(page_at: OpenPage, live_server: Any, width: int) -> None:
    page = page_at(width, javascript=False)
    page.goto(live_server.url + "/chat/plain")
    page.get_by_role("button", name="Start the chat").click()
    choice = page.locator(".plain-form .choice").first
    label = choice.text_content() or ""
    choice.click()
    expect(page.locator(".from-patient .text")).to_have_text(label)
    before = page.locator(".plain-log li").count()
    page.get_by_label("Your message").fill("What is social prescribing?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".from-patient .text").last).to_have_text("What is social prescribing?")
    answered = page.locator(".plain-log li").count()
    assert answered >= before + 2
    page.get_by_label("Your message").fill("x" * 2001)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not sent.")
    assert page.get_by_label("Your message").input_value() == "x" * 2001
    assert page.locator(".plain-log li").count() == answered
    page.get_by_text("Exit this page").first.click()
    expect(page).to_have_url(re.compile("bbc.co.uk/weather"))


@WIDTHS
def test_the_plain_chat_and_the_printed_list_are_clean(
    page_at: OpenPage, axe: Axe, live_server: Any, width: int
) -> None:
    page = page_at(width)
    page.goto(live_server.url + "/chat/plain")
    page.get_by_role("button", name="Start the chat").click()
    page.get_by_label("Your message").fill("What is social prescribing?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator(".from-patient").wait_for()
    assert axe(page) == [] and sideways(page) == 0
    page.get_by_role("button", name="Print my saved services").click()
    expect(page.get_by_role("heading", name="My list of services")).to_be_visible()
    assert axe(page) == [] and sideways(page) == 0


def test_the_list_opens_in_a_tab_of_its_own_with_no_key_in_its_address(
    page_at: OpenPage, live_server: Any
) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    frame.get_by_role("button", name="Options").click()
    with page.context.expect_page() as opened:
        frame.get_by_role("button", name="Print my saved services").click()
    printed = opened.value
    expect(printed.get_by_role("heading", name="My list of services")).to_be_visible()
    assert printed.url == live_server.url + "/chat/print"


def test_high_contrast_and_still_pictures(page_at: OpenPage, axe: Axe, live_server: Any) -> None:
    page = page_at(BROAD)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto(live_server.url + "/chat")
    page.locator(".message").first.wait_for()
    assert page.locator(".send").evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    assert page.evaluate("document.getAnimations().length") == 0
    assert axe(page) == []


def test_the_practice_page_names_people_and_hours(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    page.goto(live_server.site_url + "/")
    words = page.locator("main").inner_text()
    for phrase in (
        "Your navigator",
        "At the surgery on",
        "When the navigators can talk",
        "999",
        "111",
        "demonstration",
    ):
        assert phrase in words
    assert "NHS" not in words
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Arial")


def test_the_demo_phone_sends_and_gets_answers(page_at: OpenPage, live_server: Any) -> None:
    live_server.clear_phone()
    page = page_at(NARROW, 900)
    page.goto(live_server.site_url + "/")

    def text(words: str) -> None:
        page.get_by_label("Your text").fill(words)
        page.get_by_role("button", name="Send text").click()
        expect(page.locator(".text-message.mine p", has_text=words)).to_be_visible()

    text("Is there a walking group near LU3?")
    theirs = page.locator(".text-message.theirs")
    expect(theirs.first).to_contain_text("Wardown Park Surgery", timeout=15_000)  # who is texting, before all else
    expect(theirs.filter(has_text="1. ").first).to_be_visible(timeout=15_000)
    expect(page.locator(".text-message.mine .text-size").first).to_have_text("1 text")
    text("STOP")
    expect(theirs.last).to_contain_text("You will get no more texts", timeout=15_000)
