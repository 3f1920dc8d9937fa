"""The committed adapter of the search is what benchmarks/train_search.py makes from nlu_data/search/."""

from __future__ import annotations

import re

import numpy as np
import torch

from benchmarks.offers import fingerprint, read_offers
from benchmarks.search import HELD_OUT, read_trial
from benchmarks.train_search import PROBE_STEPS, RECORD, learn, needs_told
from directory.encoder.adapter import FILE, deltas
from directory.needs import need_ids


def test_it_was_made_from_the_listings_and_questions_that_lie_here() -> None:
    """Authors may be added; what it learned from stands as it was."""
    with np.load(RECORD, allow_pickle=False) as stored:
        assert str(stored["made_from"]) == fingerprint(read_offers(stored["authors"].tolist())), "run python -m benchmarks.train_search"


def test_the_script_begins_the_same_way_again() -> None:
    """The first batches, from script, data and seed, change the same matrix in the same direction."""
    torch.set_num_threads(1)
    with np.load(RECORD, allow_pickle=False) as stored:
        kept, marks, authors = stored["probe"].astype(np.float32), stored["messages"], stored["authors"].tolist()
    messages = needs_told(marks)
    assert len(messages) == len(marks), "messages were relabelled or removed since: run python -m benchmarks.train_search"
    probe = learn(read_offers(authors), messages, stop_after=PROBE_STEPS)["probe"][::7]
    assert float(probe @ kept / (np.linalg.norm(probe) * np.linalg.norm(kept))) > 0.9


def test_it_is_small_and_fits() -> None:
    assert FILE.stat().st_size < 1_500_000
    changes = deltas()
    assert len(changes) == 36
    assert all(np.isfinite(change).all() and np.abs(change).max() > 0 for change in changes.values())


def test_every_listing_tells_needs_and_is_asked_for() -> None:
    offers = read_offers()
    assert len(offers) > 500
    assert {need for offer in offers for need in offer.needs} == set(need_ids())
    assert all(len(offer.questions) >= 4 and offer.needs <= set(need_ids()) for offer in offers)


def test_no_held_out_question_or_listing_was_learned_from() -> None:
    trial = read_trial(HELD_OUT)
    plain = lambda text: " ".join(re.findall(r"[a-z0-9]+", text.lower()))  # noqa: E731
    learned = {plain(text) for offer in read_offers() for text in (offer.description, *offer.questions)}
    held = [plain(text) for _, text in (*trial.queries, *trial.unanswerable)] + [plain(one["description"]) for one in trial.listings]
    assert not [text for text in held if text in learned and len(text.split()) > 3]
    assert {listing for grades in trial.grades.values() for listing in grades} <= {one["id"] for one in trial.listings}
