"""Searching: meaning, filters, what gives way, reasons, freshness, and keeping up with other processes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
import sqlalchemy as sa
from directory_made import TODAY, make
from sqlalchemy.engine import Engine

from directory import store
from directory.encoder import Encoder
from directory.places import Places
from directory.query import Query
from directory.search import Directory

Build = Callable[..., Directory]

TEA = make(
    "tea",
    name="Tuesday Tea",
    days=("tue",),
    start_time=time(10),
    needs=("loneliness",),
    latitude=51.9039,
    longitude=-0.4413,
    postcode="LU3 2AB",
    cost="free",
    cost_amount=0.0,
    audience=("anyone",),
    description="Tea, cake and company for people who live alone.",
)
DEBT = make(
    "debt",
    name="Debt Desk",
    days=("thu",),
    start_time=time(18),
    end_time=time(20),
    needs=("money",),
    latitude=51.886,
    longitude=-0.521,
    cost="£5",
    cost_amount=5.0,
    languages=("English", "Urdu"),
    access=("step-free",),
    can_bring_someone="a friend or carer",
    wait_weeks=3,
    capacity="4",
    description="Help with debt, bailiffs and budgeting from a trained adviser.",
)
SWIM = make(
    "swim",
    name="Ladies' Swim",
    days=("sat",),
    needs=("physical_activity",),
    audience=("women",),
    latitude=51.885,
    longitude=-0.431,
    cost="£3",
    cost_amount=3.0,
    min_age=16,
    can_bring_someone="Not on the first day",
    wait_weeks=0,
    capacity="limited",
    description="Gentle swimming with a woman lifeguard.",
)
GYM = make(
    "gym",
    name="Men's Gym",
    days=("sat",),
    needs=("physical_activity",),
    audience=("men",),
    latitude=51.885,
    longitude=-0.431,
    cost="free",
    cost_amount=0.0,
    access=("we come to you",),
    description="Weights and swimming for men.",
)


def ids(result: object) -> list[str]:
    return [match.id for match in result.matches]  # type: ignore[attr-defined]


def test_it_answers_by_meaning(directory_of: Build) -> None:
    directory = directory_of(TEA, DEBT, SWIM)
    assert ids(directory.search(Query("I just sit in all day and see nobody")))[0] == "tea"
    assert ids(directory.search(Query("skint and the bailiffs are coming")))[0] == "debt"
    assert ids(directory.search(Query("fancy a splash about in the pool")))[0] == "swim"


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"day": "thu"}, {"debt"}),
        ({"time": "evening"}, {"debt"}),
        ({"time": "18:30"}, {"debt"}),
        ({"cost_free": True}, {"tea", "gym"}),
        ({"access": ("wheelchair",)}, {"debt"}),
        ({"languages": ("urdu",)}, {"debt"}),
        ({"audience": ("women only",)}, {"swim"}),
        ({"near": "LU3", "within_km": 1}, {"tea"}),
        ({"needs": ("money",)}, {"debt"}),
        ({"exclude_ids": ("tea", "gym")}, {"debt", "swim"}),
        ({"exclude_terms": ("swimming",)}, {"tea", "debt"}),
        ({"bring_someone": True}, {"debt"}),
        ({"wait_weeks": 2}, {"swim"}),
        ({"wait_weeks": 3}, {"swim", "debt"}),
        ({"places": True}, {"swim", "debt"}),
        ({"access": ("home_visits",)}, {"gym"}),
        ({"age": 12}, {"tea", "debt", "gym"}),
    ],
)
def test_filters_keep_only_what_fits(
    directory_of: Build, filters: dict[str, object], wanted: set[str]
) -> None:
    result = directory_of(TEA, DEBT, SWIM, GYM).search(Query(**filters))  # type: ignore[arg-type]
    assert (set(ids(result)), result.relaxed, result.total) == (wanted, (), len(wanted))


def test_what_was_asked_of_company_and_wait_is_said_where_it_is_true(directory_of: Build) -> None:
    directory = directory_of(TEA, DEBT, SWIM)
    (debt,) = directory.search(Query("debt", bring_someone=True, wait_weeks=4)).matches
    assert {"you can bring someone", "a wait of 3 weeks"} <= set(debt.why)
    loosened = directory.search(Query("tea and a chat", bring_someone=True, wait_weeks=0))
    assert loosened.relaxed and not any("bring" in reason and match.id != "debt" for match in loosened.matches for reason in match.why)


def test_filters_that_leave_nothing_give_way_one_by_one_and_are_named(directory_of: Build) -> None:
    directory = directory_of(TEA, DEBT, SWIM, GYM)
    result = directory.search(Query("debt", needs=("money",), day="sat", languages=("urdu",)))
    assert (ids(result), result.relaxed, result.found) == (["debt"], ("day",), True)
    women = directory.search(Query(audience=("women",), day="mon", cost_free=True))
    assert ids(women) == ["swim"] and women.relaxed == ("day", "cost")
    none = directory.search(Query(needs=("smoking",)))
    assert not none.found and none.relaxed == ("need",) and none.nearest_kinds


def test_a_mens_group_is_not_given_to_somebody_who_asked_for_women_only(directory_of: Build) -> None:
    directory = directory_of(GYM, SWIM, TEA)
    for query in (Query("women only gym"), Query("weights", audience=("women",), day="sun", limit=50)):
        assert "gym" not in ids(directory.search(query))
    assert "swim" not in ids(directory.search(Query("men only swimming")))


def test_age_and_accreditation_never_give_way(directory_of: Build) -> None:
    directory = directory_of(SWIM, make("lapsed", name="Swim", accredited_until=date(2026, 1, 1)))
    result = directory.search(Query("swimming", age=12))
    assert (result.total, result.matches, result.found, result.relaxed) == (0, (), False, ())


def test_staff_see_everything_with_the_reason(directory_of: Build) -> None:
    directory = directory_of(TEA, make("shut", name="Shut Tea", status="closed"))
    found = {match.id: match for match in directory.search(Query("tea", viewer="staff")).matches}
    assert (
        found["shut"].as_staff_service()["hidden"] == "closed"
        and found["tea"].as_staff_service()["hidden"] is None
    )
    assert ids(directory.search(Query(viewer="staff", status="closed"))) == ["shut"]
    assert directory.get("shut") is None and directory.get("shut", viewer="staff") is not None


def test_reasons_are_true_and_few(directory_of: Build) -> None:
    directory = directory_of(TEA, DEBT, SWIM)
    (best, *_) = directory.search(
        Query("someone to chat to on a Tuesday", near="LU3", cost_free=True)
    ).matches
    assert best.why == (
        "for company",
        "near LU3",
        "free",
        "on Tuesdays",
    ) and best.distance_km == pytest.approx(0, abs=0.1)
    (swim, *_) = directory.search(Query("swimming for ladies only in Luton")).matches
    assert "for women" in swim.why and "free" not in swim.why
    for query in (Query("anything at all"), Query(), Query("qwerty")):
        assert all(1 <= len(match.why) <= 4 for match in directory.search(query).matches)


def test_the_service_has_exactly_the_contracts_fields(directory_of: Build) -> None:
    service = directory_of(TEA).search(Query("tea")).matches[0].as_service()
    named = (
        "id name provider summary needs why score distance_km where when cost access languages "
        "audience age_range who_meets_you can_bring_someone how_to_join contact accredited_until checked_on "
        "capacity wait_weeks url"
    )
    assert list(service) == named.split()
    assert service["when"] == ["Tuesdays from 10am"] and service["who_meets_you"] is None
    assert service["cost"] == {"now": "free", "free_sessions": None, "afterwards": None}


def test_where_is_said_for_what_has_no_address(directory_of: Build) -> None:
    phone = make("phone", summary="Six weekly phone calls from a trained volunteer.", needs=("bereavement",))
    home = make("home", access=("home visits",))
    found = {m.id: m for m in directory_of(phone, home, TEA).search(Query()).matches}
    assert found["phone"].as_service()["where"] == "By phone" and found["home"].as_service()["where"] == "At your home"
    assert all("in the directory" not in m.why for m in found.values())


def test_stale_listings_sink_below_fresh_ones_as_good(directory_of: Build) -> None:
    fresh = make("fresh", description="Company and tea for lonely people.")
    stale = make(
        "stale", description="Company and tea for lonely people who live alone.", checked_on=date(2026, 1, 1)
    )
    assert ids(
        directory_of(stale, fresh).search(Query("company and tea for lonely people who live alone"))
    ) == [
        "fresh",
        "stale",
    ]


def test_pages_follow_each_other_without_doubles(directory_of: Build) -> None:
    directory = directory_of(*(make(f"n{i:02}", description=f"Tea number {i}") for i in range(12)))
    pages = [ids(directory.search(Query("tea", limit=5, offset=start))) for start in (0, 5, 10)]
    assert [len(page) for page in pages] == [5, 5, 2] and len({i for page in pages for i in page}) == 12


def test_changes_of_another_process_are_seen_at_the_next_search(engine: Engine, directory_of: Build) -> None:
    directory = directory_of(TEA)
    assert directory.search(Query("debt")).total == 1 and not directory.refresh()
    other = sa.create_engine(engine.url)
    store.save(other, DEBT, by="somebody else")
    assert ids(directory.search(Query("debt")))[0] == "debt"
    store.update(other, "debt", by="somebody else", status="closed")
    assert "debt" not in ids(directory.search(Query("debt")))
    store.remove(other, "tea", by="somebody else")
    assert directory.search(Query("tea")).total == 0


def test_it_goes_on_with_what_it_has_when_the_database_fails(engine: Engine, directory_of: Build) -> None:
    directory = directory_of(TEA)
    directory.refresh()
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE directory_state"))
    assert ids(directory.search(Query("company"))) == ["tea"]


@pytest.mark.parametrize("damage", [b"", b"not an index\n", None])
def test_a_damaged_index_is_built_again(
    directory_of: Build,
    engine: Engine,
    encoder: Encoder,
    places: Places,
    tmp_path: Path,
    damage: bytes | None,
) -> None:
    directory_of(TEA, DEBT).refresh()
    (path,) = (tmp_path / "index").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-40] + b"x" * 40 if damage is None else damage)
    again = Directory(engine, tmp_path, encoder, places, clock=lambda: TODAY)
    assert ids(again.search(Query("debt")))[0] == "debt"
    assert path.read_bytes() == whole


def test_unchanged_texts_are_never_encoded_again(
    directory_of: Build, engine: Engine, encoder: Encoder, places: Places, tmp_path: Path
) -> None:
    directory_of(TEA, DEBT).refresh()

    class Counting:
        dimension, fingerprint, adapter, texts = encoder.dimension, encoder.fingerprint, "", 0

        def encode(self, texts: list[str]):  # type: ignore[no-untyped-def]
            Counting.texts += len(texts)
            return encoder.encode(texts)

    store.update(engine, "tea", by="test", phone="01632 960001")
    store.save(engine, SWIM, by="test")
    Directory(engine, tmp_path / "new", Counting(), places, clock=lambda: TODAY).refresh()
    assert Counting.texts == 3, "whole, sentence and name of the one new listing"


def test_days_and_times_that_are_none_are_refused_in_words(directory_of: Build) -> None:
    directory = directory_of(TEA)
    for query in (Query(day="someday"), Query(time="teatime")):
        with pytest.raises(ValueError, match="is not a"):
            directory.search(query)


def test_an_unknown_place_is_told_and_an_empty_directory_searched(directory_of: Build) -> None:
    result = directory_of().search(Query("tea", near="atlantis"))
    assert (result.unknown_place, result.total, result.found) == ("atlantis", 0, False)
