"""actions/suggestions.py: what the directory has nothing for is put before the team, each thing by itself."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from actions.suggestions import tell_missing
from actions.surroundings import current
from directory.query import Query, SearchResult


@pytest.fixture
def told() -> Iterator[list[tuple[str, str]]]:
    """(what, more) as the team would get it."""
    tasks: list[tuple[str, str]] = []
    token = current.set(SimpleNamespace(tell_missing=lambda what, more: tasks.append((what, more))))  # type: ignore[arg-type]
    yield tasks
    current.reset(token)


def nothing(*missing: str) -> SearchResult:
    return SearchResult(0, (), found=False, missing=missing)


def test_each_need_stands_by_itself_with_the_place_and_their_words(told):
    tell_missing(Query(text="some chess\nand money help", needs=("loneliness", "money"), near="LU3"), nothing())
    more = "Near LU3. In their words: some chess and money help"
    assert told == [("company and meeting people", more), ("money and bills", more)]


def test_a_thing_asked_for_by_name_is_what_is_missing(told):
    tell_missing(Query(text="is there a boxing gym", needs=("physical_activity",)), nothing("boxing", "gym"))
    assert told == [("boxing gym", "In their words: is there a boxing gym")]


def test_without_a_need_it_is_their_own_words(told):
    tell_missing(Query(text="Falconry for beginners."), nothing())
    tell_missing(Query(near="LU3"), nothing())
    assert [what for what, _ in told] == ["falconry for beginners", "something of their own"]
