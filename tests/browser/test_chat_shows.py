"""What the chat makes of answers (given here): choices, service cards, contacts, states."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from chat_steps import BROAD, open_widget
from playwright.sync_api import Frame, Locator, Page, Route, expect

from assistant.web.wording import service_facts

OpenPage = Callable[..., Page]
FULL = {
    "id": "garden",
    "name": "Garden mornings",
    "provider": "The Lane Trust",
    "summary": "Grow things together.",
    "why": ["You would like company", "Open on Tuesdays"],
    "distance_km": 1.3,
    "where": "Mill Lane",
    "when": ["Tuesday 10am to noon", "Thursday 2pm to 4pm"],
    "cost": {"now": 0, "free_sessions": 12, "afterwards": 2.5},
    "who_meets_you": "Rosa, at the gate",
    "can_bring_someone": True,
    "access": ["step-free"],
    "how_to_join": "Phone Rosa",
    "contact": "01632 960155",
}
EMPTY = {
    "id": "table",
    "name": "Money table",
    "cost": {"now": None},
    "distance_km": 0.4,
    "can_bring_someone": False,
}


SAVE = {"label": "Save Garden mornings", "value": '/choose_service{"service":"garden"}'}
MORE = {"label": "Tell me more about Garden mornings", "value": '/ask_service_detail{"service":"garden"}'}


def facts_on(card: Locator) -> list[tuple[str, str]]:
    """The facts as they stand on a card."""
    labels, values = card.locator("dt").all_text_contents(), card.locator("dd").all_text_contents()
    return list(zip(labels, values, strict=True))


def answering(page: Page, frame: Frame, answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """From now on sends are answered by `answers` in turn; returns the list that collects what was sent."""
    sent: list[dict[str, Any]] = []
    start = max(
        int(value) for value in frame.locator(".message").evaluate_all("all => all.map(e => e.dataset.seq)")
    )

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.fulfill(json={"messages": [], "state": "bot"})
            return
        sent.append(route.request.post_data_json)
        given = answers[len(sent) - 1]
        mine = {
            "from": "patient",
            "text": given.pop("mine", sent[-1].get("text", "chosen")),
            "choices": [],
            "services": [],
        }
        said = [mine, {"from": "bot", "choices": [], "services": [], **given.pop("message")}]
        first = start + 2 * len(sent) - 1
        for seq, message in enumerate(said, first):
            message.update(seq=seq, at="2026-11-21T10:00:00+00:00")
        route.fulfill(json={"messages": said, "state": "bot", **given})

    page.route("**/conversations/*/messages*", answer)
    return sent


def send(frame: Frame, text: str) -> None:
    frame.locator("#text").fill(text)
    frame.locator("#text").press("Enter")


def test_choices_stand_under_the_last_message_and_go_once_used(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    choices = [{"label": "Yes please", "value": "/affirm"}, {"label": "Not now", "value": "/not_now"}]
    sent = answering(
        page,
        frame,
        [
            {"message": {"text": "Shall I?", "choices": choices}},
            {"mine": "Not now", "message": {"text": "That is fine."}},
        ],
    )
    send(frame, "Help me")
    expect(frame.locator("#choices button")).to_have_text(["Yes please", "Not now"])
    frame.get_by_role("button", name="Not now").click()
    expect(frame.locator(".from-patient .text").last).to_have_text("Not now")
    expect(frame.get_by_text("That is fine.")).to_be_visible()
    expect(frame.locator("#choices")).to_be_hidden()
    assert sent[1]["choice"] == "/not_now" and "text" not in sent[1] and sent[1]["client_message_id"]


def test_cards_say_all_and_ask_for_what_is_unknown(page_at: OpenPage, axe: Any, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    in_brief, in_full = [{**FULL, "choices": [SAVE, MORE]}, EMPTY], [{**FULL, "choices": [SAVE]}]
    beside, others = "Two places.\n\nIn danger? Call for help.", {"label": "Others", "value": "/x"}
    text = "Two places.\n\n1. Garden mornings. Free.\n2. Money table. Cost: ask.\n\nIn danger? Call for help."
    answer = "Garden mornings. Access: Step-free."
    sent = answering(
        page,
        frame,
        [
            {"message": {"text": text, "beside_cards": beside, "services": in_brief, "choices": [MORE, others]}},
            {"message": {"text": "Garden mornings, run by The Lane Trust", "beside_cards": "", "services": in_full}},
            {"message": {"text": answer, "beside_cards": answer, "services": in_full}},
            {"message": {"text": "Saved."}},
        ],
    )
    send(frame, "Find me something")
    cards = frame.locator("article.service")
    expect(cards).to_have_count(2)
    assert facts_on(cards.nth(0)) == service_facts(FULL, brief=True)
    assert facts_on(cards.nth(1)) == service_facts(EMPTY)
    expect(frame.locator(".from-bot .text").last).to_have_text(beside)
    expect(frame.locator("#choices button")).to_have_text(["Others"])
    assert axe(frame) == []
    frame.get_by_role("button", name="Tell me more about Garden mornings").click()
    expect(cards).to_have_count(3)
    assert facts_on(cards.nth(2)) == service_facts(FULL)
    expect(frame.locator(".from-bot").last.locator(".text")).to_have_count(0)
    send(frame, "are there steps")
    expect(cards).to_have_count(4)
    expect(frame.locator(".from-bot .text").last).to_have_text(answer)
    facts = dict(service_facts(EMPTY))
    assert facts["Cost afterwards"] == "Ask" and "Contact" not in facts
    assert dict(service_facts(FULL))["Cost afterwards"] == "£2.50"
    frame.get_by_role("button", name="Save Garden mornings").first.click()
    expect(frame.get_by_text("Saved.")).to_be_visible()
    assert [one.get("choice") for one in sent[1:]] == [MORE["value"], None, SAVE["value"]]


def test_the_choice_to_exit_leaves_as_the_red_button_does(page_at: OpenPage, live_server: Any) -> None:
    """It is not said first: a message that waits for the network would keep the page on the screen."""
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    leave = {"label": "Exit this page", "value": "safety:leave_page"}
    sent = answering(page, frame, [{"message": {"text": "Is it safe?", "choices": [leave]}}])
    send(frame, "He reads my phone")
    frame.get_by_role("button", name="Exit this page").click()
    expect(page).to_have_url(re.compile("bbc.co.uk/weather"))
    assert len(sent) == 1


def test_contacts_can_be_called(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    contacts = [
        {"id": "a", "name": "NHS", "contact": "111, option 2"},
        {"id": "b", "name": "Shout", "contact": "Text SHOUT to 85258"},
        {"id": "c", "name": "Galop", "contact": "0800 999 5428", "who": "LGBT+ people"},
        {"id": "d", "name": "By text", "contact": "text HELP to us"},
    ]
    text = "Please call 999, or 111, option 2. Text SHOUT to 85258 if you would rather write. 999 BSL is there too.\n\nIt was 1999. Bus 101."
    answering(
        page,
        frame,
        [{"mine": "call 999", "message": {"text": text, "risks": ["suicide_ideation"], "contacts": contacts}}],
    )
    send(frame, "I feel very low")
    said = ["NHS: 111, option 2", "Shout: Text SHOUT to 85258", "Galop, for LGBT+ people: 0800 999 5428", "By text: text HELP to us"]
    expect(frame.locator(".contacts li")).to_have_text(said)
    addresses = "all => all.map(one => one.getAttribute('href'))"
    text_shout = "sms:85258?&body=SHOUT"
    assert frame.locator(".contacts a").evaluate_all(addresses) == ["tel:111", text_shout, "tel:08009995428"]
    answer = frame.locator(".from-bot").last
    assert answer.locator(".text a").evaluate_all(addresses) == ["tel:999", "tel:111", text_shout]
    assert answer.locator("> *").evaluate_all("all => all.map(one => one.className)") == ["who", "text", "contacts", "text"]
    expect(frame.locator(".from-patient a")).to_have_count(0)  # links are made for what we say, not for what is written to us


def test_markup_in_a_message_stays_text(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    frame = open_widget(page, live_server.site_url)
    bad = "<img src=x onerror=alert(1)> https://example.org/help."
    answering(page, frame, [{"message": {"text": bad}}])
    send(frame, "Hello")
    last = frame.locator(".from-bot .text").last
    expect(last).to_have_text(bad)
    expect(last.locator("a")).to_have_attribute("href", "https://example.org/help")
    expect(last.locator("img")).to_have_count(0)


def test_a_person_joins_and_leaves_and_the_chat_closes(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    page.route("**/conversations/*/events", lambda route: None)
    frame = open_widget(page, live_server.site_url)
    person = {"from": "navigator", "navigator": "Amina Yusuf", "text": "Hello, I am Amina."}
    answering(
        page,
        frame,
        [
            {"message": {"text": "I have asked."}, "state": "waiting"},
            {"message": person, "state": "live"},
            {"message": {"text": "I am back."}, "state": "bot"},
            {"message": {"text": "Goodbye."}, "state": "closed"},
        ],
    )
    send(frame, "A person please")
    expect(frame.locator("#chat-state")).to_contain_text("We have asked for a person.")
    send(frame, "Hello?")
    expect(frame.locator("#chat-state")).to_have_text("You are talking to Amina Yusuf.")
    expect(frame.locator("#unwatched")).to_be_hidden()
    send(frame, "Thank you")
    expect(frame.locator("#chat-state")).to_have_text("This is a bot, not a person.")
    expect(frame.locator("#status")).to_have_text("The person has left. The bot is back.")
    send(frame, "Bye")
    expect(frame.locator("#chat-state")).to_have_text("This chat is closed for now. You can write again any time.")
    expect(frame.locator("#text")).to_be_visible()


def test_segments_are_counted_as_networks_count(page_at: OpenPage, live_server: Any) -> None:
    page = page_at(BROAD)
    page.goto(live_server.url + "/privacy")
    texts = [
        "",
        "a" * 160,
        "a" * 161,
        "€" * 80,
        "€" * 81,
        "é" * 160,
        "’" + "a" * 69,
        "’" + "a" * 70,
        "😀" * 35,
        "😀" * 36,
    ]
    counted = page.evaluate(
        "async texts => { const m = await import('/static/segments.js'); return texts.map(m.segments); }",
        texts,
    )
    assert counted == [1, 1, 2, 1, 2, 1, 1, 2, 1, 2]
