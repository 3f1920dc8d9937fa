"""Questions asked before: the file holds what lies in nlu_data/search/, and a question is moved towards what answered."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.offers import read_offers
from directory.asked import FILE, USUAL, Asked, asked_of, keep_asked, made_with, read_asked
from directory.encoder import Encoder
from directory.encoder.adapter import mark


def test_the_file_holds_every_question_and_listing_as_the_encoder_reads_them(encoder: Encoder) -> None:
    """One in fifty is read again; run python -m benchmarks.known_questions after adding an author."""
    offers, asked = read_offers(), read_asked()
    questions = [question for offer in offers for question in offer.questions]
    assert asked.answered.tolist() == [row for row, offer in enumerate(offers) for _ in offer.questions]
    for stored, texts in ((asked.questions, questions), (asked.listings, [offer.whole for offer in offers])):
        again = encoder.encode(texts[::50])
        assert len(stored) == len(texts)
        assert (stored[::50] * again).sum(axis=1).min() > 0.98  # other processors round int8 a little otherwise


def test_only_the_encoder_that_read_them_uses_them(encoder: Encoder) -> None:
    class Other:
        adapter = ""

    assert made_with() == mark() and asked_of(encoder) is read_asked()
    assert asked_of(Other()) is None  # type: ignore[arg-type]
    assert FILE.stat().st_size < 4_000_000


@pytest.fixture()
def a_few() -> Asked:
    """Twelve listings along the axes of a small space, each asked for by one question that stands apart from it."""
    listings = np.eye(24, dtype=np.float32)[:12]
    return Asked(np.eye(24, dtype=np.float32)[12:], listings, np.arange(12))


def test_a_question_goes_towards_the_listing_that_answered_one_like_it(a_few: Asked) -> None:
    sought = a_few.sought(a_few.questions[3])
    assert np.argmax(a_few.listings @ sought.vector) == 3
    assert np.linalg.norm(sought.vector) == pytest.approx(1, abs=1e-5)
    assert sought.vector @ a_few.questions[3] > 0.7  # it stays the person's own question


def test_how_near_the_usual_listings_come_is_their_mean(a_few: Asked) -> None:
    sought = a_few.sought(a_few.questions[3])
    nearest = np.sort(a_few.listings @ sought.vector)[-USUAL:]
    assert sought.usual == pytest.approx(float(nearest.mean()), abs=1e-6)


def test_what_is_kept_is_read_again(a_few: Asked, tmp_path) -> None:
    keep_asked(tmp_path / "few.npz", a_few.questions, a_few.listings, a_few.answered, "mark")
    again = read_asked(tmp_path / "few.npz")
    assert np.allclose(again.questions, a_few.questions, atol=0.01) and again.answered.tolist() == list(range(12))
    assert made_with(tmp_path / "few.npz") == "mark"
    read_asked.cache_clear()
    made_with.cache_clear()
