"""Questions asked before: the file holds what lies in nlu_data/search/, and a question is moved towards what answered."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from directory_made import make

from benchmarks.offers import read_offers
from directory.asked import ALIKE, FILE, NEAREST, Asked, asked_of, keep_asked, made_with, read_asked
from directory.encoder import Encoder
from directory.encoder.adapter import mark
from directory.query import Query
from directory.search import Directory


def test_the_file_holds_every_question_and_listing_as_the_encoder_reads_them(encoder: Encoder) -> None:
    """One in fifty is read again; run python -m benchmarks.known_questions after adding an author."""
    offers, asked = read_offers(), read_asked()
    questions = [question for offer in offers for question in offer.questions]
    assert asked.answered.tolist() == [row for row, offer in enumerate(offers) for _ in offer.questions]
    for stored, texts in ((asked.questions, questions), (asked.listings, [offer.whole for offer in offers])):
        again = encoder.encode(texts[::50])
        assert len(stored) == len(texts)
        # int8 activations are rounded by batch, and by other processors a little otherwise.
        assert (stored[::50] * again).sum(axis=1).min() > 0.95


def test_only_the_encoder_that_read_them_uses_them(encoder: Encoder) -> None:
    class Other:
        adapter = ""

    assert made_with() == mark() and asked_of(encoder) is read_asked()
    assert asked_of(Other()) is None  # type: ignore[arg-type]
    assert FILE.stat().st_size < 6_000_000


COUNT = NEAREST + 4


@pytest.fixture()
def a_few() -> Asked:
    """Listings along the axes of a small space, each asked for by one question that stands apart from it."""
    axes = np.eye(2 * COUNT, dtype=np.float32)
    return Asked(axes[COUNT:], axes[:COUNT], np.arange(COUNT))


def test_a_question_goes_towards_the_listing_that_answered_one_like_it(a_few: Asked) -> None:
    sought = a_few.sought(a_few.questions[3])
    assert np.argmax(a_few.listings @ sought.vector) == 3
    assert np.linalg.norm(sought.vector) == pytest.approx(1, abs=1e-5)
    assert sought.vector @ a_few.questions[3] > 0.7  # it stays the person's own question


def test_how_near_the_usual_listings_come_is_their_mean(a_few: Asked) -> None:
    sought = a_few.sought(a_few.questions[3])
    nearest = np.sort(a_few.listings @ sought.vector)[-NEAREST:]
    assert sought.known == pytest.approx(float(nearest.mean()), abs=1e-6)


def test_what_is_asked_of_listings_like_one_is_told_by_the_known_ones_most_like_it(a_few: Asked) -> None:
    rows, parts = a_few.alike(a_few.listings[[2, 5]])
    together = np.einsum("nk,nkd->nd", parts, a_few.centres[rows])
    assert rows.shape == parts.shape == (2, ALIKE) and rows.dtype == np.int32
    # What is asked of itself, first of all: the others stand at right angles to it.
    assert np.allclose(together, a_few.questions[[2, 5]], atol=1e-3)


def test_a_listing_is_found_by_what_is_asked_of_listings_like_it(directory_of: Callable[..., Directory], monkeypatch) -> None:
    directory = directory_of(
        make("pop", name="Nicotine Cessation Pathway", description="Behavioural support sessions and pharmacotherapy."),
        make("lungs", name="Breathe Well Singing", description="Singing for lungs that get short of breath, with tea after."),
    )
    assert directory.search(Query("jack in the fags")).matches[0].id == "pop"
    near = [match.score for match in directory.search(Query("jack in the fags")).matches]
    monkeypatch.setattr("directory.ranking.ASKED", 0.0)
    plain = [match.score for match in directory.search(Query("jack in the fags")).matches]
    assert near[0] - near[1] > plain[0] - plain[1]


def test_what_is_kept_is_read_again(a_few: Asked, tmp_path) -> None:
    keep_asked(tmp_path / "few.npz", a_few.questions, a_few.listings, a_few.answered, "mark")
    again = read_asked(tmp_path / "few.npz")
    assert np.allclose(again.questions, a_few.questions, atol=0.01) and again.answered.tolist() == list(range(COUNT))
    assert made_with(tmp_path / "few.npz") == "mark"
    read_asked.cache_clear()
    made_with.cache_clear()


def test_after_the_nearest_were_shown_what_is_like_it_is_still_found_and_no_more(directory_of: Callable[..., Directory]) -> None:
    directory = directory_of(
        make("choir", name="Riverside Voices", description="A friendly choir for anyone who likes to sing together on Fridays."),
        make("band", name="Strum and Natter", description="Play the ukulele or a drum with others, beginners welcome."),
        make("boxing", name="Corner Gym", description="Boxing pads and fitness for young people who want to train hard."),
    )
    question = "somewhere to have a good old sing song"
    first = directory.search(Query(question, limit=1))
    assert first.found and [match.id for match in first.matches] == ["choir"]
    assert not directory.search(Query("who can mend my false teeth")).found
    assert directory.search(Query(question, exclude_ids=("choir",))).found
    assert not directory.search(Query(question, exclude_ids=("choir", "band"))).found
