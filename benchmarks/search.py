"""How well the directory finds what patients ask for, beside BM25 and plain MiniLM, and what each part of it adds.

    python -m benchmarks.search [--folder F] [--adapter A]

F holds listings.csv (id, name, description) or corpus.jsonl, queries.tsv, qrels.tsv (grades 1 and 2) and perhaps unanswerable.tsv;
without it, the directory and questions of an author who wrote no training line. All systems see the same free text, in one run.
Prints shares with 95% intervals (bootstrap over questions), never a question.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import math
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import sqlalchemy as sa

import directory.ranking
from benchmarks.messages import NLU_DATA, ROOT
from directory import store
from directory.encoder import Encoder
from directory.encoder.adapter import FILE
from directory.encoder.encoder import MiniLmEncoder
from directory.encoder.graph import ensure_graph
from directory.evaluate import read_queries
from directory.lexical import terms
from directory.places import Places
from directory.query import Query
from directory.records import Listing
from directory.search import Directory

HELD_OUT, ENCODERS, DEPTH = NLU_DATA / "search" / "held_out", ROOT / "var" / "encoder", 10
Found = tuple[list[str], bool]  # ids, best first, and whether anything suitable was found
System = Callable[[str], Found]


@dataclass(frozen=True)
class Trial:
    """Listings as free text, questions, which listings suit them (grade by id), and questions that none suits."""

    listings: list[dict[str, str]]
    queries: list[tuple[str, str]]
    grades: dict[str, dict[str, int]]
    unanswerable: list[tuple[str, str]]


def read_trial(folder: Path) -> Trial:
    """The files of `folder`. Raises OSError when one is missing."""
    if (folder / "corpus.jsonl").is_file():
        lines = [json.loads(line) for line in (folder / "corpus.jsonl").read_text(encoding="utf-8").splitlines()]
        listings = list({one["id"]: one for one in lines}.values())
    else:
        with (folder / "listings.csv").open(encoding="utf-8", newline="") as rows:
            listings = list(csv.DictReader(rows))
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, _, listing, grade = line.split("\t")
        if grade.isdigit():
            grades[query][listing] = int(grade)
    extra = folder / "unanswerable.tsv"
    none = read_queries(extra.read_text(encoding="utf-8")) if extra.is_file() else []
    queries = [q for q in read_queries((folder / "queries.tsv").read_text(encoding="utf-8")) if q[0] in grades]
    return Trial(listings, queries, grades, none)


def bm25(trial: Trial) -> System:
    """Words alone."""
    from rank_bm25 import BM25Okapi

    ids = [one["id"] for one in trial.listings]
    index = BM25Okapi([terms(f"{one['name']} {one['description']}") or ["-"] for one in trial.listings])
    return lambda text: ([ids[i] for i in np.argsort(-index.get_scores(terms(text)), kind="stable")[:DEPTH]], True)


def flat(trial: Trial, encoder: Encoder) -> System:
    """One vector a listing, one a question."""
    ids = [one["id"] for one in trial.listings]
    vectors = encoder.encode([f"{one['name']}. {one['description']}" for one in trial.listings])
    return lambda text: ([ids[i] for i in np.argsort(-(vectors @ encoder.encode([text])[0]))[:DEPTH]], True)


@contextlib.contextmanager
def opened(trial: Trial, encoder: Encoder) -> Iterator[System]:
    """Linkway's search over the same free text, all listings accredited."""
    with tempfile.TemporaryDirectory(prefix="linkway-search-") as home:
        engine = sa.create_engine(f"sqlite:///{home}/directory.db")
        store.create_tables(engine)
        today = date.today()
        listings = [Listing(id=one["id"], name=one["name"], description=one["description"], accredited_by="benchmark",
                            accredited_on=today, checked_on=today) for one in trial.listings]  # fmt: skip
        with engine.begin() as connection:
            store.apply(connection, listings, store.plan(connection, listings), by="benchmark")
        searched = Directory(engine, Path(home), encoder, Places.load(ROOT / "programme" / "places.csv"))

        def ask(text: str) -> Found:
            result = searched.search(Query(text=text, limit=DEPTH))
            return [match.id for match in result.matches], result.found

        ask("warm")
        yield ask
        engine.dispose()


@contextlib.contextmanager
def without(**constants: float) -> Iterator[None]:
    """Linkway with some of its weights set otherwise."""
    before = {name: getattr(directory.ranking, name) for name in constants}
    for name, value in constants.items():
        setattr(directory.ranking, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(directory.ranking, name, value)


def ndcg(found: Sequence[str], grades: dict[str, int]) -> float:
    """nDCG of the first ten, gain 2^grade - 1."""
    gains = [2 ** grades.get(one, 0) - 1 for one in found[:DEPTH]]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:DEPTH]
    return sum(g / math.log2(i + 2) for i, g in enumerate(gains)) / sum(g / math.log2(i + 2) for i, g in enumerate(best))


def interval(values: Sequence[float]) -> str:
    """Mean and the middle 95% of a thousand resamplings."""
    if not values:
        return "-"
    chance = random.Random(1)
    means = sorted(statistics.mean(chance.choices(values, k=len(values))) for _ in range(1000))
    return f"{statistics.mean(values):.3f} [{means[25]:.3f}, {means[975]:.3f}]"


def row(name: str, trial: Trial, system: System) -> str:
    """A line of the table."""
    scores, first, lost, took = [], [], [], []
    for identifier, text in trial.queries:
        began = time.perf_counter()
        found, said = system(text)
        took.append(time.perf_counter() - began)
        grades = trial.grades[identifier]
        full = max(grades.values(), default=0)  # some sets know one grade only
        if full:
            scores.append(ndcg(found, grades))
            first.append(float(any(grades.get(one) == full for one in found[:3])))
            lost.append(float(not said))
    caught = [float(not system(text)[1]) for _, text in trial.unanswerable]
    cells = [interval(values) for values in (scores, first, caught, lost)]
    return f"| {name} | " + " | ".join(cells) + f" | {1000 * statistics.median(took):.1f} |"


def main() -> None:
    """Read the arguments, search, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=HELD_OUT)
    parser.add_argument("--adapter", type=Path, default=FILE)
    given = parser.parse_args()
    trial = read_trial(given.folder)
    plain, adapted = MiniLmEncoder(ensure_graph(ENCODERS)), MiniLmEncoder.with_adapter(ENCODERS, given.adapter)
    print(f"{len(trial.listings)} listings, {len(trial.queries)} questions, {len(trial.unanswerable)} that nothing answers\n")
    print("| search | nDCG@10 | right one in the first three | nothing suitable: said | suitable: said there is none | p50, ms |")
    print("|---|---|---|---|---|---|")
    print(row("BM25", trial, bm25(trial)))
    print(row("MiniLM", trial, flat(trial, plain)))
    print(row("adapter", trial, flat(trial, adapted)))
    with opened(trial, plain) as ask:
        print(row("Linkway without the adapter", trial, ask))
    with opened(trial, adapted) as ask:
        print(row("**Linkway**", trial, ask))
        for name, constants in {"what is asked of the like": {"ASKED": 0.0}, "words": {"WORDS": 0.0},
                                "sentences": {"BEST": 0.0}, "names": {"NAME": 0.0}}.items():  # fmt: skip
            with without(**constants):
                print(row(f"without {name}", trial, ask))


if __name__ == "__main__":
    main()
