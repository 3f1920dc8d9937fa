"""A manager's accounts page: colleagues of the practice, never one's own account, every step confirmed and audited."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from desk_browser import browser, fill_in

from assistant.clock import clock
from assistant.conversations import records
from assistant.desk import accounts, audit
from assistant.pathway import caseload, patients
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import audit as audit_table


def account(house, username):
    with reading(house.engine) as connection:
        return accounts.find(connection, username)


def shown(html):
    """(password, key) of the page that is shown once."""
    codes = re.findall(r"<code[^>]*>([^<]+)</code>", html)
    return codes[1], codes[2].replace(" ", "")


def add(desk, **fields):
    given = {"username": "newbie", "name": "New Bie", "role": "navigator", "practice": "wardown-park", **fields}
    return desk.press("/accounts", htmx=False, **given)


def test_only_managers_and_only_their_practice(at_desk, house):
    for username in ("amina", "rita", "edith"):
        assert at_desk(username).look("/accounts").status_code == 403
    page = at_desk("grace").look("/accounts").text
    assert "Amina Yusuf" in page and "Joanne Castle" not in page and "Olive Reed" not in page
    everything = at_desk("olive").look("/accounts").text
    assert "Joanne Castle" in everything and "Every practice" in everything


def test_an_account_is_made_shown_once_and_works(app, at_desk, house):
    grace = at_desk("grace")
    made = add(grace)
    password, key = shown(made.text)
    assert "shown once" in made.text and password not in grace.look("/accounts").text
    assert fill_in(browser(app), "newbie", password, accounts.current_code(key)).status_code == 303
    assert account(house, "newbie").practice == "wardown-park"
    with reading(house.engine) as connection:
        line = connection.execute(sa.select(audit_table).where(audit_table.c.action == "account.added").order_by(audit_table.c.id.desc())).first()
        assert audit.verify(connection) is None
    assert line.staff_id == account(house, "grace").id


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "a b"}, "small letters"),
        ({"username": "AMINA"}, "already"),
        ({"name": " "}, "name patients will see"),
        ({"role": "king"}, "Choose one of"),
        ({"practice": "stopsley-green"}, "practice of the list"),
        ({"practice": ""}, "practice of the list"),
        ({"practice": "nowhere"}, "practice of the list"),
    ],
)
def test_what_cannot_be_used_is_said_and_what_was_typed_stays(at_desk, fields, said):
    answer = add(at_desk("grace"), **fields)
    assert answer.status_code == 422 and said in answer.text
    if "name" not in fields:
        assert 'value="New Bie"' in answer.text


def test_twice_the_same_button_makes_one_account(at_desk, house):
    grace = at_desk("grace")
    assert add(grace).status_code == 200
    assert add(grace).status_code == 422


def test_role_and_practice_change_at_once(at_desk, house):
    olive, amina = at_desk("olive"), at_desk("amina")
    staff_id = account(house, "amina").id
    changed = olive.press(f"/accounts/{staff_id}", htmx=False, name="Amina Y", role="receptionist", practice="stopsley-green", email="A@nhs.test")
    assert changed.headers["location"] == "/navigator/accounts"
    row = account(house, "amina")
    assert (row.name, row.role, row.practice, row.email) == ("Amina Y", "receptionist", "stopsley-green", "a@nhs.test")
    assert amina.look("/calls").status_code == 303, "signed out: the old powers are gone"
    taken = olive.press(f"/accounts/{account(house, 'colin').id}", htmx=False, name="C", role="navigator", practice="", email="a@nhs.test")
    assert taken.status_code == 422 and "Another account" in taken.text


def test_close_and_open_again_with_a_new_sign_in(app, at_desk, house, staff):
    grace, amina = at_desk("grace"), at_desk("amina")
    staff_id = account(house, "amina").id
    grace.press(f"/accounts/{staff_id}/close", htmx=False)
    assert amina.look("/").status_code == 303 and "Closed" in grace.look("/accounts").text
    clock.shift(seconds=60)
    assert fill_in(browser(app), "amina", staff["amina"].password, accounts.current_code(staff["amina"].totp_secret)).status_code == 401
    password, key = shown(grace.press(f"/accounts/{staff_id}/reset", htmx=False).text)
    assert fill_in(browser(app), "amina", password, accounts.current_code(key)).status_code == 303


def test_nobody_with_cases_is_closed_or_made_something_else(at_desk, house, begin):
    grace, olive, amina = at_desk("grace"), at_desk("olive"), account(house, "amina")
    talk = begin(person_name="Edna Marsh")
    with transaction(house.engine) as connection:
        patient = caseload.looked_after(connection, records.load(connection, talk), amina.id)
    page = grace.look(f"/accounts/{amina.id}").text
    assert "1 open case" in page and f"/navigator/leaving?person={amina.id}" in page and "Close the account" not in page
    closed = grace.press(f"/accounts/{amina.id}/close", htmx=False)
    assert closed.status_code == 422 and "still has 1 open case" in closed.text
    for role, practice in (("editor", "wardown-park"), ("navigator", "stopsley-green")):
        changed = olive.press(f"/accounts/{amina.id}", htmx=False, name="Amina Yusuf", role=role, practice=practice)
        assert changed.status_code == 422 and "Hand them over first" in changed.text
    assert (account(house, "amina").role, account(house, "amina").disabled_at) == ("navigator", None)
    clock.shift(minutes=6)
    late = grace.press("/leaving", htmx=False, person=amina.id, to=account(house, "colin").id, close="yes")
    assert late.headers["location"].startswith("/navigator/confirm") and account(house, "amina").disabled_at is None
    with reading(house.engine) as connection:
        assert patients.load(connection, patient).navigator_id == amina.id


@pytest.mark.parametrize("act", ["", "/reset", "/close"])
def test_nobody_changes_their_own_account_here(at_desk, house, act):
    grace = at_desk("grace")
    own = account(house, "grace").id
    answer = grace.press(f"/accounts/{own}{act}", htmx=False, name="Grace", role="manager", practice="wardown-park")
    assert answer.status_code == 403 and grace.look("/").status_code == 200
    assert "your own account" in grace.look(f"/accounts/{own}").text


@pytest.mark.parametrize("username", ["joanne", "olive"])
def test_accounts_of_elsewhere_are_not_there(at_desk, house, username):
    grace, staff_id = at_desk("grace"), account(house, username).id
    assert grace.look(f"/accounts/{staff_id}").status_code == 404
    for act in ("", "/reset", "/close"):
        assert grace.press(f"/accounts/{staff_id}{act}", htmx=False, name="X", role="editor", practice="wardown-park").status_code == 404
    assert account(house, username).disabled_at is None


def test_every_step_needs_a_fresh_confirmation(at_desk, house):
    grace, staff_id = at_desk("grace"), account(house, "amina").id
    clock.shift(minutes=6)
    assert grace.look("/accounts").headers["location"].startswith("/navigator/confirm")
    for address in ("/accounts", f"/accounts/{staff_id}", f"/accounts/{staff_id}/reset", f"/accounts/{staff_id}/close"):
        assert grace.press(address, htmx=False, name="X").headers["location"].startswith("/navigator/confirm")
    assert account(house, "amina").disabled_at is None and account(house, "amina").name == "Amina Yusuf"


def test_a_manager_sees_whoever_looked_at_the_practices_people(at_desk, begin, house):
    """Also those who see every practice, and the server; what these do elsewhere is not for this manager."""
    here, there = begin(person_name="Edna Marsh"), begin(practice="stopsley-green")
    olive, grace, amina = at_desk("olive"), at_desk("grace"), at_desk("amina")
    for one in (here, there):
        olive.look(f"/conversations/{one}")
    with transaction(house.engine) as connection:
        for one in (here, there):
            audit.record(connection, None, "data.exported", one)
    page = grace.look("/activity").text
    assert here[:8] in page and "Olive Reed" in page and "The server" in page and there[:8] not in page
    assert there not in grace.look("/activity.csv").text
    of_olive = grace.look("/activity", person=account(house, "olive").id).text
    assert here[:8] in of_olive and there[:8] not in of_olive
    assert here[:8] not in amina.look("/activity").text, "everybody else reads their own lines only"
    whose = grace.look(f"/privacy/conversation/{here}").text
    assert f"/navigator/activity?subject={here}&amp;first=" in whose and "activity?subject" not in amina.look(f"/privacy/conversation/{here}").text


def test_the_record_is_searched_and_taken_as_a_file(at_desk, begin, house):
    conversation, other = begin(), begin()
    amina, grace, joanne = at_desk("amina"), at_desk("grace"), at_desk("joanne")
    for one in (conversation, other):
        amina.look(f"/conversations/{one}")
    joanne.look("/inbox/parts")
    page = grace.look("/activity", subject=conversation[:8], action="conversation.read").text
    assert conversation[:8] in page and f"Conversation {other[:8]}" not in page
    file = grace.look("/activity.csv", subject=conversation)
    assert file.headers["content-type"].startswith("text/csv") and "attachment" in file.headers["content-disposition"]
    lines = file.text.splitlines()
    assert len(lines) == 2 and conversation in lines[1] and "Amina Yusuf" in lines[1] and len(lines[1].rsplit(",", 1)[1]) == 64
    assert "Joanne" not in grace.look("/activity.csv").text and "activity.exported" in grace.look("/activity.csv").text
    assert amina.look("/activity.csv").status_code == 403
    clock.shift(minutes=6)
    answer = grace.look("/activity.csv", subject=conversation)
    assert answer.headers["location"] == f"/navigator/confirm?next=%2Fnavigator%2Factivity.csv%3Fsubject%3D{conversation}"
