"""web/numbers.py: what can be pressed comes from the contacts alone, and nothing that is written becomes markup."""

from __future__ import annotations

from live import ROOT

from assistant.programme import load_programme
from assistant.web.numbers import numbers_to_press, pressed

PRACTICE = load_programme(ROOT / "programme").practice(None)
NUMBERS = numbers_to_press(PRACTICE.shown_contacts(), PRACTICE.phone)


def test_every_number_that_patients_are_shown_can_be_pressed() -> None:
    for contact in PRACTICE.shown_contacts():
        figures = contact.contact.partition("(")[0]
        if contact.contact in ("101", "105") or not any(figure.isdigit() for figure in figures) or ".org" in contact.contact:
            continue
        assert "<a " in pressed(contact.contact, NUMBERS), contact.id


def test_numbers_dial_and_text() -> None:
    assert NUMBERS["111, option 2"] == "tel:111" and NUMBERS["Text SHOUT to 85258"] == "sms:85258?&body=SHOUT"
    assert NUMBERS[PRACTICE.phone] == "tel:" + PRACTICE.phone.replace(" ", "")
    said = pressed("Call 111, option 2, or Text SHOUT to 85258.", NUMBERS)
    assert said.count("<a ") == 2 and 'href="tel:111">111, option 2</a>, or' in said


def test_figures_that_are_no_help_line_stay_words() -> None:
    for words in ("It was 1999.", "999 BSL", "111.nhs.uk", "Bus 101", "£111", "press 55", "07700 900123", "a999", "9991"):
        assert pressed(words, NUMBERS) == words


def test_what_is_written_never_becomes_markup() -> None:
    assert pressed("<b>999</b>", NUMBERS).startswith("&lt;b&gt;<a ")
    assert pressed('"><script>', {}) == "&#34;&gt;&lt;script&gt;"
