"""The routes by urgency, in the order in which they are shown (taxonomy.yml)."""

from __future__ import annotations

# Most urgent first. Covert abuse comes before abuse, and concern for somebody else after what it is about.
TIERS: tuple[tuple[str, ...], ...] = (
    ("suicide_imminent", "medical_emergency", "overdose_poisoning", "harm_to_others", "home_emergency"),
    ("suicide_ideation", "self_harm", "domestic_abuse_covert", "domestic_abuse", "sexual_violence",
     "child_safeguarding", "adult_abuse_neglect", "psychosis", "intoxication_withdrawal"),
    ("homeless_tonight", "no_food_today", "under_16"),
    ("concern_for_other",),
    ("medication_clinical",),
)  # fmt: skip
ORDER: tuple[str, ...] = tuple(risk for tier in TIERS for risk in tier)
SUICIDE = frozenset({"suicide_imminent", "suicide_ideation", "self_harm"})
