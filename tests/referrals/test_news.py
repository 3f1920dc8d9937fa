"""The referrer hears once at each turn, by hand or by a signed POST that outlives an hour of a system being down."""

from __future__ import annotations

import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import httpx
import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook

from assistant.clock import clock
from assistant.errors import BadInput, Conflict
from assistant.pathway import provider_answers, referrals, referrer_news, referrer_post, sessions
from assistant.store.database import reading
from assistant.store.pathway_tables import referrer_news as table
from assistant.tending import PASSES

SECRET = "whsec_" + b64encode(b"a secret of the tests, 24+ bytes").decode()


def news(way):
    with reading(way.house.engine) as connection:
        return referrer_news.of_referral(connection, way.id)


@pytest.fixture
def sent_by(another):
    """Dorothy, sent by Dr Shaw."""
    way = another(source="clinician")
    way.refer()
    return way


def test_four_turns_four_messages_with_no_more_than_needed(sent_by):
    sent_by.accept()
    clock.shift(days=4)
    for _ in range(2):
        sent_by.do(lambda c, h, r: sessions.record(c, h, r, date(2026, 11, 26), True, "provider"))
    sent_by.do(lambda c, h, r: referrals.close(c, h, r, "disengaged", "health", "amina"))
    rows = news(sent_by)
    assert [row.turn for row in rows] == ["accepted", "attended", "closed"]
    assert rows[0].body.startswith("Dear Dr Ann Shaw,\n\nTea and Talk has said yes to Dorothy Hale. The first date is Thursday 26 November at 2pm.")
    for row in rows:
        assert "company" not in row.body and "900123" not in row.body and "health" not in row.body


def test_a_no_is_one_message(sent_by):
    sent_by.do(lambda c, h, r: provider_answers.decline(c, h, r, "full", "", "provider"))
    assert [row.turn for row in news(sent_by)] == ["declined"]


def test_where_nobody_referred_the_reason_is_kept(way):
    way.refer()
    way.accept()
    (row,) = news(way)
    assert row.why_not == referrer_news.BY_THEMSELVES


def test_marked_as_sent_once(sent_by):
    sent_by.accept()
    sent_by.do(lambda c, h, r: referrer_news.settle(c, r, "accepted", "amina"))
    with pytest.raises(Conflict):
        sent_by.do(lambda c, h, r: referrer_news.settle(c, r, "accepted", "amina"))
    assert sent_by.events().count("referrer_informed") == 1


def test_a_reason_why_not_is_one_of_a_list_and_no_message_sent(sent_by):
    sent_by.accept()
    with pytest.raises(BadInput):
        sent_by.do(lambda c, h, r: referrer_news.settle(c, r, "accepted", "amina", "because"))
    sent_by.do(lambda c, h, r: referrer_news.settle(c, r, "accepted", "amina", "no_contact"))
    assert news(sent_by)[0].why_not == "No way to reach the referrer is known." and "referrer_informed" not in sent_by.events()


class Receiver:
    """The referrer's own system."""

    def __init__(self) -> None:
        self.up, self.had = True, []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not self.up:
            raise httpx.ConnectError("down", request=request)
        Webhook(SECRET).verify(request.content, dict(request.headers))
        self.had.append((request.headers["webhook-id"], json.loads(request.content)))
        return httpx.Response(204)


@pytest.fixture
def receiver(house, monkeypatch):
    """Listens at LINKWAY_REFERRER_URL."""
    made = Receiver()
    house.settings = house.settings.copy(update={"referrer_url": "https://gp.example/news", "referrer_secret": SecretStr(SECRET)})
    client = httpx.Client
    monkeypatch.setattr(referrer_post.httpx, "Client", lambda **_: client(transport=httpx.MockTransport(made)))
    return made


def test_the_clock_posts_news():
    assert referrer_post.look in PASSES


def test_posted_signed_and_counted_once(receiver, sent_by):
    sent_by.accept()
    assert [referrer_post.look(sent_by.house), referrer_post.look(sent_by.house)] == [1, 0]
    ((name, body),) = receiver.had
    assert name == body["id"] and body["turn"] == "accepted" and body["referrer"] == {"name": "Dr Ann Shaw", "contact": "shaw@gp.example"}
    assert news(sent_by)[0].sent_at is not None and sent_by.events().count("referrer_informed") == 1


def test_down_for_an_hour_loses_nothing_and_doubles_nothing(receiver, sent_by):
    receiver.up = False
    sent_by.accept()
    for _ in range(30):
        referrer_post.look(sent_by.house)
        clock.shift(minutes=2)
    assert receiver.had == [] and news(sent_by)[0].last_error == "ConnectError"
    receiver.up = True
    clock.shift(hours=2)
    assert referrer_post.look(sent_by.house) == 1 and len(receiver.had) == 1


def test_given_up_it_is_the_teams(receiver, sent_by):
    receiver.up = False
    sent_by.accept()
    for _ in range(10):
        referrer_post.look(sent_by.house)
        clock.shift(days=2)
    assert news(sent_by)[0].attempts == len(referrer_post.BACKOFF) + 1
    assert sum("by hand" in task for task in sent_by.tasks()) == 1
    sent_by.do(lambda c, h, r: referrer_news.settle(c, r, "accepted", "amina"))


def test_two_processes_post_once(receiver, sent_by):
    sent_by.accept()
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: referrer_post.look(sent_by.house), range(4))) == 1
    assert len(receiver.had) == 1


def test_a_process_that_died_while_posting_is_followed_by_another(receiver, sent_by):
    sent_by.accept()
    with reading(sent_by.house.engine) as connection:
        row = connection.execute(table.select()).one()
    assert referrer_post._take(sent_by.house, row)
    assert referrer_post.look(sent_by.house) == 0
    clock.shift(minutes=3)
    assert referrer_post.look(sent_by.house) == 1


def test_marked_by_hand_it_is_not_posted(receiver, sent_by):
    sent_by.accept()
    sent_by.do(lambda c, h, r: referrer_news.settle(c, r, "accepted", "amina"))
    assert referrer_post.look(sent_by.house) == 0 and receiver.had == []


def test_without_a_secret_nothing_goes_and_the_setting_is_named(receiver, sent_by):
    sent_by.house.settings = sent_by.house.settings.copy(update={"referrer_secret": SecretStr("")})
    sent_by.accept()
    assert referrer_post.look(sent_by.house) == 0
    assert "LINKWAY_REFERRER_SECRET" in news(sent_by)[0].last_error


def test_an_end_that_is_undone_takes_its_unsent_news_back(sent_by):
    sent_by.accept()
    sent_by.do(lambda c, h, r: referrals.close(c, h, r, "completed", None, "amina"))
    sent_by.do(lambda c, h, r: referrals.reopen(c, h, r, "amina"))
    assert [row.turn for row in news(sent_by)] == ["accepted"]
