"""Which numbers may be texted. Texts to a landline may be read aloud to whoever picks up, so mobiles only."""

from __future__ import annotations

import re

import phonenumbers

from assistant.errors import BadInput

# Ofcom keeps 07700 900000 to 900999 for drama; phonenumbers rightly calls them unused.
_DRAMA = re.compile(r"\+447700900\d{3}")
LONGEST = 32
# phonenumbers finds a number inside other words; a sender is a number and nothing else.
_WRITTEN = re.compile(r"\+?[0-9 ()./-]+")


def mobile(number: str, *, demo: bool, field: str = "from") -> str:
    """`number` as E.164, read as British when it has no country code; drama numbers pass only where `demo`.

    Raises:
        BadInput: not a mobile number; names `field`. Landlines, short codes and sender names are refused.
    """
    fault = BadInput("This is not a mobile number that can be texted. Use one such as +447...", field=field)
    if len(number) > LONGEST or not _WRITTEN.fullmatch(number):
        raise fault
    try:
        parsed = phonenumbers.parse(number, "GB")
    except phonenumbers.NumberParseException as error:
        raise fault from error
    e164: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if _DRAMA.fullmatch(e164):
        if demo:
            return e164
        raise fault
    if not phonenumbers.is_valid_number(parsed):
        raise fault
    # In North America mobiles cannot be told from landlines, so those are refused too.
    if phonenumbers.number_type(parsed) != phonenumbers.PhoneNumberType.MOBILE:
        raise fault
    return e164
