"""Signing in: three things must fit, failures tell nothing, codes work once, sign-ins run out."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from desk_browser import BASE, browser, fill_in

from assistant.clock import clock
from assistant.desk import accounts
from assistant.desk.account_pages import safe_next
from assistant.desk.sessions import WRONG
from assistant.errors import BadInput, Conflict, NotFound
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import presence, staff_sessions
from assistant.store.staff_tables import staff as staff_table


def code_of(account):
    return accounts.current_code(account.totp_secret)


def test_password_and_code_open_the_inbox(app, staff):
    desk = browser(app)
    answer = fill_in(desk, "Amina ", staff["amina"].password, code_of(staff["amina"]))
    assert (answer.status_code, answer.headers["location"]) == (303, "/navigator/")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    assert "Amina Yusuf" in desk.look("/").text


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(app, house, staff):
    house.settings = house.settings.copy(update={"public_base_url": BASE.replace("http", "https")})
    answer = fill_in(browser(app), "amina", staff["amina"].password, code_of(staff["amina"]))
    assert answer.status_code == 403  # the sign-in cookie is Secure and this browser is on http
    secure = browser(app)
    secure.base_url = BASE.replace("http", "https")
    answer = fill_in(secure, "amina", staff["amina"].password, code_of(staff["amina"]))
    assert answer.headers["set-cookie"].startswith("__Host-linkway_staff=") and "Secure" in answer.headers["set-cookie"]


def test_every_failure_reads_the_same(app, house, staff):
    account, code = staff["amina"], code_of(staff["amina"])
    with transaction(house.engine) as connection:
        accounts.disable_staff(connection, "colin")
    tries = [
        ("amina", "wrong", code),
        ("amina", account.password, "000000"),
        ("nobody", account.password, code),
        ("amina", "", ""),
        ("colin", staff["colin"].password, code_of(staff["colin"])),
    ]
    for username, password, code_given in tries:
        answer = fill_in(browser(app), username, password, code_given)
        assert answer.status_code == 401 and WRONG in answer.text
        assert "set-cookie" not in answer.headers or "linkway_staff" not in answer.headers["set-cookie"]


def test_a_code_works_once_and_the_next_one_does(app, staff):
    account = staff["amina"]
    assert fill_in(browser(app), "amina", account.password, code_of(account)).status_code == 303
    assert fill_in(browser(app), "amina", account.password, code_of(account)).status_code == 401
    clock.shift(seconds=30)
    assert fill_in(browser(app), "amina", account.password, code_of(account)).status_code == 303


def test_five_failures_lock_for_fifteen_minutes_even_the_right_words(app, staff):
    account = staff["amina"]
    for _ in range(5):
        assert fill_in(browser(app), "amina", "wrong", "123456").status_code == 401
    assert fill_in(browser(app), "amina", account.password, code_of(account)).status_code == 401
    clock.shift(minutes=14)
    assert fill_in(browser(app), "amina", account.password, code_of(account)).status_code == 401
    clock.shift(minutes=2)
    assert fill_in(browser(app), "amina", account.password, code_of(account)).status_code == 303


def test_idle_for_thirty_minutes_ends_the_sign_in_and_work_keeps_it(at_desk):
    desk = at_desk("amina")
    for _ in range(3):
        clock.shift(minutes=29)
        assert desk.look("/").status_code == 200
    clock.shift(minutes=30)
    answer = desk.look("/calls")
    assert (answer.status_code, answer.headers["location"]) == (303, "/navigator/sign-in?next=%2Fnavigator%2Fcalls")


def test_a_form_sent_after_the_sign_in_ended_leads_back_to_its_page_and_says_so(at_desk):
    desk = at_desk("amina")
    clock.shift(minutes=31)
    form = "http://desk.test/navigator/patients/add?x=1"
    for headers in ({"referer": form}, {"hx-request": "true", "hx-current-url": form}):
        answer = desk.post("/navigator/patients/add", data={"name": "Edna", "csrf": desk.csrf}, headers=headers, follow_redirects=False)
        address = answer.headers.get("location") or answer.headers["hx-redirect"]
        assert address == "/navigator/sign-in?next=%2Fnavigator%2Fpatients%2Fadd%3Fx%3D1&lost=1"
    page = desk.get(address).text
    assert "What you just sent was not kept." in page and 'name="next" value="/navigator/patients/add?x=1"' in page
    assert "was not kept" not in desk.look("/sign-in").text


def test_what_the_page_does_by_itself_is_no_activity(at_desk):
    desk = at_desk("amina")
    for _ in range(29):
        clock.shift(minutes=1)
        beat = desk.press("/presence", active="0")
        assert beat.status_code == 200 and desk.look("/inbox/parts").status_code == 200
    assert "Stay signed in" in beat.text
    clock.shift(minutes=1)
    ended = desk.press("/presence", active="0")
    assert ended.status_code == 401 and ended.headers["hx-redirect"] == "/navigator/sign-in"


def test_a_person_at_the_keys_stays_signed_in(at_desk):
    desk = at_desk("amina")
    for _ in range(4):
        clock.shift(minutes=20)
        assert desk.press("/presence", active="1").text.strip() == ""
    assert desk.look("/").status_code == 200


def test_twelve_hours_end_any_sign_in(at_desk):
    desk = at_desk("amina")
    for _ in range(36):
        clock.shift(minutes=20)
        last = desk.look("/help")
    assert last.status_code == 303


def test_sign_out_ends_the_session_for_good(at_desk, house):
    desk = at_desk("amina")
    cookie = desk.cookies["linkway_staff"]
    assert desk.press("/sign-out", htmx=False).headers["location"] == "/navigator/sign-in"
    desk.cookies.set("linkway_staff", cookie)
    assert desk.look("/").status_code == 303
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(presence)).all() == []


def test_who_still_talks_with_somebody_is_asked_before_signing_out(at_desk, begin):
    desk, conversation = at_desk("amina"), begin(state="waiting")
    assert 'action="/navigator/sign-out"' in desk.look("/").text  # one press, from any page
    desk.press(f"/conversations/{conversation}/claim")
    asked = desk.press("/sign-out", htmx=False)
    assert asked.status_code == 200 and "You are talking with 1 person" in asked.text
    assert "console.js" not in asked.text  # no heartbeat while the question stands
    assert desk.look("/").status_code == 200
    assert desk.press("/sign-out", htmx=False, sure="1").headers["location"] == "/navigator/sign-in"
    assert desk.look("/").status_code == 303


def test_disabling_signs_out_at_once_and_reset_opens_again_with_new_words(app, at_desk, house, staff):
    desk, old = at_desk("amina"), staff["amina"]
    with transaction(house.engine) as connection:
        accounts.disable_staff(connection, "amina")
    assert desk.look("/").status_code == 303
    clock.shift(minutes=1)
    with transaction(house.engine) as connection:
        new = accounts.reset_staff(connection, "amina")
    assert new.password != old.password and new.totp_secret != old.totp_secret
    assert fill_in(browser(app), "amina", old.password, code_of(new)).status_code == 401
    assert fill_in(browser(app), "amina", new.password, code_of(new)).status_code == 303


def test_neither_password_nor_token_stands_in_the_database(at_desk, house, staff):
    desk = at_desk("amina")
    with reading(house.engine) as connection:
        stored = repr(connection.execute(sa.select(staff_table)).all())
        stored += repr(connection.execute(sa.select(staff_sessions)).all())
    assert "$argon2id$" in stored
    assert staff["amina"].password not in stored and desk.cookies["linkway_staff"] not in stored
    assert staff["amina"].password not in repr(staff["amina"])


@pytest.mark.parametrize(
    ("address", "goes"),
    [
        ("/navigator/calls", "/navigator/calls"),
        ("https://elsewhere.example/navigator/", "/navigator/"),
        ("//elsewhere.example", "/navigator/"),
        ("/navigator/\\elsewhere", "/navigator/"),
        ("/navigator//elsewhere.example", "/navigator/"),
        ("/navigator/sign-in?next=/x", "/navigator/"),
    ],
)
def test_after_signing_in_one_stays_in_the_console(address, goes):
    assert safe_next(address) == goes


def test_accounts_say_what_is_wrong(house, staff):
    with transaction(house.engine) as connection:
        with pytest.raises(Conflict, match="already"):
            accounts.add_staff(connection, "AMINA", "Amina", "navigator")
        for username, name, role, field in (
            ("a b", "Amina", "navigator", "username"),
            ("amina2", "  ", "navigator", "name"),
            ("amina2", "Amina", "king", "role"),
        ):
            with pytest.raises(BadInput) as caught:
                accounts.add_staff(connection, username, name, role)
            assert caught.value.field == field
        with pytest.raises(NotFound):
            accounts.reset_staff(connection, "nobody")
