"""A patient's whole way on the web, against the real program: check-in, suggestions, a saved list, a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from chat_steps import (
    BROAD,
    NARROW,
    Conversation,
    offered,
    open_widget,
    press,
    say,
    shown,
    sideways,
    to_a_call,
    to_suggestions,
)
from desk_steps import sign_in
from playwright.sync_api import Frame, Page, expect

OpenPage = Callable[..., Page]
NEED = "I sit in all day and I feel lonely"


def walk(frame: Frame) -> None:
    """From a told need to suggestions."""
    say(frame, NEED)
    to_suggestions(lambda: offered(frame), lambda label: press(frame, label), lambda text: say(frame, text))


def test_from_a_told_need_to_a_saved_and_printed_list(page_at: OpenPage, axe: Any, live_server: Any) -> None:
    page = page_at(NARROW, 640)
    frame = open_widget(page, live_server.site_url)
    walk(frame)
    cards = frame.locator("article.service")
    assert 2 <= cards.count() <= 3
    expect(cards.first.locator(".why")).to_contain_text("LU3")
    assert axe(frame) == [] and sideways(frame) == 0
    name = str(cards.nth(1).get_attribute("aria-label"))
    cards.nth(1).get_by_role("button", name="Tell me more").click()
    expect(frame.locator("article.service").last).to_contain_text("How to join")
    first = str(cards.first.get_attribute("aria-label"))
    for wanted in (name, first):  # the first long after newer messages have come
        frame.get_by_role("button", name=f"Save {wanted}").first.click()
        expect(frame.locator(".from-bot .text").last).to_contain_text(f"saved {wanted}")
    frame.get_by_role("button", name="Options").click()
    with page.context.expect_page() as opened:
        frame.get_by_role("button", name="Print my saved services").click()
    printed = opened.value
    expect(printed.locator("article.service h2")).to_have_text([name, first])
    expect(printed.get_by_role("button", name="Print this list")).to_be_visible()
    assert axe(printed) == [] and sideways(printed) == 0


def test_the_bot_says_how_a_list_is_printed_and_its_link_does_it(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    walk(frame)
    name = str(frame.locator("article.service").first.get_attribute("aria-label"))
    frame.get_by_role("button", name=f"Save {name}").click()
    expect(frame.locator(".from-bot .text").last).to_contain_text(f"saved {name}")
    press(frame, "Print or text me my list")
    with page.context.expect_page() as opened:
        frame.locator(".from-bot .text a").last.click()
    expect(opened.value.locator("article.service h2")).to_have_text([name])


def test_out_of_hours_a_person_means_a_call_at_a_time_one_picks(
    page_at: OpenPage, live_server: Any, saturday: None
) -> None:
    page, console = page_at(BROAD), page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    frame.get_by_role("button", name="Options").click()
    frame.get_by_role("button", name="Talk to a person", exact=True).first.click()
    expect(frame.locator("#choices")).to_contain_text("Yes, ring me")
    to_a_call(lambda: offered(frame), lambda label: press(frame, label), lambda text: say(frame, text))
    expect(frame.locator(".from-bot .text").last).to_contain_text("Monday 23 November")
    expect(frame.locator("#chat-state")).to_have_text("This is a bot, not a person.")
    sign_in(console, live_server.url, live_server.hire("Wendy Marsh"))
    console.goto(f"{live_server.url}/navigator/calls")
    expect(console.get_by_role("link", name="Dorothy Hale").first).to_be_visible()
    assert "07700 900123" in console.locator("main").inner_text()


def test_in_hours_a_navigator_joins_talks_hands_back_and_closes(
    page_at: OpenPage, live_server: Any, monday_morning: None
) -> None:
    page, console = page_at(NARROW, 640), page_at(BROAD)
    console.on("dialog", lambda dialog: dialog.accept())  # before a close, or a takeover nobody asked for
    sign_in(console, live_server.url, live_server.hire("Amina Yusuf"))
    frame = open_widget(page, live_server.site_url)
    say(frame, "I want to talk to a person")
    press(frame, "Yes please")
    for _ in range(3):  # a name, and what it is about: both can be skipped
        if "Skip" in offered(frame):
            press(frame, "Skip")
    expect(frame.locator("#chat-state")).to_contain_text("We have asked for a person.")
    conversation = Conversation(page, live_server.url)
    console.locator(f"a[href*='{conversation.id}']").first.click()
    console.get_by_role("button", name="Take over").click()
    expect(frame.locator("#chat-state")).to_have_text("You are talking to Amina Yusuf, social prescribing navigator.")
    expect(frame.locator("#unwatched")).to_be_hidden()
    console.get_by_label("Your reply").fill("Hello, Amina here. How can I help?")
    console.get_by_role("button", name="Send").click()
    expect(frame.locator(".from-navigator .text")).to_have_text("Hello, Amina here. How can I help?")

    before = frame.locator(".from-bot").count()
    frame.locator("#text").fill("What is social prescribing?")
    frame.locator("#text").press("Enter")
    expect(console.locator("#messages")).to_contain_text("What is social prescribing?")
    console.get_by_label("Your reply").fill("Good question.")
    console.get_by_role("button", name="Send").click()
    expect(frame.locator(".from-navigator .text").last).to_have_text("Good question.")
    assert frame.locator(".from-bot").count() == before  # the bot is silent
    console.get_by_role("button", name="Hand back to the helper").click()
    expect(frame.locator("#chat-state")).to_have_text("This is a bot, not a person.")
    say(frame, "What is social prescribing?")

    console.get_by_role("button", name="Take over").click()
    expect(frame.locator("#chat-state")).to_contain_text("You are talking to Amina Yusuf")
    console.get_by_role("button", name="Close").click()
    expect(frame.locator("#chat-state")).to_contain_text("closed for now")
    assert shown(frame) == conversation.texts()
    say(frame, "What is social prescribing?")  # as the notice promises
    expect(frame.locator("#chat-state")).to_have_text("This is a bot, not a person.")


def test_the_page_without_javascript_goes_the_same_way(
    page_at: OpenPage, axe: Any, live_server: Any, saturday: None
) -> None:
    page = page_at(NARROW, 640, javascript=False)
    page.goto(live_server.url + "/chat/plain")
    page.get_by_role("button", name="Start the chat").click()

    def write(text: str) -> None:
        page.get_by_label("Your message").fill(text)
        page.get_by_role("button", name="Send", exact=True).click()

    def choose(label: str) -> None:
        page.locator(".plain-form .choice", has_text=label).first.click()

    def choices() -> list[str]:
        return page.locator(".plain-form .choice").all_text_contents()

    write(NEED)
    to_suggestions(choices, choose, write)
    card = page.locator("article.service").first
    name = re.sub(r"^\d\. ", "", card.locator("h2").inner_text())
    assert not any(choice.startswith("More about") for choice in choices())
    card.get_by_role("button", name="Tell me more").click()
    expect(page.locator("article.service").last).to_contain_text("How to join")
    page.get_by_role("button", name=f"Save {name}").first.click()
    expect(page.locator(".from-bot .text").last).to_contain_text(f"saved {name}")
    write("I want to talk to a person")
    to_a_call(choices, choose, write)
    expect(page.locator(".from-bot .text").last).to_contain_text("Monday 23 November")
    page.get_by_role("button", name="Print my saved services").click()
    expect(page.locator("article.service h2")).to_have_text([name])
    expect(page.get_by_role("button", name="Print this list")).to_be_hidden()


def test_leaving_by_choice_on_the_page_without_javascript(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD, javascript=False)
    page.goto(live_server.url + "/chat/plain")
    page.get_by_role("button", name="Start the chat").click()
    page.get_by_label("Your message").fill("my husband hits me and he reads my phone")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".text", has_text="press Exit this page")).to_be_visible()  # as the buttons are called
    page.get_by_role("link", name="Exit this page").last.click()
    expect(page).to_have_url(re.compile("bbc.co.uk/weather"))
