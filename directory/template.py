"""The CSV template that providers and councils fill in: every column of the contract and one example row."""

from __future__ import annotations

from datetime import date, time

from directory.harmless import csv_bytes
from directory.records import COLUMNS, Listing

_EXAMPLE = {
    "id": "example-tea-and-talk",
    "name": "Tea and Talk (example, delete this row)",
    "description": "A friendly group for anyone who would like some company. We drink tea, chat and "
    "play cards. Come every week or just when you feel like it.",
    "provider": "Example Community Trust",
    "summary": "Weekly tea, chat and cards for anyone who would like company.",
    "needs": "loneliness; low_mood",
    "address": "Example Hall, 1 Example Street",
    "town": "Luton",
    "postcode": "LU1 2AB",
    "service_area": "Luton; Dunstable",
    "online": "no",
    "schedule": "Tuesdays, 10.30am to 12 noon, all year",
    "days": "Tue",
    "start_time": "10:30",
    "end_time": "12:00",
    "cost": "Free",
    "free_sessions": "12",
    "cost_afterwards": "£2 a visit",
    "languages": "English; Urdu",
    "access": "step-free; accessible toilet; hearing loop",
    "audience": "adults",
    "min_age": "18",
    "who_meets_you": "Sam, at the door in a blue apron",
    "can_bring_someone": "yes",
    "how_to_join": "Just come along, or ring first if you would like to be met.",
    "email": "hello@example.org",
    "url": "https://www.example.org",
    "capacity": "8",
    "wait_weeks": "0",
    "status": "open",
    "accredited_by": "Example Practice",
    "accredited_on": "2026-01-05",
    "accredited_until": "2027-01-04",
    "checked_on": "2026-01-05",
}


def template_csv() -> bytes:
    """The template, UTF-8 with a byte order mark so that Excel shows accents and the pound sign rightly."""
    return csv_bytes(COLUMNS, [[_EXAMPLE.get(column, "") for column in COLUMNS]])


def export_csv(listings: list[Listing]) -> bytes:
    """Listings as the CSV that `import_csv` reads; cells that a spreadsheet would run are made harmless."""
    return csv_bytes(COLUMNS, ([cell_text(getattr(listing, column)) for column in COLUMNS] for listing in listings))


def cell_text(value: object) -> str:
    """A field of a listing as a cell of the CSV."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)
