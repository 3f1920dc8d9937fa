"""Reports, newsletter, the form of wellbeing answers and the proposed codes in Chromium: accessible, and fitting at two widths."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import yaml
from desk_steps import ROOT, ServedDesk
from playwright.sync_api import expect

from assistant.demo_month.fill import fill
from assistant.desk.accounts import NewAccount, reset_staff
from assistant.store.database import reading, transaction
from assistant.store.tables import conversations
from directory.store import create_tables


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    """The console over the demo's month, served once for the file."""
    served = ServedDesk(tmp_path_factory.mktemp("month"))
    create_tables(served.house.engine)
    served.house.responses = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["responses"]
    fill(served.house)
    served.start()
    yield served
    served.stop()


def someone(month) -> str:
    """A conversation of a patient of this practice."""
    with reading(month.house.engine) as connection:
        query = sa.select(conversations.c.id).where(conversations.c.patient_id.is_not(None), conversations.c.practice == "wardown-park")
        return str(connection.execute(query.order_by(conversations.c.id).limit(1)).scalar_one())


def fresh(month, username: str) -> NewAccount:
    """A sign-in whose one-time code was not used yet."""
    with transaction(month.house.engine) as connection:
        month.staff[username] = reset_staff(connection, username)
    return month.staff[username]


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_accessible_and_fits(month, page_at, axe, width):
    page = page_at(width)
    fresh(month, "grace")
    month.sign_in(page, "grace")
    one = someone(month)
    for address in ("/reports", "/reports?from=2001-01-01&to=2001-02-01", "/reports/newsletter", f"/outcomes/answers?conversation={one}", f"/conversations/{one}"):
        page.goto(month.address + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        beside = page.locator(".report-table:not(.report-wide) .table-place:not(:has(th:nth-child(3)))")
        cut = beside.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.getAttribute('aria-labelledby'))")
        assert cut == [], "a label and its figure stand in one view, on a telephone too"


def test_a_manager_makes_a_board_paper_by_keyboard_and_without_javascript(month, page_at):
    page = page_at(1280, javascript=False)
    fresh(month, "grace")
    month.sign_in(page, "grace")
    page.get_by_text("More", exact=True).press("Enter")
    page.get_by_role("link", name="Reports").click()
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_label("To", exact=True).fill("2020-01-31")
    page.get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing in these dates yet.").first).to_be_visible()
    page.get_by_role("link", name="Last 90 days").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV the table How far people have come").click()
    assert download.value.suggested_filename.startswith("linkway-funnel-")
    page.get_by_role("link", name="Monthly newsletter").click()
    expect(page.get_by_role("heading", name="The month in numbers")).to_be_visible()


def test_a_navigator_types_in_answers_and_copies_a_code(month, page_at):
    page = page_at(1280)
    fresh(month, "amina")
    month.sign_in(page, "amina")
    page.goto(f"{month.address}/conversations/{someone(month)}")
    page.get_by_role("button", name="Copy").first.click()
    expect(page.locator("#notice")).to_contain_text("cop", ignore_case=True)
    page.get_by_role("link", name="Type in answers given by phone").click()
    page.get_by_label("At the end").check()
    page.get_by_role("group", name="Overall, how happy did you feel yesterday?").get_by_label("7", exact=True).check()
    page.get_by_role("button", name="Keep these answers").click()
    expect(page.locator(".outcomes")).to_contain_text("1 of 8 answered")
