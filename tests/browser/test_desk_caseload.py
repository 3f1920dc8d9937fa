"""Patients, tasks, signposting and a handover in Chromium: done by hand, accessible at two widths, and without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from desk_steps import PRACTICE, ServedDesk
from playwright.sync_api import Page, expect

from assistant.clock import clock
from assistant.conversations import records
from assistant.desk import accounts
from assistant.pathway import caseload, todo
from assistant.store.database import transaction
from assistant.store.tables import callbacks
from directory.query import Match, SearchResult
from directory.records import Listing

SIZES = [(1280, 900), (320, 720)]
KETTLE = Listing(
    "L1", "Tuesday Kettle", "Tea, biscuits and talk for anybody who would like company.", needs=("loneliness",), schedule="Tuesdays, 10am to 12pm",
    address="2 Bluebell Walk", town="Luton", phone="01632 960123", cost="Free",
)  # fmt: skip
CHOIR = Listing("L2", "Wardown Singers", "Singing together, no experience needed.", needs=("loneliness",))


class TwoPlaces:
    """A directory of two open listings."""

    def search(self, query: Any, fresh: bool = True) -> SearchResult:
        return SearchResult(2, tuple(Match(one, 0.5, ("near you",), 1.2) for one in (KETTLE, CHOIR)))

    def get(self, identifier: str, viewer: str = "patient", fresh: bool = True) -> Match | None:
        return next((Match(one, 0.5, ()) for one in (KETTLE, CHOIR) if one.id == identifier), None)


@pytest.fixture
def desk(tmp_path):
    """The console, served, with two places in the directory."""
    served = ServedDesk(tmp_path)
    served.house.directory = TwoPlaces()
    served.start()
    yield served
    served.stop()


def look_after(desk: ServedDesk, name: str = "Dorothy Hale", username: str = "amina") -> str:
    """A patient of Amina's with a call tomorrow and an overdue task; the id."""
    picture = {"needs": ["loneliness", "money"], "wishes": {"access": ["wheelchair"], "language": ["Bengali"]}, "what_matters": "Some company"}
    talk = desk.begin("I sit in all day", person_name=name, contact_number="+447700900123", safe_to_leave_message=False, picture=picture)
    with transaction(desk.house.engine) as connection:
        navigator = accounts.find(connection, username)
        patient = caseload.looked_after(connection, records.load(connection, talk), navigator.id)
        number = todo.add(connection, PRACTICE, f"Ask {name} how the first visit went", clock.today().isoformat(), navigator.id, patient)
        connection.execute(todo.tasks.update().where(todo.tasks.c.id == number).values(due_at=clock.now() - timedelta(days=2)))
        connection.execute(callbacks.insert().values(
            id=f"c-{talk}"[:36], conversation_id=talk, practice=PRACTICE, navigator=navigator.name, starts_at=clock.now() + timedelta(days=1),
            purpose="company", status="booked", created_at=clock.now(), patient_id=patient,
        ))  # fmt: skip
    return patient


def by_hand(desk: ServedDesk, page: Page) -> None:
    """Add somebody a GP sends, set a task, do it, undo it, close the case and open it again."""
    desk.sign_in(page, "amina")
    page.get_by_role("link", name="Patients").click()
    page.get_by_role("link", name="Add a patient").click()
    for label, words in (("Name", "Edna Marsh"), ("Phone number", "07700 900321"), ("How and when to reach them", "Weekday mornings"),
                         ("Their name", "Dr Patel"), ("Why they were referred", "Lonely since the move")):  # fmt: skip
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("They know of this").check()
    page.get_by_role("button", name="Add this patient").click()
    expect(page.get_by_role("heading", name="Edna Marsh")).to_be_visible()
    expect(page.locator(".quote", has_text="First call to Edna Marsh")).to_be_visible()
    page.get_by_role("button", name="Done First call").click()
    expect(page.get_by_text("Task marked as done.")).to_be_visible()
    page.get_by_text("Done (1)").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.get_by_text("Close the case", exact=True).first.click()
    page.get_by_label("How did it end?").select_option("declined:not_now")
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("Did not want it: not now").first).to_be_visible()
    page.get_by_role("button", name="Open the case again").click()
    expect(page.get_by_text("Case opened again.")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_gps_patient_from_the_form_to_the_end(desk, page_at, javascript):
    by_hand(desk, page_at(1280, javascript=javascript))


def test_two_clicks_hand_out_a_printed_list(desk, page_at, axe):
    page = page_at(1280)
    desk.sign_in(page, "amina")
    page.get_by_text("More", exact=True).press("Enter")
    page.get_by_role("link", name="Signpost").click()
    page.get_by_label("What would help").fill("lonely")
    page.keyboard.press("Enter")
    page.get_by_label("Tuesday Kettle").check()
    page.get_by_role("button", name="Print").click()
    expect(page.get_by_role("heading", name="Places you could try")).to_be_visible()
    expect(page.get_by_role("button", name="Print this list")).to_be_visible()
    assert axe(page) == [] and page.get_by_role("navigation").count() == 0


def test_a_text_is_asked_about_before_it_goes(desk, page_at):
    page = page_at(320)
    desk.sign_in(page, "amina")
    page.goto(f"{desk.address}/signpost?q=lonely")
    page.get_by_label("Wardown Singers").check()
    page.get_by_label("Or text it to a mobile number").fill("07700 900321")
    page.get_by_role("button", name="Text it").click()
    expect(page.get_by_role("alert")).to_contain_text("is it their own phone")
    expect(page.get_by_label("Wardown Singers")).to_be_checked()
    page.get_by_label("I asked").check()
    page.get_by_role("button", name="Text it").click()
    expect(page.get_by_text("On its way by text")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_page_is_accessible_and_fits(desk, page_at, axe, width, height):
    page = page_at(width, height)
    patient, _ = look_after(desk), look_after(desk, "Dorothy Hale-Ogunbanjo of the very long name", "colin")
    desk.sign_in(page, "grace")
    with transaction(desk.house.engine) as connection:
        amina = accounts.find(connection, "amina").id
        talk = connection.execute(callbacks.select()).first().conversation_id
    for address in ("/patients", "/patients?q=nobody", "/patients/add", f"/patients/{patient}", f"/patients/{patient}/edit", f"/patients/{patient}/same",
                    f"/patients/{patient}/print", f"/conversations/{talk}/person", "/tasks", "/leaving", f"/leaving?person={amina}", "/signpost",
                    "/signpost?q=lonely", "/signpost/given", "/calls", "/"):  # fmt: skip
        page.goto(desk.address + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
