"""Open Referral UK and HSDS coming in: what each part becomes, what is wrong by its path, and files that are none."""

from __future__ import annotations

import json
import zipfile
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from directory_made import TODAY, make
from hypothesis import given, settings
from hypothesis import strategies as st
from openreferral_made import UUID, a_page, a_service
from sqlalchemy.engine import Engine

from directory import store
from directory.importing import ImportReport, Way
from directory.openreferral.imports import import_json, import_tables
from directory.openreferral.listings import listings_of
from directory.places import Places
from directory.records import Listing

WAY = Way("council", today=TODAY)


def bring(engine: Engine, places: Places, document: Any, way: Way = WAY) -> ImportReport:
    return import_json(engine, json.dumps(document).encode(), way, places)


def all_of(engine: Engine) -> list[Listing]:
    return store.all_listings(engine)[1]


def test_a_service_becomes_a_listing(engine: Engine, places: Places) -> None:
    report = bring(engine, places, a_page([a_service()]))
    assert (report.added, report.errors, report.warnings) == (1, [], [])
    (listing,) = all_of(engine)
    assert listing.id == UUID.format(1) and listing.provider == "Example Neighbours"
    assert (listing.address, listing.town, listing.postcode) == ("Example Hall, 1 Example Street", "Luton", "LU1 2AB")
    assert (listing.days, listing.start_time, listing.end_time) == (("tue", "thu"), time(10), time(12))
    assert (listing.cost, listing.cost_amount, listing.min_age) == ("£2.50 a visit", 2.5, 18)
    assert (listing.phone, listing.access, listing.service_area) == ("01632 960001", ("hearing loop",), ("Luton",))
    assert (listing.checked_on, listing.status, listing.accredited_by) == (date(2026, 10, 1), "open", None)
    assert listing.notes == {"alert": "Closed in the last week of December."} and report.unknown_columns == ["alert"]


@pytest.mark.parametrize(
    "document",
    [a_service(), [a_service()], {"services": [a_service()]}, a_page([a_service()]),
     {"id": UUID.format(90), "name": "Example Neighbours", "services": [a_service(organization=None)]},
     {"id": UUID.format(96), "service": a_service(), **a_service()["service_at_locations"][0]}],
)  # fmt: skip
def test_every_form_of_the_standard_gives_the_same_listing(engine: Engine, places: Places, document: Any) -> None:
    assert bring(engine, places, document).added == 1
    (listing,) = all_of(engine)
    assert (listing.provider, listing.postcode, listing.name) == ("Example Neighbours", "LU1 2AB", "Kettle Club 1")


def test_what_is_wrong_is_named_by_its_path_and_costs_the_cell_or_the_service_never_the_others(engine: Engine, places: Places) -> None:
    abroad = a_service(2)
    abroad["service_at_locations"][0]["location"]["latitude"] = 151.2
    abroad["schedules"][0].update(byday="TU,XX", opens_at="25:99")
    document = a_page(
        [a_service(), abroad, a_service(3, name=""), a_service(4, description=None), a_service(5, status="perhaps"), 7, "x",  # type: ignore[list-item]
         {"id": UUID.format(6), "name": "A taxonomy's term", "description": "No service"}, a_service(8, name="=cmd|'x'!A0")]
    )  # fmt: skip
    report = bring(engine, places, document)
    assert report.added == 2 and {x.id for x in all_of(engine)} == {UUID.format(1), UUID.format(2)}
    assert {error.path for error in report.errors} == {
        "$.contents[2].name", "$.contents[3].description", "$.contents[4].status", "$.contents[5]", "$.contents[6]",
        "$.contents[7]", "$.contents[8].name",
    }  # fmt: skip
    assert {warning.path for warning in report.warnings} == {
        "$.contents[1].service_at_locations[0].location.latitude",
        "$.contents[1].schedules[0].byday",
        "$.contents[1].schedules[0].opens_at",
    }
    assert all(fault.message.endswith(".") for fault in report.errors + report.warnings)
    assert str(report.errors[0]).startswith("$.contents[2].name: Every listing needs a name")
    there = next(x for x in all_of(engine) if x.id == UUID.format(2))
    assert (there.days, there.start_time, there.latitude is not None) == (("tue", "thu")[:1], None, True), "placed by its postcode"
    assert there.notes["latitude"] == "151.2"


