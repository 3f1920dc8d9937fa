"""'Did you go?' answered by a press, a number or in words, in the chat or by text; late answers and slips do no harm."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import messages, records
from assistant.pathway import referrals, sessions
from assistant.pathway.after_session import read_words
from assistant.store.database import reading, transaction
from assistant.store.tables import tasks
from assistant.turns import Turns


def says(way, text: str, payload: str | None = None, conversation: str | None = None) -> list[str]:
    """The patient writes or presses; what the turn answers. There is no model: a turn that needs one apologises."""
    here = conversation or way.conversation
    with transaction(way.house.engine) as connection:
        seq = messages.append(connection, here, "patient", text, payload=payload)
    asyncio.run(Turns(way.house).answer(here))
    with reading(way.house.engine) as connection:
        return [row.text for row in messages.since(connection, here, after=seq)]


@pytest.fixture
def asked(way):
    """Dorothy was asked on the day after."""
    way.refer()
    way.accept()
    clock.shift(days=4)
    assert way.look() == 1
    return way


@pytest.mark.parametrize("words", ["yes", "Yes", "1", "yeah i did", "Yes thanks it was lovely", "I went!", "i went and enjoyed it", "\U0001f44d"])
def test_a_yes_counts_the_session(asked, words):
    assert says(asked, words) == ["That is good to hear. You have 3 free sessions left there. Tell us here if anything gets in the way."]
    assert (asked.row.status, asked.row.sessions_attended) == ("attending", 1)
    assert asked.events()[-2:] == ["session_attended", "first_session_attended"]


@pytest.mark.parametrize("words", ["no", "2", "not yet", "Not yet sorry", "i couldnt make it", "I didn't go", "forgot", "no i missed it", "\U0001f44e"])
def test_not_yet_is_fine_and_asked_again_after_a_week_once(asked, words):
    assert says(asked, words) == ["That is fine. We will ask again next week. Is something in the way? Tell us here, or book a call."]
    assert asked.row.sessions_attended == 0
    clock.shift(days=6)
    assert asked.look() == 0
    clock.shift(days=1)
    assert [asked.look(), asked.look()] == [1, 0]
    assert says(asked, "not yet") == ["That is fine. Is something in the way? Tell us here, or book a call."]
    assert any("asked twice" in task for task in asked.tasks())
    clock.shift(days=8)
    assert asked.look() == 0


@pytest.mark.parametrize("words", ["it is not for me", "3", "i didnt like it", "I didn't really enjoy it", "not my cup of tea"])
def test_not_for_me_ends_it_kindly_and_asks_why(asked, words):
    (reply,) = says(asked, words)
    assert reply == "Thank you for telling us. That is all right. We will let them know. May we ask why?"
    assert (asked.row.status, asked.row.ended, asked.row.stop_reason) == ("closed", "disengaged", "prefer_not_to_say")
    assert any("Let the service know" in task for task in asked.tasks()) and asked.tasks("closing")


@pytest.mark.parametrize(("words", "reason"), [
    ("It costs too much", "cost"), ("too far on the bus", "travel"), ("nobody to go with", "no_one_to_go_with"), ("my knees", "health"),
    ("felt ignored", "unwelcoming"), ("id rather not say", "prefer_not_to_say"), ("1", "not_for_me"),
])  # fmt: skip
def test_the_reason_is_kept_by_the_taxonomy(asked, words, reason):
    says(asked, "not for me")
    assert says(asked, words) == ["Thank you. Shall we look for something else? It is up to you."]
    assert asked.row.stop_reason == reason and asked.event("disengaged")["reason"] == reason
    assert asked.events().count("disengaged") == 1


@pytest.mark.parametrize("words", ["3", "I am still going", "no i'm still going every week", "but I haven't stopped"])
def test_the_service_was_wrong_and_they_still_go(asked, words):
    asked.do(lambda c, h, r: sessions.stopped(c, h, r, "travel", "provider"))
    assert asked.offered() == ["Show me others", "Book a call", "I am still going"]
    assert says(asked, words) == ["Thank you for telling us. All stays as it was. We will let them know."]
    assert asked.row.status == "accepted" and "disengaged" not in asked.events()
    assert "Dorothy says they still go to Tea and Talk, which told us they stopped." in asked.tasks("referral")[-1]
    asked.do(lambda c, h, r: sessions.stopped(c, h, r, "travel", "provider"))
    assert asked.said()[-1].startswith("Tea and Talk tells us"), "a second time they are told a second time"


def test_pressed_by_mistake_is_undone(asked):
    says(asked, "It is not for me", f"referral:{asked.id}:not_for_me")
    assert says(asked, "I pressed that by mistake", f"referral:{asked.id}:mistake") == ["No problem. All stays as it was."]
    assert asked.row.status == "accepted" and "disengaged" not in asked.events()


def test_a_yes_twice_and_late_counts_once(asked):
    yes = f"referral:{asked.id}:yes"
    says(asked, "Yes", yes)
    says(asked, "Yes", yes)
    assert asked.row.sessions_attended == 1
    asked.do(lambda c, h, r: referrals.close(c, h, r, "completed", None, "amina"))
    assert says(asked, "Yes", yes) == ["Thank you. We have kept that."]
    assert asked.row.sessions_attended == 1


@pytest.mark.parametrize("words", ["what time is it on?", "can i talk to someone", "is it free", "I need help with my rent"])
def test_other_words_are_for_rasa(asked, words):
    (reply,) = says(asked, words)
    assert reply.startswith("Sorry, something on our side is not working")  # no model here: it was asked for
    assert asked.row.sessions_attended == 0


def test_a_yes_after_something_else_was_said_is_about_that(asked):
    says(asked, "is it free")
    says(asked, "yes")
    assert asked.row.sessions_attended == 0


def test_danger_comes_first(asked):
    replies = says(asked, "no i want to kill myself")
    assert "999" in replies[0] and asked.row.status == "accepted"
    with reading(asked.house.engine) as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(tasks)).scalar() == 0


def test_to_a_navigator_who_is_there_the_press_is_kept_and_nothing_said(asked):
    with transaction(asked.house.engine) as connection:
        records.change_state(connection, asked.conversation, "bot", "live", staff_id="amina")
    assert says(asked, "Yes", f"referral:{asked.id}:yes") == []
    assert asked.row.sessions_attended == 1


def test_a_closed_chat_opens_again(asked):
    with transaction(asked.house.engine) as connection:
        records.change_state(connection, asked.conversation, "bot", "closed")
    says(asked, "Yes", f"referral:{asked.id}:yes")
    with reading(asked.house.engine) as connection:
        assert records.load(connection, asked.conversation).state == "bot"


def test_somebody_elses_referral_cannot_be_answered(asked, another):
    other = another(person_name="Raj", contact_number="+447700900124")
    other.id = asked.id
    assert says(other, "Yes", f"referral:{asked.id}:yes")[0].startswith("Sorry")
    assert asked.row.sessions_attended == 0


@pytest.mark.parametrize("words", ["yes", "1", "yes i went"])
def test_a_question_texted_from_a_chat_is_answered_by_text(asked, words):
    with transaction(asked.house.engine) as connection:
        by_text, _ = records.begin(connection, channel="sms", practice="wardown-park", phone="+447700900123")
        messages.append(connection, by_text, "bot", "Hello, this is the helper.")
    assert says(asked, words, conversation=by_text)[0].startswith("That is good to hear.")
    assert asked.row.sessions_attended == 1 and any(text.startswith("That is good") for text in asked.texts())


def test_by_text_a_later_yes_is_about_something_else(asked):
    with transaction(asked.house.engine) as connection:
        by_text, _ = records.begin(connection, channel="sms", practice="wardown-park", phone="+447700900123")
    says(asked, "is it warm there?", conversation=by_text)
    says(asked, "yes", conversation=by_text)
    assert asked.row.sessions_attended == 0


def test_the_day_does_not_suit(way):
    way.refer()
    way.accept()
    assert says(way, "i cant make thursday sorry") == ["Thank you for telling us. We will ask them for another day."]
    assert way.row.first_session_at is None and any("cannot make the day" in task for task in way.tasks())
    says(way, "I cannot make it", f"referral:{way.id}:cannot")
    clock.shift(days=5)
    assert way.look() == 0 and len(way.tasks()) == 1


def test_show_me_others_leaves_out_this_one_and_the_hidden(way):
    way.refer()
    clock.shift(days=10)
    way.look()
    (reply,) = says(way, "show me others")
    assert reply.startswith("Here is what we found.") and "Company Choir" in reply
    assert "Tea and Talk" not in reply and "Lapsed" not in reply and "Full" not in reply


def test_others_when_the_directory_is_down(way):
    way.refer()
    clock.shift(days=10)
    way.look()
    way.house.directory = None
    assert says(way, "Show me others")[0].startswith("Sorry, we found nothing like it")


@pytest.mark.parametrize(("kind", "words"), [
    ("yes", ""), ("yes", "x" * 3000), ("yes", "the weather is grim"), ("yes", "did you send it?"), ("yes", "did you mean tuesday"), ("yes", "something went wrong"), ("cannot", "ok thanks"), ("why", "hello"), ("others", "yes"),
])  # fmt: skip
def test_words_that_are_no_answer(kind, words):
    assert read_words(kind, words) is None


@pytest.mark.parametrize("words", ["went tuesday it was alright", "yh", "yh went", "I attended and found it most agreeable, thank you", "i go yes", "Indeed I did", "yes I was nervous but it was lovely", "been"])
def test_yes_in_other_voices(words):
    assert read_words("yes", words) == "yes"


@pytest.mark.parametrize("words", ["couldnt, mum was bad", "bus never came", "i was ill", "hell no", "chickened out", "had to look after mum", "wasnt well", "n", "went wrong day", "not gone yet"])
def test_not_yet_in_other_voices(words):
    assert read_words("yes", words) == "not_yet"


@pytest.mark.parametrize("words", ["no problem", "ok", "i cant find the address, where is it?"])
def test_what_says_neither_is_not_guessed_at(words):
    assert read_words("yes", words) is None


@pytest.mark.parametrize("words", ["i shall be away that week", "that day is no good", "not thursdays", "i am at the hospital then"])
def test_a_day_that_does_not_suit_in_other_voices(words):
    assert read_words("cannot", words) == "cannot"


@pytest.mark.parametrize("words", ["i went but nobody talked to me", "went. left early, too nervous"])
def test_a_hard_first_time_counts_and_is_not_good_to_hear(asked, words):
    (reply,) = says(asked, words)
    assert reply.startswith("Well done for going") and "3 free sessions" in reply
    assert asked.row.sessions_attended == 1
    assert any("was not easy" in task for task in asked.tasks())


@pytest.mark.parametrize("words", ["nobody was there when i turned up", "it was closed", "they cancelled"])
def test_who_found_nobody_there_is_told_sorry_and_the_team_is_told(asked, words):
    (reply,) = says(asked, words)
    assert reply.startswith("We are sorry. You did your part.")
    assert asked.row.sessions_attended == 0
    assert any("nobody was there" in task for task in asked.tasks())
