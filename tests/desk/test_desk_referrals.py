"""Referrals at the desk: the form from a conversation, the preview, the list by what needs doing, one referral and its undo."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa
from referral_house import give_directory

from assistant.clock import clock
from assistant.pathway import patients
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patients as patients_table
from assistant.store.pathway_tables import referrals as table
from assistant.store.staff_tables import audit
from assistant.store.tables import outbox
from directory import store

PICTURE = {"needs": ["loneliness"], "what_matters": "seeing a friendly face", "when": "mornings"}


@pytest.fixture
def dorothy(house, tmp_path, begin):
    """Her conversation, in a house with a directory."""
    give_directory(house, tmp_path)
    return begin(person_name="Dorothy Hale", contact_number="+447700900123", safe_to_text=True, picture=PICTURE)


def fields(html: str) -> dict[str, str]:
    """The form as it would be sent untouched."""
    form = html.split('class="form-card"', 1)[-1]
    out = {m[1]: unescape(m[2]) for m in re.finditer(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"(?![^>]*type="radio")', form) if 'type="radio"' not in m[0]}
    out |= {m[1]: m[2] for m in re.finditer(r'type="radio"[^>]*name="(\w+)" value="(\w+)"[^>]* checked', form)}
    out |= {m[1]: m[2] for m in re.finditer(r'<select id="\w+" name="(\w+)".*?<option value="(\w+)" selected', form, re.S)}
    out |= {m[1]: unescape(m[2]) for m in re.finditer(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', form, re.S)}
    out.pop("csrf", None)
    return out


@pytest.fixture
def filled(at_desk, dorothy):
    """Amina's form for Tea and Talk, untouched but for the consent."""
    desk = at_desk("amina")
    page = desk.look("/referrals/new", conversation=dorothy, listing="tea")
    return desk, {**fields(page.text), "consent": "phone"}


@pytest.fixture
def made(filled):
    """Sent; the referral's address."""
    desk, form = filled
    went = desk.press("/referrals", htmx=False, **form)
    assert went.status_code == 303, went.text
    return desk, went.headers["location"].partition("?")[0].removeprefix("/navigator")


def rows(house):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(table)).all()


def actions(house):
    with reading(house.engine) as connection:
        return [row.action for row in connection.execute(sa.select(audit).order_by(audit.c.id))]


def test_from_a_conversation_to_the_form(at_desk, dorothy):
    desk = at_desk("amina")
    assert f"/navigator/referrals/new?conversation={dorothy}" in desk.look(f"/conversations/{dorothy}").text
    choose = desk.look("/referrals/new", conversation=dorothy).text
    assert "Tea and Talk" in choose and "Company Choir" in choose
    for hidden in ("Lapsed Lunch", "Unknown Club", "Full Hall", "Closed Cafe"):
        assert hidden not in choose
    assert "Mill Shed" in desk.look("/referrals/new", conversation=dorothy, q="shed mill").text


def test_most_of_the_form_is_filled_in_and_six_fields_are_required(filled):
    desk, form = filled
    assert form["first_name"] == "Dorothy" and form["need"] == "loneliness" and form["reach"] == "text"
    assert form["note"] == "What matters to them: seeing a friendly face\nBest time: mornings"
    assert form["number"] == "07700 900123" and form["contact"] == "tea@service.example"
    page = desk.look("/referrals/new", conversation=form["conversation"], listing="tea").text
    required = set(re.findall(r'name="(\w+)"[^>]* required', page.split('class="form-card"')[1]))
    assert required == {"first_name", "need", "note", "reach", "consent"}  # and the service, chosen before


def test_opening_the_form_makes_no_patient(house, filled):
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(patients_table)).all() == []
    assert "referral.begun" in actions(house)


def test_the_preview_is_what_the_service_sees_and_nothing_is_sent(house, filled):
    desk, form = filled
    page = desk.press("/referrals/preview", htmx=False, **form)
    assert page.status_code == 200 and "Nothing has been sent yet" in page.text
    assert "Up to 4" in page.text and "You see this once you have said yes." in page.text and "07700 900123" in page.text
    assert rows(house) == []
    again = desk.press("/referrals/form", htmx=False, **{**form, "note": "Changed & kept"})
    assert "Changed &amp; kept" in again.text


FAULTS: tuple[tuple[dict[str, str], str], ...] = (
    ({"consent": ""}, "Ask the person first"), ({"note": ""}, "Write what the service is told"), ({"note": "x" * 601}, "600 characters"),
    ({"number": "12"}, "no UK phone number"), ({"reach": "ring", "number": ""}, "Write the number"), ({"need": "x"}, "Choose a need"),
    ({"listing": "old"}, "cannot be chosen"), ({"first_name": " "}, "first name"),
)  # fmt: skip


