"""What happens to a referral though nobody clicks: once each, late, twice, in two processes, over a clock change."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timezone

import pytest

from assistant.clock import LONDON, clock
from assistant.pathway import referral_timers, sessions
from assistant.store.database import open_engine
from assistant.tending import PASSES
from directory import store


def local(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=LONDON).astimezone(timezone.utc)


def test_the_clock_looks_at_referrals():
    assert referral_timers.look in PASSES


def test_silence_is_acted_on_once_after_working_days(way):
    way.refer()
    clock.set(local("2026-11-30 09:59"))
    assert way.look() == 0
    clock.shift(minutes=1)
    assert [way.look(), way.look()] == [1, 0]
    assert way.said()[-1] == (
        "Sorry, Tea and Talk has not answered us yet. We have asked them again. You can see others, or book a call."
    )
    assert way.offered() == ["Show me others", "Book a call"]
    assert way.events() == ["referral_made", "provider_silent", "patient_told_of_silence"]
    (task,) = way.tasks()
    assert task == "Tea and Talk has not answered about Dorothy for 5 working days. Send them the letter again, or ring them."


def test_a_provider_with_a_mobile_is_chased_by_text(way):
    way.refer(listing_id="shed", provider_contact="07700 900555")
    clock.shift(days=10)
    way.look()
    way.look()
    first, second = way.texts("+447700900555")
    assert "still waiting" in second and "still waiting" not in first


def test_an_answer_before_the_clock_looks_stops_it(way):
    way.refer()
    clock.shift(days=10)
    way.accept("2026-12-10")
    assert way.look() == 0 and "provider_silent" not in way.events()


def test_an_answer_after_silence_still_counts(way):
    way.refer()
    clock.shift(days=10)
    way.look()
    way.accept("2026-12-10")
    assert way.row.status == "accepted" and way.said()[-1].startswith("Good news.")


def test_two_processes_at_once_act_once(way):
    way.refer()
    clock.shift(days=10)
    engines = [open_engine(str(way.house.engine.url)) for _ in range(4)]

    def process(engine):
        from dataclasses import replace

        return referral_timers.look(replace(way.house, engine=engine))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(process, engines)) == 1
    assert way.events().count("provider_silent") == 1 and len(way.texts()) == 2 and len(way.tasks()) == 1


def test_who_has_no_chat_is_told_by_the_team_and_not_counted_as_told(way):
    from assistant.conversations import erasing
    from assistant.store.database import transaction

    way.refer()
    with transaction(way.house.engine) as connection:
        erasing.erase(connection, way.conversation)
    clock.shift(days=10)
    way.look()
    assert "patient_told_of_silence" not in way.events()
    assert any("Please tell Dorothy: Sorry, Tea and Talk" in task for task in way.tasks())


def test_did_you_go_is_asked_the_day_after_in_the_morning(way):
    way.refer()
    way.accept()
    clock.set(local("2026-11-27 09:29"))
    assert way.look() == 0
    clock.shift(minutes=1)
    assert [way.look(), way.look()] == [1, 0]
    assert way.said()[-1] == "Did you go to Tea and Talk on Thursday 26 November?"
    assert way.offered() == ["Yes", "Not yet", "It is not for me"]
    assert way.texts()[-1].startswith("Did you go to Tea and Talk on Thursday 26 November?") and len(way.texts()[-1]) <= 160


def test_over_the_night_the_clocks_change(way):
    clock.set(local("2027-03-20 10:00"))
    store.update(way.house.engine, "tea", "editor", checked_on=date(2027, 3, 1))
    way.refer()
    way.accept("2027-03-27", "23:30")
    clock.set(local("2027-03-28 09:29"))
    assert way.look() == 0
    clock.set(local("2027-03-28 09:30"))
    assert way.look() == 1


def test_nobody_is_asked_what_the_provider_has_told(way):
    way.refer()
    way.accept()
    clock.shift(days=4)
    way.do(lambda c, h, r: sessions.record(c, h, r, date(2026, 11, 26), True, "provider"))
    assert way.look() == 0


def test_a_day_that_was_moved_is_asked_about_when_it_has_been(way):
    way.refer()
    way.accept()
    way.accept("2026-12-03", "14:00")
    clock.set(local("2026-11-27 12:00"))
    assert way.look() == 0
    clock.set(local("2026-12-04 12:00"))
    assert way.look() == 1 and "Thursday 3 December" in way.said()[-1]


def test_after_two_weeks_the_team_asks(way):
    way.refer()
    way.accept()
    clock.shift(days=30)
    assert [way.look(), way.look()] == [1, 0]
    assert "Did you go" not in way.said()[-1] and any("Ask Dorothy whether they went" in task for task in way.tasks())


@pytest.mark.parametrize("directory", [True, False])
def test_near_the_last_free_session_what_next(way, directory):
    way.refer()
    way.accept()
    clock.shift(days=15)
    way.do(lambda c, h, r: sessions.record(c, h, r, date(2026, 11, 26), True, "provider"))
    assert way.look() == 0
    way.do(lambda c, h, r: sessions.record(c, h, r, date(2026, 12, 3), True, "provider"))
    if not directory:
        way.house.directory = None
    assert [way.look(), way.look()] == [1, 0]
    told = way.said()[-1]
    assert told.startswith("You have 2 free sessions left at Tea and Talk.") and told.endswith("What would you like next?")
    assert ("After that: £2 a session. Free near you: " in told) is directory
    assert way.offered() == ["Show me free ones", "Book a call"]
    assert way.tasks()[-1] == "Dorothy has 2 free sessions left at Tea and Talk. Ask what they would like next."


def test_one_that_fails_does_not_hold_up_the_others(way, another, monkeypatch):
    way.refer()
    other = another(person_name="Raj", contact_number="+447700900124")
    other.refer()
    clock.shift(days=10)
    good = referral_timers.send_text

    def fails(connection, house, referral, chasing=False):
        if referral.id == way.id:
            raise RuntimeError("down")
        return good(connection, house, referral, chasing)

    monkeypatch.setattr(referral_timers, "send_text", fails)
    assert way.look() == 1 and "Sorry" in other.said()[-1] and "Sorry" not in way.said()[-1]
    monkeypatch.undo()
    assert way.look() == 1 and "Sorry" in way.said()[-1]
