"""The provider's page: opening it changes nothing, each link says plainly what to do, clicks twice or late do no harm."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant import errors
from assistant.channels.limits import Limits
from assistant.clock import clock
from assistant.pathway import referrals
from assistant.pathway.referral_letters import link_for
from assistant.providers.pages import router
from assistant.store.database import reading
from assistant.store.tables import metadata

YES = {"who": "Jo", "bring": "yes", "day": "2026-11-26", "time": "14:00", "place": "Mill Street"}


@pytest.fixture
def provider(house):
    """A browser of a provider: no cookies, no account."""
    app = FastAPI()
    app.state.house, app.state.limits = house, Limits(house.settings)
    errors.install(app)
    app.include_router(router)
    return TestClient(app, base_url="https://linkway.test", follow_redirects=False)


@pytest.fixture
def path(way):
    """The way of the link to Dorothy's referral."""
    way.refer()
    return link_for(way.house, way.row).removeprefix("https://linkway.test")


def everything(house):
    with reading(house.engine) as connection:
        return {name: connection.execute(table.select()).all() for name, table in metadata.tables.items()}


def test_opening_it_changes_nothing_however_often(provider, path, way):
    before = everything(way.house)
    for method in ("GET", "HEAD", "GET"):
        provider.request(method, path)
    provider.get(f"{path}?done=accepted")
    for act in ("accept", "decline", "session", "stopped"):
        assert provider.get(f"{path}/{act}").status_code in (404, 405)
    assert everything(way.house) == before


def test_the_least_is_shown_before_a_yes_and_the_number_after(provider, path, way):
    page = provider.get(path).text
    assert "Dorothy" in page and "Company" in page and "some company on Tuesdays" in page
    assert "Hale" not in page and "900123" not in page and "shaw" not in page.lower()
    went = provider.post(f"{path}/accept", data=YES)
    assert went.status_code == 303
    after = provider.get(went.headers["location"]).text
    assert "07700 900123" in after and "Thursday 26 November at 2pm" in after and "We have told the person" in after
    assert way.said()[-1].startswith("Good news.")


def test_the_headers_of_a_public_page(provider, path):
    for answer in (provider.get(path), provider.get("/provider/nonsense"), provider.post(f"{path}/accept", data=YES)):
        headers = answer.headers
        assert "default-src 'none'" in headers["content-security-policy"] and "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    assert provider.get(path).headers["x-robots-tag"] == "noindex, nofollow"
    assert not re.search(r"<script|<style|style=|onclick", provider.get(path).text)


def test_after_a_yes_the_link_lives_for_the_sessions(provider, path):
    newer = provider.post(f"{path}/accept", data=YES).headers["location"].partition("?")[0]
    clock.shift(days=100)
    assert provider.get(path).status_code == 410
    assert provider.get(newer).status_code == 200


def test_a_double_click_and_the_back_button_do_no_harm(provider, path, way):
    for _ in range(3):
        assert provider.post(f"{path}/accept", data=YES).status_code == 303
    assert way.events().count("provider_accepted") == 1 and len(way.texts()) == 2


def test_a_no(provider, path, way):
    went = provider.post(f"{path}/decline", data={"reason": "full", "why": "until spring"})
    assert provider.get(went.headers["location"]).text.count("You said no") == 1
    assert provider.post(f"{path}/decline", data={"reason": "full"}).status_code == 303
    late = provider.post(f"{path}/accept", data=YES)
    assert late.status_code == 409 and "answered or closed" in late.text
    assert "Dorothy" not in provider.get(path).text and way.row.status == "declined"


@pytest.mark.parametrize(("act", "data", "words"), [
    ("accept", {**YES, "who": ""}, "who will meet"), ("accept", {**YES, "day": "2026-11-01"}, "has passed"),
    ("accept", {**YES, "bring": "maybe"}, "come along"), ("decline", {"reason": ""}, "Choose a reason"),
    ("decline", {"reason": "full", "why": "x" * 151}, "150 characters"),
])  # fmt: skip
def test_a_fault_stands_beside_the_form_and_what_was_typed_stays(provider, path, way, act, data, words):
    answer = provider.post(f"{path}/{act}", data=data)
    assert answer.status_code == 422 and words in answer.text and "Please check one thing" in answer.text
    assert all(f'value="{value}"' in answer.text for key, value in data.items() if value and key in ("who", "place", "time"))
    assert way.row.status == "sent"


