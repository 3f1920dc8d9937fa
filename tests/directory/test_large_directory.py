"""A large directory, made small for the tests: what it finds beside exact search, its file, its listings, and an import that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from directory_made import REPOSITORY, TODAY, make

import directory.index as index_module
import directory.packed as packed_module
from directory import store
from directory.areas import Distances, build_areas, distances_km
from directory.encoder import Encoder
from directory.index import Index, build_index, read_index, write_index
from directory.packed import Packed
from directory.places import Place, Places
from directory.query import Query
from directory.search import Directory


@pytest.fixture()
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred listings are many."""
    for name, value in {"ALL_PASSAGES": 300, "CANDIDATES": 40, "LIFTED": 20, "EXACT_ROWS": 100, "LEAST_PROBES": 4, "TRAINED_ON": 20}.items():
        monkeypatch.setattr(index_module, name, value)
    monkeypatch.setattr(packed_module, "FEW", 100)


def random_vectors(count: int, seed: int = 1) -> list[np.ndarray]:
    chance = np.random.default_rng(seed)
    middles = chance.standard_normal((12, 384))
    made = []
    for number in range(count):
        own = middles[number % 12] + 0.6 * chance.standard_normal((2 + number % 4, 384))
        made.append((own / np.linalg.norm(own, axis=1, keepdims=True)).astype(np.float16))
    return made