def test_one_service_at_several_places_is_a_listing_for_each(engine: Engine, places: Places) -> None:
    two = a_service()
    second = json.loads(json.dumps(two["service_at_locations"][0]).replace(UUID.format(97), UUID.format(70)))
    second["location"]["addresses"][0].update(postal_code="LU4 9AA", city="Luton")
    office = {"id": UUID.format(71), "location": {"id": UUID.format(72), "location_type": "postal", "addresses": []}}
    virtual = {"id": UUID.format(73), "location": {"id": UUID.format(74), "location_type": "virtual"}}
    two["service_at_locations"] += [second, office, virtual]
    bring(engine, places, [two], Way("council", replace_source="council", today=TODAY))
    found = {x.id: x for x in all_of(engine)}
    assert set(found) == {UUID.format(1), f"{UUID.format(1)}~{UUID.format(70)}"}
    assert {x.postcode for x in found.values()} == {"LU1 2AB", "LU4 9AA"} and {x.online for x in found.values()} == {"both"}
    broken = bring(engine, places, [a_service(9), {**two, "name": ""}], Way("council", replace_source="council", today=TODAY))
    assert broken.removed == 0, "what is in error stays as it is, at all its places"


def test_times_costs_and_limits_in_other_words(engine: Engine, places: Places) -> None:
    service = a_service(
        maximum_age=999, minimum_age=0.5, wait_time="about 3 weeks", languages=[{"id": UUID.format(60), "name": "Urdu"}],
        schedules=[
            {"byday": "1TU", "freq": "MONTHLY", "opens_at": "10:00", "closes_at": "12:00"},
            {"byday": "SA", "freq": "WEEKLY", "interval": 2, "opens_at": "14:00+00:00", "closes_at": "15:30:00"},
            {"byday": "MO", "valid_to": "2020-01-01"},
        ],
        cost_options=[{"amount": 35, "option": "Under 18s", "amount_description": "per session", "valid_to": "2022-12-31"},
                      {"amount": 0}, {"amount": 4, "option": "others"}],
    )  # fmt: skip
    bring(engine, places, service)
    (listing,) = all_of(engine)
    assert listing.schedule == "Monthly, first Tuesday, 10am to 12 noon; Saturdays, every 2 weeks, 2pm to 3.30pm"
    assert (listing.days, listing.start_time) == (("tue", "sat"), None), "the two begin at different hours"
    assert (listing.cost, listing.cost_amount) == ("free; £4 (others)", 0.0)
    assert (listing.min_age, listing.max_age, listing.wait_weeks, listing.languages) == (0, None, 3, ("Urdu",))


def test_doubles_and_a_source_replaced_and_vouched_for(engine: Engine, places: Places) -> None:
    store.save(engine, make("other", source="elsewhere"), by="test")
    report = bring(engine, places, [a_service(), a_service(2), a_service(), a_service(2, name="Another")])
    assert (report.added, len(report.warnings)) == (2, 1) and "same service again" in report.warnings[0].message
    assert [e.path for e in report.errors] == ["$[3].id"] and "$[1]" in report.errors[0].message
    vouched = Way("council", False, "council", "Panel", date(2027, 3, 31), TODAY)
    dry = bring(engine, places, [a_service()], Way("council", True, "council", "Panel", date(2027, 3, 31), TODAY))
    assert (dry.updated, dry.removed, store.count(engine)) == (1, 1, 3)
    done = bring(engine, places, [a_service()], vouched)
    assert (done.updated, done.removed, store.count(engine), done.hidden) == (1, 1, 2, {})


