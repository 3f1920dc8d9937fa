"""A provider's link: ours or nothing, for its time and its version only."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.clock import clock
from assistant.pathway import provider_links
from assistant.pathway.provider_links import BadLink, OldLink

SECRET = "a secret of the tests"
ONE = "2f1d5c1e-8a77-4f0e-9b43-4d2f2f0a9a11"


def test_a_link_says_what_it_was_made_of():
    link = provider_links.read(provider_links.make(ONE, 3, SECRET), SECRET)
    assert (link.referral_id, link.version) == (ONE, 3)


@given(st.uuids(), st.integers(0, 65_535), st.integers(1, 3650))
@settings(max_examples=60, deadline=None)
def test_any_link_comes_back_whole_and_fits_a_text(identifier: uuid.UUID, version: int, days: int):
    token = provider_links.make(str(identifier), version, SECRET, days)
    link = provider_links.read(token, SECRET)
    assert (link.referral_id, link.version) == (str(identifier), version) and len(token) <= 52


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_link_with_anything_altered_is_none(data: st.DataObject):
    token = provider_links.make(ONE, 1, SECRET)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("ABab01-_").filter(lambda letter: letter != token[place]))
    with pytest.raises(BadLink):
        provider_links.read(token[:place] + other + token[place + 1 :], SECRET)


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_words_are_a_link(words: str):
    with pytest.raises(BadLink):
        provider_links.read(words, SECRET)


def test_another_installations_link_is_none():
    with pytest.raises(BadLink):
        provider_links.read(provider_links.make(ONE, 1, "another"), SECRET)


def test_a_cut_or_lengthened_link_is_none():
    token = provider_links.make(ONE, 1, SECRET)
    for wrong in (token[:-1], token + "A", token + "=", token[1:], ""):
        with pytest.raises(BadLink):
            provider_links.read(wrong, SECRET)


def test_a_link_runs_out():
    token = provider_links.make(ONE, 1, SECRET, days=30)
    clock.shift(days=29, hours=23)
    provider_links.read(token, SECRET)
    clock.shift(hours=2)
    with pytest.raises(OldLink):
        provider_links.read(token, SECRET)
