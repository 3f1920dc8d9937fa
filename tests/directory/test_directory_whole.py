"""Whole directories: questions from a file as a TREC run, and the demo directory asked in hard ways."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from directory_made import REPOSITORY, TODAY, make
from sqlalchemy.engine import Engine

from directory.encoder import Encoder
from directory.evaluate import read_queries, run_queries
from directory.import_csv import import_csv
from directory.places import Places
from directory.query import Query
from directory.search import Directory


def test_a_file_of_questions_becomes_a_trec_run(directory_of) -> None:  # type: ignore[no-untyped-def]
    queries = read_queries("qid\tquery\nq1\tcompany\nq2\tdebt\tmore\n\n")
    lines = list(run_queries(directory_of(make("tea"), make("debt", description="Help with debt.")), queries))
    assert lines[0].startswith("q1 Q0 tea 1 ") and all(
        re.fullmatch(r"\S+ Q0 \S+ \d+ [\d.]+ linkway", x) for x in lines
    )
    with pytest.raises(ValueError, match="line 2"):
        read_queries("q1\tfine\nno tab")


def test_the_demo_directory_finds_a_place_for_every_need(
    engine: Engine, encoder: Encoder, tmp_path: Path
) -> None:
    places = Places.load(REPOSITORY / "programme" / "places.csv")
    import_csv(
        engine,
        (REPOSITORY / "programme" / "demo" / "listings.csv").read_bytes(),
        source="demo",
        places=places,
    )
    directory = Directory(engine, tmp_path, encoder, places, clock=lambda: TODAY)
    hard = {
        "pack in the fags": "smoking",
        "landlord says i have to be out": "housing",
        "drinking a bottle of wine every night": "alcohol_drugs",
        "grandad is losing his memory": "memory",
        "skint till payday": "money",
        "cupboards are bare": "food",
        "my husband passed in march": "bereavement",
        "im going deaf": "sensory",
        "never used a computer": "digital",
        "my english is bad": "language",
    }
    missed = [
        text
        for text, need in hard.items()
        if not any(need in match.listing.needs for match in directory.search(Query(text, limit=3)).matches)
    ]
    assert missed == []
