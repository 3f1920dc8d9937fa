"""My account: password, app, codes and sign-ins, each after a confirmation, each ending what was before."""

from __future__ import annotations

import re

import pyotp
import pytest
from desk_browser import browser, fill_in

from assistant.clock import clock
from assistant.desk import accounts

NEW = "purple teapot over mountain"


def code_of(staff, name="amina"):
    return accounts.current_code(staff[name].totp_secret)


@pytest.mark.parametrize("address", ["/me/password", "/me/authenticator", "/me/codes"])
def test_each_page_asks_for_a_confirmation_after_five_minutes(at_desk, address):
    desk = at_desk("rita")  # every role has an account of its own
    assert desk.look("/me").status_code == 200 and desk.look(address).status_code == 200
    clock.shift(minutes=6)
    assert desk.look("/me").status_code == 200
    assert desk.look(address).headers["location"].startswith("/navigator/confirm")
    assert desk.press(address, htmx=False).headers["location"].startswith("/navigator/confirm")


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "12 characters"),
        ("a" * 201, "a" * 201, "12 characters"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "easy to guess"),
        ("my Password is this", "my Password is this", "easy to guess"),
        ("amina likes mountains", "amina likes mountains", "easy to guess"),
        (NEW, NEW + "x", "not the same"),
    ],
)
def test_a_password_that_will_not_do_says_why(at_desk, staff, app, new, again, said):
    desk = at_desk("amina")
    answer = desk.press("/me/password", htmx=False, new=new, again=again)
    assert answer.status_code == 422 and said in answer.text and new not in answer.text


def test_a_new_password_ends_the_other_sign_ins_and_the_old_one(app, at_desk, staff):
    here = at_desk("amina")
    clock.shift(seconds=30)
    there = at_desk("amina")
    answer = here.press("/me/password", htmx=False, new=NEW, again=NEW)
    assert answer.headers["location"] == "/navigator/me?done=password"
    assert "Your password is changed" in here.look("/me", done="password").text
    assert there.look("/").status_code == 303 and here.look("/").status_code == 200
    clock.shift(seconds=30)
    assert fill_in(browser(app), "amina", staff["amina"].password, code_of(staff)).status_code == 401
    assert fill_in(browser(app), "amina", NEW, code_of(staff)).status_code == 303


def fields(page):
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("secret", "seal")}


def test_a_new_app_counts_from_its_first_code_on(app, at_desk, staff):
    desk = at_desk("amina")
    shown = fields(desk.look("/me/authenticator").text)
    wrong = desk.press("/me/authenticator", htmx=False, **shown, code="000000")
    assert wrong.status_code == 422 and shown["secret"] in wrong.text, "the same key again, not another"
    clock.shift(seconds=30)
    assert fill_in(browser(app), "amina", staff["amina"].password, code_of(staff)).status_code == 303, "the old one still works"
    code = pyotp.TOTP(shown["secret"]).at(clock.now())
    assert desk.press("/me/authenticator", htmx=False, **shown, code=code).headers["location"] == "/navigator/me?done=app"
    assert fill_in(browser(app), "amina", staff["amina"].password, code).status_code == 401, "that code is used"
    clock.shift(seconds=60)
    assert fill_in(browser(app), "amina", staff["amina"].password, code_of(staff)).status_code == 401
    code = pyotp.TOTP(shown["secret"]).at(clock.now())
    assert fill_in(browser(app), "amina", staff["amina"].password, code).status_code == 303


def test_a_key_of_somebody_elses_making_is_refused(at_desk):
    amina, colin = at_desk("amina"), at_desk("colin")
    theirs = fields(colin.look("/me/authenticator").text)
    code = pyotp.TOTP(theirs["secret"]).at(clock.now())
    assert amina.press("/me/authenticator", htmx=False, **theirs, code=code).status_code == 409
    own = {**fields(amina.look("/me/authenticator").text), "secret": theirs["secret"]}
    assert amina.press("/me/authenticator", htmx=False, **own, code=code).status_code == 409


def test_recovery_codes_are_shown_once_and_work(app, at_desk, staff):
    desk = at_desk("amina")
    assert "0 left" in desk.look("/me").text and "locks you out" in desk.look("/me").text
    rita = at_desk("rita")
    for first in (desk.look("/"), rita.look("/calls")):
        assert "make your recovery codes" in first.text, "the first page of a first morning says so"
    made = desk.press("/me/codes", htmx=False).text
    assert "make your recovery codes" not in desk.look("/").text
    codes = re.findall(r"<code>([a-z0-9-]{19})</code>", made)
    assert len(codes) == 10 and "never shown again" in made
    again = desk.look("/me/codes").text
    assert "10 of 10 left" in again and not any(code in again for code in codes)
    assert fill_in(browser(app), "amina", staff["amina"].password, codes[0]).status_code == 303
    assert "9 left" in desk.look("/me").text


def test_my_sign_ins_are_listed_and_all_can_be_ended(at_desk):
    here = at_desk("amina")
    clock.shift(seconds=30)
    there = at_desk("amina")
    page = here.look("/me").text
    assert "This one" in page and ">Open<" in page
    assert here.press("/me/sign-out-everywhere", htmx=False).headers["location"] == "/navigator/sign-in"
    assert here.look("/").status_code == 303 and there.look("/").status_code == 303
