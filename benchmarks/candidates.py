"""Which index finds a large directory's candidates best under filters: the inverted file that is used, or HNSW.

    OMP_NUM_THREADS=1 python -m benchmarks.candidates [--size 20000]

Recall is of so many candidates beside comparing all; times are of the processor.
"""

from __future__ import annotations

import argparse
import time
from datetime import date

import faiss
import numpy as np

from benchmarks.messages import ROOT
from benchmarks.scale import BLOCK
from benchmarks.scale_made import Maker, questions
from directory.encoder.adapter import deltas
from directory.encoder.encoder import MiniLmEncoder
from directory.encoder.graph import ensure_graph
from directory.index import CANDIDATES, LEAST_PROBES, SPARE, as_kept, inverted

ASKED, SHARES = 60, (1.0, 0.5, 0.1, 0.01)


def main() -> None:
    """Read the argument, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=int, default=20_000)
    size = parser.parse_args().size
    maker, encoder = Maker(), MiniLmEncoder(ensure_graph(ROOT / "var" / "encoder", deltas()))
    base, mixes = maker.encoded(encoder), list(maker.mixes(size, date.today()))
    blocks = [maker.vectors(mixes[first : first + BLOCK], base, first + 1) for first in range(0, size, BLOCK)]
    wholes = np.stack([each[0] for block in blocks for each in block])
    faiss.omp_set_num_threads(1)
    began = time.process_time()
    lists = inverted(as_kept(wholes, np.dtype(np.int16)), np.arange(size))
    built = time.process_time()
    graph = faiss.IndexHNSWSQ(wholes.shape[1], faiss.ScalarQuantizer.QT_8bit, 32, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = 80
    graph.train(wholes[:8_000])
    graph.add(wholes)
    print(f"Built in {built - began:.1f} s (inverted file) and {time.process_time() - built:.1f} s (HNSW).\n")
    print("| allowed | candidates | index | recall | ms |\n|---|---|---|---|---|")
    asked = encoder.encode(questions()[:ASKED])
    chance = np.random.default_rng(0)
    for share in SHARES:
        allowed = chance.random(size) < share
        rows, bits = np.flatnonzero(allowed), np.packbits(allowed, bitorder="little")
        only = faiss.IDSelectorBitmap(size, faiss.swig_ptr(bits))
        wanted = min(CANDIDATES, len(rows) // 2)
        truth = [set(rows[np.argsort(-(wholes[rows] @ one))[:wanted]].tolist()) for one in asked]
        probes = min(lists.nlist, max(LEAST_PROBES, -(-SPARE * wanted * lists.nlist // len(rows))))
        ways = [("inverted file", lists, faiss.SearchParametersIVF(sel=only, nprobe=probes))]
        ways += [(f"HNSW, ef {ef:,}", graph, faiss.SearchParametersHNSW(sel=only, efSearch=ef)) for ef in (1_000, 3_000)]
        for name, index, way in ways:
            began = time.process_time()
            found = [index.search(one[None], wanted, params=way)[1][0] for one in asked]
            took = 1000 * (time.process_time() - began) / len(asked)
            recall = np.mean([len(own & set(got.tolist())) / wanted for own, got in zip(truth, found, strict=True)])
            print(f"| {share:.0%} | {wanted} | {name} | {recall:.3f} | {took:.2f} |", flush=True)


if __name__ == "__main__":
    main()