def test_the_inverted_file_finds_what_comparing_all_finds(small_limits: None, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_vectors(600)
    index = build_index(vectors, 384, "v")
    assert index.large and index.lists is not None and index.passages.dtype == np.int16
    monkeypatch.setattr(index_module, "ALL_PASSAGES", 10**9)
    exact = build_index(vectors, 384, "v")
    monkeypatch.setattr(index_module, "ALL_PASSAGES", 300)
    shares = []
    chance = np.random.default_rng(2)
    for share in (1.0, 0.5, 0.1, 0.01):
        for number in range(10):
            question = vectors[37 * number + 5][0].astype(np.float32)
            allowed = chance.random(600) < share
            rows, scores = index.similarities(question, allowed)
            assert allowed[rows].all() and len(rows) == min(40, allowed.sum()) and (np.diff(rows) > 0).all()
            all_rows = np.flatnonzero(allowed)
            cosines = np.array([(vectors[row].astype(np.float32) @ question) for row in all_rows], dtype=object)
            best = sorted(all_rows, key=lambda row: -float(vectors[row][0].astype(np.float32) @ question))[:10]
            shares.append(len(set(best) & set(rows.tolist())) / max(1, len(best)))
            for row, (whole, top, name) in zip(rows, scores):
                own = cosines[np.searchsorted(all_rows, row)]
                assert np.allclose([whole, top, name], [own[0], own.max(), own[-1]], atol=2e-4)
    assert np.mean(shares) >= 0.99 and not exact.lists
    assert index.similarities(question, np.zeros(600, bool))[0].size == 0


def test_what_ranking_lifts_is_among_the_candidates(small_limits: None) -> None:
    vectors = random_vectors(600)
    index = build_index(vectors, 384, "v")
    near = np.zeros(600, bool)
    near[[7, 300, 599]] = True
    rows, _ = index.similarities(vectors[0][0].astype(np.float32), np.ones(600, bool), [near])
    assert {7, 300, 599} <= set(rows.tolist())


@pytest.mark.parametrize("damage", ["whole", "cut", "flipped", "empty", "other version", "older form", "other line", "nothing"])
def test_an_index_file_is_read_whole_or_not_at_all(small_limits: None, tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "index" / "directory.index"
    index = build_index(random_vectors(400), 384, "v1")
    write_index(path, index)
    assert os.listdir(path.parent) == [path.name], "nothing half written lies beside it"
    body = path.read_bytes()
    changed = {
        "cut": body[:-1000], "flipped": body[:5000] + b"\x00\x01" + body[5002:], "empty": b"",
        "older form": body.replace(b"linkway-index-2", b"linkway-index-1", 1), "nothing": b"{}\n",
    }  # fmt: skip
    path.write_bytes(changed.get(damage, body))
    if damage == "other line":
        monkeypatch.setattr(index_module, "ALL_PASSAGES", 10**9)
    back = read_index(path, "v2" if damage == "other version" else "v1")
    if damage != "whole":
        assert back is None
        return
    assert back is not None and back.lists is not None
    question, allowed = np.ones(384, np.float32) / np.sqrt(384), np.arange(400) % 3 > 0
    for mine, theirs in zip(index.similarities(question, allowed), back.similarities(question, allowed)):
        assert np.array_equal(mine, theirs)


def test_a_large_directory_answers_as_a_small_one_does(
    small_limits: None, encoder: Encoder, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'many.db'}")
    store.create_tables(engine)
    told = ["Tea and a chat.", "Debt advice.", "A women only swim.", "Walks in the park.", "A choir for all."]
    many = [
        make(f"n{i:03d}", name=f"{told[i % 5].split()[0]} {i}", description=told[i % 5], postcode="LU1 1AA" if i % 3 else None,
             latitude=51.88 + (i % 40) / 100, longitude=-0.42, service_area=("LU1",) if i % 4 else (), days=("tue",) if i % 2 else (),
             audience=("women",) if i % 5 == 2 else (), status="closed" if i % 11 == 0 else "open")
        for i in range(150)
    ]  # fmt: skip
    with engine.begin() as connection:
        store.apply(connection, many, store.plan(connection, many), by="test")
    asked = [
        Query("somewhere to swim", limit=5), Query("money worries", near="LU1", limit=5), Query("swimming", audience=("women",), limit=5),
        Query("a walk", day="tue", near="LU1", within_km=12, limit=5), Query("is there a choir", age=40, for_person=(), limit=5),
        Query("", near="LU1", limit=5), Query("company", near="M1", limit=5),
    ]  # fmt: skip
    large = Directory(engine, tmp_path / "large", encoder, places, clock=lambda: TODAY)
    found = [large.search(query) for query in asked]
    assert large.current().index.large and isinstance(large.current().listings, Packed)
    monkeypatch.setattr(index_module, "ALL_PASSAGES", 10**9)
    small = Directory(engine, tmp_path / "small", encoder, places, clock=lambda: TODAY)
    for query, result in zip(asked, found):
        wanted = small.search(query)
        # 16-bit components: the fourth digit may differ, and with it a rounding.
        assert [m.score for m in result.matches] == pytest.approx([m.score for m in wanted.matches], abs=0.001), query
        assert (result.relaxed, result.found) == (wanted.relaxed, wanted.found)
    engine.dispose()


def test_packed_listings_are_the_listings() -> None:
    listings = [make(str(i), notes={"é": "ü"}) for i in range(7)]
    packed = Packed(listings)
    assert list(packed) == listings and len(packed) == 7 and packed[-1] == listings[-1] and packed[2:4] == listings[2:4]
    with pytest.raises(IndexError):
        packed[7]


def test_distances_are_the_same_for_all_and_for_some(places: Places) -> None:
    chance = np.random.default_rng(3)
    latitudes, longitudes = chance.uniform(50, 59, 500), chance.uniform(-6, 1.5, 500)
    latitudes[:5] = longitudes[:5] = np.nan
    here = Place("here", 52.0, -1.0, "outcode", "LU1")
    plain = distances_km(52.0, -1.0, latitudes, longitudes)
    distances = Distances(here, latitudes, longitudes)
    assert np.array_equal(distances.of(np.arange(500)), plain, equal_nan=True)
    for km in (1.0, 30.0, 400.0):
        assert np.array_equal(distances.within(km), np.nan_to_num(plain, nan=np.inf) <= km)
    areas = build_areas([make(str(i), service_area=("LU1",) if i % 2 else ("Bedford",)) for i in range(6)], places)
    assert len(areas.radii) == 2 and areas.serves(places.locate("LU1")).tolist() == [False, True] * 3


KILLED = """
import sys, time
from pathlib import Path
import sqlalchemy as sa
from directory import store
from directory.encoder import get_encoder
from directory.import_csv import import_csv
from directory.places import Places
from directory.vectors import ensure_vectors
import directory.vectors as vectors
vectors._PIECE = 4
engine = sa.create_engine(f"sqlite:///{sys.argv[1]}")
store.create_tables(engine)
encoder = get_encoder(Path(sys.argv[3]))
import_csv(engine, Path(sys.argv[2]).read_bytes(), source="test", places=Places.load())
def slowly(done, total):
    print(done, flush=True)
    time.sleep(30 if done >= 16 else 0)
ensure_vectors(engine, encoder, store.all_listings(engine)[1], slowly)
"""


def test_an_import_killed_half_way_goes_on_where_it_was(
    encoder: Encoder, places: Places, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file, database = tmp_path / "rows.csv", tmp_path / "killed.db"
    file.write_text("id,name,description\n" + "".join(f"i{n},Club {n},Meeting number {n} of many.\n" for n in range(40)), encoding="utf-8")
    encoders = next(iter(tmp_path_factory.getbasetemp().glob("models*")))
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(database), str(file), str(encoders)], stdout=subprocess.PIPE, text=True,
        cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 16:
            child.send_signal(signal.SIGKILL)
            break
    child.wait()
    engine = sa.create_engine(f"sqlite:///{database}")
    assert store.count(engine) == 40

    directory = Directory(engine, tmp_path, encoder, places, clock=lambda: TODAY)
    told: list[tuple[int, int]] = []
    directory.refresh(progress=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] <= 24, "sixteen listings at least were done already"
    engine.dispose()


def test_one_listing_in_a_large_index_is_no_harm(small_limits: None) -> None:
    index = Index(np.zeros((0, 384), np.float32), np.zeros(0, np.int64), "v")
    assert list(index.blocks()) == [] and index.similarities(np.ones(384, np.float32), np.zeros(0, bool))[0].size == 0
