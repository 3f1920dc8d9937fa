"""The page of one service and its provider's page: what patients may see alone, reports that wait, links that cannot be forged."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from directory_light import a_listing, shelve
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.channels.limits import Limits
from assistant.clock import clock
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store.database import open_engine, reading
from assistant.store.tables import metadata
from assistant.web.listing_pages import REPORTS_AN_HOUR, listing_router
from assistant.web.pages import static_files
from assistant.web.wiring import page_context
from directory import asking, store
from directory.records import Listing
from directory.reports import open_reports
from directory.tables import directory_metadata

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
KETTLE = a_listing("kettle", "Tuesday Kettle", provider="Bellfounder", postcode="LU1 2BG", cost="free", phone="01632 960200", url="https://k.example.org")
HIDDEN = [
    Listing("bare", "Nobody Vouched", "Secret"), a_listing("full", "Full House", status="full"), a_listing("off", "Off", suspended="Complaint"),
    a_listing("old", "Old", accredited_until=date(2026, 1, 1)),
]  # fmt: skip


@pytest.fixture(autouse=True)
def monday():
    clock.set(MONDAY)
    yield
    clock.run()


@pytest.fixture
def house(tmp_path: Path) -> House:
    engine = open_engine(f"sqlite:///{tmp_path}/web.db")
    metadata.create_all(engine)
    directory_metadata.create_all(engine)
    programme = load_programme(Path(__file__).parents[2] / "programme")
    made = House(Settings(home=tmp_path, public_base_url="http://app.example"), engine, programme)
    made.directory = shelve(engine, tmp_path, clock.today, KETTLE, *HIDDEN)
    return made


@pytest.fixture
def client(house: House) -> TestClient:
    app = FastAPI()
    context = page_context(house, Limits(house.settings))
    app.include_router(listing_router(context, house))
    app.mount("/static", static_files())
    app.state.secret = context.secret
    return TestClient(app, base_url="http://app.example")


def waiting(house: House):
    with reading(house.engine) as connection:
        return open_reports(connection)


def test_patients_see_what_they_may_see_and_nothing_else(client):
    page = client.get("/directory/kettle")
    assert page.status_code == 200 and "Tuesday Kettle" in page.text and "01632 960200" in page.text
    assert "unsafe" not in page.headers["content-security-policy"] and "set-cookie" not in page.headers
    for identifier in ("bare", "full", "off", "old", "nobody", "x" * 300, "%00", "a'b"):
        for answer in (client.get(f"/directory/{identifier}"), client.post(f"/directory/{identifier}/wrong", data={"wrong": "x"})):
            assert answer.status_code == 404 and "Secret" not in answer.text and "Complaint" not in answer.text


def test_anybody_may_say_what_is_wrong_and_a_person_looks_at_it(client, house):
    hostile = "It is Wednesday <script>alert(1)</script>=cmd|'x' \u202e\x00 now"
    answer = client.post("/directory/kettle/wrong", data={"wrong": hostile, "contact": "Jo, 01632 960999"})
    assert answer.status_code == 200 and "A person in our team will look" in answer.text
    (row,) = waiting(house)
    assert (row.listing_id, row.kind, row.contact) == ("kettle", "wrong", "Jo, 01632 960999")
    assert "script" not in row.words and "\u202e" not in row.words and row.words.startswith("It is Wednesday")
    again = client.post("/directory/kettle/wrong", data={"wrong": hostile})
    assert "We have this already" in again.text and len(waiting(house)) == 1
    assert store.get_listing(house.engine, "kettle") == KETTLE, "nothing changes by itself"


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"wrong": "  "}, "Please write what is wrong"), ({"wrong": "<p></p>"}, "Please write what is wrong"),
     ({"wrong": "y" * 2001}, "2,000 characters"), ({"wrong": "ok", "contact": "z" * 201}, "200 characters")],
)  # fmt: skip
def test_what_cannot_be_kept_is_named_and_stays_in_the_box(client, house, fields, words):
    answer = client.post("/directory/kettle/wrong", data=fields)
    assert answer.status_code == 422 and words in answer.text and not waiting(house)
    assert max(fields.values(), key=len).strip().replace("<", "&lt;").replace(">", "&gt;") in answer.text


def test_a_machine_that_fills_every_box_and_a_flood_are_not_kept(client, house):
    assert client.post("/directory/kettle/wrong", data={"wrong": "buy pills", "website": "x"}).status_code == 200
    assert not waiting(house)
    answers = [client.post("/directory/kettle/wrong", data={"wrong": f"wrong {n}"}).status_code for n in range(REPORTS_AN_HOUR + 2)]
    assert answers.count(200) == REPORTS_AN_HOUR and answers[-1] == 429 and len(waiting(house)) == REPORTS_AN_HOUR


def test_a_provider_says_that_all_is_right_with_one_press_and_looking_changes_nothing(client, house):
    link = f"/directory/confirm/{asking.link_token('kettle', clock.today(), client.app.state.secret)}"
    page = client.get(link)
    assert page.status_code == 200 and "Is this still right?" in page.text and store.get_listing(house.engine, "kettle") == KETTLE
    for _ in range(2):
        assert "noted that all is still right" in client.post(link, data={"still": "right"}).text
    assert store.get_listing(house.engine, "kettle").checked_on == date(2026, 11, 23)
    assert [line["action"] for line in store.history(house.engine, "kettle")] == ["confirmed", "added"]


def test_a_providers_correction_waits_for_a_person(client, house):
    link = f"/directory/confirm/{asking.link_token('kettle', clock.today(), client.app.state.secret)}"
    page = client.get(link).text
    values = dict(re.findall(r'<input id="p-[a-z_]+" name="([a-z_]+)" autocomplete="off" value="([^"]*)"', page))
    assert "Not an email address" in client.post(link, data={**values, "email": "hello"}).text
    assert "You changed nothing" in client.post(link, data=values).text and not waiting(house)
    done = client.post(link, data={**values, "cost": "£2", "note": "<b>New hall</b>", "status": "closed", "accredited_by": "Me"})
    assert "will read it" in done.text
    (row,) = waiting(house)
    assert (row.kind, row.fields, row.words) == ("correction", {"cost": ["free", "£2"]}, "New hall")
    assert store.get_listing(house.engine, "kettle") == KETTLE


def test_a_link_is_for_one_listing_for_a_while_and_cannot_be_made_up(client, house):
    secret = client.app.state.secret
    good = asking.link_token("kettle", clock.today(), secret)
    payload, signature = good.split(".")
    others = asking.link_token("full", clock.today(), secret).split(".")
    for wrong in (f"{others[0]}.{signature}", f"{payload}.{'0' * 32}", payload, "a.b", "x" * 2000, asking.link_token("kettle", clock.today(), "guess")):
        assert client.get(f"/directory/confirm/{wrong}").status_code == 404
        assert client.post(f"/directory/confirm/{wrong}", data={"still": "right"}).status_code == 404
    clock.shift(days=61)
    assert client.get(f"/directory/confirm/{good}").status_code == 404 and store.get_listing(house.engine, "kettle") == KETTLE
