"""Mobiles only: a text to a landline may be read aloud to whoever picks up."""

from __future__ import annotations

import pytest
from sms_parts import make_house

from assistant.channels.segments import count_segments, is_gsm
from assistant.channels.sms.numbers import mobile
from assistant.channels.sms.service_words import SAID, service_word
from assistant.errors import BadInput


@pytest.mark.parametrize(
    ("number", "e164"),
    [
        ("07400 123456", "+447400123456"),
        ("+44 7400 123456", "+447400123456"),
        ("447400123456", "+447400123456"),
        ("07624 400000", "+447624400000"),  # the Isle of Man
        ("+353 85 012 3456", "+353850123456"),
    ],
)
def test_mobiles_become_e164(number: str, e164: str) -> None:
    assert mobile(number, demo=False) == e164


@pytest.mark.parametrize(
    "number",
    ["01582 400000", "020 7946 0000", "070 1234 5678", "0345 123 4567", "60123", "NHS-NoReply", "", "+1 212 555 0123",
     "07400", "+447400123456 ext 5", "whatsapp:+447400123456", "٠٧" * 20, "\ud800"],
)  # fmt: skip
def test_everything_else_is_refused_with_the_field(number: str) -> None:
    with pytest.raises(BadInput) as refused:
        mobile(number, demo=True, field="from")
    assert refused.value.field == "from"


def test_drama_numbers_are_for_the_demo() -> None:
    assert mobile("07700 900123", demo=True) == "+447700900123"
    with pytest.raises(BadInput):
        mobile("07700 900123", demo=False)


@pytest.mark.parametrize(
    ("text", "word"),
    [("STOP", "stop"), (" stop. ", "stop"), ("'Stop!'", "stop"), ("StopAll", "stop"), ("Stop  all", "stop"),
     ("unsubscribe", "stop"), ("END", "stop"), ("Quit", "stop"), ("cancel", "stop"), ("start", "start"),
     ("UNSTOP", "start"), ("Help", "help"), ("info?", "help")],
)  # fmt: skip
def test_whole_messages_are_service_words(text: str, word: str) -> None:
    assert service_word(text) == word


@pytest.mark.parametrize(
    "text",
    ["I want it to stop", "please make him stop", "I can't stop crying", "stop it", "the end", "I want to end it",
     "cancel my appointment", "help me", "I need help", "start again please", "how do I stop the texts?", "", "!!!"],
)  # fmt: skip
def test_what_a_person_might_mean_is_not(text: str) -> None:
    assert service_word(text) is None


def test_what_we_say_to_them_fits_two_segments_with_every_practice(tmp_path) -> None:  # type: ignore[no-untyped-def]
    programme = make_house(tmp_path).programme
    for practice in programme.practices.values():
        for words in SAID.values():
            text = practice.fill(words)
            assert is_gsm(text) and count_segments(text) <= 2, text
