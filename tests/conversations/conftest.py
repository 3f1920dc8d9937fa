"""One house with the trained model for all transcripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conversation_house import one_house

from assistant.house import House


@pytest.fixture(scope="session")
def talking_house() -> Iterator[House]:
    """Model, directory and programme, made or loaded once."""
    with one_house() as house:
        yield house
