"""Plain words for what reports count: reasons, stages, groups of people, needs and places."""

from __future__ import annotations

import re
from typing import Any

from directory.needs import need_label

NOT_TOLD = "Not told"
REASONS = {
    "no_need_felt": "Does not need it", "already_supported": "Has support already", "wants_medical_help": "Wants medical help",
    "stigma_worry": "Worried what others think", "free_sessions_too_short": "Free sessions too few",
    "cost_afterwards": "Cost afterwards", "too_busy": "Too busy", "health_prevents": "Health in the way",
    "travel": "Getting there", "childcare_or_caring": "Children or caring", "language": "Language",
    "online_or_phone_barrier": "Phone or internet", "bad_past_experience": "Bad experience before",
    "privacy_worry": "Worried about privacy", "not_now": "Not the right time", "other": "Something else",
    "prefer_not_to_say": "Would rather not say", "provider_no_contact": "Service did not get back",
    "provider_full": "Service was full", "not_for_me": "Was not for them", "unwelcoming": "Did not feel welcome",
    "no_one_to_go_with": "Nobody to go with", "cost": "Cost", "time_of_day": "Time of day", "health": "Health",
    "family_or_caring": "Family or caring", "got_better": "Feels better", "moved": "Moved away",
}  # fmt: skip
GROUPS = {"age_band": "Age", "sex": "Sex", "ethnicity": "Ethnicity", "outcode": "Area"}
_OUTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\b(?:\s*\d[A-Z]{2})?", re.I)


def reason(identifier: str | None) -> str:
    """A reason of the taxonomy in words."""
    return REASONS.get(identifier or "", (identifier or "").replace("_", " ").capitalize()) or NOT_TOLD


def need(identifier: str) -> str:
    """A need in words, with a capital."""
    words = need_label(identifier)
    return words[:1].upper() + words[1:]


def group(value: str | None) -> str:
    """A group as a row is named: 'Female', '45-64', 'LU2', or that it was not told."""
    if not value or value in ("skipped", "prefer_not_to_say"):
        return NOT_TOLD
    return value if any(c.isdigit() for c in value) else value.replace("_", " ").capitalize()


def outcode_in(*places: Any) -> str | None:
    """The first half of a postcode in what was told of a place; of a whole postcode only this is kept."""
    for place in places:
        for one in place if isinstance(place, (list, tuple)) else [place]:
            if isinstance(one, str) and (found := _OUTCODE.search(one)):
                return found[1].upper()
    return None


def month(pair: tuple[int, int]) -> str:
    """'Nov 2026': 'Nov 26' reads as a day."""
    names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
    return f"{names[pair[1] - 1]} {pair[0]}"
