"""The database is away: the message is not stored, and the person is still shown the help it calls for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from talk import Talk

import assistant.channels.web
from assistant.errors import Unavailable


@pytest.mark.parametrize(("said", "shown"), [
    ("i am going to kill myself tonight", "Please call 999"),
    ("is there a walking group", "Sorry, something went wrong here. If life is in danger, call 999"),
])  # fmt: skip
def test_help_is_shown_though_nothing_can_be_kept(
    begin: Callable[[], Talk], monkeypatch: pytest.MonkeyPatch, said: str, shown: str
) -> None:
    """503 with the route's words, or 999 and 111; and that it may be sent again."""
    talk = begin()

    @contextmanager
    def away(engine: object):  # type: ignore[no-untyped-def]
        raise Unavailable("The records cannot be reached just now. Nothing was lost; please try again.")
        yield

    monkeypatch.setattr(assistant.channels.web, "transaction", away)
    answer = talk.say(said)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["detail"].startswith(shown)
    assert answer.json()["detail"].endswith("please try again.")
