"""What a patient is told when a message could not even be stored: the safety routes need no database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import Unavailable
from assistant.house import House


@contextmanager
def told_if_down(house: House, text: str | None) -> Iterator[None]:
    """Around storing a message: a fault's words begin with the help that the message calls for, else with 999 and 111."""
    try:
        yield
    except Unavailable as error:
        raise Unavailable(f"{house.guard.when_down(text or '')} {error.detail}") from error
