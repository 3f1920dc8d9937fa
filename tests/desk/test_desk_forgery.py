"""Writes must come from our own page with the session's token; pages carry a strict policy."""

from __future__ import annotations

import pytest
from desk_browser import BASE, browser

ADDRESS = "/navigator/conversations/{}/note"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": BASE}, 200),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_page_may_write(at_desk, begin, headers, status):
    desk, conversation = at_desk("amina"), begin()
    del desk.headers["sec-fetch-site"]
    answer = desk.post(
        ADDRESS.format(conversation), data={"note": "x"},
        headers={"X-CSRF-Token": desk.csrf, "hx-request": "true", **headers},
    )  # fmt: skip
    assert answer.status_code == status


@pytest.mark.parametrize("token", ["", "wrong", None])
def test_a_write_without_the_sessions_token_is_refused(at_desk, begin, token):
    desk, conversation = at_desk("amina"), begin()
    headers = {} if token is None else {"X-CSRF-Token": token}
    answer = desk.post(ADDRESS.format(conversation), data={"note": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "No notes yet" in desk.look(f"/conversations/{conversation}").text


def test_a_colleagues_token_does_not_fit(at_desk, begin):
    amina, colin, conversation = at_desk("amina"), at_desk("colin"), begin()
    amina.csrf = colin.csrf
    assert amina.press(f"/conversations/{conversation}/note", note="x").status_code == 403


def test_a_plain_form_with_its_hidden_field_works(at_desk, begin):
    desk, conversation = at_desk("amina"), begin()
    answer = desk.press(f"/conversations/{conversation}/note", htmx=False, note="Rang, no answer")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/navigator/conversations/{conversation}")
    assert "Rang, no answer" in desk.look(f"/conversations/{conversation}").text


def test_the_sign_in_form_needs_its_own_token(app):
    desk = browser(app)
    desk.look("/sign-in")
    answer = desk.post("/navigator/sign-in", data={"username": "a", "password": "b", "code": "1", "csrf": "guessed"})
    assert answer.status_code == 403


def test_pages_allow_no_inline_script_and_no_frame_and_no_cache(at_desk, begin):
    desk, conversation = at_desk("grace"), begin()
    for address in ("/", "/calls", "/people", "/activity", "/help", f"/conversations/{conversation}", "/nowhere"):
        answer = desk.look(address)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "<style" not in answer.text and " style=" not in answer.text and " onclick" not in answer.text
        assert answer.text.count("<script") == answer.text.count("<script src=")


def test_what_a_patient_writes_is_shown_as_text(at_desk, begin):
    desk = at_desk("amina")
    conversation = begin("<script>alert(1)</script><img src=x onerror=alert(2)>", person_name="<b>Eve</b>")
    page = desk.look(f"/conversations/{conversation}").text
    parts = desk.look(f"/conversations/{conversation}/parts", after=0).text
    inbox = desk.look("/").text
    for html in (page, parts, inbox):
        assert "<script>alert" not in html and "<img src=x" not in html and "<b>Eve" not in html
    assert "&lt;script&gt;" in page and "&lt;script&gt;" in parts
