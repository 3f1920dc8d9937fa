"""A referral is made once, with consent, to a service that may be chosen, and what is told is no more than agreed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.errors import BadInput, Conflict
from assistant.pathway import objections, patients, referrals
from assistant.pathway.referral_letters import letter, link_for, seen_by_provider, text_to_provider
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import referral_steps
from assistant.store.pathway_tables import referrals as table
from directory import store


def test_a_referral_counts_and_tells_the_patient(way):
    way.refer()
    assert way.row.status == "sent" and way.row.free_sessions == 4
    assert way.said()[-1] == "We have asked Tea and Talk if they can see you. We will tell you when they answer."
    assert way.texts() == [way.said()[-1]]
    assert way.events() == ["referral_made"]
    assert way.event("referral_made") == {"referral": way.id, "listing": "tea", "need": "loneliness"}


@pytest.mark.parametrize(("field", "values"), [
    ("consent", {"consent_how": ""}), ("consent", {"consent_how": "surely"}), ("first_name", {"first_name": ""}),
    ("first_name", {"first_name": "x" * 61}), ("need", {"need": "happiness"}), ("note", {"note": ""}), ("note", {"note": "x" * 601}),
    ("reach", {"reach_how": "pigeon"}), ("number", {"reach_number": None}),
    ("number", {"reach_how": "text", "reach_number": "+441632960101"}), ("listing", {"listing_id": "gone"}),
])  # fmt: skip
def test_a_fault_names_its_field_and_nothing_is_made(way, field, values):
    with pytest.raises(BadInput) as fault:
        way.refer(**values)
    assert fault.value.field == field
    assert way.events() == [] and way.said() == []


@pytest.mark.parametrize(("listing", "why"), [("old", "ended"), ("none", "accredit"), ("full", "full"), ("closed", "closed")])
def test_only_accredited_open_listings_in_date_can_be_chosen(way, listing, why):
    with pytest.raises(BadInput, match=why):
        way.refer(listing_id=listing)


def test_who_objects_to_sharing_is_not_referred(way):
    with transaction(way.house.engine) as connection:
        objections.note(connection, patients.load(connection, way.patient), "sharing", "phone", "s-1")
    with pytest.raises(BadInput, match="object to sharing"):
        way.refer()


def test_a_listing_that_closes_while_the_form_is_open_is_refused_when_sent(way):
    store.update(way.house.engine, "tea", "editor", status="paused")
    with pytest.raises(BadInput, match="paused"):
        way.refer()


@pytest.mark.parametrize(("own", "free"), [(None, 12), (4, 4), (30, 12), (0, 0)])
def test_free_sessions_are_the_smaller_of_the_two(way, own, free):
    store.update(way.house.engine, "tea", "editor", free_sessions=own)
    way.refer()
    assert way.row.free_sessions == free


def test_the_same_form_twice_is_one_referral_also_at_once(way):
    wanted = way.wanted()

    def send(_: int) -> str:
        with transaction(way.house.engine) as connection:
            return referrals.make(connection, way.house, way.patient, way.conversation, wanted, "amina")

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(send, range(4)))
    assert made == {wanted.id} and way.events() == ["referral_made"] and len(way.texts()) == 1


def test_two_forms_for_the_same_service_are_one_too_many(way):
    way.refer()
    with pytest.raises(Conflict, match="open referral to Tea and Talk"):
        way.refer()


def test_a_form_of_somebody_else_is_not_taken_for_this_one(way, another):
    wanted = way.wanted()
    way.refer(id=wanted.id)
    other = another(person_name="Raj", contact_number="+447700900124")
    with pytest.raises(Conflict, match="Open a new one"):
        other.refer(id=wanted.id)


def test_the_letter_names_nobody_and_the_page_holds_the_least(way):
    way.refer()
    link = link_for(way.house, way.row)
    subject, words = letter(way.house, way.row, link)
    for told in (subject, words, text_to_provider(way.house, way.row, link)):
        assert "Dorothy" not in told and "company" not in told and "900123" not in told
    assert link in words and "Monday 30 November 2026" in words
    seen = seen_by_provider(way.house, way.row)
    assert seen["first_name"] == "Dorothy" and "Hale" not in str(seen)


def test_a_provider_with_a_mobile_is_texted_once(way):
    way.refer(listing_id="shed", provider_contact="07700 900555")
    (text,) = way.texts("+447700900555")
    assert "/provider/" in text and "Dorothy" not in text


def test_reaching_through_the_surgery_gives_no_number_away(way):
    way.refer(reach_how="surgery", reach_number=None)
    assert seen_by_provider(way.house, way.row)["number"] is None


def test_taken_back_before_an_answer_and_undone(way):
    way.refer()
    old = link_for(way.house, way.row)
    way.do(lambda c, h, r: referrals.withdraw(c, h, r, "amina"))
    assert (way.row.status, way.row.ended, way.row.link_version) == ("closed", "cancelled", 2)
    assert "will not come for now" in way.said()[-1]
    way.do(lambda c, h, r: referrals.reopen(c, h, r, "amina"))
    assert way.row.status == "sent" and link_for(way.house, way.row) != old


def test_taken_back_after_an_answer_is_refused(way):
    way.refer()
    way.accept()
    with pytest.raises(Conflict, match="has answered"):
        way.do(lambda c, h, r: referrals.withdraw(c, h, r, "amina"))


def test_an_end_can_be_undone_for_a_week_and_its_count_goes(way):
    way.refer()
    way.accept()
    way.do(lambda c, h, r: referrals.close(c, h, r, "disengaged", "travel", "amina"))
    assert way.event("disengaged")["reason"] == "travel" and way.tasks("closing")
    way.do(lambda c, h, r: referrals.reopen(c, h, r, "amina"))
    assert way.row.status == "accepted" and way.row.stop_reason is None and "disengaged" not in way.events()
    way.do(lambda c, h, r: referrals.close(c, h, r, "completed", None, "amina"))
    clock.shift(days=8)
    with pytest.raises(Conflict):
        way.do(lambda c, h, r: referrals.reopen(c, h, r, "amina"))


@pytest.mark.parametrize(("ended", "reason", "field"), [("gone", None, "ended"), ("disengaged", None, "reason"), ("disengaged", "x", "reason")])
def test_closing_needs_how_and_why(way, ended, reason, field):
    way.refer()
    way.accept()
    with pytest.raises(BadInput) as fault:
        way.do(lambda c, h, r: referrals.close(c, h, r, ended, reason, "amina"))
    assert fault.value.field == field


def test_erasing_the_chat_leaves_the_patients_referral(way):
    from assistant.conversations import erasing

    way.refer()
    with transaction(way.house.engine) as connection:
        erasing.erase(connection, way.conversation)
    with reading(way.house.engine) as connection:
        row = connection.execute(sa.select(table)).one()
        assert row.conversation_id is None
        assert connection.execute(sa.select(sa.func.count()).select_from(referral_steps)).scalar() >= 1
    way.accept()
    assert any("Please tell Dorothy: Good news." in task and "no chat" in task for task in way.tasks())
