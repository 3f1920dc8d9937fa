"""Signposting: search, tick, print or text; counted by practice, taken back, and nobody's name or number kept with it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from test_desk_directory import FewListings

from assistant.channels.segments import count_segments
from assistant.clock import clock
from assistant.pathway import caseload_words
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patients, signposts
from assistant.store.staff_tables import audit
from assistant.store.tables import conversations, events, opt_outs, outbox

NUMBER = "07700 900321"


class ForPatients(FewListings):
    """Gives patients what they may see, as the directory does."""

    def search(self, query):
        found = super().search(query)
        if query.viewer == "patient":
            found = type(found)(1, tuple(match for match in found.matches if match.hidden is None))
        return found

    def get(self, identifier, viewer="patient"):
        match = super().get(identifier)
        return None if match is None or (viewer == "patient" and match.hidden) else match


@pytest.fixture
def directory(house):
    house.directory = ForPatients()
    return house.directory


def count(house, table):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def once(page):
    return re.search(r'name="once" value="([^"]+)"', page)[1]


def test_two_clicks_print_a_list_and_it_is_counted(house, directory, at_desk):
    rita = at_desk("rita")
    page = rita.look("/signpost?q=lonely").text
    assert "Tuesday Kettle" in page and "Lapsed Lunch" not in page and "Full House Choir" not in page
    assert (directory.asked[0].viewer, directory.asked[0].near) == ("patient", "LU2"), "from the practice's own place"
    press = {"listing": ["L1"], "how": "print", "once": once(page)}
    answer = rita.press("/signpost", htmx=False, **press)
    assert answer.status_code == 303
    assert rita.press("/signpost", htmx=False, **press).headers["location"] == answer.headers["location"], "a double click counts once"
    printed = rita.get(answer.headers["location"]).text
    assert "Tuesday Kettle" in printed and "From Wardown Park Surgery" in printed and 'class="menu"' not in printed
    with reading(house.engine) as connection:
        row = connection.execute(sa.select(signposts)).one()
        event = connection.execute(sa.select(events)).one()
    assert (row.practice, row.how, row.listings, row.needs) == ("wardown-park", "print", ["L1"], ["loneliness"])
    assert (event.kind, event.practice, event.conversation_id) == ("signposted", "wardown-park", None)


def test_a_text_goes_at_once_and_makes_no_patient(house, directory, at_desk):
    clock.shift(hours=11)  # nine in the evening: the patient waits for it at the out-of-hours desk
    rita = at_desk("rita")
    press = {"listing": "L1", "how": "text", "number": NUMBER, "safe": "yes", "once": once(rita.look("/signpost?q=lonely").text)}
    for _ in range(2):
        assert rita.press("/signpost", htmx=False, **press).headers["location"] == "/navigator/signpost?done=texted"
    with reading(house.engine) as connection:
        text = connection.execute(sa.select(outbox)).one()
        lines = [tuple(row) for row in connection.execute(sa.select(audit.c.action, audit.c.subject))]
    assert text.to == "+447700900321" and text.conversation_id is None and text.due_at == clock.now()
    assert text.body.startswith("From Wardown Park Surgery, as you asked:\nTuesday Kettle: ") and "01632 960101" in text.body
    assert count(house, patients) == count(house, conversations) == 0 and count(house, signposts) == 1
    assert ("signpost.texted", "1") in lines and "900321" not in repr(lines)


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"safe": ""}, 422, "is it their own phone"), ({"number": "01632 960101"}, 422, "This is a landline"), ({"number": ""}, 422, "not a UK phone number"),
        ({"number": "+1 202 555 0123"}, 422, "not a UK phone number"), ({"number": "0" * 33}, 422, "not a UK phone"), ({"listing": []}, 422, "Tick at least one"),
        ({"listing": ["L1", "a", "b", "c", "d", "e"]}, 422, "Tick 5 places at most"), ({"listing": ["L3"]}, 409, "can no longer be given"),
        ({"listing": ["nothing"]}, 409, "can no longer be given"),
    ],
)  # fmt: skip
def test_what_cannot_be_handed_out_says_why_and_keeps_what_was_ticked(house, directory, at_desk, fields, status, words):
    answer = at_desk("rita").press("/signpost", htmx=False, **{"listing": "L1", "how": "text", "number": NUMBER, "safe": "yes", "q": "tea", **fields})
    assert answer.status_code == status and words in answer.text
    assert count(house, signposts) == count(house, outbox) == 0
    if "listing" not in fields:
        assert 'value="L1" checked' in answer.text


def test_outside_the_demo_drama_numbers_are_none(house, directory, at_desk):
    house.settings.demo = False
    assert at_desk("rita").press("/signpost", htmx=False, listing="L1", how="text", number=NUMBER, safe="yes").status_code == 422


def test_who_said_stop_is_not_texted(house, directory, at_desk):
    with transaction(house.engine) as connection:
        connection.execute(opt_outs.insert().values(phone="+447700900321", at=clock.now(), stopped=True))
    answer = at_desk("rita").press("/signpost", htmx=False, listing="L1", how="text", number=NUMBER, safe="yes")
    assert answer.status_code == 409 and "no more texts" in answer.text and count(house, outbox) == 0


def test_a_stolen_sign_in_cannot_text_the_town(house, directory, at_desk, monkeypatch):
    monkeypatch.setattr("assistant.pathway.signposting.MOST_TEXTS", 2)
    rita = at_desk("rita")
    press = {"listing": "L1", "how": "text", "number": NUMBER, "safe": "yes"}
    assert [rita.press("/signpost", htmx=False, **press).status_code for _ in range(3)] == [303, 303, 429]
    clock.shift(minutes=61)
    assert at_desk("rita").press("/signpost", htmx=False, **press).status_code == 303


def test_a_miscount_is_taken_back_everywhere(house, directory, at_desk):
    rita = at_desk("rita")
    for _ in range(2):
        rita.press("/signpost", htmx=False, listing="L1", how="print")
    page = rita.look("/signpost/given").text
    assert "2 lists: 2 printed, 0 texted" in page and "Rita Lane" in page
    assert rita.press("/signpost/1/undo", htmx=False).status_code == 303
    assert rita.press("/signpost/1/undo", htmx=False).status_code == 404 and rita.look("/signpost/1/print").status_code == 404
    assert count(house, signposts) == count(house, events) == 1
    clock.shift(days=20)
    assert "Nothing yet" in at_desk("rita").look("/signpost/given").text, "this month's only"


def test_other_practices_do_not_see_it(house, directory, at_desk):
    at_desk("rita").press("/signpost", htmx=False, listing="L1", how="print")
    joanne = at_desk("joanne")
    assert joanne.look("/signpost/1/print").status_code == joanne.press("/signpost/1/undo", htmx=False).status_code == 404
    assert "Tuesday Kettle" not in joanne.look("/signpost/given").text
    olive = at_desk("olive")
    olive.press("/signpost", htmx=False, listing="L1", how="print", practice="stopsley-green")
    assert "Stopsley" in olive.look("/signpost/given").text
    assert olive.press("/signpost", htmx=False, listing="L1", how="print", practice="nowhere").status_code == 404


def test_without_a_directory_it_is_said(at_desk):
    rita = at_desk("rita")
    assert rita.look("/signpost").status_code == 200 and rita.look("/signpost?q=tea").status_code == 503
    assert rita.press("/signpost", htmx=False, listing="L1", how="print").status_code == 409


def test_reception_finds_it_in_the_menu_and_nobody_needs_more(at_desk):
    page = at_desk("rita").look("/signpost").text
    assert ">Signpost<" in page and ">Patients<" not in page and ">Tasks<" not in page


def test_two_places_fit_two_text_messages():
    service = {"name": "Tuesday Kettle", "when": ["Tuesdays, 10am to 12pm"], "contact": "01632 960123", "needs": []}
    assert count_segments(caseload_words.handed_out("Wardown Park Surgery", "01632 960101", [service, service])) <= 2
    assert caseload_words.place({"name": "Choir", "when": None, "contact": None, "how_to_join": None}) == "Choir: ask us how"
    assert len(caseload_words.new_navigator("Wardown Park Surgery", "Amina", "Colin Prior")) <= 160
