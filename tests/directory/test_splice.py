"""A few listings changed: what is in memory afterwards is what reading everything anew would have given."""

from __future__ import annotations

import logging
from dataclasses import fields
from datetime import date, time
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from directory_made import TODAY, make

import directory.index as index_module
import directory.loading as loading_module
import directory.packed as packed_module
from directory import store
from directory.asked import read_asked
from directory.encoder import Encoder
from directory.index import read_index
from directory.lexical import Lexicon
from directory.places import Places
from directory.query import Query
from directory.records import Listing
from directory.search import Directory
from directory.snapshot import Snapshot

TOLD = ("Tea and a chat.", "Debt advice. We open the letters with you.", "A women only swim.", "Walks in the park.", "A choir for all.")


def a_listing(i: int, **changes: object) -> Listing:
    fields = {
        "name": f"{TOLD[i % 5].split()[0]} {i}", "description": TOLD[i % 5], "latitude": 51.88 + (i % 40) / 100 if i % 6 else None,
        "longitude": -0.42 if i % 6 else None, "service_area": (("LU1",), ("Bedford", "Luton"), (), ("Mid Bedfordshire",))[i % 4],
        "days": ("tue",) if i % 2 else (), "start_time": time(10), "audience": ("women",) if i % 5 == 2 else (), "wait_weeks": i % 3,
        "languages": ("Urdu",) if i % 7 == 0 else (), "access": ("step-free",) if i % 3 else (), "max_age": 25 if i % 8 == 0 else None,
        "needs": ("money",) if i % 5 == 1 else (), "status": "closed" if i % 11 == 0 else "open", "checked_on": date(2026, 1 + i % 10, 1),
    }  # fmt: skip
    return make(f"n{i:03d}", **{**fields, **changes})


def same(one: Snapshot, other: Snapshot, lists: bool) -> None:
    """Fails where two snapshots differ. `lists` says whether the index has an inverted file."""
    for each in fields(Snapshot):
        a, b = getattr(one, each.name), getattr(other, each.name)
        if isinstance(a, np.ndarray) and each.name not in ("limit_of", "alike", "alike_parts"):
            assert a.dtype == b.dtype and a.flags.f_contiguous == b.flags.f_contiguous, each.name
            # Sums of many or of few rows at once differ in the last digit, 16-bit vectors in the fourth.
            near = np.allclose(a, b, atol=2e-3) if each.name == "needs_shares" else np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
            assert near, each.name
    # Known listings that are as alike as each other may change places.
    asked_of_like = [np.einsum("nk,nkd->nd", of.alike_parts, read_asked().centres[of.alike]) for of in (one, other)]
    assert np.allclose(*asked_of_like, atol=2e-3) and np.allclose(np.linalg.norm(asked_of_like[0], axis=1), 1, atol=1e-3)
    assert list(one.listings) == list(other.listings) and type(one.listings) is type(other.listings)
    assert one.row_of == other.row_of and list(one.row_of) == list(other.row_of) and one.number == other.number
    for kind in other.keys:
        assert {k: v.tolist() for k, v in one.keys[kind].items()} == {k: v.tolist() for k, v in other.keys[kind].items()}, kind
        assert np.array_equal(one.given[kind], other.given[kind]), kind
    said, wanted = ({k: v.tolist() for k, v in of.lexicon.holders.items()} for of in (one, other))
    assert said == wanted and isinstance(one.lexicon, Lexicon) and one.lexicon.rarity("tea") == other.lexicon.rarity("tea")
    limited, told = ([of.limits[n] if n >= 0 else None for n in of.limit_of.tolist()] for of in (one, other))
    assert limited == told
    for name in ("bounded", "owners", "bounds", "latitudes", "longitudes", "radii", "outcodes"):
        assert np.array_equal(getattr(one.areas, name), getattr(other.areas, name)), name
    assert np.array_equal(one.index.starts, other.index.starts) and one.index.version == other.index.version
    assert one.index.passages.dtype == other.index.passages.dtype and np.array_equal(one.index.passages, other.index.passages)
    assert (one.index.lists is not None) == (other.index.lists is not None) == lists


