"""How a search and an import do in directories of 1,000 to 1,000,000 listings: time, recall beside exact search, memory, index size.

    OMP_NUM_THREADS=1 python -m benchmarks.scale [--sizes 1000 100000 1000000] [--import-rows 100000]

The listings are made of this project's own (`scale_made`); in the searches their vectors are those of the real sentences moved at random,
so that a million need not be encoded, and questions are encoded as always. Wall-clock times tell of an idle machine only: processor
time and the machine's load stand beside them.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import numpy as np
import sqlalchemy as sa

import directory.index as index_module
from benchmarks.messages import ROOT
from benchmarks.scale_made import Maker, questions
from directory import store
from directory.asked import asked_of
from directory.encoder.adapter import deltas
from directory.encoder.encoder import MiniLmEncoder
from directory.encoder.graph import ensure_graph
from directory.import_csv import import_csv
from directory.index import Index, build_index, write_index
from directory.needs import need_lines
from directory.places import Places
from directory.query import Query
from directory.records import Listing
from directory.search import Directory
from directory.snapshot import Snapshot, build_snapshot
from directory.splice import spliced
from directory.vectors import passages
from directory.visibility import Policy

ASKED, COMPARED, BLOCK = 200, 80, 5_000
COLUMNS = ("id", "name", "description", "provider", "postcode", "days", "cost", "accredited_by", "accredited_until", "checked_on")


class Made(Directory):
    """A directory over listings that no database holds."""

    made: Snapshot

    def current(self, fresh: bool = True) -> Snapshot:
        """The listings made."""
        return self.made


def queries(count: int) -> list[Query]:
    """What patients ask, half of them with what the check-in adds: a place, an age, what it may cost."""
    asked = questions()
    random.Random(1).shuffle(asked)
    kinds = ({}, {"near": "LU3"}, {"near": "M14", "age": 70, "for_person": ("women",)}, {"near": "BS5", "cost_free": True, "day": "tue"})
    return [Query(text, **kinds[n % 4] if n % 8 < 4 else {}) for n, text in enumerate(asked[:count])]  # type: ignore[arg-type]


def made_snapshot(size: int, maker: Maker, encoder: MiniLmEncoder, places: Places) -> Snapshot:
    """Listings and index."""
    base, today = maker.encoded(encoder), date.today()
    listings: list[Listing] = []
    vectors: list[np.ndarray] = []
    some = []
    for mix in maker.mixes(size, today):
        some.append(mix)
        listings.append(mix.listing)
        if len(some) == BLOCK or len(listings) == size:
            vectors += [each.astype(np.float16) for each in maker.vectors(some, base, len(listings))]
            some = []
    index = build_index(vectors, encoder.dimension, f"scale {size}")
    del vectors
    return build_snapshot(0, listings, index, places, Policy(), need_lines(encoder), asked_of(encoder))


@contextmanager
def exactly() -> Iterator[None]:
    """Every allowed listing is a candidate."""
    before, index_module.CANDIDATES = index_module.CANDIDATES, 10**9
    try:
        yield
    finally:
        index_module.CANDIDATES = before


def resident() -> float:
    """GB of memory held now."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * resource.getpagesize() / 1e9


