"""Which numbers a person can be reached on: UK ones, kept as E.164; Ofcom's drama numbers only in the demo."""

from __future__ import annotations

import re

import phonenumbers

# What Ofcom keeps for drama: mobiles, the landlines of fourteen cities, and an area that does not exist.
DRAMA = re.compile(
    r"\+44(?:7700900|1632960|2079460|2890180|2896496|2920180|1134960|1144960|1154960|1164960|1174960|1184960|1214960"
    r"|1314960|1414960|1514960|1614960|1914980)\d{3}"
)


def usable_number(text: str, demo: bool) -> str | None:
    """A UK number as E.164; Ofcom's drama numbers only in the demo."""
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code != 44:
        return None
    if demo and DRAMA.fullmatch(e164):
        return e164
    return e164 if phonenumbers.is_valid_number(number) else None


def is_mobile(number: str) -> bool:
    """UK mobiles begin with 7; so do pagers and personal numbers (70, 76), which are none."""
    return number.startswith("+447") and not number.startswith(("+4470", "+4476"))
