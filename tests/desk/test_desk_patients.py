"""The caseload and the patient's page: who is in it, adding, editing, closing, notes, and whom it is not for."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import people, records
from assistant.pathway import adding, caseload, patients
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import patient_changes, referrals
from assistant.store.pathway_tables import patients as table
from assistant.store.staff_tables import audit, staff
from assistant.store.tables import callbacks, conversations, events, tasks

FORM = {
    "name": "Edna Marsh", "number": "07700 900321", "reach": "Ring on weekday mornings", "source": "clinician", "safe_to_text": "yes",
    "referred_by": "Dr Patel", "reason": "Lonely since the move", "consent": "yes", "access": "wheelchair, large print", "language": "Bengali",
}  # fmt: skip


def id_of(house, username):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(staff.c.id).where(staff.c.username == username)).scalar_one()


def the_patient(house):
    with reading(house.engine) as connection:
        return connection.execute(sa.select(table)).one()


@pytest.fixture
def patient(house, begin, staff):
    """`patient(name="Edna")`: somebody Amina looks after; the id."""

    def make(practice="wardown-park", by="amina", **person):
        talk = begin(practice=practice, **{"person_name": "Edna Marsh", "contact_number": "+447700900321", **person})
        with transaction(house.engine) as connection:
            return caseload.looked_after(connection, records.load(connection, talk), id_of_in(connection, by) if by else None)

    return make


def id_of_in(connection, username):
    return connection.execute(sa.select(staff.c.id).where(staff.c.username == username)).scalar_one()


def test_taking_over_makes_the_patient_and_the_case_is_the_navigators(house, at_desk, begin):
    talk = begin(state="waiting", person_name="Edna Marsh", picture={"wishes": {"access": ["wheelchair"]}, "needs": ["money"]})
    amina = at_desk("amina")
    assert amina.press(f"/conversations/{talk}/claim").status_code == 200
    row = the_patient(house)
    assert (row.name, row.navigator_id, row.access, row.needs) == ("Edna Marsh", id_of(house, "amina"), ["wheelchair"], ["money"])
    listed = amina.look("/patients").text
    assert "Edna Marsh" in listed and "Access: wheelchair." in listed and "<b>1</b> of 60 open" in listed
    assert f'/navigator/patients/{row.id}"' in amina.look(f"/conversations/{talk}").text
    amina.press(f"/conversations/{talk}/hand-back")
    at_desk("colin").press(f"/conversations/{talk}/claim")
    assert the_patient(house).navigator_id == id_of(house, "amina"), "the first navigator stays"


def test_a_call_that_is_done_makes_the_patient_of_whoever_rang(house, at_desk, begin):
    talk = begin(person_name="Edna Marsh", contact_number="+447700900321")
    with transaction(house.engine) as connection:
        connection.execute(callbacks.insert().values(
            id="c1", conversation_id=talk, practice="wardown-park", navigator="Colin Prior", starts_at=clock.now(), purpose="a first talk",
            status="booked", created_at=clock.now(),
        ))  # fmt: skip
    assert at_desk("rita").press("/calls/c1/mark", ending="done").status_code == 200
    assert the_patient(house).navigator_id == id_of(house, "colin")
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(callbacks.c.patient_id)).scalar() == the_patient(house).id


def test_a_gps_patient_is_added_by_one_form_and_the_first_call_is_a_task(house, at_desk):
    amina = at_desk("amina")
    assert amina.look("/patients/add").text.count(" required") == 5, "with the source, which is chosen already, six"
    answer = amina.press("/patients/add", htmx=False, **FORM)
    row = the_patient(house)
    assert answer.status_code == 303 and answer.headers["location"] == f"/navigator/patients/{row.id}?done=added"
    assert (row.referred_by, row.number, row.safe_to_text, row.safe_to_ring) == ("Dr Patel", "+447700900321", True, None)
    assert row.access == ["wheelchair", "large print"] and row.navigator_id == id_of(house, "amina")
    page = amina.look(f"/patients/{row.id}?done=added").text
    for words in ("Added. The first call", "Dr Patel", "Lonely since the move", "Language: Bengali.", "First call to Edna Marsh", "Due Wed 25 Nov"):
        assert words in page, words
    with reading(house.engine) as connection:
        talk = connection.execute(sa.select(conversations)).one()
        assert (talk.channel, talk.token_hash, talk.contact_number) == ("desk", None, "+447700900321")
        assert connection.execute(sa.select(events)).all() == [], "nobody began a chat"
    assert amina.press(f"/conversations/{talk.id}/claim").status_code == 409


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Give the person"), ({"reason": ""}, "Say why"), ({"referred_by": ""}, "Say who referred"), ({"reach": ""}, "best reached"),
        ({"consent": ""}, "Only somebody who agreed"), ({"number": "12"}, "not a UK phone number"), ({"number": "07700 900321x; DROP"}, "not a UK"),
        ({"number": "01632 960101"}, "mobiles only"), ({"source": "king"}, "Choose who referred"), ({"name": "E" * 121}, "to 120 characters"),
    ],
)  # fmt: skip
def test_a_form_that_cannot_be_used_says_how_to_mend_it_and_keeps_the_rest(house, at_desk, change, words):
    answer = at_desk("amina").press("/patients/add", htmx=False, **{**FORM, **change})
    assert answer.status_code == 422 and words in answer.text
    assert "Lonely since the move" in answer.text or "reason" in change
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(table)).all() == []


def test_the_same_number_is_asked_about_and_a_household_may_share_it(house, at_desk, patient):
    known = patient()
    amina = at_desk("amina")
    answer = amina.press("/patients/add", htmx=False, **{**FORM, "name": "Harold Marsh"})
    assert answer.status_code == 200 and "Same number: is this the same person?" in answer.text and f"/patients/{known}" in answer.text
    sure = re.search(r'name="sure" value="([^"]+)"', answer.text)[1]
    assert amina.press("/patients/add", htmx=False, **{**FORM, "name": "Harold Marsh", "sure": sure}).status_code == 303
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 2
    # The yes was to those people: another double is asked about anew.
    assert "is this the same person" in amina.press("/patients/add", htmx=False, **{**FORM, "name": "Ivy", "sure": sure}).text


def test_other_practices_and_roles_do_not_see_it(at_desk, patient):
    mine = patient()
    theirs = patient(practice="stopsley-green", by="joanne", person_name="Elsewhere")
    for username, status in (("joanne", 404), ("rita", 403), ("edith", 403), ("colin", 200), ("olive", 200)):
        desk = at_desk(username)
        assert desk.look(f"/patients/{mine}").status_code == status, username
        assert desk.press(f"/patients/{mine}/note", htmx=False, note="x").status_code == (303 if status == 200 else status), username
    grace = at_desk("grace")
    assert "Elsewhere" not in grace.look("/patients?whose=all&status=any").text
    assert grace.press(f"/patients/{mine}/merge", htmx=False, other=theirs).status_code == 404
    assert grace.look("/patients/nobody").status_code == 404


def test_a_forged_write_is_refused(at_desk, patient):
    desk = at_desk("amina")
    desk.csrf = "wrong"
    for address in ("/patients/add", f"/patients/{patient()}/close", "/tasks/add", "/signpost", "/leaving"):
        assert desk.press(address, htmx=False, ending="completed").status_code == 403, address


def test_every_read_is_in_the_audit(house, at_desk, patient):
    edna = patient()
    amina = at_desk("amina")
    for address in (f"/patients/{edna}", f"/patients/{edna}/print", f"/patients/{edna}/edit", "/patients?q=Edna"):
        assert amina.look(address).status_code == 200
    with reading(house.engine) as connection:
        lines = [tuple(row) for row in connection.execute(sa.select(audit.c.action, audit.c.subject).where(audit.c.staff_id == id_of(house, "amina")))]
    assert {("patient.read", edna), ("patient.printed", edna), ("person.found", edna), ("patients.read", "wardown-park")} <= set(lines)
    assert not [line for line in lines if "Edna" in str(line)]


def test_editing_keeps_what_was_written_and_reaches_the_conversations(house, at_desk, patient):
    edna = patient(safe_to_text=True, safe_to_ring=True)
    amina, colin = at_desk("amina"), at_desk("colin")
    form = amina.look(f"/patients/{edna}/edit").text
    seen = re.search(r'name="seen" value="([^"]+)"', form)[1]
    fields = {"name": "Edna Marsh", "number": "07700 900322", "safe_to_text": "no", "safe_to_ring": "no", "access": "hearing loop", "seen": seen}
    clock.shift(minutes=1)
    assert amina.press(f"/patients/{edna}/edit", htmx=False, **fields).headers["location"].endswith("done=edited")
    assert colin.press(f"/patients/{edna}/edit", htmx=False, **fields).status_code == 409, "somebody was quicker"
    with reading(house.engine) as connection:
        talk = connection.execute(sa.select(conversations)).one()
    assert (talk.contact_number, talk.safe_to_text) == ("+447700900322", False), "obeyed wherever we would text"
    assert talk.safe_to_ring is False and "They said it is not safe to ring" in amina.look(f"/conversations/{talk.id}/book").text
    assert "Details changed: access, number, safe to ring, safe to text" in amina.look(f"/patients/{edna}").text
    assert amina.press(f"/patients/{edna}/edit", htmx=False, **{**fields, "number": "nonsense"}).status_code == 422


def test_a_no_of_another_chat_holds_in_all_and_a_yes_there_does_not_undo_it(house, patient, begin, staff):
    known = {"person_name": "Edna Marsh", "contact_number": "+447700900321"}
    edna = patient(safe_to_text=True, safe_to_ring=True)

    def says(**answers):
        talk = begin(**known, **answers)
        with transaction(house.engine) as connection:
            assert caseload.looked_after(connection, records.load(connection, talk)) == edna
            rows = connection.execute(sa.select(conversations.c.safe_to_ring, conversations.c.safe_to_text)).all()
            return [tuple(row) for row in rows]

    assert says(safe_to_ring=False, safe_to_text=False) == [(False, False)] * 2
    assert says(safe_to_ring=True, safe_to_text=True) == [(False, False)] * 3


def test_what_the_pathway_leaves_to_do_stands_on_the_page_and_with_their_navigator(house, at_desk, patient):
    edna = patient()
    with transaction(house.engine) as connection:
        talk = connection.execute(sa.select(conversations.c.id)).scalar_one()
        people.add_task(connection, talk, "wardown-park", "no_answer", "Not reached 3 times.")
        people.add_task(connection, None, "wardown-park", "message", "Of nobody.")
    amina = at_desk("amina")
    page = amina.look(f"/patients/{edna}").text
    assert "Not reached 3 times." in page and "Of nobody." not in page
    assert "Not reached 3 times." in amina.look("/tasks").text


def test_what_is_safe_by_the_form_holds_for_the_first_call(house, at_desk):
    at_desk("amina").press("/patients/add", htmx=False, **{**FORM, "safe_to_ring": "no"})
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(conversations.c.safe_to_ring)).scalars().all() == [False]


def test_a_case_is_closed_with_a_reason_and_opened_again(house, at_desk, patient):
    edna = patient()
    amina = at_desk("amina")
    for wrong in ("", "bored", "disengaged", "disengaged:bored", "completed:travel"):
        assert amina.press(f"/patients/{edna}/close", htmx=False, ending=wrong).status_code == 422, wrong
    assert amina.press(f"/patients/{edna}/close", htmx=False, ending="disengaged:travel").status_code == 303
    assert amina.press(f"/patients/{edna}/close", htmx=False, ending="completed").status_code == 409
    row = the_patient(house)
    assert (row.status, row.ended, row.end_reason, row.closed_at) == ("closed", "disengaged", "travel", clock.now())
    assert "Stopped taking part: getting there" in amina.look(f"/patients/{edna}").text
    assert "Edna" not in amina.look("/patients").text and "Edna" in amina.look("/patients?status=closed").text
    assert amina.press(f"/patients/{edna}/reopen", htmx=False).status_code == 303
    assert amina.press(f"/patients/{edna}/reopen", htmx=False).status_code == 409
    assert (the_patient(house).status, the_patient(house).ended) == ("open", None)
    with reading(house.engine) as connection:
        assert connection.execute(sa.select(patient_changes.c.kind).order_by(patient_changes.c.id)).scalars().all() == ["closed", "reopened"]


def test_the_list_is_searched_filtered_and_sorted(house, at_desk, patient):
    edna, raj = patient(), patient(person_name="Raj Rao", contact_number="+447700900555", by="colin")
    lone = patient(person_name="Wanda", contact_number="+447700900666", by=None)
    with transaction(house.engine) as connection:
        people.add_task(connection, None, "wardown-park", "message", "Ring")
        connection.execute(tasks.update().values(patient_id=raj, due_at=clock.now()))
    clock.shift(days=1)
    grace, amina = at_desk("grace"), at_desk("amina")

    def names(desk, query):
        return re.findall(r'row-title"><a href="/navigator/patients/[^"]+">([^<]+)<', desk.look(f"/patients?{query}").text)

    assert names(grace, "") == ["Raj Rao", "Edna Marsh", "Wanda"], "what is due first, then by name"
    assert names(amina, "") == ["Edna Marsh"] and names(amina, "whose=nobody") == ["Wanda"]
    assert names(grace, "due=overdue") == ["Raj Rao"] and set(names(grace, "due=nothing")) == {"Edna Marsh", "Wanda"}
    assert names(grace, "q=RAJ") == names(grace, "q=900555") == names(grace, f"whose={id_of(house, 'colin')}") == ["Raj Rao"]
    assert names(grace, "q=%25") == [] and names(grace, "sort=name") == ["Edna Marsh", "Raj Rao", "Wanda"]
    assert names(grace, "start=2")[:1] == ["Wanda"] and grace.look("/patients?sort=size").status_code == 422
    assert "With nobody" in grace.look("/patients").text and {edna, raj, lone}


def test_the_page_shows_what_is_known_and_never_a_total(house, at_desk, patient, begin):
    edna = patient(safe_to_leave_message=False)
    with transaction(house.engine) as connection:
        talk = patients.conversations_of(connection, edna)[0]
        people.record_wellbeing(connection, talk.id, {"ons_happy": 4, "ons_anxious": 6})
        people.flag_risk(connection, talk.id, talk.practice, 1, ["domestic_abuse"])
        connection.execute(referrals.insert().values(
            id="r1", patient_id=edna, practice="wardown-park", listing_id="L1", service="Tuesday Kettle", consent_at=clock.now(),
            consent_how="phone", made_by=id_of_in(connection, "amina"), made_at=clock.now(), status="sent", answer_by=clock.now(),
            sessions_attended=0, link_version=1,
        ))  # fmt: skip
    colin = at_desk("colin")
    page = colin.look(f"/patients/{edna}").text
    for words in ("Overall, how happy did you feel yesterday?", "They are not added up", "/referrals/r1", "Tuesday Kettle", 'class="no">No<',
                  "safety flag not acknowledged", "Somebody else may see this phone", "Safety flag: Abuse at home", "Amina Yusuf"):  # fmt: skip
        assert words in page, words
    printed = colin.look(f"/patients/{edna}/print").text
    assert "Tuesday Kettle" in printed and "Printed by Colin Prior" in printed and 'class="menu"' not in printed


def test_notes_are_kept_and_limited(at_desk, patient):
    edna = patient()
    amina = at_desk("amina")
    for note, status in (("Likes <b>tea</b>", 303), ("  ", 422), ("x" * 4001, 422)):
        assert amina.press(f"/patients/{edna}/note", htmx=False, note=note).status_code == status
    assert "Likes &lt;b&gt;tea&lt;/b&gt;" in amina.look(f"/patients/{edna}").text


def test_a_case_is_given_to_those_who_can_have_it(house, at_desk, patient):
    edna = patient(by=None)
    grace = at_desk("grace")
    assert grace.press(f"/patients/{edna}/navigator", htmx=False, navigator=id_of(house, "colin")).status_code == 303
    for username in ("rita", "joanne", "edith"):
        assert grace.press(f"/patients/{edna}/navigator", htmx=False, navigator=id_of(house, username)).status_code == 422, username
    assert the_patient(house).navigator_id == id_of(house, "colin")
    assert "Given to a navigator: Colin Prior" in grace.look(f"/patients/{edna}").text


def test_access_and_language_stand_wherever_the_person_appears(house, at_desk, begin, patient):
    edna = patient(state="live", picture={"wishes": {"access": ["wheelchair"], "language": ["Bengali"]}})
    line = "Access: wheelchair. Language: Bengali."
    with transaction(house.engine) as connection:
        talk = patients.conversations_of(connection, edna)[0]
        connection.execute(callbacks.insert().values(
            id="c1", conversation_id=talk.id, practice="wardown-park", navigator="Amina Yusuf", starts_at=clock.now(), purpose="a first talk",
            status="booked", created_at=clock.now(), patient_id=edna,
        ))  # fmt: skip
    amina = at_desk("amina")
    for address, times in (("/", 2), ("/calls", 1), (f"/conversations/{talk.id}", 1), (f"/patients/{edna}", 2), ("/patients", 1)):
        assert amina.look(address).text.count(line) == times, address


def test_a_patient_without_conversation_or_name_still_opens(house, at_desk):
    with transaction(house.engine) as connection:
        patient_id = patients.create(connection, "wardown-park", "other")
    amina = at_desk("amina")
    assert "Name not given" in amina.look(f"/patients/{patient_id}").text
    assert amina.look(f"/patients/{patient_id}/same").status_code == amina.look(f"/patients/{patient_id}/edit").status_code == 200


def test_working_days_leave_out_weekends_and_bank_holidays(house):
    clock.set(clock.now().replace(month=12, day=23))  # a Wednesday; the 25th and the 28th (for Boxing Day) are holidays
    assert adding.end_of_working_day(2).date().isoformat() == "2026-12-29"
