"""Accounts, My account and the confirmation in Chromium: by keyboard, accessible at three widths; a link of a text."""

from __future__ import annotations

import re

import pytest
from desk_steps import PRACTICE, ServedDesk
from playwright.sync_api import expect

from assistant.channels import chat_links, web
from assistant.channels.limits import Limits
from assistant.clock import clock
from assistant.conversations import messages, records
from assistant.desk import accounts
from assistant.pathway.telling import say
from assistant.store.database import transaction
from assistant.store.tables import outbox
from assistant.web.link_pages import link_router
from assistant.web.pages import pages_router, static_files
from assistant.web.wiring import page_context

SIZES = [(1280, 900), (640, 450), (320, 720)]


class ServedAll(ServedDesk):
    """The console, and the patient's pages beside it, without a model."""

    def _app(self):
        app = super()._app()
        app.state.limits = Limits(self.house.settings)
        context = page_context(self.house, app.state.limits)
        for router in (web.router, pages_router(context), link_router(context)):
            app.include_router(router)
        app.mount("/static", static_files())
        return app


@pytest.fixture
def desk(tmp_path):
    """The console and the pages, served."""
    served = ServedAll(tmp_path)
    served.start()
    yield served
    clock.run()
    served.stop()


def by_text(desk):
    """A conversation by text with a text that failed, and a link back to the web page."""
    with transaction(desk.house.engine) as connection:
        conversation, _ = records.begin(connection, channel="sms", practice=PRACTICE, phone="+447700900111")
        messages.append(connection, conversation, "patient", "I would like to see people again", answered=True)
        row = records.load(connection, conversation)
        say(connection, row, "system", "Your call with Amina is on Tuesday.")
        say(connection, row, "system", "Tea and Chat is on Thursday.")
        connection.execute(outbox.update().where(outbox.c.message_seq == 2).values(status="delivered"))
        connection.execute(outbox.update().where(outbox.c.message_seq == 3).values(status="failed", last_error="Notify permanent-failure"))
        words = chat_links.reply(connection, desk.house, row)
    return conversation, re.search(r"http\S+/chat/go/\S+", words)[0]


def confirm(desk, page, username):
    """Fill in the page that asks for password and code again."""
    expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
    clock.set(clock.now())
    clock.shift(seconds=60)  # the code of the sign-in is used
    page.get_by_label("Password").fill(desk.staff[username].password)
    page.get_by_label("One-time code").fill(accounts.current_code(desk.staff[username].totp_secret))
    page.get_by_role("button", name="Confirm").press("Enter")


def test_a_manager_adds_somebody_and_is_asked_who_she_is(desk, page_at):
    page = page_at(1280)
    desk.sign_in(page, "grace")
    clock.set(clock.now())
    clock.shift(minutes=6)
    page.get_by_text("More", exact=True).press("Enter")
    page.get_by_role("link", name="Accounts").click()
    confirm(desk, page, "grace")
    page.get_by_label("Name patients see").fill("Una Day")
    page.get_by_label("Username").fill("una")
    page.get_by_role("button", name="Add").press("Enter")
    expect(page.get_by_text("It is shown once.")).to_be_visible()
    page.get_by_role("link", name="I have passed it on").click()
    page.get_by_role("link", name="Una Day").click()
    page.get_by_role("button", name="Close the account").click()
    expect(page.get_by_role("row", name="Una Day")).to_contain_text("Closed")


def test_without_javascript_codes_are_made_and_the_password_is_changed(desk, page_at):
    page = page_at(1280, javascript=False)
    desk.sign_in(page, "amina")
    page.get_by_role("link", name="My account").click()
    page.get_by_role("link", name="Recovery codes").click()
    page.get_by_role("button", name="Make 10 new codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 left")).to_be_visible()
    page.get_by_role("link", name="Change my password").click()
    page.get_by_label("New password").fill("purple teapot over mountain")
    page.get_by_label("The same once more").fill("purple teapot over mountain")
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_accessible_and_fits(desk, page_at, axe, width, height):
    page = page_at(width, height)
    conversation, link = by_text(desk)
    desk.sign_in(page, "grace")
    with transaction(desk.house.engine) as connection:
        amina = accounts.find(connection, "amina").id
    pages = ("/me", "/me/password", "/me/authenticator", "/me/codes", "/accounts", f"/accounts/{amina}", "/confirm", "/activity")
    for address in (*pages, f"/conversations/{conversation}"):
        page.goto(desk.address + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    expect(page.get_by_text("Text not delivered: the number does not take texts.").first).to_be_visible()
    page.goto(desk.address + "/me/codes")
    page.get_by_role("button", name="Make 10 new codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(link)
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("javascript", [True, False])
def test_a_link_of_a_text_opens_the_chat_once_and_the_tab_keeps_it(desk, page_at, javascript):
    page = page_at(320, 720, javascript=javascript)
    _, link = by_text(desk)
    page.goto(link)
    expect(page.get_by_role("heading", name="Open your chat here?")).to_be_visible()
    page.get_by_role("button", name="Open my chat").click()
    expect(page.get_by_text("I would like to see people again")).to_be_visible()
    if javascript:
        assert "/chat/go/" not in page.url
        page.reload()
        expect(page.get_by_text("I would like to see people again")).to_be_visible()
    page.goto(link)
    expect(page.get_by_text("This link was used already")).to_be_visible()