def test_a_fault_is_said_beside_the_form_and_nothing_typed_is_lost(house, filled):
    desk, form = filled
    for change, words in FAULTS:
        for step in ("/referrals/preview", "/referrals"):
            answer = desk.press(step, htmx=False, **{**form, "contact": "kept@service.example", **change})
            assert answer.status_code == 422 and words in answer.text and "kept@service.example" in answer.text
    assert rows(house) == []


def test_what_is_not_safe_is_refused(house, filled):
    desk, form = filled
    with transaction(house.engine) as connection:
        connection.execute(sa.text("UPDATE conversations SET safe_to_text = :no"), {"no": False})
    assert "texts are not safe" in desk.press("/referrals/preview", htmx=False, **form).text
    fresh = desk.look("/referrals/new", conversation=form["conversation"], listing="tea").text
    assert fields(fresh)["reach"] == "ring"


def test_sent_twice_it_is_one_referral(house, filled):
    desk, form = filled
    first, second = (desk.press("/referrals", htmx=False, **form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"] and len(rows(house)) == 1
    again = desk.press("/referrals", htmx=False, **{**form, "referral": "3f0e2b6a-5a1c-4c7a-9e6e-0f8d8c1a2b3c"})
    assert again.status_code == 409 and "open referral" in again.text
    assert desk.press("/referrals", htmx=False, **{**form, "referral": "x"}).status_code == 422


def test_a_service_that_closed_meanwhile_is_refused_when_sent(house, filled):
    desk, form = filled
    store.update(house.engine, "tea", "edith", status="full")
    answer = desk.press("/referrals", htmx=False, **form)
    assert answer.status_code == 422 and "it is full" in answer.text.lower()


def test_from_a_patient_without_a_conversation(house, at_desk, tmp_path):
    give_directory(house, tmp_path)
    with transaction(house.engine) as connection:
        patient = patients.create(connection, "wardown-park", "clinician", name="Raj Patel", number="+447700900124", referred_by="Dr Shaw")
    desk = at_desk("amina")
    form = fields(desk.look("/referrals/new", patient=patient, listing="tea").text)
    assert form["patient"] == patient and form["reach"] == "ring" and form["first_name"] == "Raj"
    went = desk.press("/referrals", htmx=False, **{**form, "need": "loneliness", "note": "Some company", "consent": "in_person"})
    assert went.status_code == 303 and rows(house)[0].patient_id == patient


def test_the_referral_has_letter_link_and_print(house, made):
    desk, address = made
    page = desk.look(address).text
    link = unescape(re.search(r'id="link" readonly value="([^"]+)"', page)[1])
    assert "/provider/" in link and "mailto:tea@service.example?subject=" in page and "Copy the link" in page
    letter = desk.look(f"{address}/letter").text
    assert "Please answer by Monday 30 November 2026." in letter and "Dorothy" not in letter.split('class="letter"')[1]
    assert {"referral.made", "referral.read", "referral.letter"} <= set(actions(house))


def test_the_list_by_what_needs_doing(house, made, at_desk):
    desk, address = made
    page = desk.look("/referrals").text
    assert "No answer yet" in page and "Dorothy Hale" in page
    clock.shift(days=10)
    desk = at_desk("amina")
    assert "Answer was due" in desk.look("/referrals", show="silent").text
    assert "None just now." in desk.look("/referrals", show="waiting").text
    assert "Dorothy Hale" in desk.look("/referrals", q="tea and").text
    assert "No referral fits" in desk.look("/referrals", q="%").text
    assert "Dorothy Hale" in desk.look("/referrals", mine="yes").text
    assert "Dorothy Hale" not in at_desk("colin").look("/referrals", mine="yes").text
    assert "Wardown Park" in at_desk("olive").look("/referrals").text
    assert "No referrals yet" in at_desk("joanne").look("/referrals").text


def test_taken_back_and_undone(house, made):
    desk, address = made
    went = desk.press(f"{address}/withdraw", htmx=False)
    assert went.status_code == 303
    page = desk.get(went.headers["location"]).text
    assert "Taken back." in page and "Undo: open it again" in page
    assert desk.press(f"{address}/withdraw").status_code == 409
    assert desk.press(f"{address}/reopen").headers["hx-redirect"].endswith("?done=reopened")
    assert rows(house)[0].status == "sent" and rows(house)[0].link_version == 2


def test_told_by_phone_then_sessions_then_closed(house, made, thread, dorothy, at_desk):
    desk, address = made
    wrong = desk.press(f"{address}/accept", meets="Jo", bring="yes", day="2026-11-01", time="10:00")
    assert wrong.status_code == 422 and "has passed" in wrong.text
    assert desk.press(f"{address}/accept", meets="Jo", bring="yes", day="2026-11-26", time="10:00").status_code == 204
    assert thread(dorothy)[-1][1].startswith("Good news. Tea and Talk can see you on Thursday 26 November at 10am.")
    clock.shift(days=4)
    again = at_desk("amina")
    assert again.press(f"{address}/session", day="2026-11-26", came="yes").status_code == 204
    assert again.press(f"{address}/session", day="2026-12-26", came="yes").status_code == 422
    assert again.press(f"{address}/session", day="x", came="yes").status_code == 422
    assert again.press(f"{address}/close", ended="disengaged").status_code == 422
    assert again.press(f"{address}/close", ended="disengaged", reason="travel").status_code == 204
    page = again.look(address).text
    assert "They stopped: getting there" in page and "Came to a session: on 26 November 2026" in page
    assert [row.stop_reason for row in rows(house)] == ["travel"]


def test_a_no_by_phone(house, made, thread, dorothy):
    desk, address = made
    assert desk.press(f"{address}/decline", reason="full").status_code == 204
    assert thread(dorothy)[-1][1].startswith("Sorry, Tea and Talk cannot take anyone new")
    assert "The service said no" in desk.look("/referrals").text


def test_news_is_listed_copied_printed_and_settled(house, made):
    desk, address = made
    with transaction(house.engine) as connection:
        connection.execute(patients_table.update().values(source="clinician", referred_by="Dr Shaw", referrer_contact="shaw@gp.example"))
    desk.press(f"{address}/accept", meets="Jo", bring="no", day="", time="")
    assert "1 message for referrers to send" in desk.look("/referrals").text
    page = desk.look("/referrals/news").text
    assert "Tea and Talk has said yes to Dorothy Hale." in page and "mailto:shaw@gp.example" in page
    assert "Dear Dr Shaw" in desk.look(f"{address}/news/accepted").text
    assert desk.look(f"{address}/news/closed").status_code == 422
    assert desk.press(f"{address}/news", turn="accepted", why_not="because").status_code == 422
    assert desk.press(f"{address}/news", turn="accepted").status_code == 204
    assert desk.press(f"{address}/news", turn="accepted").status_code == 409
    assert "Nothing to send." in desk.look("/referrals/news").text


def test_roles_that_read_no_conversations_see_no_referrals(made, at_desk, dorothy):
    _, address = made
    desk = at_desk("rita")
    for page in ("/referrals", "/referrals/news", address, f"{address}/letter", f"/referrals/new?conversation={dorothy}"):
        assert desk.look(page).status_code == 403
    assert "/navigator/referrals" not in desk.look("/help").text


def test_another_practice_does_not_exist(house, made, at_desk, dorothy):
    _, address = made
    desk = at_desk("joanne")
    for page in (address, f"{address}/letter", f"{address}/news/accepted", f"/referrals/new?conversation={dorothy}"):
        assert desk.look(page).status_code == 404
    for act in ("withdraw", "close", "reopen", "session", "accept", "decline", "news"):
        fields = {"day": "2026-11-23", "came": "yes", "meets": "Jo", "bring": "no", "time": "14:00"}
        assert desk.press(f"{address}/{act}", **fields).status_code == 404
    with reading(house.engine) as connection:
        patient = connection.execute(sa.select(patients_table.c.id)).scalar()
    assert desk.look("/referrals/new", patient=patient).status_code == 404
    assert rows(house)[0].status == "sent"


def test_writes_need_the_pages_own_token(house, made):
    desk, address = made
    desk.csrf = "forged"
    for act in ("withdraw", "close", "reopen", "session", "accept", "decline", "news"):
        assert desk.press(f"{address}/{act}", day="2026-11-23", came="yes", meets="Jo", bring="no", time="14:00").status_code == 403
    assert desk.press("/referrals", htmx=False).status_code == 403 and rows(house)[0].status == "sent"


def test_what_became_of_the_text_to_a_mobile(house, filled):
    desk, form = filled
    form = {**form, "listing": "shed", "contact": "07700 900555"}
    address = desk.press("/referrals", htmx=False, **form).headers["location"].partition("?")[0].removeprefix("/navigator")
    assert "A text with the link is waiting to go (07700 900555)." in desk.look(address).text
    with transaction(house.engine) as connection:
        connection.execute(outbox.update().where(outbox.c.to == "+447700900555").values(status="failed"))
    assert "could not be sent: ring them" in desk.look(address).text
