"""Counting and splitting texts. The counts are those of the ten main vectors of Twilio's calculator; texts are ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.segments import (
    count_segments,
    is_gsm,
    numbered_choices,
    plain_sms,
    split_for_sms,
    to_gsm,
)

SEED = "a friendly walk in the park on Tuesday morning, then tea and a chat. "


def of_length(length: int, first: str = "") -> str:
    """A text of `length` characters that begins with `first`."""
    return (first + SEED * 20)[:length]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        (of_length(160), 1),
        (of_length(161), 2),
        (of_length(306), 2),
        (of_length(307), 3),
        (of_length(159, "{"), 1),  # an extension character counts two
        (of_length(160, "{"), 2),
        (of_length(69, "😊"), 1),  # an emoji is two UTF-16 units
        (of_length(70, "😊"), 2),
        (of_length(133, "😊"), 2),
        (of_length(134, "😊"), 3),
    ],
)
def test_the_ten_main_vectors(text: str, segments: int) -> None:
    assert count_segments(text) == segments


def test_every_extension_character_counts_two() -> None:
    for char in "^{}\\[~]|€\f":
        assert count_segments(char * 80) == 1, char
        assert count_segments(char * 81) == 2, char


def test_an_escape_never_straddles_two_segments() -> None:
    # 306 septets, but the second one of the euro would be the 154th of the first part.
    assert count_segments("a" * 152 + "€" + "a" * 152) == 3
    assert count_segments("a" * 151 + "€" + "a" * 153) == 2


def test_a_surrogate_pair_never_straddles_two_segments() -> None:
    assert count_segments("ж" * 66 + "😊" + "ж" * 66) == 3
    assert count_segments("ж" * 65 + "😊" + "ж" * 67) == 2


def test_empty_text_costs_nothing() -> None:
    assert count_segments("") == 0
    assert split_for_sms("  \n ") == []


def test_our_typography_is_made_plain_and_names_keep_their_accents() -> None:
    curly = "“It’s fine” – come 9–5…\u00a0Bring Zoë • or José"
    assert to_gsm(curly) == '"It\'s fine" - come 9-5... Bring Zoë - or José'
    assert is_gsm(to_gsm("It’s ‘ours’ — really"))
    assert not is_gsm("Zoë")


def test_a_short_answer_stays_one_text_without_a_number() -> None:
    assert split_for_sms("Come along on Tuesday.") == ["Come along on Tuesday."]


def test_a_long_answer_is_cut_at_sentence_ends_and_numbered() -> None:
    sentences = [
        f"This is sentence {number} of an answer about a walking group in the park." for number in range(12)
    ]
    parts = split_for_sms(" ".join(sentences))
    assert len(parts) == 3
    for place, part in enumerate(parts, 1):
        assert part.startswith(f"({place}/3) This is sentence")
        assert part.endswith(".")
        assert count_segments(part) <= 2


def test_lists_and_abbreviations_are_not_taken_for_sentence_ends() -> None:
    lines = [
        f"{n}. Group {n} meets at 10 a.m. on Mondays, e.g. in the big hall by the church."
        for n in range(1, 9)
    ]
    parts = split_for_sms("\n".join(lines))
    for part in parts:
        assert re.match(r"\(\d/\d\) \d\. Group", part), part
        assert part.endswith("church.")


def test_one_endless_word_is_cut_and_nothing_is_lost() -> None:
    parts = split_for_sms("x" * 1000)
    assert "".join(part.split(" ", 1)[1] for part in parts) == "x" * 1000
    assert all(count_segments(part) <= 2 for part in parts)


def test_an_accent_stays_with_its_letter() -> None:
    parts = split_for_sms("ж\u0301" * 150)
    assert len(parts) > 1
    assert not any(part.split(" ", 1)[1].startswith("\u0301") for part in parts)


@given(st.text(max_size=2500))
def test_any_text_fits_and_keeps_its_words(text: str) -> None:
    parts = split_for_sms(text)
    assert all(0 < count_segments(part) <= 2 for part in parts)
    bare = parts if len(parts) < 2 else [part.split(" ", 1)[1] for part in parts]
    assert "".join("".join(bare).split()) == "".join(to_gsm(text).split())


def choices(*labels: str) -> list[dict[str, str]]:
    return [{"label": label, "value": f"/{place}"} for place, label in enumerate(labels)]


def test_choices_become_numbered_replies() -> None:
    message = {"text": "Shall I look?", "choices": choices("Yes please", "No thank you")}
    assert plain_sms(message) == ["Shall I look?\nReply 1 Yes please, 2 No thank you."]


def test_long_choices_stand_a_line_each() -> None:
    words = numbered_choices(choices("What does it cost?", "Talk to a person"))
    assert words == "Reply with a number:\n1 What does it cost?\n2 Talk to a person"


def test_a_scale_of_numbers_gets_no_numbers_of_its_own() -> None:
    scale = choices(*map(str, range(11)))
    assert plain_sms({"text": "How satisfied are you?", "choices": scale}) == ["How satisfied are you?"]
    assert numbered_choices([*scale, *choices("Skip this")]) == "Or reply: Skip this."


def test_choices_stay_together_when_the_answer_is_long() -> None:
    message = {"text": SEED * 5, "choices": choices("Yes please", "No thank you")}
    parts = plain_sms(message)
    assert len(parts) == 2
    assert parts[-1].endswith("\nReply 1 Yes please, 2 No thank you.")


def test_a_message_with_nothing_to_say_is_no_text() -> None:
    assert plain_sms({"text": "", "choices": []}) == []
