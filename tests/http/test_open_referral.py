"""`/openreferral/`: the demo's directory as a feed of the standard, and read back by our own importer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from live import LiveServer

from directory import store
from directory.importing import Way
from directory.openreferral.feed_import import import_feed
from directory.openreferral.fetch import Fetcher

SERVICES, PLACES = "/openreferral/services", "/openreferral/service_at_locations"


def every(client: httpx.Client, **asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for page in range(1, 50):
        told = client.get(SERVICES, params={**asked, "page": page, "per_page": 60}).json()
        assert (told["page_number"], told["size"], told["empty"]) == (page, len(told["contents"]), not told["contents"])
        assert told["first_page"] == (page == 1)
        found += told["contents"]
        if told["last_page"]:
            assert told["total_items"] == len(found) and told["total_pages"] == max(page, 1) or not found
            break
    return found


def test_the_feed_holds_what_patients_may_see_each_once_and_nothing_else(client: httpx.Client, live_server: LiveServer) -> None:
    directory = live_server.house.directory
    assert directory is not None
    visible = {listing.id for listing in directory.listings()}
    hidden = {listing.id for listing in directory.listings("staff")} - visible
    found = every(client)
    own = [next(a["value"] for a in s["attributes"] if a["taxonomy_term"]["term"] == "id") for s in found]
    assert len(own) == len(set(own)) and set(own) == visible and hidden
    for identifier in sorted(hidden)[:3]:
        assert client.get(f"{SERVICES}/{identifier}").status_code == 404
    assert all(s["status"] == "active" for s in found)


def test_one_service_by_either_id_open_to_any_website_and_not_sent_twice(client: httpx.Client) -> None:
    first = client.get(SERVICES, params={"per_page": 1})
    service = first.json()["contents"][0]
    again = client.get(f"{SERVICES}/{service['id'].upper()}")
    assert again.json() == service and again.headers["access-control-allow-origin"] == "*"
    assert client.get(SERVICES, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    own = next(a["value"] for a in service["attributes"] if a["taxonomy_term"]["term"] == "id")
    assert client.get(f"{SERVICES}/{own}").json() == service


def test_the_filters_of_the_standard(client: httpx.Client) -> None:
    assert all("TU" in s["schedules"][0]["byday"] for s in every(client, day="TU")) and every(client, day="TU")
    late = every(client, start_time="18:00")
    assert late and all(s["schedules"][0]["opens_at"] >= "18:00:00" for s in late)
    assert all(s["minimum_age"] >= 50 for s in every(client, minimum_age=50))
    terms = client.get("/openreferral/taxonomy_terms", params={"per_page": 200}).json()["contents"]
    need = next(term for term in terms if term["term"] == "bereavement")
    grieving = every(client, taxonomy_term_id=need["id"])
    assert grieving and all(need["id"] in [a["taxonomy_term_id"] for a in s["attributes"]] for s in grieving)
    assert client.get(f"/openreferral/taxonomy_terms/{need['id']}").json() == need
    assert client.get(f"/openreferral/taxonomies/{need['taxonomy_id']}").json()["name"] == "Linkway needs"
    assert every(client, search="zebra") == [] and 0 < len(every(client, search="choir")) < 60
    assert client.get("/openreferral/").json()["version"] == "HSDS-UK-3.0"


@pytest.mark.parametrize("query", ["page=0", "per_page=0", "per_page=100000", "day=noday", "start_time=25:99", "minimum_age=x"])
def test_what_cannot_be_used_is_named(client: httpx.Client, query: str) -> None:
    answer = client.get(f"{SERVICES}?{query}")
    assert answer.status_code == 422 and answer.json()["field"].split(".")[-1] == query.split("=")[0]


def test_services_by_place_with_postcode_and_metres(client: httpx.Client) -> None:
    first = client.get(PLACES, params={"per_page": 200})
    told = first.json()
    one = told["contents"][0]
    assert told["total_items"] > 100 and one["service"]["id"] == one["service_id"] and one["location"]["id"] == one["location_id"]
    again = client.get(f"{PLACES}/{one['id']}", headers={"If-None-Match": "x"})
    assert again.json() == one and again.headers["access-control-allow-origin"] == "*"
    assert client.get(PLACES, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    near = client.get(PLACES, params={"postcode": "LU3", "proximity": 2000}).json()
    assert 0 < near["total_items"] < told["total_items"] and all(s["location"]["location_type"] == "physical" for s in near["contents"])
    assert client.get(f"{PLACES}/nothing").status_code == 404


@pytest.mark.parametrize("query", ["postcode=ZZ99", "proximity=500", "postcode=LU1&proximity=0", "day=noday"])
def test_what_cannot_be_used_of_a_place_is_named(client: httpx.Client, query: str) -> None:
    answer = client.get(f"{PLACES}?{query}")
    assert answer.status_code == 422 and answer.json()["field"].split(".")[-1] in query


def test_another_linkway_can_read_it(live_server: LiveServer, tmp_path: Path, client: httpx.Client) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'other.db'}")
    store.create_tables(engine)
    fetcher = Fetcher(sleep=lambda seconds: None)
    report = import_feed(engine, f"{live_server.url}/openreferral", tmp_path / "feeds", Way("neighbour"), fetcher=fetcher)
    fetcher.close()
    assert report.errors == [] and report.added == len(every(client))
    assert all(listing.accredited_by is None for listing in store.all_listings(engine)[1]), "they are not vouched for here"
    engine.dispose()
