"""What leaves the house or changes an account asks for password and code again, and recovery codes stand in for codes."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from desk_browser import browser, fill_in
from fastapi import Depends
from fastapi.responses import PlainTextResponse

from assistant.clock import clock
from assistant.desk import accounts, audit, csrf, recovery, sessions
from assistant.desk.router import desk_router
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import audit as audit_table
from assistant.store.staff_tables import staff_recovery_codes


@pytest.fixture
def delicate(app):
    """A page and a form that need a fresh confirmation, as other parts of the desk make theirs."""
    from fastapi import APIRouter

    from assistant.desk.pages import ROOT, DeskRoute

    made = APIRouter(prefix=ROOT, route_class=DeskRoute)
    done = []

    @made.get("/delicate")
    def look(who=Depends(sessions.fresh)):  # noqa: B008
        return PlainTextResponse("people's details")

    @made.post("/delicate")
    def act(who=Depends(csrf.fresh_writer)):  # noqa: B008
        done.append(who.username)
        return PlainTextResponse("done")

    routes = list(made.routes)
    app.router.routes[0:0] = routes
    assert desk_router.routes
    return done


def code_now(staff, name="amina"):
    return accounts.current_code(staff[name].totp_secret)


def confirm(desk, password, code, next="/navigator/delicate?a=1"):
    return desk.press("/confirm", htmx=False, password=password, code=code, next=next)


def test_for_five_minutes_after_signing_in_nothing_is_asked(at_desk, delicate):
    desk = at_desk("amina")
    clock.shift(minutes=4, seconds=59)
    assert desk.look("/delicate").text == "people's details"
    clock.shift(seconds=1)
    answer = desk.look("/delicate", a="1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/navigator/confirm?next=%2Fnavigator%2Fdelicate%3Fa%3D1"


def test_password_and_code_again_lead_to_what_was_asked_for(at_desk, staff, delicate):
    desk = at_desk("amina")
    clock.shift(minutes=10)
    assert "Confirm that it is you" in desk.look("/confirm", next="/navigator/delicate").text
    assert confirm(desk, "wrong", code_now(staff)).status_code == 401
    assert confirm(desk, staff["amina"].password, "000000").status_code == 401
    assert desk.look("/delicate").status_code == 303
    answer = confirm(desk, staff["amina"].password, code_now(staff))
    assert (answer.status_code, answer.headers["location"]) == (303, "/navigator/delicate?a=1")
    assert desk.look("/delicate").text == "people's details"
    clock.shift(minutes=5)
    assert desk.look("/delicate").status_code == 303


def test_a_colleagues_password_and_code_confirm_nobody(at_desk, staff, delicate):
    desk = at_desk("amina")
    clock.shift(minutes=10)
    assert confirm(desk, staff["colin"].password, code_now(staff, "colin")).status_code == 401


def test_a_form_that_was_sent_too_late_was_not_acted_on(at_desk, delicate):
    desk = at_desk("amina")
    clock.shift(minutes=10)
    page = {"referer": "http://desk.test/navigator/delicate?b=2"}
    answer = desk.post("/navigator/delicate", data={"csrf": desk.csrf}, headers=page, follow_redirects=False)
    assert answer.headers["location"] == "/navigator/confirm?next=%2Fnavigator%2Fdelicate%3Fb%3D2" and delicate == []
    by_htmx = desk.press("/delicate")
    assert by_htmx.status_code == 403 and by_htmx.headers["hx-redirect"].startswith("/navigator/confirm")


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "/chat"])
def test_confirming_never_leads_elsewhere(at_desk, staff, elsewhere):
    desk = at_desk("amina")
    clock.shift(minutes=1)
    answer = confirm(desk, staff["amina"].password, code_now(staff), next=elsewhere)
    assert answer.headers["location"] == "/navigator/"


def test_wrong_confirmations_lock_as_wrong_sign_ins_do(at_desk, staff, delicate):
    desk = at_desk("amina")
    clock.shift(minutes=10)
    for _ in range(5):
        assert confirm(desk, "wrong", "1").status_code == 401
    assert confirm(desk, staff["amina"].password, code_now(staff)).status_code == 401
    clock.shift(minutes=16)
    assert confirm(desk, staff["amina"].password, code_now(staff)).status_code == 303


def codes_for(house, staff, name="amina"):
    fresh = recovery.fresh_set()
    with transaction(house.engine) as connection:
        staff_id = accounts.find(connection, name).id
        recovery.keep(connection, staff_id, fresh)
    return staff_id, fresh.shown


def left(house, staff_id):
    with reading(house.engine) as connection:
        return recovery.left(connection, staff_id)


def test_ten_codes_each_works_once_in_place_of_the_one_time_code(house, app, staff):
    staff_id, codes = codes_for(house, staff)
    assert len(set(codes)) == 10 == left(house, staff_id)
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", code) for code in codes)
    password = staff["amina"].password
    assert fill_in(browser(app), "amina", password, codes[3]).status_code == 303
    assert left(house, staff_id) == 9
    assert fill_in(browser(app), "amina", password, codes[3]).status_code == 401
    typed = f" {codes[4].upper().replace('-', ' ')} "
    assert fill_in(browser(app), "amina", password, typed).status_code == 303
    assert fill_in(browser(app), "amina", "wrong", codes[5]).status_code == 401
    assert left(house, staff_id) == 8, "a wrong password uses up no code"


def test_a_code_of_somebody_else_and_a_guess_do_not_work(house, app, staff):
    _, codes = codes_for(house, staff, "colin")
    codes_for(house, staff)
    assert fill_in(browser(app), "amina", staff["amina"].password, codes[0]).status_code == 401
    guess = codes[0][:4] + "-abcd-efgh-jkmn"
    assert fill_in(browser(app), "colin", staff["colin"].password, guess).status_code == 401
    assert fill_in(browser(app), "nobody", "x", codes[0]).status_code == 401


def test_a_new_set_and_a_reset_end_the_old_codes(house, app, staff):
    staff_id, old = codes_for(house, staff)
    _, new = codes_for(house, staff)
    assert fill_in(browser(app), "amina", staff["amina"].password, old[0]).status_code == 401
    assert fill_in(browser(app), "amina", staff["amina"].password, new[0]).status_code == 303
    with transaction(house.engine) as connection:
        accounts.reset_staff(connection, "amina")
    assert left(house, staff_id) == 0


def test_codes_are_kept_as_hashes_and_their_use_is_audited(house, app, staff):
    staff_id, codes = codes_for(house, staff)
    fill_in(browser(app), "amina", staff["amina"].password, codes[0])
    with reading(house.engine) as connection:
        stored = repr(connection.execute(sa.select(staff_recovery_codes)).all())
        lines = connection.execute(sa.select(audit_table.c.action, audit_table.c.subject)).all()
        assert audit.verify(connection) is None
    assert "$argon2id$" in stored and not any(code in stored or recovery.plain(code) in stored for code in codes)
    assert ("account.codes_made", staff_id) in lines and ("account.code_used", staff_id) in lines


def test_two_at_once_use_a_code_once(house, staff):
    _, codes = codes_for(house, staff)
    with reading(house.engine) as connection:
        row = accounts.find(connection, "amina")
        found = recovery.find(connection, row.id, codes[0])
    with transaction(house.engine) as connection:
        assert recovery.use(connection, found[0]) and not recovery.use(connection, found[0])