def test_html_and_formulas_of_a_feed_are_as_harmless_as_those_of_a_csv(engine: Engine, places: Places) -> None:
    wild = a_service(description="<p>Tea</p><script>alert(1)</script>", languages=[{"name": "=cmd|'x'!A0"}, {"name": "<b>Urdu</b>"}])
    wild["url"] = "javascript:alert(1)"
    bring(engine, places, wild)
    (listing,) = all_of(engine)
    assert (listing.description, listing.languages) == ("Tea", ("Urdu",)) and "javascript" not in (listing.url or "")


@pytest.mark.parametrize("data", [b"", b"{", b"null", b"[]", b"\x00\xff\x00\xff" * 20, b"[" * 100_000, b'{"contents": []}', b"12"])
def test_a_file_that_is_no_list_of_services_says_so(engine: Engine, places: Places, data: bytes) -> None:
    report = import_json(engine, data, WAY, places)
    assert report.errors and not report.added and str(report.errors[0]).startswith(("the file: ", "$"))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(a_service())), json_values), st.sampled_from(["location", "addresses", "phones"]), json_values)
def test_nothing_that_stands_where_it_should_not_is_more_than_a_fault(changed: dict[str, Any], key: str, value: Any) -> None:
    service = {**a_service(), **changed}
    if isinstance(service["service_at_locations"], list):
        service["service_at_locations"] = [*service["service_at_locations"], {key: value}]
    for outcome in listings_of(service, "x", Places({}, {}, []), TODAY):
        assert outcome.listing is not None or outcome.errors


TABLES = {
    "services.csv": "id,organization_id,name,description,status,minimum_age\ns1,o1,Kettle Club,Tea and company.,active,18\ns2,o1,,No name,active,\n",
    "organizations.csv": "id,name,description\no1,Example Neighbours,A charity\n",
    "locations.csv": "id,location_type,name,latitude,longitude\nl1,physical,Example Hall,51.88,-0.42\n",
    "service_at_location.csv": "id,service_id,location_id\na1,s1,l1\n",
    "addresses.csv": "id,location_id,address_1,city,state_province,postal_code,country,address_type\nd1,l1,1 Example Street,Luton,,LU1 2AB,GB,physical\n",
    "schedules.csv": "id,service_id,byday,opens_at,closes_at\nt1,s1,TU,10:00,12:00\nt2,s1,XX,10:00,12:00\n",
    "phones.csv": "id,contact_id,number\np1,c1,01632 960001\n",
    "contacts.csv": "id,service_id,name\nc1,s1,Sam\n",
    "cost_options.csv": "id,service_id,amount\nk1,s1,0\n",
    "attributes.csv": "id,link_id,taxonomy_term_id\nx1,s1,m1\n",
    "taxonomy_terms.csv": "id,name,taxonomy_id\nm1,Loneliness,\n",
}


@pytest.mark.parametrize("form", ["folder", "zip", "zip in a folder"])
def test_tables_are_put_together_and_faults_name_table_and_row(engine: Engine, places: Places, tmp_path: Path, form: str) -> None:
    where = tmp_path / "tables"
    if form == "folder":
        where.mkdir()
        for name, text in TABLES.items():
            (where / name).write_text(text, encoding="utf-8")
    else:
        with zipfile.ZipFile(where, "w") as archive:
            for name, text in TABLES.items():
                archive.writestr(name if form == "zip" else f"../export/{name}", text)
            archive.writestr("__MACOSX/._services.csv", b"\x00")
    report = import_tables(engine, where, WAY, places)
    assert report.added == 1 and [str(e) for e in report.errors] == ["services.csv row 3, name: Every listing needs a name: fill it in."]
    assert [w.path for w in report.warnings] == ["schedules.csv row 3, byday"]
    (listing,) = all_of(engine)
    assert (listing.provider, listing.postcode, listing.days, listing.phone) == ("Example Neighbours", "LU1 2AB", ("tue",), "01632 960001")
    assert (listing.cost, listing.needs, listing.min_age) == ("free", ("loneliness",), 18)
    assert import_tables(engine, where, WAY, places).unchanged == 1


def test_tables_that_are_none_say_so(engine: Engine, places: Places, tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and nothing more")
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "broken.zip", tmp_path / "empty"):
        report = import_tables(engine, path, WAY, places)
        assert len(report.errors) == 1 and not report.added
