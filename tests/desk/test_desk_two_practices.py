"""Two practices cannot see each other: every route of the console, found in the router, is walked with the other's ids.

A new page joins this walk by itself; a parameter that it does not know fails until an id for it is made here.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from fastapi.routing import APIRoute

from assistant.clock import clock
from assistant.conversations import people, records
from assistant.desk import accounts
from assistant.desk.router import desk_router
from assistant.pathway import patients
from assistant.store.database import reading, transaction
from assistant.store.staff_tables import editor_answers, editor_examples, notes
from assistant.store.tables import callbacks, metadata, outbox

SECRET = "Dorothy Hale"  # a name of the first practice: it may stand on no page of the second
WORDS = "a thing only she would say"
# What an account may always look at, whatever is asked: no row of a person is behind it.
NOT_OF_PRACTICES = ("/sign-in", "/sign-out", "/oidc/", "/confirm", "/me", "/static")
# What answers a list of ids by leaving out the ones that are not there.
REFUSED = {303, 403, 404, 405, 409, 422}


def routes():
    """(method, path) of every page and form of the console."""
    found = set()
    for route in desk_router.routes:
        if isinstance(route, APIRoute) and not any(part in route.path for part in NOT_OF_PRACTICES):
            found |= {(method, route.path) for method in route.methods}
    return sorted(found)


def parameters(path):
    return re.findall(r"{(\w+)(?::\w+)?}", path)


@pytest.fixture
def theirs(house, staff, begin):
    """A row of everything at the first practice: the name of a path's parameter -> the ids it might be."""
    conversation = begin(WORDS, state="waiting", person_name=SECRET, contact_number="+447700900111", safe_to_text=True)
    with transaction(house.engine) as connection:
        row = records.load(connection, conversation)
        patient = patients.of_conversation(connection, row)
        people.flag_risk(connection, conversation, row.practice, 1, ["self_harm"])
        people.add_task(connection, conversation, row.practice, "message", f"{SECRET} rang")
        amina = accounts.find(connection, "amina").id
        connection.execute(notes.insert().values(conversation_id=conversation, staff_id=amina, at=clock.now(), text=WORDS))
        connection.execute(
            callbacks.insert().values(
                id="call-1", conversation_id=conversation, practice=row.practice, navigator="Amina Yusuf", purpose=WORDS,
                starts_at=clock.now() + timedelta(hours=1), status="booked", created_at=clock.now(), patient_id=patient,
            )
        )  # fmt: skip
        shared = {"practice": row.practice, "conversation_id": conversation, "staff_id": amina, "at": clock.now(), "marks": []}
        connection.execute(editor_examples.insert().values(**shared, text=WORDS, label="faq/cost"))
        connection.execute(
            editor_answers.insert().values(**shared, asked=WORDS, topic="cost", file="cost", question="?", answer=["a"], sms="a")
        )
    ids = [conversation, patient, amina, "call-1", "1"]
    return {"ids": ids, "conversation": conversation}


def everything(house):
    """Every row of every table but the record and the presence, as text: nothing of it may change."""
    mine = {"audit", "presence", "staff_sessions"}
    with reading(house.engine) as connection:
        return {t.name: sorted(map(repr, connection.execute(sa.select(t)))) for t in metadata.sorted_tables if t.name not in mine}


def filled(path, one):
    return re.sub(r"{\w+(?::\w+)?}", one, path)


@pytest.fixture(params=["navigator", "manager"])
def outsider(request, house, staff, at_desk):
    """Somebody of the other practice, with every power a role can have there."""
    with transaction(house.engine) as connection:
        staff["rival"] = accounts.add_staff(connection, "rival", "Rival Nash", request.param, "stopsley-green")
    return at_desk("rival")


def test_no_route_shows_or_changes_what_is_the_other_practices(house, theirs, outsider):
    before, walked = everything(house), 0
    for method, path in routes():
        address = path.removeprefix("/navigator")
        if path.startswith("/api/") or address.startswith("/directory") or address.endswith("/events"):  # everybody's; the stream never ends
            continue
        for one in theirs["ids"] if parameters(path) else [""]:
            target = filled(address, one)
            if method == "GET":
                answer = outsider.look(target, q=SECRET, id=one, subject=theirs["conversation"], conversation=theirs["conversation"])
            elif parameters(path):
                form = {name: "x" for name in ("text", "note", "name", "label", "topic", "why")}
                answer = outsider.press(target, **form, conversation=theirs["conversation"], patient=theirs["ids"][1])
            else:
                continue  # a form without an id makes something of the sender's own practice
            walked += 1
            # What was searched for is shown again in its field: the page may hold the words, never a link or a row.
            body = answer.text.replace(f'value="{SECRET}"', "")
            body = body.replace(f"\u201c{SECRET}\u201d", "").replace(f'"{SECRET}"', "").replace(f"&#34;{SECRET}&#34;", "")
            assert WORDS not in body and "900111" not in body, f"{method} {target}"
            if SECRET in body:
                assert f'"{theirs["conversation"]}"' not in body and f"/conversations/{theirs['conversation']}" not in body, target
            if parameters(path):
                assert answer.status_code in REFUSED, f"{method} {target}: {answer.status_code}"
    assert walked > 60
    assert everything(house) == before, "nothing was changed by all of it"


def test_the_walk_finds_what_the_first_practice_sees_itself(house, theirs, at_desk):
    """The same ids open for their own people: the walk would see a leak."""
    grace = at_desk("grace")
    page = grace.look(f"/conversations/{theirs['conversation']}").text
    assert SECRET in page and WORDS in page
    assert WORDS in grace.look("/calls").text or SECRET in grace.look("/calls").text
    assert SECRET in grace.look("/people", q="Dorothy").text
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(outbox)).all() == []
