"""Safety routes in the words that staff read, at the desk and in reports."""

from __future__ import annotations

# What a message was about, never what a person is; and never how likely anything is (facts/safety.md, rule 4).
# The most urgent first, as in safety/tiers.py.
RISKS = {
    "suicide_imminent": "Ending their life, now or soon",
    "medical_emergency": "A medical emergency",
    "overdose_poisoning": "An overdose or a poison",
    "harm_to_others": "Hurting somebody else",
    "home_emergency": "Fire, gas or danger at home",
    "suicide_ideation": "Thoughts of ending their life",
    "self_harm": "Hurting themselves",
    "domestic_abuse_covert": "Abuse at home, said in a hidden way",
    "domestic_abuse": "Abuse at home",
    "sexual_violence": "Sexual violence",
    "child_safeguarding": "A child's safety",
    "adult_abuse_neglect": "Abuse or neglect of an adult",
    "psychosis": "Frightening or unusual experiences",
    "intoxication_withdrawal": "Drink or drugs, or stopping them",
    "homeless_tonight": "Nowhere to sleep tonight",
    "no_food_today": "No food today",
    "under_16": "Perhaps under 16",
    "concern_for_other": "Worry about somebody else",
    "medication_clinical": "Medicine or treatment",
}
