"""Services of Open Referral UK written for the tests, what the standard asks of one, and where the official ones lie when they are there."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path
from typing import Any

from directory_made import REPOSITORY

# Schemas and examples are other people's and not part of the repository. Tests use them when they lie beside it.
OFFICIAL = Path(os.environ.get("OPENREFERRAL_DATA", REPOSITORY.parent / "shared" / "data"))
UUID = "5b0b6bd4-8a39-4a0c-9d0c-0000000000{:02d}"

# The rules of HSDS-UK 3.0 in our own words, for where its schemas are not at hand: by the name under which a part stands, what it
# must have beside its id, and the words it may choose from. A test holds these to the schemas where they are.
MUST_HAVE = {
    "service": ("name", "status"),
    "location": ("location_type",),
    "addresses": ("address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "organization": ("name", "description"),
    "organization_identifiers": ("identifier_type", "identifier"),
    "taxonomy_term": ("name", "description"),
}
CHOICES = {
    ("service", "status"): {"active", "inactive", "defunct", "temporarily closed"},
    ("location", "location_type"): {"physical", "postal", "virtual"},
    ("addresses", "address_type"): {"physical", "postal", "virtual"},
    ("schedules", "freq"): {"WEEKLY", "MONTHLY"},
}
NUMBERS = {"minimum_age", "maximum_age", "latitude", "longitude", "amount", "interval"}
LISTS = {
    "schedules", "service_areas", "service_at_locations", "addresses", "accessibility", "languages", "organization_identifiers",
    "funding", "cost_options", "contacts", "attributes", "phones",
}  # fmt: skip
PARTS = {"location", "organization", "taxonomy_term", "service"}


def hold_to_the_standard(value: Any, name: str = "service") -> None:
    """Fails where `value`, a part of a feed that stands under `name`, is not as the standard wants it."""
    assert isinstance(value, dict), f"{name} is no object"
    assert {"id", *MUST_HAVE.get(name, ())} <= value.keys(), f"{name} lacks {({'id', *MUST_HAVE.get(name, ())}) - value.keys()}"
    for key, part in value.items():
        allowed = CHOICES.get((name, key))
        assert allowed is None or part in allowed, (name, key, part)
        if key in LISTS and key != name:  # what is said of accessibility has that name too
            assert isinstance(part, list), key
            for each in part:
                hold_to_the_standard(each, key)
        elif key in PARTS:
            hold_to_the_standard(part, key)
        elif key in NUMBERS:
            assert isinstance(part, (int, float)) and not isinstance(part, bool), key
        else:
            assert isinstance(part, str), (name, key, part)
            if key == "id" or key.endswith("_id"):
                assert str(uuid.UUID(part)) == part.casefold(), key
            if key in ("url", "website", "term_uri"):
                assert re.match(r"https?://[^\s]+$", part), (key, part)
            if key.endswith("email"):
                assert re.match(r"[^@\s]+@[^@\s]+$", part), (key, part)


def a_service(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A service as a council publishes it; UUIDs by `number`."""
    return {
        "id": UUID.format(number),
        "name": f"Kettle Club {number}",
        "description": "Tea, cake and company every week. New people are met at the door.",
        "status": "active",
        "url": "https://www.example.org/kettle",
        "minimum_age": 18.0,
        "assured_date": "2026-10-01",
        "alert": "Closed in the last week of December.",
        "organization": {"id": UUID.format(90), "name": "Example Neighbours", "description": "A charity."},
        "service_areas": [{"id": UUID.format(91), "name": "Luton"}],
        "cost_options": [{"id": UUID.format(92), "amount": 2.5, "amount_description": "a visit"}],
        "contacts": [{"id": UUID.format(93), "name": "Sam", "phones": [{"id": UUID.format(94), "number": "01632 960001"}]}],
        "schedules": [
            {"id": UUID.format(95), "freq": "WEEKLY", "byday": "TU,TH", "opens_at": "10:00:00Z", "closes_at": "12:00"}
        ],
        "service_at_locations": [
            {
                "id": UUID.format(96),
                "location": {
                    "id": UUID.format(97), "location_type": "physical", "name": "Example Hall", "latitude": 51.88, "longitude": -0.42,
                    "addresses": [{"id": UUID.format(98), "address_1": "1 Example Street", "city": "Luton", "state_province": "",
                                   "postal_code": "lu1 2ab", "country": "GB", "address_type": "physical"}],
                    "accessibility": [{"id": UUID.format(99), "description": "hearing loop"}],
                },
            }
        ],
        **changes,
    }  # fmt: skip


def a_page(services: list[dict[str, Any]], number: int = 1, pages: int = 1, total: int | None = None) -> dict[str, Any]:
    """A page of a feed."""
    return {
        "total_items": len(services) if total is None else total, "total_pages": pages, "page_number": number, "size": len(services),
        "first_page": number == 1, "last_page": number >= pages, "empty": not services, "contents": services,
    }  # fmt: skip
