"""The contacts file as an installation would fill it, and a screen of patterns alone unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import assistant.safety.screen as screen_module
from assistant.safety.contacts import Contact, read_contacts

LOCAL = {
    "council_homeless_phone": "01632 960140, or 01632 960141 at night", "council_adult_phone": "01632 960142",
    "council_children_phone": "01632 960143", "edt_phone": "01632 960144",
}


@pytest.fixture(autouse=True)
def _patterns_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An app opened by another test has put its classifier in place; it is there again afterwards."""
    monkeypatch.setattr(screen_module, "_second_opinion", None)
    yield


@pytest.fixture(scope="session")
def contacts() -> dict[str, Contact]:
    """Every contact patients may see, with a council's numbers in place."""
    return read_contacts(Path(__file__).resolve().parents[2] / "programme" / "contacts.csv", LOCAL)
