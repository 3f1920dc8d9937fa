"""The contacts file as an installation would fill it."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.safety.contacts import Contact, read_contacts

LOCAL = {
    "council_homeless_phone": "01632 960140, or 01632 960141 at night", "council_adult_phone": "01632 960142",
    "council_children_phone": "01632 960143", "edt_phone": "01632 960144",
}


@pytest.fixture(scope="session")
def contacts() -> dict[str, Contact]:
    """Every contact patients may see, with a council's numbers in place."""
    return read_contacts(Path(__file__).resolve().parents[2] / "programme" / "contacts.csv", LOCAL)
