"""A listing goes out as Open Referral UK and comes back as it was; the official schemas, where they lie beside the repository, agree."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, time, timedelta
from typing import Any

import jsonschema
import pytest
from directory_made import REPOSITORY, TODAY, make
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openreferral_made import CHOICES, LISTS, MUST_HAVE, NUMBERS, OFFICIAL, PARTS, hold_to_the_standard
from sqlalchemy.engine import Engine

from directory import store
from directory.import_csv import import_csv
from directory.importing import Way
from directory.needs import need_ids
from directory.openreferral.imports import import_json, import_tables
from directory.openreferral.listings import listings_of
from directory.openreferral.writing import service_of
from directory.places import Places
from directory.records import DAYS, STATUSES, Listing
from directory.text import clean

HSDS_UK = OFFICIAL / "hsds-uk-3.0" / "schema"
official = pytest.mark.skipif(not HSDS_UK.is_dir(), reason="the official schemas do not lie beside the repository")

# Cells as they lie in a directory: cleaned on their way in, none of them a formula or a word for 'unknown'.
cells = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Co", "Cn")), min_size=1, max_size=40).map(
    lambda text: clean(f"a {text}")
)
maybe = st.none() | cells
days = st.integers(-900, 900).map(lambda n: TODAY + timedelta(days=n))
lists = st.lists(cells, max_size=3, unique=True).map(tuple)
moments = st.none() | st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
LISTINGS = st.builds(
    Listing,
    id=st.sampled_from(["lu-0001", "5b0b6bd4-8a39-4a0c-9d0c-000000000001", "5b0b6bd4-8a39-4a0c-9d0c-000000000001~x"]),
    name=cells, description=cells, provider=maybe, summary=maybe,
    needs=st.lists(st.sampled_from(need_ids()), max_size=3, unique=True).map(tuple),
    address=maybe, town=maybe, postcode=st.sampled_from([None, "LU1 2AB", "LU3"]),
    service_area=lists, online=st.sampled_from([None, "no", "yes", "both"]), schedule=maybe,
    days=st.sets(st.sampled_from(DAYS)).map(lambda chosen: tuple(day for day in DAYS if day in chosen)),
    start_time=moments, end_time=moments,
    cost=st.sampled_from([None, "free", "£2.50 a visit", "ring us", "£0.50 (members), £4", "£3.00"]),
    cost_amount=st.sampled_from([None, 0.0, 2.5, 1 / 3]), free_sessions=st.none() | st.integers(0, 12), cost_afterwards=maybe,
    languages=lists, access=lists, audience=lists, min_age=st.none() | st.integers(0, 60), max_age=st.none() | st.integers(60, 120),
    who_meets_you=maybe, can_bring_someone=maybe, how_to_join=maybe, phone=maybe,
    email=st.sampled_from([None, "a@example.org"]), url=st.sampled_from([None, "https://example.org/?a=1&b=2"]),
    capacity=st.sampled_from([None, "open", "limited", "full", "0", "7"]), wait_weeks=st.none() | st.integers(0, 52),
    status=st.sampled_from(STATUSES), accredited_by=maybe, accredited_on=st.none() | days.map(lambda d: d - timedelta(days=2000)),
    accredited_until=st.none() | days, checked_on=st.none() | days, source=st.just("test"),
    notes=st.dictionaries(cells, cells, max_size=2),
)  # fmt: skip
# A listing has 40 fields: making a failing one smaller takes minutes.
UNSHRUNK = [Phase.explicit, Phase.reuse, Phase.generate]
positions = st.none() | st.tuples(st.floats(49.5, 61.5), st.floats(-9, 2.5)).map(lambda p: (round(p[0], 6), round(p[1], 6)))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
@given(LISTINGS, positions)
def test_every_listing_comes_back_as_it_was(listing: Listing, position: tuple[float, float] | None) -> None:
    latitude, longitude = position or (None, None)
    listing = listing.with_changes(latitude=latitude, longitude=longitude)
    sent = json.loads(json.dumps(service_of(listing, public=False)))
    outcomes = list(listings_of(sent, "test", Places({}, {}, []), TODAY))
    assert [outcome.errors for outcome in outcomes] == [[]]
    back = outcomes[0].listing
    assert back is not None and store.differences(listing, back) == {}
    hold_to_the_standard(sent)


def test_the_public_form_holds_no_notes_and_says_nothing_of_its_source() -> None:
    sent = json.dumps(service_of(make("one", notes={"private": "ring Pat at home"}, source="a council's file")))
    assert "Pat" not in sent and "council" not in sent
    assert "Pat" in json.dumps(service_of(make("one", notes={"private": "ring Pat at home"}), public=False))


def test_a_service_of_ours_that_somebody_else_publishes_is_known_by_its_mark_alone(places: Places) -> None:
    sent = service_of(make("one", audience=("carers",)))
    sent["attributes"] = [a for a in sent["attributes"] if a["taxonomy_term"]["term"] != "id"]
    (outcome,) = listings_of(sent, "test", places, TODAY)
    assert outcome.listing is not None and outcome.listing.id == sent["id"] and outcome.listing.accredited_by is None


@pytest.fixture()
def demo(engine: Engine, places: Places) -> list[Listing]:
    data = (REPOSITORY / "programme" / "demo" / "listings.csv").read_bytes()
    import_csv(engine, data, source="demo", places=places, today=TODAY)
    return store.all_listings(engine)[1]


def test_the_demo_directory_goes_out_and_comes_back(engine: Engine, demo: list[Listing], places: Places) -> None:
    sent = json.dumps([service_of(listing, public=False) for listing in demo]).encode()
    report = import_json(engine, sent, Way("demo", today=TODAY), places)
    assert (report.unchanged, report.errors, report.warnings) == (len(demo), [], [])
    for listing in demo:
        hold_to_the_standard(service_of(listing))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"status": "open"}, "status"), ({"minimum_age": "18"}, "minimum_age"), ({"id": "lu-0001"}, ""), ({"url": "example"}, "url"),
     ({"schedules": {}}, "schedules"), ({"organization": {"name": "No id"}}, "organization"), ({"alert": None}, "alert")],
)  # fmt: skip
def test_what_the_standard_forbids_is_caught(wrong: dict[str, Any], said: str) -> None:
    sent = service_of(make("one", url="https://example.org", min_age=18))
    hold_to_the_standard(sent)
    with pytest.raises((AssertionError, ValueError), match=said):
        hold_to_the_standard({**sent, **wrong})


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((HSDS_UK / name).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


@official
@pytest.mark.parametrize("schema", ["service.json", "service_list.json"])
def test_the_demo_directory_is_valid_by_the_official_schemas(demo: list[Listing], schema: str) -> None:
    check = validator(schema)
    faults = Counter(error.message for listing in demo for error in check.iter_errors(service_of(listing)))
    assert not faults


@official
def test_our_own_words_for_the_standard_are_no_laxer_than_it() -> None:
    def part_of(schema: dict[str, Any], name: str) -> None:
        assert set(schema.get("required", ())) <= {"id", *MUST_HAVE.get(name, ())}, name
        for key, told in schema.get("properties", {}).items():
            assert told.get("enum") is None or CHOICES[name, key] <= set(told["enum"]), (name, key)
            kind = told.get("type")
            assert (key in NUMBERS, key in LISTS and key != name, key in PARTS) == (kind == "number", kind == "array", kind == "object"), key
            if kind in ("array", "object"):
                part_of(told.get("items", told), key)

    for name in ("service", "service_at_location"):
        part_of(json.loads((HSDS_UK / f"{name}.json").read_text(encoding="utf-8")), name)


@official
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
@given(LISTINGS)
def test_any_listing_is_valid_by_the_official_schema(listing: Listing) -> None:
    assert [error.message for error in validator("service.json").iter_errors(service_of(listing, public=False))] == []


@official
def test_the_official_examples_come_in(engine: Engine, places: Places) -> None:
    way = Way("examples", today=TODAY)
    for name in ("hsds-uk-3.0/examples/service_full.json", "hsds-3.0/examples/service_full.json"):
        report = import_json(engine, (OFFICIAL / name).read_bytes(), way, places)
        assert (report.errors, report.added + report.updated) == ([], 1), name
        # The example lies at latitude 100 and in 'ABC 1234'.
        assert Counter(w.column for w in report.warnings) == {"latitude": 1, "longitude": 1, "postcode": 1}
    tables = import_tables(engine, OFFICIAL / "hsds-uk-3.0" / "examples" / "csv", way, places)
    assert tables.errors == [] and (tables.added, tables.updated) == (0, 1), "the same service, told a little differently"
    for name in ("taxonomy_list.json", "taxonomy_term.json", "organization_list.json"):
        report = import_json(engine, (OFFICIAL / "hsds-uk-3.0" / "examples" / name).read_bytes(), way, places)
        assert report.added == 0 and all("no service" in error.message for error in report.errors), name


@official
def test_the_validators_mock_of_one_service_128_times_is_one_listing(engine: Engine, places: Places) -> None:
    data = (OFFICIAL / "oruk-validator-mocks" / "V3.0-UK-Test" / "service_list.json").read_bytes()
    report = import_json(engine, data, Way("mocks", today=TODAY), places)
    assert (report.rows, report.added) == (128, 1)
    assert len({error.row for error in report.errors} | {warning.row for warning in report.warnings}) == 127


def test_dates_that_have_passed_are_told_as_they_are() -> None:
    listing = make("one", accredited_on=None, accredited_until=date(2020, 1, 1), checked_on=date(1999, 1, 1))
    (outcome,) = listings_of(service_of(listing), "test", Places({}, {}, []), TODAY)
    assert outcome.listing == listing