def test_too_long_to_be_honest_is_refused_without_a_trace(provider, path, way):
    assert provider.post(f"{path}/accept", data={**YES, "who": "x" * 100_000}).status_code == 422
    assert way.row.status == "sent"


def test_sessions_and_the_end(provider, path, way):
    going = provider.post(f"{path}/accept", data=YES).headers["location"].partition("?")[0]
    clock.shift(days=4)
    for _ in range(2):
        assert provider.post(f"{going}/session", data={"day": "2026-11-26", "came": "yes"}).status_code == 303
    assert "1 session so far. 3 free ones are left." in " ".join(provider.get(going).text.split())
    for wrong in ({"day": "2026-11-30", "came": "yes"}, {"day": "soon", "came": "yes"}, {"day": "2026-11-26", "came": ""}):
        assert provider.post(f"{going}/session", data=wrong).status_code == 422
    for _ in range(2):
        assert provider.post(f"{going}/stopped", data={"reason": "travel"}).status_code == 303
    assert (way.row.ended, way.row.stop_reason) == ("disengaged", "travel") and way.events().count("disengaged") == 1
    assert way.said()[-1].startswith("Tea and Talk tells us you are not going there just now. That is all right.") and "ravel" not in way.said()[-1]
    assert way.offered() == ["Show me others", "Book a call", "I am still going"]
    assert len([text for text in way.texts() if "not going there" in text]) == 1, "a double click writes once"
    over = provider.get(going)
    assert over.status_code == 200 and "This referral has ended" in over.text and "900123" not in over.text and "Dorothy" not in over.text
    assert provider.post(f"{going}/session", data={"day": "2026-11-27", "came": "yes"}).status_code == 409


def test_they_finished(provider, path, way):
    going = provider.post(f"{path}/accept", data=YES).headers["location"].partition("?")[0]
    provider.post(f"{going}/stopped", data={"reason": "finished"})
    assert way.row.ended == "completed" and way.event("completed")["sessions"] == 0
    assert way.said()[-1].startswith("Tea and Talk tells us you have finished there."), "four free sessions are left: not that all are used"


def test_a_reason_that_is_not_on_the_list_is_asked_about_before_anybody_is_written_to(provider, path, way):
    going = provider.post(f"{path}/accept", data=YES).headers["location"].partition("?")[0]
    said = way.said()
    assert provider.post(f"{going}/stopped", data={"reason": "other"}).status_code == 303
    assert way.said() == said and way.row.ended == "disengaged"
    assert "Ask them before you write to Dorothy." in way.tasks("referral")[-1]


def test_links_that_do_not_work_say_what_to_do(provider, path, way):
    altered = provider.get(path[:-3] + "AAA")
    assert altered.status_code == 404 and "Open it again from the letter" in altered.text and "ring the surgery" in altered.text
    clock.shift(days=61)
    old = provider.get(path)
    assert old.status_code == 410 and "has run out" in old.text and "Dorothy" not in old.text
    clock.shift(days=-61)
    way.do(lambda c, h, r: referrals.withdraw(c, h, r, "amina"))
    for answer in (provider.get(path), provider.post(f"{path}/accept", data=YES)):
        assert answer.status_code == 410 and "taken back" in answer.text and "Dorothy" not in answer.text
    assert way.row.status == "closed"


def test_too_many_in_a_minute_are_slowed(provider, path):
    answers = [provider.get(path).status_code for _ in range(62)]
    assert answers[:60] == [200] * 60 and 429 in answers[60:]


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7*7 }}", "\u202e\x00 Jo", "Robert'); DROP TABLE referrals;--"])
def test_hostile_words_are_words(provider, path, way, words):
    provider.post(f"{path}/accept", data={**YES, "who": words, "place": words})
    assert "<script>alert" not in provider.get(path).text and way.row is not None
