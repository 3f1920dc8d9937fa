"""The pages of one person's data in Chromium: accessible and fitting at two widths, by keyboard, without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_steps import ServedDesk
from playwright.sync_api import expect

from assistant.clock import clock
from assistant.desk.accounts import reset_staff
from assistant.store.database import transaction
from assistant.store.pathway_tables import retention_runs
from assistant.store.tables import risk_flags

SHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDesk]:
    served = ServedDesk(tmp_path_factory.mktemp("privacy"))
    served.start()
    yield served
    served.stop()


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_accessible_and_fits(desk, page_at, axe, width):
    page = page_at(width)
    number = f"+4477009{width:05d}"[:13]
    mine = desk.begin("I sit in all day", person_name="Dorothy Hale", contact_number=number)
    flagged = desk.begin("I want to die", flag=["suicide_ideation"], person_name="Eve Long-Hyphenated-Surname")
    with transaction(desk.house.engine) as connection:
        connection.execute(risk_flags.update().values(alerted_at=clock.now()))
        now = clock.now()
        connection.execute(retention_runs.insert().values(started_at=now, finished_at=now, counts={"chats": 12, "texts": 40}))
    with transaction(desk.house.engine) as connection:
        desk.staff["grace"] = reset_staff(connection, "grace")  # a one-time code works once, and both widths sign in
    desk.sign_in(page, "grace")
    for name, address in (
        ("inbox", "/"), ("privacy", "/privacy"), ("found", f"/privacy?q={number[3:]}"), ("fault", "/privacy?q=Dorothy"),
        ("person", f"/privacy/conversation/{mine}"), ("flagged", f"/privacy/conversation/{flagged}"), ("talk", f"/conversations/{mine}"),
    ):  # fmt: skip
        page.goto(desk.address + address)
        shot(page, f"{name}-{width}")
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(f"{desk.address}/privacy/conversation/{mine}")
    page.get_by_label("Why, in a few words").fill("Section 42 enquiry, ask Grace before anything is deleted")
    page.get_by_role("button", name="Set a hold").click()
    page.get_by_label("They object to").select_option("sharing")
    page.get_by_label("How they told you").select_option("phone")
    page.get_by_role("button", name="Note the objection").click()
    expect(page.get_by_role("status").filter(has_text="The objection is noted")).to_be_visible()
    shot(page, f"held-{width}")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_javascript_a_manager_exports_and_erases(desk, page_at):
    page = page_at(1280, javascript=False)
    mine = desk.begin("I sit in all day", person_name="Raj Patel")
    desk.sign_in(page, "amina")
    page.goto(f"{desk.address}/privacy/conversation/{mine}")
    expect(page.get_by_text("A manager can export or erase")).to_be_visible()
    assert page.get_by_role("button", name="Erase").count() == 0
