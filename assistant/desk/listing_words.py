"""Words of the directory's pages: fields with hints and examples, kinds of fault, what was done, filters to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from directory.records import STATUSES
from directory.visibility import Hidden
from directory.vocabulary import ACCESS, AUDIENCES, LANGUAGES

# (heading, (column, label, hint)...), in the order a person tells it. An example stands in the hint.
GROUPS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("What it is", (
        ("name", "Name", "As the provider writes it, such as Tuesday Kettle."),
        ("provider", "Run by", "The organisation, such as Bellfounder Neighbours."),
        ("summary", "In one sentence", "What a patient reads first. A free cup of tea and a chat every Tuesday morning."),
        ("description", "Description", "What happens there, in plain words. Say how it feels to come for the first time."),
        ("needs", "Needs it helps with", "Tick what people come for. The search uses it."),
    )),
    ("Where", (
        ("online", "Online", "no: in person. yes: online only. both."),
        ("address", "Address", "Where it takes place, not the head office. Bellfounder Hall, 9 Plaiters Row."),
        ("town", "Town", "Luton"),
        ("postcode", "Postcode", "LU1 2AB. The map and distances come from it."),
        ("latitude", "Latitude", "Leave empty: it comes from the postcode. Otherwise 51.8790."),
        ("longitude", "Longitude", "Leave empty: it comes from the postcode. Otherwise -0.4142."),
        ("service_area", "For people living in", "Outcodes or places, with ; between them: LU1; LU2; Dunstable. Empty: anywhere."),
    )),
    ("When", (
        ("schedule", "When, in words", "Every Tuesday, 10am to 12 noon."),
        ("days", "Days", "mon; wed or Mon-Fri."),
        ("start_time", "From", "10:00 or 10am."),
        ("end_time", "Until", "12:00 or 12 noon."),
    )),
    ("Cost", (
        ("cost", "Cost now", "free, or £2 a visit, or by donation."),
        ("free_sessions", "How many sessions are free", "A number such as 12."),
        ("cost_afterwards", "Cost afterwards", "£4.50 a visit. Write stays free if it does."),
    )),
    ("Who it is for", (
        ("audience", "Who it is for", "women; carers. Empty: everybody."),
        ("min_age", "Youngest age", "18"),
        ("max_age", "Oldest age", "25"),
        ("languages", "Languages spoken", "English; Urdu."),
        ("access", "Access", "step-free; accessible toilet; hearing loop; near bus stop."),
    )),
    ("The first visit", (
        ("who_meets_you", "Who meets you", "Marcia, who runs the group, meets you at the door."),
        ("can_bring_someone", "Bring someone", "yes, no, or in words: a friend or carer."),
        ("how_to_join", "How to join", "Just turn up, or ring first."),
        ("phone", "Phone", "01632 960200"),
        ("email", "Email", "hello@example.org"),
        ("url", "Website", "https://www.example.org"),
    )),
    ("Places and checks", (
        ("status", "Status", "open, full, paused or closed."),
        ("capacity", "Places", "open, limited, full, or a number of free places."),
        ("wait_weeks", "Wait in weeks", "0 for no wait."),
        ("checked_on", "Last checked", "The day somebody asked or looked. 2026-11-23 or 23/11/2026."),
    )),
)  # fmt: skip
LABELS: Mapping[str, str] = {
    **{column: label for _, fields in GROUPS for column, label, _ in fields},
    "id": "Id", "accredited_by": "Accredited by", "accredited_on": "Accredited on", "accredited_until": "Accredited until",
    "suspended": "Suspended", "source": "Source", "notes": "Notes", "cost_amount": "Pounds a session", "phone_or_email": "Phone or email",
}  # fmt: skip
LONG = frozenset(("description", "summary", "how_to_join", "who_meets_you", "schedule"))

STATUS_WORDS = {
    "open": "Open", "full": "Full", "closed": "Closed", "paused": "Paused", "suspended": "Suspended", "unaccredited": "Not accredited",
    "lapsed": "Accreditation ended", "stale": "Not checked for too long", "hidden": "Hidden for any reason", "visible": "Shown to patients",
}  # fmt: skip
ANY_STATUS = tuple(dict.fromkeys([*STATUSES, *(reason.value for reason in Hidden), "hidden", "visible"]))

# What the history calls a change; and what the notice says after one press.
DONE: Mapping[str, str] = {
    "added": "Added", "updated": "Changed by an import", "removed": "Removed", "edited": "Edited", "accredited": "Accredited",
    "renewed": "Accreditation renewed", "suspended": "Suspended", "lifted": "Suspension lifted", "closed": "Closed", "full": "Marked as full",
    "paused": "Paused", "open": "Marked as open", "checked": "Checked: still right", "merged": "Merged with its double",
    "merged away": "Merged into its double", "taken back": "Taken back", "corrected": "Corrected by its provider", "confirmed": "Confirmed by its provider",
}  # fmt: skip
KIND_WORDS: Mapping[str, str] = {
    "suspended": "Suspended", "unaccredited": "Not accredited", "lapsed": "Accreditation ended", "expiring_30": "Accreditation ends within 30 days",
    "expiring_60": "Accreditation ends in 31 to 60 days", "hidden_stale": "Not checked for so long that patients do not see it",
    "stale": "Not checked for so long that it ranks last", "no_place": "No place on the map", "no_need": "No need named",
    "no_contact": "No phone, email or website", "dead_looking": "Reads as if it has ended",
}  # fmt: skip
WAITS = ((0, "No wait"), (2, "2 weeks at most"), (4, "4 weeks at most"), (12, "12 weeks at most"))
MILES = (1, 2, 3, 5, 10, 20, 40)
KM_A_MILE = 1.609344


def keys_in_words(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(key, words) of a table of the vocabulary, by the alphabet."""
    special = {"bsl": "British Sign Language", "lgbt": "LGBT+"}
    return sorted(((key, special.get(key, key.replace("_", " ").capitalize())) for key in table), key=lambda pair: pair[1])


FILTER_CHOICES = {"access": keys_in_words(ACCESS), "language": keys_in_words(LANGUAGES), "audience": keys_in_words(AUDIENCES)}


def field_value(value: Any) -> str:
    """A field of the history as it is read: lists joined, nothing as 'empty'."""
    if value in (None, "", [], {}):
        return "empty"
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    return str(value)


def letter(name: str, provider: str | None, practice: str, link: str, phone: str) -> str:
    """The letter to a provider, ready to copy or print. The link is for them alone."""
    return (
        f"Hello{f', {provider}' if provider else ''},\n\n"
        f'{practice} tells patients about "{name}". Is what we say still right?\n\n'
        f"Please look here and press one button, or tell us what has changed:\n{link}\n\n"
        "You need no password. The link works for 60 days and is for you alone.\n"
        "If nobody checks it for long, we stop telling patients about it.\n\n"
        f"Thank you for what you do.\n{practice}, {phone}"
    )


def send_words(services: list[dict[str, Any]], public: str) -> str:
    """What a patient reads when a navigator sends a short list: plain, and whole as a text alone."""
    first = "Here is a place you could try." if len(services) == 1 else "Here are some places you could try."
    lines = [first]
    for number, service in enumerate(services, 1):
        facts = [service["where"], "; ".join(service["when"] or []), service["contact"]]
        told = ". ".join(fact for fact in facts if fact)
        lines.append(f"{number}. {service['name']}{f': {told}' if told else ''}. {public}/directory/{service['id']}")
    return "\n".join(lines)
