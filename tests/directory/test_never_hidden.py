"""Over random directories and questions: a patient never gets a listing that is hidden, too young, too old or
too far: by search, by id, by a merged id, from a saved list, on the public pages or through the public API."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from directory_made import REPOSITORY, TODAY
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant import errors
from assistant.channels import web_directory
from assistant.channels.limits import Limits
from assistant.conversations import people, records
from assistant.house import House
from assistant.programme import Programme, load_programme
from assistant.settings import Settings
from assistant.store.tables import metadata
from assistant.web.listing_pages import listing_router
from assistant.web.wiring import page_context
from directory import store
from directory.encoder import Encoder
from directory.index import build_index
from directory.merging import merge
from directory.needs import need_lines
from directory.places import Places
from directory.query import Query
from directory.records import DAYS, STATUSES, Listing
from directory.search import Directory
from directory.snapshot import build_snapshot
from directory.vectors import passages
from directory.visibility import Policy, is_stale, visibility

_days_around = st.integers(-1000, 1000).map(lambda n: TODAY + timedelta(days=n))
_edges = st.sampled_from(
    [TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=1), TODAY - timedelta(days=548)]
)
_dates = st.none() | _edges | _days_around
_ages = st.none() | st.integers(0, 100)
_texts = st.sampled_from(
    ["Tea and a chat.", "Debt advice.", "A women only swim.", "Walks in the park.", "Football."]
)

listings = st.builds(
    Listing,
    id=st.just("x"),
    name=st.sampled_from(["Tea", "Walk", "Advice"]),
    description=_texts,
    latitude=st.none() | st.just(51.88),
    longitude=st.just(-0.42),
    service_area=st.sampled_from(
        [(), ("LU1",), ("LU1", "LU3"), ("Luton",), ("Bedford",), ("England",), ("Narnia",)]
    ),
    online=st.sampled_from([None, "no", "yes", "both"]),
    days=st.lists(st.sampled_from(DAYS), max_size=3).map(tuple),
    cost_amount=st.sampled_from([None, 0.0, 3.0]),
    audience=st.sampled_from([(), ("women",), ("men",), ("anyone",), ("carers", "women")]),
    access=st.sampled_from([(), ("step-free",)]),
    languages=st.sampled_from([(), ("English", "Urdu")]),
    min_age=_ages,
    max_age=_ages,
    capacity=st.sampled_from([None, "open", "full", "0", "3"]),
    status=st.sampled_from(STATUSES),
    accredited_by=st.sampled_from([None, "Panel", "Panel", "Panel"]),
    accredited_on=_dates,
    accredited_until=_dates,
    checked_on=_dates,
    suspended=st.sampled_from([None, None, None, "A complaint"]),
)
queries = st.builds(
    Query,
    text=st.sampled_from(["", "company", "ladies only swimming", "debt", "near LU3 please", "zzz"]),
    needs=st.sampled_from([(), ("money",), ("loneliness", "arts")]),
    near=st.sampled_from([None, "LU1", "LU3 2AB", "Luton", "M1", "atlantis"]),
    within_km=st.sampled_from([None, 0.1, 5.0]),
    day=st.sampled_from([None, "sat", ("mon", "tue")]),
    time=st.sampled_from([None, "morning", "18:30"]),
    cost_free=st.booleans(),
    access=st.sampled_from([(), ("wheelchair",)]),
    languages=st.sampled_from([(), ("urdu",)]),
    audience=st.sampled_from([(), ("women only",), ("men",), ("carers",)]),
    age=st.none() | st.integers(10, 95),
    online=st.sampled_from([None, True, False]),
    viewer=st.just("patient"),
    status=st.sampled_from([None, "hidden", "full"]),
    limit=st.just(50),
)
_OUTCODE_OF = {"LU1": "LU1", "LU3 2AB": "LU3", "M1": "M1"}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(listings, max_size=12), st.lists(queries, min_size=1, max_size=4))
def test_a_patient_never_gets_what_is_not_for_them(
    encoder: Encoder, places: Places, made: list[Listing], asked: list[Query]
) -> None:
    numbered = [listing.with_changes(id=f"n{i}") for i, listing in enumerate(made)]
    with TemporaryDirectory() as folder:
        engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool)
        store.create_tables(engine)
        with engine.begin() as connection:
            store.apply(connection, numbered, store.plan(connection, numbered), by="test")
        directory = Directory(engine, Path(folder), encoder, places, clock=lambda: TODAY)
        for query in asked:
            result = directory.search(query)
            for match in result.matches:
                check(match.listing, query)
            assert len({match.id for match in result.matches}) == len(result.matches)
        for listing in numbered:
            shown = directory.get(listing.id)
            assert (shown is not None) == (visibility(listing, TODAY, Policy()) is None)
        engine.dispose()


def check(listing: Listing, query: Query) -> None:
    """The rules written out once more, plainly, apart from the code that is tested."""
    assert listing.suspended is None
    until = listing.accredited_until or (
        listing.accredited_on and listing.accredited_on + timedelta(days=365)
    )
    assert listing.accredited_by and until and until >= TODAY
    assert listing.accredited_on is None or listing.accredited_on <= TODAY
    assert listing.status == "open" and listing.capacity not in ("full", "0")
    seen = listing.checked_on or listing.accredited_on
    assert seen is None or (TODAY - seen).days <= 548
    if query.age is not None:
        assert listing.min_age is None or listing.min_age <= query.age
        assert listing.max_age is None or query.age <= listing.max_age
    if "women only" in query.audience or "ladies only" in query.text:
        assert listing.audience != ("men",)
    if "men" in query.audience:
        assert listing.audience not in (("women",), ("carers", "women"))
    if query.near in _OUTCODE_OF and listing.service_area in (("LU1",), ("LU1", "LU3")):
        assert _OUTCODE_OF[query.near] in listing.service_area
    if query.near == "M1":
        assert listing.service_area not in (("Luton",), ("Bedford",))


@pytest.fixture(scope="module")
def programme() -> Programme:
    """The demo's, for the pages."""
    return load_programme(REPOSITORY / "programme")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(listings, min_size=2, max_size=6), st.lists(queries, min_size=1, max_size=2), st.integers(0, 5))