def one_changed(made: Snapshot, encoder: MiniLmEncoder, places: Places) -> tuple[float, float]:
    """Seconds, by the wall and of the processor, until one changed listing is found as it is now."""
    began, work = time.perf_counter(), time.process_time()
    listing = made.listings[len(made.listings) // 2].with_changes(description="Something else is on there now.")
    own = build_index([encoder.encode(passages(listing)).astype(np.float16)], encoder.dimension, "")
    fresh = build_snapshot(1, [listing], own, places, Policy(), need_lines(encoder), asked_of(encoder))
    assert spliced(made, fresh, list(made.row_of), "changed") is not None
    return time.perf_counter() - began, time.process_time() - work


def search_row(size: int, maker: Maker, encoder: MiniLmEncoder, places: Places, home: Path) -> str:
    """A line of the table of searches."""
    began = time.perf_counter()
    before = resident()
    directory = Made(sa.create_engine("sqlite://"), home, encoder, places)
    directory.made = made_snapshot(size, maker, encoder, places)
    built = time.perf_counter() - began
    index: Index = directory.made.index
    write_index(home / "one.index", index)
    asked = queries(ASKED)
    for query in asked[:8]:
        directory.search(query)
    wall, work, shares = [], [], []
    for query in asked:
        start, start_work = time.perf_counter(), time.process_time()
        directory.search(query)
        wall.append(1000 * (time.perf_counter() - start))
        work.append(1000 * (time.process_time() - start_work))
    for query in asked[:COMPARED]:
        found = {match.id for match in directory.search(query).matches}
        with exactly():
            wanted = {match.id for match in directory.search(query).matches}
        shares.append(len(found & wanted) / len(wanted) if wanted else 1.0)
    kind = f"inverted file, {index.lists.nlist} lists" if index.lists else "exact"
    changed, changed_work = one_changed(directory.made, encoder, places)
    cells = [
        f"{size:,}", f"{len(index.passages):,}", kind, f"{np.median(wall):.1f} / {np.percentile(wall, 95):.1f}",
        f"{np.median(work):.1f} / {np.percentile(work, 95):.1f}", f"{np.mean(shares):.3f}", f"{resident() - before:.2f}",
        f"{(home / 'one.index').stat().st_size / 1e6:,.0f}", f"{changed:.2f} ({changed_work:.2f})", f"{built:.0f}", f"{os.getloadavg()[0]:.1f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def import_rows(count: int, maker: Maker, encoder: MiniLmEncoder, places: Places, home: Path) -> Iterator[str]:
    """Lines of the table of imports: a file of `count` rows, then the same file again."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for mix in maker.mixes(count, date.today()):
        document = mix.listing.to_document()
        writer.writerow(["; ".join(v) if isinstance(v := document.get(c, ""), list) else v for c in COLUMNS])
    data = out.getvalue().encode()
    engine = sa.create_engine(f"sqlite:///{home / 'import.db'}")
    store.create_tables(engine)
    directory = Directory(engine, home, encoder, places)
    for name in ("a new file", "the same file again"):
        begin, work = time.perf_counter(), time.process_time()
        report = import_csv(engine, data, source="scale", places=places)
        read, read_work = time.perf_counter() - begin, time.process_time() - work
        begin, work = time.perf_counter(), time.process_time()
        directory.refresh()
        took, took_work = time.perf_counter() - begin, time.process_time() - work
        yield (
            f"| {count:,} | {name} | {report.added:,} / {report.unchanged:,} | {read:.0f} ({read_work:.0f}) | {took:.0f} ({took_work:.0f}) "
            f"| {os.getloadavg()[0]:.1f} |"
        )


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="*", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--import-rows", type=int, default=0)
    given = parser.parse_args()
    maker, encoder = Maker(), MiniLmEncoder(ensure_graph(ROOT / "var" / "encoder", deltas()))
    places = Places.load(ROOT / "programme" / "places.csv")
    if given.sizes:
        print("| listings | passages | kind | p50 / p95, ms | of the processor, ms | recall@10 | GB | index, MB | one listing changed, s (processor) | made in, s | load |")
        print("|---|---|---|---|---|---|---|---|---|---|---|")
    for size in given.sizes:
        with tempfile.TemporaryDirectory(prefix="linkway-scale-") as home:
            print(search_row(size, maker, encoder, places, Path(home)), flush=True)
    if given.import_rows:
        print("\n| rows | file | added / unchanged | read and written, s (processor) | encoded and indexed, s (processor) | load |")
        print("|---|---|---|---|---|---|")
        with tempfile.TemporaryDirectory(prefix="linkway-scale-") as home:
            for line in import_rows(given.import_rows, maker, encoder, places, Path(home)):
                print(line, flush=True)


if __name__ == "__main__":
    main()
