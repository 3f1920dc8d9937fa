"""Sign-in by OpenID Connect: who is let in, and every token that is not quite right stays outside."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from desk_browser import browser
from oidc_issuer import CLIENT, ISSUER, OTHER_KEY, SECRET, Issuer

from assistant.clock import clock
from assistant.desk import accounts, oidc
from assistant.settings import Settings
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import audit, oidc_tries, staff_sessions
from assistant.store.staff_tables import staff as staff_table


@pytest.fixture
def issuer(house, staff, monkeypatch):
    """An issuer that knows Amina by her verified address."""
    made = Issuer()
    house.settings = house.settings.copy(
        update={"oidc_issuer": ISSUER, "oidc_client_id": CLIENT, "oidc_name": "NHSmail",
                "oidc_client_secret": Settings(_env_file=None, oidc_client_secret=SECRET).oidc_client_secret}
    )  # fmt: skip
    monkeypatch.setattr(oidc, "make_client", lambda settings: made.reached_by(oidc._client(settings)))
    with transaction(house.engine) as connection:
        connection.execute(staff_table.update().where(staff_table.c.username == "amina").values(email="amina@nhs.test"))
    made.claims = {"email": "Amina@NHS.test", "email_verified": True}
    return made


def leave(desk, next="/navigator/calls", start="/oidc/start"):
    answer = desk.look(start, next=next)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def sign_in(desk, issuer, **claims):
    return desk.look("/oidc/callback", **issuer.sign_in(leave(desk), **claims))


def refused(answer):
    """The sign-in page with a reason, and nobody signed in."""
    return answer.status_code == 401 and "linkway_staff=" not in answer.headers.get("set-cookie", "")


def sessions_open(house):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(staff_sessions)).all()


def test_a_verified_address_opens_the_account_that_has_it(house, app, issuer):
    desk = browser(app)
    assert "Sign in with NHSmail" in desk.look("/sign-in").text
    address = leave(desk)
    assert address.startswith(f"{ISSUER}/authorize?")
    asked = parse_qs(urlsplit(address).query)
    assert asked["redirect_uri"] == ["http://desk.test/navigator/oidc/callback"] and "prompt" not in asked
    answer = desk.look("/oidc/callback", **issuer.sign_in(address))
    assert (answer.status_code, answer.headers["location"]) == (303, "/navigator/calls")
    assert "Amina Yusuf" in desk.look("/").text
    with reading(house.engine) as connection:
        row = accounts.find(connection, "amina")
        lines = connection.execute(sa.select(audit.c.action)).scalars().all()
        assert connection.execute(sa.select(oidc_tries)).all() == []
    assert row.oidc_subject == f"{ISSUER} subject-1" and {"account.linked", "sign_in"} <= set(lines)


def test_the_subject_is_bound_so_the_address_alone_opens_nothing_later(house, app, issuer):
    assert sign_in(browser(app), issuer).status_code == 303
    assert refused(sign_in(browser(app), issuer, sub="subject-2")), "another person with a handed-on address"
    assert sign_in(browser(app), issuer, email=None).status_code == 303, "the subject is enough"


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody-else"},
        {"aud": ["somebody-else", "third"]},
        {"iss": "https://elsewhere.test"},
        {"exp": 1},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"azp": "somebody-else"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": "stranger@nhs.test"},
        {"email": None},
    ],
)
def test_what_is_not_quite_right_lets_nobody_in(house, app, issuer, claims):
    assert refused(sign_in(browser(app), issuer, **claims)) and sessions_open(house) == []


def test_a_token_signed_by_another_key_or_by_none_is_refused(house, app, issuer):
    issuer.key = OTHER_KEY
    assert refused(sign_in(browser(app), issuer))
    issuer.alg = "none"
    assert refused(sign_in(browser(app), issuer)) and sessions_open(house) == []


def test_an_answer_works_once_in_the_browser_it_left_from_and_for_ten_minutes(house, app, issuer):
    desk, thief = browser(app), browser(app)
    back = issuer.sign_in(leave(desk))
    leave(thief)
    assert refused(thief.look("/oidc/callback", **back)), "another browser"
    assert desk.look("/oidc/callback", **back).status_code == 303
    assert refused(desk.look("/oidc/callback", **back)), "a replay"
    late = browser(app)
    back = issuer.sign_in(leave(late))
    clock.shift(minutes=11)
    assert refused(late.look("/oidc/callback", **back))


@pytest.mark.parametrize("given", [{}, {"state": "x"}, {"code": "x"}, {"state": "é", "code": "x"}])
def test_a_made_up_answer_is_refused(app, issuer, given):
    desk = browser(app)
    leave(desk)
    assert refused(desk.look("/oidc/callback", **given))


def test_a_code_that_is_no_good_and_a_cancel_are_said(app, issuer):
    desk = browser(app)
    back = issuer.sign_in(leave(desk))
    assert refused(desk.look("/oidc/callback", **{**back, "code": "made-up"}))
    back = issuer.sign_in(leave(desk))
    cancelled = desk.look("/oidc/callback", state=back["state"], error="access_denied")
    assert refused(cancelled) and "not signed in there" in cancelled.text


def test_a_closed_account_stays_closed(house, app, issuer):
    with transaction(house.engine) as connection:
        accounts.disable_staff(connection, "amina")
    answer = sign_in(browser(app), issuer)
    assert refused(answer) and "no open account here" in answer.text


def test_an_issuer_that_is_away_or_another_leaves_the_password_way_open(app, issuer):
    issuer.names_itself = "https://elsewhere.test"
    answer = browser(app).look("/oidc/start")
    assert answer.status_code == 401 and "cannot be reached" in answer.text and 'name="password"' in answer.text
    issuer.names_itself, desk = ISSUER, browser(app)
    back = issuer.sign_in(leave(desk))
    issuer.up = False
    assert "cannot be reached" in desk.look("/oidc/callback", **back).text


def test_after_signing_in_one_stays_in_the_console(app, issuer):
    desk = browser(app)
    answer = desk.look("/oidc/callback", **issuer.sign_in(leave(desk, next="https://elsewhere.example/")))
    assert answer.headers["location"] == "/navigator/"


def test_a_confirmation_needs_a_new_sign_in_there_of_the_same_person(house, app, issuer):
    desk = browser(app)
    sign_in(desk, issuer)
    clock.shift(minutes=10)
    page = desk.look("/confirm", next="/navigator/calls").text
    assert "Confirm with NHSmail" in page
    address = leave(desk, start="/oidc/confirm")
    asked = parse_qs(urlsplit(address).query)
    assert asked["prompt"] == ["login"] and asked["max_age"] == ["0"]
    remembered = int(clock.now().timestamp()) - 3600
    assert refused(desk.look("/oidc/callback", **issuer.sign_in(address, auth_time=remembered)))
    assert refused(desk.look("/oidc/callback", **issuer.sign_in(leave(desk, start="/oidc/confirm"), auth_time=None)))
    assert refused(desk.look("/oidc/callback", **issuer.sign_in(leave(desk, start="/oidc/confirm"), sub="subject-2")))
    assert desk.look("/confirm").status_code == 200
    good = desk.look("/oidc/callback", **issuer.sign_in(leave(desk, start="/oidc/confirm")))
    assert (good.status_code, good.headers["location"]) == (303, "/navigator/calls")
    [session] = sessions_open(house)
    assert session.via == "oidc" and session.confirmed_at == clock.now()


def test_where_none_is_set_up_nothing_is_offered(app, staff):
    desk = browser(app)
    assert "/oidc/start" not in desk.look("/sign-in").text
    assert "not set up" in desk.look("/oidc/start").text


def test_so_many_under_way_and_no_more(house, app, issuer, monkeypatch):
    monkeypatch.setattr(oidc, "MOST_TRIES", 2)
    for _ in range(2):
        leave(browser(app))
    assert "Too many" in browser(app).look("/oidc/start").text
    clock.shift(minutes=11)
    leave(browser(app))