def test_nothing_hidden_comes_out_of_the_public_doors(
    encoder: Encoder, places: Places, programme: Programme, made: list[Listing], asked: list[Query], merged: int
) -> None:
    """The public API, the public page, a saved list as it is printed; the id of a merged listing leads to no other rule."""
    numbered = [listing.with_changes(id=f"n{i}") for i, listing in enumerate(made)]
    with TemporaryDirectory() as folder:
        engine = sa.create_engine("sqlite://", poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False})
        store.create_tables(engine)
        metadata.create_all(engine)
        with engine.begin() as connection:
            store.apply(connection, numbered, store.plan(connection, numbered), by="test")
            if merged and merged < len(numbered):
                merge(connection, "n0", f"n{merged}", (), "test", datetime(2026, 11, 21))
        house = House(Settings(home=Path(folder)), engine, programme)
        house.directory = Directory(engine, Path(folder), encoder, places, clock=lambda: TODAY)
        stand = {listing.id: listing for listing in house.directory.listings(viewer="staff")}
        context = page_context(house, Limits(house.settings))
        app = FastAPI()
        app.state.house = house
        errors.install(app)
        app.include_router(web_directory.router)
        app.include_router(listing_router(context, house))
        client = TestClient(app)
        for query in asked:
            params = {"q": query.text, "near": query.near, "need": list(query.needs), "limit": 50, "age": query.age, "online": query.online}
            told = client.get("/api/v1/directory/search", params={k: v for k, v in params.items() if v is not None}).json()
            for service in told["results"]:
                check(stand[service["id"]], replace(query, audience=()))
        everything = [listing.id for listing in numbered]
        with engine.begin() as connection:
            conversation, token = records.begin(connection, channel="web", practice=next(iter(programme.practices)))
            for identifier in everything:
                people.save_service(connection, conversation, identifier)
        printed = {service["id"] for service in asyncio.run(context.services(conversation, token, []))}
        for identifier in everything:
            listing = stand.get(identifier) or stand["n0"]  # n0 is what the merged one became
            may = visibility(listing, TODAY, Policy()) is None
            assert (client.get(f"/api/v1/directory/services/{identifier}").status_code == 200) == may
            assert (client.get(f"/directory/{identifier}").status_code == 200) == may
            assert (listing.id in printed) == may
        engine.dispose()


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(listings, st.integers(-800, 800))
def test_the_fast_mask_and_the_plain_rule_agree_on_every_day(
    encoder: Encoder, places: Places, listing: Listing, offset: int
) -> None:
    policy, day = Policy(), TODAY + timedelta(days=offset)
    index = build_index([encoder.encode(passages(listing))], encoder.dimension, "test")
    snapshot = build_snapshot(1, [listing], index, places, policy, need_lines(encoder))
    for when in (day, TODAY, TODAY + timedelta(days=1)):
        assert bool(snapshot.visible(when)[0]) == (visibility(listing, when, policy) is None)
        assert bool(snapshot.stale(when)[0]) == is_stale(listing, when, policy)


def test_every_reason_for_hiding_hides() -> None:
    good = {"accredited_by": "Panel", "accredited_on": date(2026, 1, 1), "accredited_until": date(2027, 1, 1)}
    wrong = [
        ({"accredited_by": None}, "unaccredited"),
        ({"accredited_on": date(2026, 12, 1)}, "unaccredited"),
        ({"accredited_on": None, "accredited_until": None}, "unaccredited"),
        ({"accredited_until": date(2026, 11, 20)}, "lapsed"),
        ({"status": "closed"}, "closed"),
        ({"status": "paused"}, "paused"),
        ({"status": "full"}, "full"),
        ({"capacity": "0"}, "full"),
        ({"checked_on": date(2025, 1, 1)}, "stale"),
        ({"suspended": "A complaint", "status": "full"}, "suspended"),
    ]
    assert visibility(Listing("a", "A", "B", **good), TODAY, Policy()) is None  # type: ignore[arg-type]
    for changes, reason in wrong:
        hidden = visibility(Listing("a", "A", "B", **{**good, **changes}), TODAY, Policy())  # type: ignore[arg-type]
        assert hidden is not None and hidden.value == reason and hidden.in_words
    assert len(set(itertools.chain(reason for _, reason in wrong))) == 7
