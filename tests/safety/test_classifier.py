"""The screen's classifier as it is committed: made from what lies here, useful beside the patterns, safe to lose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.dialogue.nlu.adapter import FILE, message_encoder
from assistant.dialogue.nlu.repair import repair
from assistant.safety.classifier import HEADS, Encoder, ScreenClassifier, use_classifier
from assistant.safety.grams import BUCKETS, counted, hashed_grams
from assistant.safety.joining import ANY, LIMITS
from assistant.safety.screen import register_classifier, screen
from assistant.safety.tiers import ORDER
from benchmarks.screen_messages import fingerprint, read_authors, read_cases, read_ordinary
from directory.encoder import DEFAULT_ENCODER
from directory.encoder.adapter import mark

ENCODERS = Path(__file__).resolve().parents[2] / "var" / "encoder"


def _encoder() -> Encoder:
    return message_encoder(ENCODERS, DEFAULT_ENCODER)


@pytest.fixture(scope="module")
def classifier() -> ScreenClassifier:
    return ScreenClassifier(_encoder(), repair, mark(FILE))


@pytest.fixture
def both(classifier: ScreenClassifier) -> None:
    register_classifier(classifier)


def test_the_heads_are_of_the_messages_that_lie_here() -> None:
    with np.load(HEADS, allow_pickle=False) as stored:
        made_from = str(stored["made_from"])
    assert made_from == fingerprint(read_authors() + read_cases()), "run python -m benchmarks.train_screen --heads"


def test_fitting_the_heads_again_gives_the_same_judgement(classifier: ScreenClassifier, tmp_path: Path) -> None:
    from benchmarks.train_screen import fit_heads

    messages = read_authors() + read_cases()
    np.savez(tmp_path / HEADS.name, **fit_heads([*messages, *read_ordinary()]))
    again = ScreenClassifier(_encoder(), repair, mark(FILE), tmp_path / HEADS.name)
    sample = [told.text for told in messages[::7]]
    first, second = (np.array([list(one(text).values()) for text in sample]) for one in (classifier, again))
    # Ordinary messages may have been added to nlu_data/ since, and other machines round otherwise.
    assert np.mean(np.abs(first - second)) < 0.1
    assert np.mean((first[:, -1] >= LIMITS[ANY]) == (second[:, -1] >= LIMITS[ANY])) > 0.99


def test_what_is_stored_is_small_and_plain() -> None:
    assert FILE.stat().st_size + HEADS.stat().st_size < 5e6
    for file in (FILE, HEADS):
        with np.load(file, allow_pickle=False) as stored:
            assert all(stored[name].dtype.kind in "fU" for name in stored.files)


def test_it_judges_every_risk_and_any(classifier: ScreenClassifier) -> None:
    odds = classifier("is there a choir near me")
    assert list(odds) == [*ORDER, ANY]
    assert all(np.isfinite(value) for value in odds.values())


@pytest.mark.parametrize("text", ["", "   ", "?", "\U0001f600", "a" * 5000, "\x00\ud83d"])
def test_odd_messages_are_judged_like_any_other(classifier: ScreenClassifier, text: str) -> None:
    assert np.isfinite(classifier(text)[ANY])


def test_messages_that_it_learned_from_go_the_right_way_beside_the_patterns(both: None) -> None:
    """Seen messages: says that the parts fit together, nothing about new ones (docs/decisions has that)."""
    told = [message for message in read_authors() + read_cases() if message.kind != "ordinary"][::5]
    flagged = {kind: [bool(screen(m.text).risks) for m in told if m.kind == kind] for kind in ("positive", "lookalike")}
    assert np.mean(flagged["positive"]) > 0.93
    assert np.mean(flagged["lookalike"]) < 0.1


def test_ordinary_messages_are_left_alone(both: None) -> None:
    told = read_ordinary()[::12]
    assert np.mean([bool(screen(message.text).risks) for message in told]) < 0.04


class _Broken:
    def encode(self, texts: Sequence[str]) -> np.ndarray:
        raise RuntimeError("no graph")


def _broken() -> Encoder:
    return _Broken()


def test_with_all_in_place_it_stands_beside_the_patterns() -> None:
    assert use_classifier(_encoder, repair, mark(FILE)) is None
    assert not screen("hello").failed


def test_a_broken_encoder_leaves_the_patterns() -> None:
    assert use_classifier(_broken, repair, mark(FILE)) == "RuntimeError"
    screening = screen("I want to die")
    assert not screening.failed and screening.risks == ["suicide_ideation"]


def test_without_its_files_the_patterns_stand_alone(tmp_path: Path) -> None:
    heads = tmp_path / HEADS.name
    assert use_classifier(_encoder, repair, mark(FILE), heads) == "FileNotFoundError"
    heads.write_bytes(b"not arrays")
    assert use_classifier(_encoder, repair, mark(FILE), heads) is not None
    assert "suicide_ideation" in screen("I want to die").risks


@pytest.mark.parametrize("content", [b"another", None])
def test_heads_of_another_adapter_are_not_used(tmp_path: Path, content: bytes | None) -> None:
    other = tmp_path / FILE.name
    if content:
        other.write_bytes(content)
    assert use_classifier(_encoder, repair, mark(other)) == "ValueError"
    assert "suicide_ideation" in screen("I want to die").risks


def test_heads_of_another_taxonomy_are_refused(tmp_path: Path) -> None:
    with np.load(HEADS, allow_pickle=False) as stored:
        np.savez(tmp_path / HEADS.name, **{**stored, "labels": np.array([*ORDER[1:], ORDER[0], ANY])})
    with pytest.raises(ValueError, match="taxonomy"):
        ScreenClassifier(_encoder(), repair, mark(FILE), tmp_path / HEADS.name)


def test_n_grams_fall_in_the_same_buckets_everywhere() -> None:
    buckets, weights = hashed_grams("i want to")
    assert (buckets.min() >= 0) and (buckets.max() < BUCKETS)
    assert np.isclose(np.linalg.norm(weights), np.sqrt(2))
    assert 16660 in buckets.tolist()  # the word "want"
    empty, none = hashed_grams("")
    assert not len(empty) and not len(none)


@pytest.mark.parametrize("values", [[], [3], [3, 3], [5, 1, 5, 2, 1, 5]])
def test_values_are_counted_as_numpy_counts_them(values: list[int]) -> None:
    found, times = counted(np.array(values, np.int64))
    expected, often = np.unique(np.array(values, np.int64), return_counts=True)
    assert found.tolist() == expected.tolist() and times.tolist() == often.tolist()
