"""What can be seen without scrolling: the question with its answers, and a sign when more is below."""

from __future__ import annotations

from typing import Any

import pytest
from chat_steps import BROAD, NARROW, open_widget
from playwright.sync_api import Frame, Page, expect
from test_chat_shows import OpenPage, answering, send

SMALL_PHONE = 568
SEEN = """name => {
  const box = document.querySelector("#scroll").getBoundingClientRect();
  return [...document.querySelectorAll(name)].every(one => {
    const at = one.getBoundingClientRect();
    return at.top >= box.top - 1 && at.bottom <= box.bottom + 1;
  });
}"""


def answers(*labels: str) -> list[dict[str, str]]:
    return [{"label": label, "value": f"/{label}"} for label in labels]


def seen(page: Page, frame: Frame, what: str) -> None:
    """Waits for the newest answer to be drawn, then asks whether all of `what` is in view."""
    frame.wait_for_function(SEEN, arg=what)


@pytest.mark.parametrize(("width", "height"), [(BROAD, 800), (NARROW, 800), (NARROW, SMALL_PHONE)])
def test_a_question_is_seen_with_its_answers(page_at: OpenPage, live_server: Any, width: int, height: int) -> None:
    page = page_at(width, height)
    frame = open_widget(page, live_server.site_url)
    scale = answers(*map(str, range(11)), "Skip this one")
    asked: list[tuple[str, list[dict[str, str]]]] = [("When would suit you best?", answers("Mornings", "Afternoons", "Any time")), ("How satisfied are you?", scale)]
    if height == SMALL_PHONE:
        del asked[1:]  # twelve answers fill it; what is below is said
    answering(page, frame, [{"message": {"text": f"Thank you.\n\n{text}", "choices": given}} for text, given in asked])
    for said, (_, given) in zip(("I am lonely", "mornings"), asked):
        send(frame, said)
        expect(frame.locator("#choices button")).to_have_count(len(given))
        seen(page, frame, ".message:last-child .text, #choices button")
        expect(frame.locator("#newer")).to_be_hidden()


def test_a_long_answer_says_that_more_is_below(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(NARROW, SMALL_PHONE)
    frame = open_widget(page, live_server.site_url)
    text = "\n\n".join(["You can call somebody now, day or night. Trained people are there for you."] * 9)
    answering(page, frame, [{"message": {"text": text, "choices": answers("Yes", "No", "Not sure")}}])
    send(frame, "I feel very low")
    more = frame.get_by_role("button", name="More below")
    for _ in range(6):
        expect(more).to_be_visible()
        more.click()
        if frame.evaluate(SEEN, "#choices button"):
            break
    seen(page, frame, "#choices button")
    expect(frame.locator("#newer")).to_be_hidden()


def test_the_first_words_and_their_answers_fit_a_phone(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(NARROW, 800)
    frame = open_widget(page, live_server.site_url)
    expect(frame.locator("#choices button")).to_have_count(3)
    seen(page, frame, ".message .text, #choices button")


def test_help_in_a_crisis_is_seen_first_on_a_phone(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(NARROW, 800)
    frame = open_widget(page, live_server.site_url)
    send(frame, "i want to kill myself")
    cards = frame.locator(".contacts li")
    expect(cards.first).to_be_visible()
    seen(page, frame, ".from-bot:last-child .contacts li:nth-child(-n+2)")
    prose = frame.locator(".from-bot").last.locator(".text").first
    expect(prose.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
    assert cards.locator("a").count() >= 2
