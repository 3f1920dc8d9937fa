"""The smaller parts: need lines, wishes in words, the quality report, the index of a large directory."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import pytest
from directory_made import TODAY, make
from sqlalchemy.engine import Engine

import directory.index as index_module
from directory import store
from directory.areas import build_areas
from directory.cells import CellError, parse_cost, parse_days, parse_time
from directory.check import check
from directory.encoder import Encoder
from directory.index import build_index
from directory.needs import load_needs, need_ids, need_label, need_similarities
from directory.places import Places
from directory.service import age_range, clock_words, service_dict
from directory.text import sentences, strip_html
from directory.vectors import ensure_vectors, forget_unused
from directory.visibility import Policy
from directory.wording import wishes_in


def test_every_need_has_six_to_ten_lines_a_label_and_a_reason() -> None:
    assert len(need_ids()) == len(set(need_ids())) == 30
    assert all(6 <= len(need.lines) <= 10 for need in load_needs())
    assert need_label("money") == "help with money" and need_label("no_such") == "no such"


def test_plain_words_point_to_their_need(encoder: Encoder) -> None:
    said = {
        "help me pack in the fags": "smoking",
        "the landlord wants us out": "housing",
        "my gran has alzheimers": "memory",
        "we have no money for the meter": "warm_home",
        "i cant speak english": "language",
    }
    shares = need_similarities(encoder.encode(list(said)), encoder)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-4)
    assert [need_ids()[i] for i in shares.argmax(axis=1)] == list(said.values())


def test_wishes_are_heard_and_ordinary_words_are_not_taken_for_wishes() -> None:
    wishes = wishes_in("A free, women-only swim in Urdu on Tuesday evenings with a creche")
    assert (wishes.only_for, wishes.free, wishes.part_of_day) == ("women", True, "evening")
    assert (wishes.days, wishes.languages, wishes.access) == (("tue",), ("urdu",), ("creche",))
    assert wishes_in("my man left me and I am at home all day, free time on my hands") == wishes_in("")
    assert wishes_in("just for blokes please").only_for == "men"


def test_the_quality_report_names_what_is_wrong() -> None:
    good = {
        "schedule": "Mondays",
        "cost": "free",
        "access": ("step-free",),
        "who_meets_you": "Sam",
        "phone": "01632 960001",
        "can_bring_someone": "yes",
        "how_to_join": "ring",
        "latitude": 51.9,
        "longitude": -0.4,
        "needs": ("money",),
    }
    report = check(
        [
            make("good", **good),
            make(
                "stale", **{**good, "checked_on": date(2026, 1, 2), "description": "Something else entirely."}
            ),
            make("bare", provider="P", postcode="LU1 1AA"),
            make("bare2", name="Listing bare", provider="P", postcode="LU1 1AA", status="closed"),
        ],
        TODAY,
        Policy(),
    )
    assert (report.total, report.visible, report.hidden) == (4, 3, {"closed": ["bare2"]})
    assert report.stale == ["stale"] and report.without_place == ["bare", "bare2"]
    assert report.likely_doubles == [("bare", "bare2")] and report.missing["cost"] == 2
    assert "good" not in report.incomplete


def test_a_large_directory_is_filtered_inside_the_search(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [[f"text {i} about {'debt' if i % 7 == 0 else 'tea'}", f"name {i}"] for i in range(60)]
    index = build_index([encoder.encode(each) for each in texts], encoder.dimension, "v")
    allowed = np.zeros(60, bool)
    allowed[[1, 2, 3, 49]] = True
    question = encoder.encode(["money owed, debt"])[0]
    exact_rows, exact = index.similarities(question, allowed)
    monkeypatch.setattr(index_module, "ALL_PASSAGES", 10)
    rows, scores = index.similarities(question, allowed)
    assert rows.tolist() == exact_rows.tolist() == [1, 2, 3, 49]
    assert np.allclose(scores, exact, atol=1e-5) and rows[scores[:, 0].argmax()] == 49


def test_vectors_nobody_uses_are_forgotten(engine: Engine, encoder: Encoder) -> None:
    kept, gone = make("kept"), make("gone", description="Something quite different.")
    ensure_vectors(engine, encoder, [kept, gone])
    assert forget_unused(engine, encoder, [kept]) == 1 and forget_unused(engine, encoder, [kept]) == 0


def test_service_areas_in_words(places: Places) -> None:
    rows = [("Luton",), ("Dunstable and nearby",), ("Anywhere in the United Kingdom",), ("Bedfordshire",), ()]
    areas = build_areas(
        [make(str(i), service_area=row, latitude=51.88, longitude=-0.42) for i, row in enumerate(rows)],
        places,
    )
    assert areas.serves(places.locate("LU3")).tolist() == [True] * 5
    assert areas.serves(places.locate("M1")).tolist() == [False, False, True, False, True]
    assert areas.serves(places.locate("Bedford")).tolist() == [False, False, True, True, True]
    assert areas.serves(None).all()


def test_cells_as_people_write_them() -> None:
    assert parse_days("Mon-Wed; Fridays") == ("mon", "tue", "wed", "fri") and parse_days("weekends") == (
        "sat",
        "sun",
    )
    assert [parse_time(x).isoformat("minutes") for x in ("2pm", "2.15 pm", "14:15", "noon", "1030")] == [
        "14:00",
        "14:15",
        "14:15",
        "12:00",
        "10:30",
    ]
    assert [parse_cost(x) for x in ("Free", "£2.50 a visit", "50p", "£3 or £1 if you can", "ask us")] == [
        0.0,
        2.5,
        0.5,
        1.0,
        None,
    ]
    for text in ("7", "25:00", "soon"):
        with pytest.raises(CellError):
            parse_time(text)


def test_text_and_service_words() -> None:
    assert strip_html("a < b and <18s &amp; <b>bold</b><script>x</script>") == "a < b and <18s & bold"
    assert sentences("Tea. Cake and company for people alone. We meet on Mondays at ten.") == [
        "Tea. Cake and company for people alone.",
        "We meet on Mondays at ten.",
    ]
    assert clock_words(time(14, 30)) == "2.30pm"
    assert (
        age_range(make(min_age=16, max_age=25)) == "16 to 25" and age_range(make(min_age=60)) == "60 and over"
    )
    assert service_dict(make())["languages"] is None


def test_history_outlives_the_listing(engine: Engine) -> None:
    store.save(engine, make("a"), by="sam")
    assert store.save(engine, make("a"), by="sam") is None, "nothing changed, nothing written"
    store.update(engine, "a", by="kim", status="paused")
    assert store.remove(engine, "a", by="kim") and not store.remove(engine, "a", by="kim")
    assert [(entry["action"], entry["by"]) for entry in store.history(engine, "a")] == [
        ("removed", "kim"),
        ("updated", "kim"),
        ("added", "sam"),
    ]
    with pytest.raises(KeyError):
        store.update(engine, "a", by="kim", status="open")
