"""A navigator's hands on the live desk and the diary in Chromium: pass on, ready replies, who writes, the tone, booking, a day."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import sqlalchemy as sa
from desk_steps import ServedDesk
from playwright.sync_api import expect

from assistant.clock import clock
from assistant.conversations import typing
from assistant.desk import canned, presence
from assistant.desk.roles import Staff
from assistant.store.database import transaction
from assistant.store.staff_tables import staff

SAFE = {"contact_number": "+447700900123", "safe_to_ring": True, "safe_to_text": False, "person_name": "Dorothy Hale"}
SIZES = [(1280, 900), (320, 720)]


@pytest.fixture
def desk(tmp_path):
    """The console, served, on a Monday at ten; Colin is at a console too, and there is a ready reply."""
    clock.set(datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc))
    served = ServedDesk(tmp_path)
    with transaction(served.house.engine) as connection:
        row = connection.execute(sa.select(staff).where(staff.c.username == "colin")).one()
        colin = Staff(row.id, row.username, row.name, row.role, row.practice, "", "")
        presence.seen(connection, colin)
        canned.save(connection, colin, "wardown-park", "Hello", "Hello {first_name}, I am {my_name}.")
    served.start()
    yield served
    served.stop()
    clock.run()


def take_over(desk, page, **values):
    """Sign in as Amina and take a new conversation over; its id."""
    desk.sign_in(page, "amina")
    conversation = desk.begin("I feel alone", state="waiting", **{**SAFE, **values})
    page.goto(f"{desk.address}/conversations/{conversation}")
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_label("Your reply")).to_be_visible()
    return conversation


def test_a_ready_reply_goes_into_the_box_to_be_changed_and_sent(desk, page_at):
    page = page_at(1280)
    take_over(desk, page)
    page.get_by_text("Ready replies", exact=True).last.click()
    page.locator("#ready").get_by_role("link", name="Hello").click()
    box = page.get_by_label("Your reply")
    expect(box).to_have_value("Hello Dorothy, I am Amina.")
    expect(box).to_be_focused()
    box.press_sequentially(" How are you?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".from-navigator .text")).to_have_text("Hello Dorothy, I am Amina. How are you?")


def test_each_sees_that_the_other_is_writing(desk, page_at):
    page = page_at(1280)
    conversation = take_over(desk, page)
    with transaction(desk.house.engine) as connection:
        typing.note(connection, conversation, typing.PATIENT)
    desk.house.notifier.nudge(conversation)
    expect(page.get_by_text("Dorothy Hale is writing")).to_be_visible()
    with page.expect_response("**/typing") as told:
        page.get_by_label("Your reply").press_sequentially("He")
    assert told.value.status == 204 and not told.value.request.post_data
    with transaction(desk.house.engine) as connection:
        assert typing.is_writing(connection, conversation, typing.STAFF)


def test_it_is_passed_on_with_a_note(desk, page_at):
    page = page_at(1280)
    take_over(desk, page)
    page.get_by_role("link", name="Pass on").click()
    page.get_by_label("Colin Prior").check()
    page.get_by_label("What they need to know").fill("Ask about the bus.")
    page.get_by_role("button", name="Pass on").click()
    expect(page.get_by_text("Colin, a navigator here, can see what you said.")).to_be_visible()
    expect(page.locator("#part-notes")).to_contain_text("Passed to Colin Prior: Ask about the bus.")
    expect(page.locator("#part-bar")).to_contain_text("Colin Prior has this conversation")


def test_the_tone_is_off_until_switched_on_and_is_remembered(desk, page_at):
    page = page_at(1280)
    desk.sign_in(page, "amina")
    button = page.locator("#sound")
    expect(button).to_have_text("Sound off")
    desk.begin("Hello", state="waiting", person_name="Wanda")
    expect(page).to_have_title("(1) Inbox - Linkway desk")
    assert button.get_attribute("data-played") is None
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_attribute("data-played", "1")  # to hear what it is
    clock.shift(seconds=1)  # consoles see that something changed by when it changed
    desk.begin("Hello", state="waiting", person_name="Raj")
    expect(page).to_have_title("(2) Inbox - Linkway desk")
    expect(button).to_have_attribute("data-played", "2")
    page.goto(f"{desk.address}/calls")
    expect(page.locator("#sound")).to_have_text("Sound on")


def test_a_meeting_is_booked_and_stands_in_the_day(desk, page_at):
    page = page_at(1280)
    conversation = desk.begin("Hello", **SAFE)
    desk.sign_in(page, "amina")
    page.goto(f"{desk.address}/conversations/{conversation}")
    page.get_by_role("link", name="Book a call or a meeting").click()
    page.locator("#kind").select_option("meeting")
    page.get_by_role("button", name="Show free times").click()
    page.get_by_role("group", name="Thursday 26 November").get_by_label("2.00pm Amina", exact=True).check()
    page.get_by_role("button", name="Book and tell them").click()
    expect(page.locator("#part-panel")).to_contain_text("Meeting booked: Thursday 26 November at 2.00pm")
    page.goto(f"{desk.address}/calls/day?day=2026-11-26")
    expect(page.get_by_role("link", name="Dorothy Hale")).to_be_visible()


def test_somebody_at_the_desk_gets_a_call_and_a_slip(desk, page_at, axe):
    page = page_at(320, 720)
    desk.sign_in(page, "amina")
    page.goto(f"{desk.address}/calls")
    page.get_by_role("link", name="Book for somebody").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Name", exact=True).fill("Dorothy Hale")
    page.get_by_label("Phone number").fill("07700 900123")
    page.get_by_label("Ring", exact=True).select_option("yes")
    page.get_by_label("I asked: they agree").check()
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_text("No text could go to them")).to_be_visible()
    expect(page.get_by_role("button", name="Print this slip")).to_be_visible()
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 320


def test_the_menu_is_one_row_and_opens_and_closes_by_keyboard(desk, page_at):
    page = page_at(1280)
    desk.sign_in(page, "grace")
    page.locator("#more-menu summary").press("Enter")
    expect(page.get_by_role("link", name="Find a person")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Find a person")).to_be_hidden()
    expect(page.locator("#more-menu summary")).to_be_focused()
    assert page.locator("header.top").bounding_box()["height"] < 80, "one row"
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Find a person").click()
    expect(page.locator("#more-menu summary")).to_have_text("More: Find a person")


def test_without_javascript_a_reply_is_filled_in_and_it_is_passed_on(desk, page_at):
    page = page_at(1280, javascript=False)
    take_over(desk, page)
    page.get_by_text("Ready replies", exact=True).last.click()
    page.locator("#ready").get_by_role("link", name="Hello").click()
    expect(page.get_by_label("Your reply")).to_have_value("Hello Dorothy, I am Amina.")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_accessible_and_fits(desk, page_at, axe, width, height):
    page = page_at(width, height)
    mine = take_over(desk, page)
    for address in (f"/conversations/{mine}", f"/conversations/{mine}/pass-on", f"/conversations/{mine}/book?kind=meeting", "/replies", "/calls/day", "/calls/book"):
        page.goto(desk.address + address)
        page.locator("#more-menu summary").click()
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
