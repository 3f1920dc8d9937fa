"""No text breaks the screen, and none makes it slow."""

from __future__ import annotations

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety.patterns import book
from assistant.safety.screen import ScreenContext, screen
from assistant.safety.tiers import ORDER

WORDS = sorted({word for rule in book().rules for piece in (rule.pattern.pieces or ()) for word in piece.split()})


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=500), st.sampled_from([None, "scale", "suicide", "number"]))
def test_any_text_is_screened(text: str, question: str | None) -> None:
    screening = screen(text, ScreenContext(question))
    assert not screening.failed
    assert screening.risks == sorted(screening.risks, key=ORDER.index)
    assert all(0 <= span.start <= span.end <= len(text) for span in screening.spans)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6))
def test_the_patterns_own_words_repeated_do_not_make_it_slow(words: list[str]) -> None:
    text = (" ".join(words) + " ") * 400
    began = time.perf_counter()
    screening = screen(text[:2000])
    assert not screening.failed
    assert time.perf_counter() - began < 1.0  # a backtracking pattern takes minutes


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=5, max_size=40))
def test_rules_left_out_by_their_pieces_could_not_match(words: list[str]) -> None:
    text = " ".join(words)
    pages = book()
    chosen = {id(rule) for rule in pages.candidates(pages.rules, pages.pieces_in(text))}
    for rule in random.Random(0).sample(pages.rules, 60):
        if id(rule) not in chosen:
            assert not rule.pattern.compiled.search(text), rule.where


def test_a_short_message_takes_about_a_millisecond() -> None:
    book().warm()
    text = "hi can i join the walking group on tuesday, my knees are bad but i would like to get out more"
    screen(text)
    times = []
    for _ in range(50):
        began = time.perf_counter()
        screen(text)
        times.append(time.perf_counter() - began)
    assert sorted(times)[5] < 0.005  # under 1 ms on a quiet machine; room for a busy one


def test_punctuation_and_case_change_nothing() -> None:
    for text in ("i want to die", "my husband hits me", "i can smell gas"):
        want = screen(text).risks
        assert want
        assert screen(text.upper() + "!!!").risks == want
        assert screen("  " + text + "...  ").risks == want
        assert screen("\u201c" + text.capitalize() + "\u201d").risks == want
