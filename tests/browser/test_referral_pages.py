"""Referrals in Chromium: a navigator refers and copies the link, a provider answers without JavaScript, every page fits and is accessible."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_steps import ServedDesk
from playwright.sync_api import expect
from referral_house import give_directory

from assistant.channels.limits import Limits
from assistant.clock import clock
from assistant.pathway import patients
from assistant.providers.pages import router
from assistant.store.database import transaction
from assistant.store.pathway_tables import patients as patients_table
from assistant.web.pages import static_files

SIZES = [(1280, 900), (320, 720)]
PICTURE = {"needs": ["loneliness"], "what_matters": "seeing a friendly face", "when": "mornings"}


class ServedBoth(ServedDesk):
    """The console, and the pages its links lead a provider to."""

    def _app(self):
        app = super()._app()
        app.state.limits = Limits(self.house.settings)
        app.include_router(router)
        app.mount("/static", static_files())
        return app


@pytest.fixture
def desk(tmp_path):
    """Served, with a directory and Dorothy's conversation; Dr Shaw sent her."""
    served = ServedBoth(tmp_path)
    give_directory(served.house, tmp_path)
    served.dorothy = served.begin(
        "I sit in all day", person_name="Dorothy Hale", contact_number="+447700900123", safe_to_text=True, picture=PICTURE
    )
    with transaction(served.house.engine) as connection:
        from assistant.conversations import records

        made = patients.of_conversation(connection, records.load(connection, served.dorothy))
        connection.execute(
            patients_table.update().where(patients_table.c.id == made)
            .values(source="clinician", referred_by="Dr Ann Shaw", referrer_contact="shaw@gp.example")
        )  # fmt: skip
    served.start()
    yield served
    served.stop()


def refer(desk, page) -> str:
    """From the conversation to the sent referral; the provider's link."""
    page.goto(f"{desk.address}/conversations/{desk.dorothy}")
    page.get_by_role("link", name="Refer to a service").click()
    page.get_by_role("link", name="Choose Tea and Talk").click()
    page.get_by_label("On the phone").check()
    page.get_by_role("button", name="Read it before it goes").click()
    expect(page.get_by_text("Nothing has been sent yet")).to_be_visible()
    page.get_by_role("button", name="Send the referral").click()
    expect(page.get_by_text("Referred. The patient is told.")).to_be_visible()
    return page.get_by_label("The service's link").input_value()


def checked(page, axe, width: int) -> None:
    """Nothing for axe to find, and nothing to scroll sideways for."""
    assert axe(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_accessible_and_fits(desk, page_at, axe, width, height):
    page, provider = page_at(width, height), page_at(width, height, javascript=False)
    look = page_at(width, height)  # axe needs scripts; what it looks at is the same page
    desk.sign_in(page, "amina")
    page.goto(f"{desk.address}/referrals")
    checked(page, axe, width)
    for address in ("new", "new?listing=tea"):
        page.goto(f"{desk.address}/referrals/{address}{'&' if '?' in address else '?'}conversation={desk.dorothy}")
        checked(page, axe, width)
    page.get_by_label("On the phone").check()
    page.get_by_role("button", name="Read it before it goes").click()
    checked(page, axe, width)
    link = refer(desk, page)
    checked(page, axe, width)
    referral = page.url
    page.get_by_role("link", name="Print").first.click()
    checked(page, axe, width)

    provider.goto(link)
    look.goto(link)
    checked(look, axe, width)
    provider.get_by_label("Who will meet them?").fill("Jo")
    provider.locator("#bring-yes").check()
    provider.locator("#day").fill((clock.today() + timedelta(days=3)).isoformat())
    provider.get_by_role("button", name="Yes, we can see them").click()
    expect(provider.get_by_text("Write the time, such as 14:30.").first).to_be_visible()
    expect(provider.get_by_label("Who will meet them?")).to_have_value("Jo")
    provider.locator("#time").fill("14:00")
    provider.get_by_role("button", name="Yes, we can see them").click()
    expect(provider.get_by_text("We have told the person.")).to_be_visible()
    expect(provider.get_by_text("07700 900123")).to_be_visible()
    look.goto(provider.url)
    for summary in look.locator("summary").all():
        summary.click()
    checked(look, axe, width)
    provider.locator("#came-yes").check()
    provider.get_by_role("button", name="Note this session").click()
    expect(provider.get_by_text("1 session so far.")).to_be_visible()
    look.goto(link[:-2] + "AA")
    expect(look.get_by_role("heading", name="This link does not work")).to_be_visible()
    checked(look, axe, width)

    page.goto(referral)
    for summary in page.locator("summary").all():
        summary.click()
    checked(page, axe, width)
    page.goto(f"{desk.address}/referrals/news")
    expect(page.get_by_role("heading", name="The first session")).to_be_visible()
    checked(page, axe, width)
    page.goto(f"{desk.address}/referrals")
    expect(page.get_by_text("1 session, 3 free left")).to_be_visible()
    checked(page, axe, width)


def test_a_referral_by_keyboard_copied_taken_back_and_undone(desk, page_at):
    page = page_at(1280)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk.sign_in(page, "amina")
    link = refer(desk, page)
    page.get_by_role("button", name="Copy the link").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("The link works no more")).to_be_visible()
    page.get_by_role("button", name="Undo: open it again").click()
    expect(page.get_by_label("The service's link")).not_to_have_value(link)


def test_a_fault_at_the_desk_keeps_what_was_typed(desk, page_at):
    page = page_at(1280)
    desk.sign_in(page, "amina")
    refer(desk, page)
    page.get_by_text("They said yes").click()
    page.get_by_label("Who will meet them").fill("Jo")
    page.get_by_label("Ask us first").check()
    page.locator("#time").fill("10:00")
    page.get_by_role("button", name="Note the yes").click()
    expect(page.locator("#notice")).to_contain_text("Not done.")
    expect(page.get_by_label("Who will meet them")).to_have_value("Jo")


def test_the_desk_without_javascript(desk, page_at):
    page = page_at(1280, javascript=False)
    desk.sign_in(page, "amina")
    refer(desk, page)
    page.get_by_text("They said no").click()
    page.get_by_label("Why", exact=True).select_option("full")
    page.get_by_role("button", name="Note the no").click()
    expect(page.get_by_text("The patient is told kindly")).to_be_visible()
