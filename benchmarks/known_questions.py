"""Keeps what patients asked and which listings answered, as the search's encoder reads them (a minute).

    python -m benchmarks.known_questions

Reads every author of nlu_data/search/, also one the adapter has not learned from, and writes directory/encoder/asked.npz.
benchmarks/train_search.py does this at its end, for a new adapter reads every text anew.
"""

from __future__ import annotations

import numpy as np

from benchmarks.messages import ROOT
from benchmarks.offers import read_offers
from directory.asked import FILE, keep_asked
from directory.encoder.encoder import MiniLmEncoder


def keep_known_questions() -> None:
    """Encode and write."""
    encoder = MiniLmEncoder.with_adapter(ROOT / "var" / "encoder")
    offers = read_offers()
    answered = np.array([row for row, offer in enumerate(offers) for _ in offer.questions])
    questions = encoder.encode([question for offer in offers for question in offer.questions])
    listings = encoder.encode([offer.whole for offer in offers])
    keep_asked(FILE, questions, listings, answered, encoder.adapter)
    print(f"{FILE.name}: {FILE.stat().st_size / 1e6:.1f} MB, {len(questions)} questions, {len(offers)} listings")


if __name__ == "__main__":
    keep_known_questions()