@pytest.mark.parametrize("large", [False, True])
def test_after_any_few_changes_it_is_as_if_all_were_read_anew(
    large: bool, encoder: Encoder, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if large:
        for name, value in {"ALL_PASSAGES": 200, "CANDIDATES": 40, "LIFTED": 20, "EXACT_ROWS": 60, "LEAST_PROBES": 4, "TRAINED_ON": 20}.items():
            monkeypatch.setattr(index_module, name, value)
        monkeypatch.setattr(packed_module, "FEW", 50)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'many.db'}")
    store.create_tables(engine)
    many = [a_listing(i) for i in range(1, 121)]
    with engine.begin() as connection:
        store.apply(connection, many, store.plan(connection, many), by="test")
    directory = Directory(engine, tmp_path / "home", encoder, places, clock=lambda: TODAY)
    directory.refresh()
    built: list[int] = []
    whole = loading_module.store.all_in
    monkeypatch.setattr(loading_module.store, "all_in", lambda connection: built.append(1) or whole(connection))
    chance = np.random.default_rng(3)
    for step in range(6):
        picked = [int(i) for i in chance.choice(np.arange(1, 121), 5, replace=False)]
        changed = [a_listing(picked[0], name="Sing 1", description=f"A tune {step}. Come and hum."), a_listing(picked[1], status="paused")]
        changed += [a_listing(200 - step, audience=("carers", "men")), a_listing(picked[2], latitude=53.0, longitude=-2.0)]
        with engine.begin() as connection:
            store.apply(connection, changed, store.plan(connection, changed), by="test")
            store.apply(connection, [], store.plan(connection, [], [f"n{picked[3]:03d}"]), by="test")
        before = directory.current(fresh=False)
        assert directory.refresh() and before is not directory.current()
        anew = Directory(engine, tmp_path / f"anew{step}", encoder, places, clock=lambda: TODAY)
        built.clear()
        same(directory.current(), anew.current(), large)
        assert built == [1], "the one that changed read no more than what had"
        for query in (Query("a tune to hum", limit=5), Query("swimming", audience=("women",), near="LU1", limit=5), Query("money", limit=5)):
            ours, theirs = directory.search(query), anew.search(query)
            assert [m.score for m in ours.matches] == pytest.approx([m.score for m in theirs.matches], abs=0.001)
            assert (ours.total, ours.relaxed, ours.found) == (theirs.total, theirs.relaxed, theirs.found)
        everywhere = np.ones(len(before.listings), bool)
        assert len(before.index.similarities(encoder.encode(["tea"])[0], everywhere)[0]), "the state before is whole as long as somebody has it"
    engine.dispose()


def test_many_changes_and_the_first_reading_read_everything(
    engine: sa.engine.Engine, encoder: Encoder, places: Places, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    directory = Directory(engine, tmp_path, encoder, places, clock=lambda: TODAY)
    assert directory.search(Query("tea")).matches == ()
    store.save(engine, a_listing(5), by="test")
    assert [m.id for m in directory.search(Query("tea")).matches] == ["n005"], "from none to one"
    assert store.remove(engine, "n005", by="test") and directory.search(Query("tea")).matches == ()
    for i in range(12):
        store.save(engine, a_listing(i + 1), by="test")
    assert len(directory.current().listings) == 12
    file = tmp_path / "index" / "directory.index"
    assert read_index(file, directory.current().index.version) is not None
    with caplog.at_level(logging.ERROR):
        store.update(engine, "n003", "test", description="Something else again.")
        assert "Something else again." in directory.search(Query("something else")).matches[0].listing.description
    assert read_index(file, directory.current().index.version) is not None, "the file follows"
    assert caplog.records == []
