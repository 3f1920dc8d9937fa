"""The pages of one person's data: hold, objections, export and erasure; who may, other practices, and pressing twice."""

from __future__ import annotations

import io
import zipfile

import pytest
import sqlalchemy as sa

from assistant.conversations import people
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import objections, patients
from assistant.store.staff_tables import audit
from assistant.store.tables import conversations, tasks

NUMBER = "+447700900123"


@pytest.fixture
def dorothy(begin):
    return begin("I sit in all day", person_name="Dorothy Hale", contact_number=NUMBER)


def send(desk, conversation, act, **fields):
    return desk.press(f"/privacy/conversation/{conversation}/{act}", htmx=False, **fields)


def actions(house):
    with reading(house.engine) as connection:
        return list(connection.execute(sa.select(audit.c.action).order_by(audit.c.id)).scalars())


def test_a_person_is_found_by_number_and_the_page_says_until_when(at_desk, dorothy):
    amina = at_desk("amina")
    found = amina.look("/privacy", q="07700 900123").text
    assert "1 person found" in found and f"/privacy/conversation/{dorothy}" in found
    page = amina.look(f"/privacy/conversation/{dorothy}").text
    assert "Dorothy Hale" in page and "Deleted by age on 21 February 2027" in page
    assert "A manager can export or erase" in page and "Erase this person" not in page
    assert "Privacy, hold and objections" in amina.look(f"/conversations/{dorothy}").text


def test_what_is_no_number_and_nobody_are_said_on_the_page(at_desk):
    amina = at_desk("amina")
    assert "Give a patient&#39;s id" in amina.look("/privacy", q="Dorothy").text
    assert "Nobody found" in amina.look("/privacy", q="07700 900999").text


def test_a_navigator_sets_a_hold_and_a_manager_lifts_it(house, at_desk, dorothy):
    amina, grace = at_desk("amina"), at_desk("grace")
    answer = send(amina, dorothy, "hold", why="Section 42 enquiry")
    assert answer.status_code == 303 and answer.headers["location"].endswith("?done=held")
    page = amina.get(answer.headers["location"]).text
    assert "Section 42 enquiry" in page and "Nothing of this person can be erased" in page
    assert send(amina, dorothy, "hold", why="Again").status_code == 409
    assert send(amina, dorothy, "lift", why="Done").status_code == 403
    assert send(grace, dorothy, "erase", sure="yes").status_code == 409
    assert send(grace, dorothy, "lift", why="").status_code == 422
    assert send(grace, dorothy, "lift", why="Enquiry closed").status_code == 303
    assert {"hold.set", "hold.lifted"} <= set(actions(house))


def test_an_erasure_asked_for_waits_for_the_hold(house, at_desk, dorothy):
    amina, grace = at_desk("amina"), at_desk("grace")
    send(amina, dorothy, "hold", why="Enquiry")
    with transaction(house.engine) as connection:
        people.add_task(connection, dorothy, "wardown-park", "erase", "Asked")
        task = connection.execute(sa.select(tasks.c.id)).scalar()
    refused = amina.press(f"/tasks/{task}/erase")
    assert refused.status_code == 409 and "safeguarding hold" in refused.text
    send(grace, dorothy, "lift", why="Enquiry closed")
    assert amina.press(f"/tasks/{task}/erase").status_code == 200
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(conversations)).all() == connection.execute(sa.select(patients)).all() == []


def test_objections_are_noted_and_withdrawn(house, at_desk, dorothy):
    amina = at_desk("amina")
    assert send(amina, dorothy, "objection", what="sharing", how="phone").status_code == 303
    assert send(amina, dorothy, "objection", what="sharing", how="phone").status_code == 409
    assert send(amina, dorothy, "objection", what="dancing", how="phone").status_code == 422
    with reading(house.engine) as connection:
        number = connection.execute(sa.select(objections.c.id)).scalar()
    assert "Sharing with providers" in amina.look(f"/privacy/conversation/{dorothy}").text
    assert send(amina, dorothy, f"objections/{number}/withdraw").status_code == 303
    assert send(amina, dorothy, f"objections/{number}/withdraw").status_code == 409
    assert "Withdrawn" in amina.look(f"/privacy/conversation/{dorothy}").text


def test_a_manager_exports_and_it_is_audited(house, at_desk, dorothy):
    answer = send(at_desk("grace"), dorothy, "export")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    assert "Dorothy" not in answer.headers["content-disposition"] and answer.headers["cache-control"] == "no-store"
    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["data.json", "index.html"]
    assert "data.exported" in actions(house)


def test_a_manager_erases_once_and_only_when_sure(house, at_desk, dorothy, begin):
    grace = at_desk("grace")
    other = begin("Somebody else", person_name="Stan")
    unsure = send(grace, dorothy, "erase")
    assert unsure.status_code == 422 and "Tick the box" in unsure.text
    done = send(grace, dorothy, "erase", sure="yes")
    assert done.status_code == 303 and "everything of this person is gone" in grace.get(done.headers["location"]).text
    assert send(grace, dorothy, "erase", sure="yes").status_code == 404
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(conversations.c.id)).scalars().all() == [other]
    assert actions(house).count("data.erased") == 1


def test_a_link_to_somebody_erased_says_so(at_desk, dorothy):
    grace = at_desk("grace")
    send(grace, dorothy, "erase", sure="yes")
    for address in (f"/privacy/conversation/{dorothy}", f"/conversations/{dorothy}"):
        gone = grace.look(address)
        assert gone.status_code == 404 and ("erased" in gone.text or "deleted" in gone.text)


def test_a_flag_that_waits_keeps_the_person_and_the_page_says_so(house, at_desk, dorothy):
    with transaction(house.engine) as connection:
        people.flag_risk(connection, dorothy, "wardown-park", 1, ["self_harm"])
    grace = at_desk("grace")
    assert "A safety flag waits" in grace.look(f"/privacy/conversation/{dorothy}").text
    assert send(grace, dorothy, "erase", sure="yes").status_code == 409


ACTS = ("hold", "lift", "objection", "objections/1/withdraw", "export", "erase")
EVERYTHING = {"why": "x", "what": "all", "how": "phone", "sure": "yes"}


@pytest.mark.parametrize(("username", "status"), [("joanne", {404, 403}), ("rita", {403}), ("edith", {403})])
def test_others_cannot(house, at_desk, dorothy, username, status):
    desk = at_desk(username)
    assert desk.look(f"/privacy/conversation/{dorothy}").status_code in (403, 404)
    assert {send(desk, dorothy, act, **EVERYTHING).status_code for act in ACTS} <= status
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(patients)).all() == [] and len(connection.execute(sa.select(conversations)).all()) == 1


def test_a_forged_request_is_refused(at_desk, dorothy):
    grace = at_desk("grace")
    for act in ACTS:
        assert grace.post(f"/navigator/privacy/conversation/{dorothy}/{act}", data=EVERYTHING).status_code == 403


def test_a_navigator_neither_exports_nor_erases(at_desk, dorothy):
    amina = at_desk("amina")
    assert send(amina, dorothy, "export").status_code == send(amina, dorothy, "erase", sure="yes").status_code == 403
