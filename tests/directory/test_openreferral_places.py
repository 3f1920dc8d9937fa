"""The feed by place: each service at each place, filtered by postcode, area and metres."""

from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema
import pytest
from directory_made import make
from openreferral_made import OFFICIAL, hold_to_the_standard

from directory.openreferral import at_locations, pages
from directory.openreferral.writing import service_of
from directory.search import Directory

SCHEMA = OFFICIAL / "hsds-uk-3.0" / "schema" / "service_at_location.json"
ALL = pages.Asked()
SHELF = (
    make("both", name="Both Ways", latitude=51.8795, longitude=-0.4175, online="both", days=("tue",)),
    make("far", name="Far Hall", town="Bedford", latitude=52.136, longitude=-0.467, access=("step-free",)),
    make("hidden", name="Hidden", latitude=51.88, longitude=-0.42, accredited_by=None),
    make("line", name="A Line to Ring", phone="01632 960200"),
    make("local", name="Bedford Only", address="1 Example Street", service_area=("Bedford",), latitude=52.136, longitude=-0.467),
    make("web", name="On the Web", online="yes"),
)


@pytest.fixture()
def shelf(directory_of: Callable[..., Directory]) -> Directory:
    return directory_of(*SHELF)


def names(page: dict) -> list[tuple[str, str]]:
    return [(each["service"]["name"], each["location"]["location_type"]) for each in page["contents"]]


def test_each_service_stands_once_for_each_place_and_hidden_ones_never(shelf: Directory) -> None:
    told = at_locations.page_of(shelf, ALL, 1, 50)
    assert names(told) == [
        ("Both Ways", "physical"), ("Both Ways", "virtual"), ("Far Hall", "physical"), ("Bedford Only", "physical"), ("On the Web", "virtual"),
    ]  # fmt: skip
    assert (told["total_items"], told["size"], told["last_page"]) == (5, 5, True)
    for each in told["contents"]:
        hold_to_the_standard(each, "service_at_location")
        assert each == at_locations.one(shelf, each["id"].upper()) and "service_at_locations" not in each["service"]
    parts = [each for number in (1, 2, 3) for each in at_locations.page_of(shelf, ALL, number, 2)["contents"]]
    assert parts == told["contents"]
    hidden = service_of(SHELF[2])["service_at_locations"][0]["id"]
    assert at_locations.one(shelf, hidden) is None and at_locations.one(shelf, "nothing") is None


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the official schemas do not lie beside the repository")
def test_places_are_valid_by_the_official_schema(shelf: Directory) -> None:
    check = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=jsonschema.FormatChecker())
    found = at_locations.page_of(shelf, ALL, 1, 50)["contents"]
    assert found and [error.message for each in found for error in check.iter_errors(each)] == []


def test_a_postcode_leaves_out_who_does_not_go_there_and_metres_what_is_further(shelf: Directory) -> None:
    luton = shelf.places.locate("LU1")
    assert luton is not None
    served = [name for name, _ in names(at_locations.page_of(shelf, ALL, 1, 50, luton))]
    assert served == ["Both Ways", "Both Ways", "Far Hall", "On the Web"], "one serves Bedford alone"
    assert names(at_locations.page_of(shelf, ALL, 1, 50, luton, 3)) == [("Both Ways", "physical")]
    assert [name for name, _ in names(at_locations.page_of(shelf, ALL, 1, 50, luton, 40))] == ["Both Ways", "Far Hall"]
    tuesday = at_locations.page_of(shelf, pages.Asked(day="TU"), 1, 50)
    assert {name for name, _ in names(tuesday)} == {"Both Ways"} and tuesday["total_items"] == 2
