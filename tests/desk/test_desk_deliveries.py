"""What became of a text stands beside its message: on its way, sent, delivered, or failed and what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import records
from assistant.desk.deliveries import of, why
from assistant.pathway.telling import say, tell
from assistant.store.database import reading, transaction
from assistant.store.tables import outbox

PHONE = "+447700900111"


@pytest.fixture
def texted(house, begin):
    """A conversation by text in which the team has said something."""
    conversation = begin(channel="sms", phone=PHONE)
    with transaction(house.engine) as connection:
        seq = say(connection, records.load(connection, conversation), "navigator", "Shall I ring you on Tuesday?")
    return conversation, seq


def settle(house, **values):
    with transaction(house.engine) as connection:
        connection.execute(outbox.update().values(**values))


def told(house, conversation, seq):
    with reading(house.engine) as connection:
        return of(connection, conversation)[seq]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "queued"}, "Text on its way"),
        ({"status": "sending"}, "Text on its way"),
        ({"status": "sent"}, "Text sent"),
        ({"status": "delivered"}, "Text delivered"),
        ({"status": "stopped"}, "No text: they have stopped our texts. Ring them instead, if that is safe."),
        ({"status": "failed", "last_error": "Notify permanent-failure"}, "the number does not take texts"),
        ({"status": "failed", "last_error": "Twilio 30006"}, "the number is a landline"),
        ({"status": "failed", "last_error": "gave up"}, "the carrier could not deliver it"),
    ],
)
def test_each_way_a_text_may_go_is_said(house, texted, at_desk, values, words):
    conversation, seq = texted
    settle(house, **values)
    assert words in told(house, conversation, seq).words
    page = at_desk("amina").look(f"/conversations/{conversation}").text
    assert words in page and f'id="d-{seq}"' in page


def test_a_gateway_that_is_away_and_the_night_say_when(house, texted, begin):
    conversation, seq = texted
    settle(house, last_error="Notify 500", due_at=clock.now() + timedelta(minutes=10))
    assert told(house, conversation, seq).words == "Text waits: the text service was away. Next try 10.10am"
    clock.shift(hours=11)
    web = begin(contact_number=PHONE, safe_to_text=True)
    with transaction(house.engine) as connection:
        tell(connection, house, records.load(connection, web), "Tea and Chat is tomorrow.", "r:1")
        seq = records.load(connection, web).last_seq
    assert told(house, web, seq).words == "Text goes Tue 24 Nov, 8.00am"


def test_a_report_reaches_an_open_page(house, texted, at_desk):
    conversation, seq = texted
    desk = at_desk("amina")
    page = desk.look(f"/conversations/{conversation}").text
    from desk_browser import seen

    marks = seen(page)
    settle(house, status="delivered")
    update = desk.look(f"/conversations/{conversation}/parts", after=seq, **marks).text
    assert f'id="d-{seq}" aria-live="off" hx-swap-oob="true">Text delivered' in update and "1 delivered" in update
    again = desk.look(f"/conversations/{conversation}/parts", after=seq, **seen(update)).text
    assert f'id="d-{seq}"' not in again


def test_a_text_in_parts_is_as_far_as_its_worst_part(house, texted):
    conversation, _ = texted
    with transaction(house.engine) as connection:
        long = say(connection, records.load(connection, conversation), "navigator", "A sentence about a group near you. " * 14)
        ids = connection.execute(sa.select(outbox.c.id).where(outbox.c.message_seq == long)).scalars().all()
        connection.execute(outbox.update().values(status="delivered"))
        connection.execute(outbox.update().where(outbox.c.id == ids[-1]).values(status="failed"))
    assert len(ids) > 1 and told(house, conversation, long).state == "failed"
    assert told(house, conversation, long).segments >= 3


def test_a_web_chat_shows_no_deliveries(begin, at_desk):
    assert 'id="h-texts"' not in at_desk("amina").look(f"/conversations/{begin()}").text


def test_every_reason_is_a_sentence():
    assert why(None) == why("?") == "the carrier could not deliver it"


def test_the_transcript_leaves_the_house_only_after_a_confirmation(begin, at_desk):
    desk, conversation = at_desk("amina"), begin()
    assert desk.look(f"/conversations/{conversation}/transcript").status_code == 200
    clock.shift(minutes=6)
    assert desk.look(f"/conversations/{conversation}/transcript").headers["location"].startswith("/navigator/confirm")
