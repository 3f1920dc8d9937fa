"""A navigator's morning in Chromium: the console keeps itself up to date, and every page is accessible at two widths."""

from __future__ import annotations

import pytest
from desk_steps import ServedDesk
from playwright.sync_api import expect

SIZES = [(1280, 900), (640, 450), (320, 720)]  # the middle one is the first at 200% zoom


@pytest.fixture
def desk(tmp_path):
    """The console, served."""
    served = ServedDesk(tmp_path)
    served.start()
    yield served
    served.stop()


def test_a_patient_who_asks_appears_and_is_taken_over_and_answered(desk, page_at):
    page = page_at(1280)
    desk.sign_in(page, "amina")
    expect(page.get_by_text("Nobody is waiting.", exact=True)).to_be_visible()
    conversation = desk.begin("I feel alone", state="waiting", person_name="Dorothy Hale")
    expect(page.get_by_role("link", name="Dorothy Hale")).to_be_visible()
    expect(page).to_have_title("(1) Inbox - Linkway desk")
    page.get_by_role("link", name="Dorothy Hale").click()
    expect(page.get_by_text("Take over to write to the patient")).to_be_visible()
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_text("Amina, your navigator, has joined")).to_be_visible()
    page.get_by_label("Your reply").fill("Hello Dorothy")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".from-navigator .text")).to_have_text("Hello Dorothy")
    expect(page.get_by_label("Your reply")).to_have_value("")
    expect(page.get_by_label("Your reply")).to_be_focused()
    page.get_by_label("Your reply").fill("Half a sent")
    desk.patient_says(conversation, "Oh thank you, are you real?")
    expect(page.get_by_text("are you real?")).to_be_visible()
    expect(page.get_by_label("Your reply")).to_have_value("Half a sent")
    expect(page).to_have_title("(1) Dorothy Hale - Linkway desk")
    page.get_by_label("Add a note").fill("Likes tea")
    page.get_by_role("button", name="Keep note").click()
    expect(page.locator("#part-notes")).to_contain_text("Likes tea")
    expect(page.get_by_label("Add a note")).to_have_value("")
    expect(page.get_by_label("Your reply")).to_have_value("Half a sent")
    page.get_by_role("button", name="Hand back to the helper").click()
    expect(page.get_by_role("button", name="Take over")).to_be_visible()
    assert [page.locator(f"#m-{seq}").count() for seq in range(1, 6)] == [1, 1, 1, 1, 1]


def test_opened_from_a_flag_the_thread_follows_again_once_it_is_taken_over(desk, page_at):
    page = page_at(1280)
    conversation = desk.begin(*["A long story. " * 12] * 12, flag=["suicide_ideation"])
    desk.sign_in(page, "amina")
    page.goto(f"{desk.address}/conversations/{conversation}#m-1")
    expect(page.locator("#m-1")).to_be_in_viewport()
    desk.patient_says(conversation, "are you there")
    expect(page.get_by_role("button", name="1 new message below")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_label("Your reply")).to_be_focused()
    expect(page.get_by_label("Your reply")).to_be_in_viewport(ratio=1)
    page.get_by_label("Your reply").fill("I am here with you")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("I am here with you")).to_be_in_viewport()
    desk.patient_says(conversation, "i still want to die tho")
    expect(page.get_by_text("i still want to die tho")).to_be_in_viewport()
    expect(page.locator("#newest")).to_be_hidden()
    expect(page).to_have_title("(1) Someone on the web chat - Linkway desk")
    page.locator("#thread").evaluate("thread => thread.scrollTop = 0")
    page.get_by_role("button", name="Go to the newest message").click()
    expect(page.get_by_text("i still want to die tho")).to_be_in_viewport()


