"""Telephone numbers of this country as people type or say them, made into one form."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_FIGURES = re.compile(r"(?<![\d+])(?:\+|00)?\d[\d \-().]{7,20}\d(?!\d)")
_DIGIT = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_TIMES = {"double": 2, "treble": 3, "triple": 3}
_SAID_ONE = rf"(?:{'|'.join(_TIMES)}|{'|'.join(_DIGIT)}|hundred|thousand)"
_SAID = re.compile(rf"\b{_SAID_ONE}(?:[ ,-]+{_SAID_ONE}){{6,16}}\b")


def find_phones(spoken: Spoken) -> list[Found]:
    """Numbers as '+44' and nine or ten digits. NHS and freephone numbers are left."""
    plain = spoken.plain
    found = []
    if sum(char.isdigit() for char in plain) >= 9:
        for match in _FIGURES.finditer(plain):
            if re.search(r"\bnhs (?:no|number|num)\W*(?:is )?$", plain[: match.start()]):
                continue
            number = as_international(match.group())
            if number:
                found.append(Found(number, *match.span()))
    if not found and len(spoken.words & _DIGIT.keys()) >= 3:
        for match in _SAID.finditer(plain):
            number = as_international(_digits_said(match.group()))
            if number:
                found.append(Found(number, *match.span()))
    return found


def as_international(text: str) -> str | None:
    """'+447700900123' from any way of writing it; None when it is no UK landline or mobile number."""
    digits = re.sub(r"\D", "", text)
    if digits.startswith("0044"):
        digits = digits[4:]
    elif digits.startswith("44") and len(digits) in (11, 12, 13):
        digits = digits[2:]
    elif digits.startswith("0"):
        digits = digits[1:]
    elif not (digits.startswith("7") and len(digits) == 10):
        return None
    digits = digits[1:] if digits.startswith("0") else digits  # '+44 (0)7...'
    if digits[:1] in ("2", "7") and len(digits) == 10 or digits[:1] == "1" and len(digits) in (9, 10):
        return f"+44{digits}"
    return None


def _digits_said(text: str) -> str:
    """'oh seven double seven oh nine hundred' as figures."""
    out, times = "", 1
    for word in re.findall(r"[a-z]+", text):
        if word in _TIMES:
            times = _TIMES[word]
        elif word in ("hundred", "thousand"):
            out += "00" if word == "hundred" else "000"
        else:
            out += _DIGIT[word] * times
            times = 1
    return out
