"""Telling a patient something unasked: once for each key, always in the chat, by text only where that is safe and allowed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from diary_house import MOBILE, SAFE, begin, house_at, london, row_of, said, texts

from assistant.channels.sms import opt_outs
from assistant.clock import clock
from assistant.conversations import messages
from assistant.pathway import telling
from assistant.store.database import reading, transaction
from assistant.store.tables import outbox

CHOICE = [{"label": "Book a call", "value": "/book_callback"}]


@pytest.fixture
def house(tmp_path):
    """Monday at ten."""
    clock.set(london(2026, 11, 23, 10))
    yield house_at(tmp_path)
    clock.run()


def tell(house, conversation, key="news", **more):
    with transaction(house.engine) as connection:
        return telling.tell(connection, house, row_of(house, conversation), "There is news.", key, **more)


def test_it_stands_in_the_chat_and_goes_by_text_once_for_each_key(house):
    conversation = begin(house, **SAFE)
    assert [tell(house, conversation) for _ in range(3)] == ["text", "before", "before"]
    assert tell(house, conversation, "other news") == "text"
    assert said(house, conversation) == ["There is news.", "There is news."] and len(texts(house)) == 2


def test_the_same_key_in_another_conversation_is_another_matter(house):
    one, other = begin(house, **SAFE), begin(house, **SAFE)
    assert (tell(house, one), tell(house, other)) == ("text", "text")


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ({**SAFE}, "text"),
        ({**SAFE, "safe_to_text": None}, "chat"),  # by web nobody is texted who was not asked
        ({**SAFE, "safe_to_text": False}, "chat"),
        ({**SAFE, "contact_number": None}, "chat"),
        ({**SAFE, "contact_number": "+441632960101"}, "chat"),  # a landline reads texts aloud
        ({**SAFE, "contact_number": "+447011234567"}, "chat"),  # a personal number, no mobile
        ({"channel": "sms"}, "text"),
        ({"channel": "sms", "safe_to_text": False}, "chat"),
    ],
)
def test_a_text_goes_only_to_a_mobile_that_is_safe(house, values, how):
    conversation = begin(house, **values)
    assert tell(house, conversation) == how
    assert len(texts(house)) == (how == "text") and said(house, conversation) == ["There is news."]


def test_after_stop_nothing_is_texted_and_after_start_it_is(house):
    conversation = begin(house, **SAFE)
    for stop, how in ((True, "chat"), (False, "text")):
        with transaction(house.engine) as connection:
            opt_outs.record(connection, MOBILE, stop=stop)
        assert tell(house, conversation, f"news {stop}") == how


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ((2026, 11, 23, 7, 59), (2026, 11, 23, 8)),
        ((2026, 11, 23, 8), (2026, 11, 23, 8)),
        ((2026, 11, 23, 19, 59), (2026, 11, 23, 19, 59)),
        ((2026, 11, 23, 20), (2026, 11, 24, 8)),
        ((2026, 10, 24, 21), (2026, 10, 25, 8)),  # the clocks go back in between
        ((2027, 3, 27, 21), (2027, 3, 28, 8)),  # and forward
    ],
)
def test_a_text_waits_for_the_hours_of_the_practice(house, now, due):
    clock.set(london(*now))
    conversation = begin(house, **SAFE)
    tell(house, conversation)
    with reading(house.engine) as connection:
        text = connection.execute(sa.select(outbox)).one()
    assert text.due_at == london(*due) and not text.reply


def test_choices_are_numbered_in_a_text_unless_it_has_its_own_words(house):
    tell(house, begin(house, **SAFE), choices=CHOICE)
    tell(house, begin(house, **SAFE), choices=CHOICE, by_text="News by text.")
    assert texts(house) == ["There is news.\nReply 1 Book a call.", "News by text."]


def test_what_is_told_needs_no_answer_of_the_bot_and_keeps_its_choices(house):
    conversation = begin(house, **SAFE)
    tell(house, conversation, choices=CHOICE)
    with reading(house.engine) as connection:
        assert messages.unanswered(connection, conversation) == []
        assert messages.since(connection, conversation)[-1].choices == CHOICE


def test_texts_that_did_not_go_yet_can_be_taken_back_and_no_others(house):
    conversation = begin(house, **SAFE)
    tell(house, conversation, "one")
    tell(house, conversation, "one more")
    with transaction(house.engine) as connection:
        assert telling.withdraw(connection, conversation, "one") == 1
        assert telling.withdraw(connection, conversation, "one") == 0
    assert len(texts(house)) == 1 and len(texts(house, "stopped")) == 1 and len(said(house, conversation)) == 2


def test_an_answer_that_is_waited_for_goes_at_any_hour(house):
    clock.set(london(2026, 11, 23, 23))
    conversation = begin(house, "sms")
    with transaction(house.engine) as connection:
        telling.say(connection, row_of(house, conversation), "navigator", "I am here.")
    with reading(house.engine) as connection:
        text = connection.execute(sa.select(outbox)).one()
    assert text.reply and text.due_at == clock.now()
