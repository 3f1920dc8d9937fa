"""Text-speak, dialect, misspelling and disguise come out as plain words, with the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety.normalise import normalise
from assistant.safety.spelling import collapse_repeats, correct, one_slip, unmask


@pytest.mark.parametrize(("text", "plain"), [
    ("I DON'T want 2 live", "i do not want to live"),
    ("im gonna kms 2nite", "i am going to kill myself tonight"),
    ("me husband\u2019s hit me", "my husband hit me"),
    ("nowt to eat, summat's wrong", "nothing to eat something wrong"),
    ("I cannae go on", "i can not go on"),
    ("\uff29 \uff57\uff41\uff4e\uff54 to d\u200bie", "i want to die"),
    ("heeeelp meeee", "help me"),
    ("k i l l", "kill"),
    ("su1c1de", "suicide"),
    ("r@ped", "raped"),
    ("k*ll", "kill"),
    ("suiside", "suicide"),
    ("co codamol", "cocodamol"),
    ("15st", "15 stone"),
    ("ill kill him", "i will kill him"),
    ("I am ill", "i am ill"),
    ("13yo", "13 years old"),
    ("my hed hurts", "my head hurts"),
    ("hsbnd", "husband"),
])
def test_plain_words(text: str, plain: str) -> None:
    assert normalise(text).text == plain


@pytest.mark.parametrize("word", [
    "heating", "seating", "bathe", "career", "raving", "groomer", "tables", "shopping", "friends", "gardening", "kitchen",
    "locker", "hotel", "breakfast", "starting", "sharing", "painting", "running",
])
def test_ordinary_words_are_not_mended_into_risk(word: str) -> None:
    assert correct(word) is None
    assert normalise(word).text == word


def test_stretched_words() -> None:
    assert collapse_repeats("soooo") == "so"
    assert collapse_repeats("stilllll") == "still"
    assert collapse_repeats("killlll") == "kill"
    assert unmask("gr8") is None


@pytest.mark.parametrize(("a", "b", "near"), [
    ("husban", "husband", True), ("hubsannd", "husband", False), ("kinfe", "knife", True), ("knive", "knife", True),
    ("spoon", "knife", False),
])
def test_one_slip(a: str, b: str, near: bool) -> None:
    assert one_slip(a, b) is near


def test_spans_lead_back() -> None:
    text = "Well... me husbnd\u2019s strangld me"
    result = normalise(text)
    place = result.text.index("strangled")
    start, end = result.original_span(place, place + len("strangled"))
    assert text[start:end] == "strangld"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_an_answer_and_true_places(text: str) -> None:
    result = normalise(text)
    assert len(result.starts) == len(result.spans)
    assert "  " not in result.text
    for start, (a, b) in zip(result.starts, result.spans, strict=True):
        assert 0 <= a < b <= len(text)
        assert 0 <= start <= len(result.text)