def test_the_second_navigator_sees_who_was_first(desk, page_at):
    first, second = page_at(1280), page_at(1280)
    conversation = desk.begin("Hello", state="waiting", person_name="Raj")
    desk.sign_in(first, "amina")
    desk.sign_in(second, "colin")
    for page in (first, second):
        page.goto(f"{desk.address}/conversations/{conversation}")
    # The second page is kept from hearing of it, as when both press in the same second.
    second.route("**/parts*", lambda route: route.abort())
    first.get_by_role("button", name="Take over").click()
    expect(first.get_by_label("Your reply")).to_be_visible()
    second.get_by_role("button", name="Take over").click()
    expect(second.locator("#notice")).to_contain_text("Amina Yusuf has this conversation since")
    assert second.locator("#reply").count() == 0


def test_when_the_stream_is_held_back_the_page_asks_by_itself(desk, page_at):
    page = page_at(1280)
    page.route("**/navigator/events", lambda route: route.abort())
    page.clock.install()
    desk.sign_in(page, "amina")
    desk.begin("Hello", state="waiting", person_name="Wanda")
    page.clock.run_for(20_000)
    expect(page.get_by_role("link", name="Wanda")).to_be_visible()


def test_a_lost_connection_is_said_and_what_was_written_stays(desk, page_at):
    page = page_at(1280)
    conversation = desk.begin("Hello", state="waiting", person_name="Wanda")
    desk.sign_in(page, "amina")
    page.goto(f"{desk.address}/conversations/{conversation}")
    page.get_by_role("button", name="Take over").click()
    page.get_by_label("Your reply").fill("A long answer")
    page.route("**/reply", lambda route: route.abort())
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#notice")).to_contain_text("the connection is lost")
    expect(page.get_by_label("Your reply")).to_have_value("A long answer")
    page.unroute("**/reply")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-navigator .text")).to_have_text("A long answer")


def test_flags_by_keyboard_alone(desk, page_at):
    page = page_at(1280)
    desk.begin("I want to die", flag=["suicide_ideation"], person_name="Eve")
    desk.sign_in(page, "amina")
    expect(page.get_by_role("heading", name="Safety flags to see to")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main part")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Eve").first).to_be_focused()
    page.keyboard.press("Enter")
    panel = page.locator("#part-panel")
    expect(panel).to_contain_text("I want to die")
    panel.get_by_role("button", name="Acknowledge").focus()
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("Acknowledged by Amina Yusuf")
    page.get_by_role("link", name="Inbox").click()
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    expect(page.get_by_role("heading", name="Safety flags to see to")).to_have_count(0)


def test_many_flags_leave_who_waits_and_the_calls_in_sight(desk, page_at, axe):
    page = page_at(1280, 800)
    for number in range(12):
        desk.begin("I want to die", flag=["suicide_ideation"], person_name=f"Flagged {number}")
    desk.begin("Hello", state="waiting", person_name="Wanda")
    desk.sign_in(page, "amina")
    expect(page.get_by_role("button", name="Take over Wanda")).to_be_in_viewport(ratio=0.5)
    assert axe(page) == []


def test_without_javascript_everything_can_be_done(desk, page_at):
    page = page_at(1280, javascript=False)
    conversation = desk.begin("Hello", state="waiting", person_name="Wanda")
    desk.sign_in(page, "amina")
    page.get_by_role("button", name="Take over").click()
    page.get_by_label("Your reply").fill("Hello Wanda")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".from-navigator .text")).to_have_text("Hello Wanda")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("This conversation is closed.")).to_be_visible()
    assert page.url.startswith(f"{desk.address}/conversations/{conversation}")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_accessible_and_fits(desk, page_at, axe, width, height):
    page = page_at(width, height)
    mine = desk.begin("I want to die", flag=["suicide_ideation"], person_name="Eve", picture={"needs": ["money"]})
    desk.begin("Hello", state="waiting", person_name="Wanda")
    page.goto(f"{desk.address}/sign-in")
    assert axe(page) == []
    desk.sign_in(page, "grace")
    page.goto(f"{desk.address}/conversations/{mine}")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Take over").click()
    expect(page.get_by_label("Your reply")).to_be_visible()
    for address in (f"/conversations/{mine}", "/", "/calls", "/people?q=Wanda", "/directory", "/activity", "/help", "/sign-out", "/nope"):
        page.goto(desk.address + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
