"""The fixed lists a case is described by: who sent them, how it ended and why, age bands and the like, with their words."""

from __future__ import annotations

SOURCES = {"clinician": "A GP or other clinician", "reception": "Reception", "self": "They asked themselves", "other": "Somebody else"}
DECLINE_REASONS = {
    "no_need_felt": "Sees no need",
    "already_supported": "Has support already",
    "wants_medical_help": "Wants medical help",
    "stigma_worry": "Worries what others think",
    "free_sessions_too_short": "Free sessions too few",
    "cost_afterwards": "Cost afterwards",
    "too_busy": "Too busy",
    "health_prevents": "Health prevents it",
    "travel": "Getting there",
    "childcare_or_caring": "Childcare or caring",
    "language": "Language",
    "online_or_phone_barrier": "Online or phone is hard",
    "bad_past_experience": "Bad experience before",
    "privacy_worry": "Worries about privacy",
    "not_now": "Not now",
    "other": "Another reason",
    "prefer_not_to_say": "Would rather not say",
}
DISENGAGE_REASONS = {
    "provider_no_contact": "Provider did not get in touch",
    "provider_full": "Provider was full",
    "not_for_me": "Not for them",
    "unwelcoming": "Did not feel welcome",
    "no_one_to_go_with": "Nobody to go with",
    "travel": "Getting there",
    "cost": "Cost",
    "time_of_day": "Time of day",
    "health": "Health",
    "family_or_caring": "Family or caring",
    "got_better": "Feels better",
    "moved": "Moved away",
    "other": "Another reason",
    "prefer_not_to_say": "Would rather not say",
}
# How a case ends, in the groups it is chosen from.
ENDING_GROUPS: dict[str, dict[str, str]] = {
    "Done": {"completed": "Completed: had the support they wanted"},
    "Stopped taking part": {f"disengaged:{key}": words for key, words in DISENGAGE_REASONS.items()},
    "Did not want it": {f"declined:{key}": words for key, words in DECLINE_REASONS.items()},
    "Otherwise": {"moved": "Moved to another practice", "other": "Another ending"},
}
ENDINGS = {key: words for group in ENDING_GROUPS.values() for key, words in group.items()}
ENDED = {"completed": "Completed", "disengaged": "Stopped taking part", "declined": "Did not want it",
         "moved": "Moved to another practice", "other": "Another ending"}  # fmt: skip
AGE_BANDS = ("16-24", "25-44", "45-64", "65-79", "80+")  # as the helper asks
SEXES = ("female", "male", "other")


def ending_words(ended: str | None, reason: str | None) -> str:
    """'Stopped taking part: getting there'."""
    if not ended:
        return ""
    why = ENDINGS.get(f"{ended}:{reason}", "") if reason else ""
    return f"{ENDED.get(ended, ended)}: {why[:1].lower()}{why[1:]}" if why else ENDED.get(ended, ended)
