"""Who sees what: roles hold powers, practices cannot see each other, the erased is nowhere."""

from __future__ import annotations

import re

import pytest

from assistant.conversations import erasing, people
from assistant.desk.account_pages import home
from assistant.desk.roles import POWERS, ROLES, Staff
from assistant.store.database import transaction

READS = ("", "/parts", "/transcript")
WRITES = ("claim", "reply", "note", "hand-back", "close")


def tries(desk, conversation):
    answers = [desk.look(f"/conversations/{conversation}{read}").status_code for read in READS]
    answers += [desk.press(f"/conversations/{conversation}/{act}", text="x", note="x").status_code for act in WRITES]
    return set(answers)


def test_another_practices_conversation_is_not_there(at_desk, begin):
    conversation = begin(state="waiting", person_name="Dorothy Hale")
    joanne = at_desk("joanne")
    assert tries(joanne, conversation) == {404}
    assert "Dorothy" not in joanne.look("/").text
    assert "Nobody found" in joanne.look("/people", q="Dorothy").text


def test_an_erased_conversation_is_not_there(house, at_desk, begin):
    conversation = begin()
    with transaction(house.engine) as connection:
        erasing.erase(connection, conversation)
    assert tries(at_desk("amina"), conversation) == {404}


@pytest.mark.parametrize("wrong", ["x", "0" * 36, "%00", "' or 1=1"])
def test_an_id_that_is_none_is_not_there(at_desk, wrong):
    assert at_desk("amina").look(f"/conversations/{wrong}").status_code == 404


def test_flags_tasks_and_calls_of_another_practice_cannot_be_touched(house, at_desk, begin):
    conversation = begin()
    with transaction(house.engine) as connection:
        people.flag_risk(connection, conversation, "wardown-park", 1, ["self_harm"])
        people.add_task(connection, conversation, "wardown-park", "feedback", "Lovely")
    joanne = at_desk("joanne")
    assert joanne.press("/flags/1/acknowledge").status_code == 404
    assert joanne.press("/tasks/1/done").status_code == 404
    assert joanne.press("/tasks/1/erase").status_code == 404
    assert "Lovely" not in joanne.look("/").text and "Hurting" not in joanne.look("/inbox/parts").text


def test_someone_of_every_practice_sees_all(at_desk, begin):
    begin(state="waiting", person_name="Dorothy Hale")
    begin(state="waiting", person_name="Piotr Nowak", practice="stopsley-green")
    page = at_desk("olive").look("/").text
    assert "Dorothy Hale" in page and "Piotr Nowak" in page


@pytest.mark.parametrize("username", ["rita", "edith"])
def test_reception_and_editors_do_not_read_conversations(at_desk, begin, username):
    desk, conversation = at_desk(username), begin("My secret", state="waiting", person_name="Dorothy Hale")
    assert tries(desk, conversation) == {403}
    assert desk.look("/people", q="Dorothy").status_code == 403
    assert desk.look("/inbox/parts").status_code == 403
    first = desk.look("/")
    assert first.status_code == 303 and first.headers["location"] in ("/navigator/calls", "/navigator/directory")


def test_an_editor_does_not_see_calls(at_desk):
    assert at_desk("edith").look("/calls").status_code == 403


def test_every_role_has_powers_and_a_first_page_it_may_open():
    assert set(POWERS) == set(ROLES)
    for role in ROLES:
        who = Staff("1", "u", "Una Day", role, None, "", "")
        assert home(who).startswith("/navigator/") and (who.may("conversations") == (home(who) == "/navigator/"))
    assert not Staff("1", "u", "Una Day", "king", None, "", "").may("directory")


def test_the_menu_keeps_six_in_sight_and_says_where_one_is(at_desk):
    grace = at_desk("grace")
    page = grace.look("/").text
    in_sight, rest = page.split('<nav class="menu"', 1)[1].split("</nav>", 1)[0].split("<details", 1)
    assert re.findall(r">([^<]+)</a>", in_sight) == ["Inbox", "Calls", "Patients", "Tasks", "Referrals", "Directory"]
    assert {"Signpost", "Find a person", "Reports", "Accounts", "Help"} <= set(re.findall(r">([^<]+)</a>", rest))
    assert "<summary>More</summary>" in rest and " open" not in rest.split(">", 1)[0]
    assert '<summary class="here">More: Reports</summary>' in grace.look("/reports").text
    assert '<summary class="here">More: Help</summary>' in grace.look("/help").text
    assert '<nav class="menu"' in grace.look("/patients/add").text, "a page with macros of its own"
    assert "<details" not in at_desk("rita").look("/help").text.split("</nav>", 1)[0], "few pages need no second place"


def test_signed_out_everything_leads_to_the_sign_in(app, begin):
    from desk_browser import browser

    desk, conversation = browser(app), begin()
    for address in ("/", "/calls", "/people", "/directory", "/activity", "/help", f"/conversations/{conversation}"):
        assert desk.look(address).headers["location"].startswith("/navigator/sign-in")
    assert desk.look("/events").status_code == 303
    api = desk.get("/api/v1/staff/directory/search")
    assert api.status_code == 401 and api.headers["content-type"] == "application/problem+json"
