"""Wellbeing at the desk: asking at the end, answers told by phone, and the codes that are proposed."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from assistant.conversations import people
from assistant.desk.codes import DECLINED, REFERRED
from assistant.pathway import closing_words, patients
from assistant.store.database import reading, transaction
from assistant.store.tables import wellbeing

ANSWERS = {"ons_satisfied": "6", "ons_anxious": "0", "lonely_often": "Never"}


def kept(house):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(wellbeing).order_by(wellbeing.c.id)).all()


def form(desk, conversation):
    page = desk.look("/outcomes/answers", conversation=conversation).text
    return {"once": re.search(r'name="once" value="([^"]+)"', page)[1], "conversation": conversation, "stage": "end"}


def test_the_questions_are_asked_from_the_conversations_page_once_a_day(at_desk, begin, thread):
    amina, conversation = at_desk("amina"), begin(person_name="Dorothy Hale")
    assert "Ask the closing questions" in amina.look(f"/conversations/{conversation}").text
    assert "in the chat" in amina.press("/outcomes/ask", conversation=conversation).text
    assert "Nothing was sent again" in amina.press("/outcomes/ask", conversation=conversation).text
    assert [text for _, text in thread(conversation)][1:] == [closing_words.offer("Wardown Park Surgery")]
    page = amina.look(f"/conversations/{conversation}").text
    assert "no answer yet" in page and "Ask the closing questions" not in page


def test_without_javascript_it_goes_back_to_the_conversation(at_desk, begin):
    conversation = begin()
    answer = at_desk("amina").press("/outcomes/ask", htmx=False, conversation=conversation)
    assert answer.status_code == 303 and answer.headers["location"] == f"/navigator/conversations/{conversation}"


def test_nobody_is_asked_over_a_navigators_head(at_desk, begin):
    assert at_desk("amina").press("/outcomes/ask", conversation=begin(state="waiting")).status_code == 422


def test_answers_by_phone_are_kept_as_given_and_once(house, at_desk, begin):
    amina, conversation = at_desk("amina"), begin(person_name="Dorothy Hale")
    fields = {**form(amina, conversation), **ANSWERS, "ons_happy": ""}
    for _ in range(2):  # a double click
        assert amina.press("/outcomes/answers", htmx=False, **fields).status_code == 303
    [row] = kept(house)
    assert (row.stage, row.answers) == ("end", {"ons_satisfied": 6, "ons_anxious": 0, "lonely_often": "Never"})
    assert "3 of 8 answered" in amina.look(f"/conversations/{conversation}").text


@pytest.mark.parametrize(
    ("change", "words"),
    [({"ons_satisfied": "11"}, "Choose one of the answers"), ({"stage": "middle"}, "at the start or at the end"),
     ({"lonely_often": "<script>"}, "Choose one"), (dict.fromkeys(ANSWERS, ""), "Nothing was answered")],
)  # fmt: skip
def test_what_cannot_be_is_said_above_the_form_with_the_rest_kept(house, at_desk, begin, change, words):
    amina = at_desk("amina")
    answer = amina.press("/outcomes/answers", htmx=False, **{**form(amina, begin()), **ANSWERS, **change})
    assert answer.status_code == 422 and words in answer.text and kept(house) == []
    if change.get("ons_satisfied"):
        assert 'name="ons_anxious" value="0" checked' in answer.text


def test_a_patient_without_a_conversation_can_only_be_asked_by_phone(house, at_desk):
    amina = at_desk("amina")
    with transaction(house.engine) as connection:
        patient = patients.create(connection, "wardown-park", "clinician", name="Ron Vale")
    assert "no chat or text conversation" in amina.press("/outcomes/ask", patient=patient).text
    page = amina.look("/outcomes/answers", patient=patient)
    once = re.search(r'name="once" value="([^"]+)"', page.text)[1]
    assert amina.press("/outcomes/answers", htmx=False, patient=patient, once=once, stage="start", ons_happy="4").status_code == 303
    assert kept(house)[0].patient_id == patient and kept(house)[0].conversation_id == ""


@pytest.mark.parametrize(("username", "status"), [("joanne", 404), ("rita", 403), ("edith", 403)])
def test_who_may_not(at_desk, begin, house, username, status):
    desk, conversation = at_desk(username), begin()
    with transaction(house.engine) as connection:
        patient = patients.create(connection, "wardown-park", "clinician", name="Ron Vale")
    for whose in ({"conversation": conversation}, {"patient": patient}):
        assert desk.look("/outcomes/answers", **whose).status_code == status
        assert desk.press("/outcomes/ask", **whose).status_code == status
        assert desk.press("/outcomes/answers", **whose, stage="end", ons_happy="4").status_code == status
    assert desk.look("/outcomes/answers", conversation="no-such").status_code in (403, 404)


def test_a_write_without_the_token_is_refused(at_desk, begin):
    amina = at_desk("amina")
    amina.csrf = "wrong"
    assert amina.press("/outcomes/ask", conversation=begin()).status_code == 403


def test_codes_are_proposed_and_only_the_verified_ones(house, at_desk, begin):
    amina, plain, declined, met = at_desk("amina"), begin(), begin(), begin()
    with transaction(house.engine) as connection:
        people.record_decline(connection, declined, "wardown-park", stage="offer", reason="not_now")
        patients.link(connection, met, patients.create(connection, "wardown-park", "self"))
    assert "Codes you may want" not in amina.look(f"/conversations/{plain}").text
    assert DECLINED.id in amina.look(f"/conversations/{declined}").text
    page = amina.look(f"/conversations/{met}").text
    assert REFERRED.id in page and f'data-copy="{REFERRED.id}"' in page and "871691000000100" not in page
