"""The directory's pages in Chromium: searching as one types, a decision undone, and every page accessible at two widths."""

from __future__ import annotations

import re
from datetime import date

import pytest
from desk_steps import ServedDesk
from directory_light import a_listing, shelve
from playwright.sync_api import expect

from assistant.channels.limits import Limits
from assistant.clock import clock
from assistant.secret import secret_key
from assistant.store.database import transaction
from assistant.web.listing_pages import listing_router
from assistant.web.pages import static_files
from assistant.web.wiring import page_context
from directory import asking, reports, store
from directory.records import Listing

WIDTHS = (1280, 320)
KETTLE = a_listing(
    "kettle", "Tuesday Kettle", provider="Bellfounder Neighbours", address="Bellfounder Hall, 9 Plaiters Row", town="Luton", postcode="LU1 2BG",
    latitude=51.879, longitude=-0.414, cost="free", days=("tue",), schedule="Every Tuesday, 10am to 12 noon", phone="01632 960200",
    email="hello@bellfounder-neighbours.example.org", url="https://bellfounder-neighbours.example.org", needs=("loneliness",),
    access=("step-free", "accessible toilet"), who_meets_you="Marcia meets you at the door.", checked_on=date(2026, 4, 1),
)  # fmt: skip
SHELF = [
    KETTLE,
    KETTLE.with_changes(id="kettle-2", name="Tuesday Kettle!", cost="£1", cost_amount=1.0, schedule="Tuesdays at ten"),
    a_listing("choir", "Full Voice Choir", provider="Hopyard Rooms", postcode="LU2 0LL", latitude=51.8859, longitude=-0.396, cost="£3"),
    a_listing("walk", "Downs Walkers", latitude=51.9, longitude=-0.47, accredited_until=date(2026, 12, 10)),
    a_listing("swim", "Women's Swim", latitude=51.91, longitude=-0.43, audience=("women",), suspended="The pool is shut"),
    Listing("bare", "Nobody Vouched", "Something from the council.", source="Luton Council"),
]
FILE = "id,name,description,cost,latitude,longitude\nkettle,Tuesday Kettle,Cards,£1,,\nnew,New Group,Chat,,,\nfar,Far,Far,,95,0\n"


@pytest.fixture
def desk(tmp_path):
    """The console and the public pages, served, with a small directory."""
    served = ServedDesk(tmp_path)
    served.house.directory = shelve(served.house.engine, tmp_path, clock.today, *SHELF)
    app = served.server.config.app
    context = page_context(served.house, Limits(served.house.settings))
    app.mount("/static", static_files())
    app.router.routes.insert(0, app.router.routes.pop())  # before the page for addresses that are none
    app.include_router(listing_router(context, served.house))
    with transaction(served.house.engine) as connection:
        reports.report(connection, "kettle", "It is on Wednesday now, and the door is at the back.", "Jo, 01632 960999", clock.now())
        said = {"cost": ["free", "£2 a visit"], "schedule": ["Every Tuesday, 10am to 12 noon", "Every Tuesday, 2pm"]}
        reports.report(connection, "kettle", "", "", clock.now(), kind="correction", fields=said)
    store.update(served.house.engine, "choir", "Grace Obi (grace)", cost="£4", wait_weeks=2)
    served.start()
    yield served
    served.stop()


def test_a_manager_searches_as_she_types_decides_and_undoes(desk, page_at):
    page = page_at(1280)
    desk.sign_in(page, "grace")
    page.goto(f"{desk.address}/directory")
    page.get_by_label("What is needed, in any words").press_sequentially("walkers")  # no Enter, and the box keeps the focus
    expect(page.locator(".service h2").first).to_contain_text("Downs Walkers")
    expect(page).to_have_url(re.compile("q=walkers"))
    page.get_by_label("What is needed, in any words").fill("")
    page.get_by_label("Near").fill("LU1")
    page.get_by_label("What is needed, in any words").press_sequentially("choir")
    expect(page.locator(".service h2").first).to_contain_text("Full Voice Choir")
    expect(page.get_by_text("Distances are from LU1")).to_be_visible()
    page.get_by_role("link", name="Full Voice Choir").click()
    page.get_by_role("button", name="Mark as full").click()
    expect(page.get_by_text("It is full: no places at the moment.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Patients see this.")).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Cost now").fill("£5 a visit")
    page.get_by_role("button", name="See how a patient would see it").click()
    expect(page.get_by_role("heading", name="What a patient would see")).to_be_visible()
    page.get_by_role("button", name="Keep it").first.click()
    expect(page.get_by_text("Edited.")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_desks_pages_are_accessible_and_fit(desk, page_at, axe, tmp_path, width):
    page = page_at(width)
    desk.sign_in(page, "grace")
    faults = []
    addresses = [
        "/directory?near=LU1", "/directory?q=nothing+fits&status=closed", "/directory/listings/kettle", "/directory/listings/swim",
        "/directory/listings/choir", "/directory/compare?id=kettle&id=choir&id=walk", "/directory/print?id=kettle&id=choir&id=swim",
        "/directory/new", "/directory/listings/kettle/edit", "/directory/import", "/directory/quality?kind=unaccredited", "/directory/asking",
        "/directory/reports", "/directory/duplicates",
    ]  # fmt: skip

    def look(name: str) -> None:
        faults.extend(f"{name}: {fault}" for fault in axe(page))
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            faults.append(f"{name}: {wide} pixels too wide")
        page.screenshot(path=tmp_path / f"{width}-{name}.png", full_page=True)

    for number, address in enumerate(addresses):
        page.goto(f"{desk.address}{address}")
        look(f"{number:02}")
    page.goto(f"{desk.address}/directory/new")
    page.get_by_label("Email").fill("nowhere")
    page.get_by_role("button", name="See how").click()
    look("20-faults")
    page.goto(f"{desk.address}/directory/import")
    page.locator("#file").set_input_files({"name": "council.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("heading", name="What would change")).to_be_visible()
    look("21-dry-run")
    assert faults == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_public_pages_are_accessible_and_fit(desk, page_at, axe, tmp_path, width):
    page, base = page_at(width), desk.address.removesuffix("/navigator")
    token = asking.link_token("kettle", clock.today(), secret_key(desk.house.settings))
    faults = []
    for name, address in (("listing", "/directory/kettle"), ("gone", "/directory/swim"), ("provider", f"/directory/confirm/{token}")):
        page.goto(f"{base}{address}")
        faults += [f"{name}: {fault}" for fault in axe(page)]
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
        page.screenshot(path=tmp_path / f"{width}-{name}.png", full_page=True)
    page.get_by_role("button", name="All of it is still right").click()
    expect(page.get_by_text("noted that all is still right")).to_be_visible()
    page.goto(f"{base}/directory/kettle")
    page.get_by_label("What is wrong?").fill("The hall is shut")
    page.get_by_role("button", name="Tell us").click()
    expect(page.get_by_text("A person in our team will look at it")).to_be_visible()
    assert faults == []
