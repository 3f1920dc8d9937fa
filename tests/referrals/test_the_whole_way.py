"""From consent to the end, as one person lives it: link, yes, 'did you go?', two left, what next, done; the referrer hears of it."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant.channels.limits import Limits
from assistant.clock import LONDON, clock
from assistant.conversations import messages
from assistant.pathway import referrer_news
from assistant.pathway.referral_letters import link_for
from assistant.providers.pages import router
from assistant.store.database import reading, transaction
from assistant.turns import Turns


@pytest.fixture
def provider(house):
    """The provider's browser."""
    app = FastAPI()
    app.state.house, app.state.limits = house, Limits(house.settings)
    app.include_router(router)
    return TestClient(app, base_url="https://linkway.test")


def test_from_consent_to_the_end(another, provider):
    dorothy = another(source="clinician")
    dorothy.refer()  # consent given on the phone
    link = link_for(dorothy.house, dorothy.row)

    page = provider.post(f"{link}/accept", data={"who": "Jo", "bring": "yes", "day": "2026-11-26", "time": "14:00", "place": "Mill Street"})
    going = str(page.url).partition("?")[0]
    assert dorothy.texts()[-1].startswith("Good news. Tea and Talk can see you on Thursday 26 November at 2pm.")

    clock.set(datetime(2026, 11, 27, 9, 30, tzinfo=LONDON))
    dorothy.look()
    assert dorothy.said()[-1] == "Did you go to Tea and Talk on Thursday 26 November?"
    with transaction(dorothy.house.engine) as connection:
        messages.append(connection, dorothy.conversation, "patient", "yes i did, really nice people")
    asyncio.run(Turns(dorothy.house).answer(dorothy.conversation))
    assert dorothy.said()[-1].startswith("That is good to hear. You have 3 free sessions left there.")

    provider.post(f"{going}/session", data={"day": "2026-11-26", "came": "yes"})  # they tell of the same day: it counts once
    clock.shift(days=7)
    provider.post(f"{going}/session", data={"day": "2026-12-03", "came": "yes"})
    dorothy.look()
    assert dorothy.said()[-1].startswith("You have 2 free sessions left at Tea and Talk. After that: £2 a session. Free near you:")

    for day in ("2026-12-10", "2026-12-17"):
        clock.set(datetime.combine(date.fromisoformat(day), datetime.min.time().replace(hour=18), tzinfo=LONDON))
        provider.post(f"{going}/session", data={"day": day, "came": "yes"})
    assert dorothy.said()[-1].startswith("You have had all your free sessions at Tea and Talk.")
    assert "has ended" in provider.get(going).text and dorothy.tasks("closing")
    clock.shift(days=30)
    assert dorothy.look() == 0

    with reading(dorothy.house.engine) as connection:
        news = referrer_news.of_referral(connection, dorothy.id)
    assert [row.turn for row in news] == ["accepted", "attended", "closed"]
    for row in news:
        dorothy.do(lambda c, h, r, turn=row.turn: referrer_news.settle(c, r, turn, "amina"))
    assert [kind for kind in dorothy.events() if kind != "session_attended"] == [
        "referral_made", "provider_accepted", "first_session_attended", "completed", *["referrer_informed"] * 3,
    ]  # fmt: skip
    assert dorothy.events().count("session_attended") == 4


def test_the_fourth_turn_a_no_and_another_service(another, provider):
    """A referrer hears four kinds of news over a person's way: here the no, before the yes of the next service."""
    dorothy = another(source="clinician")
    first = dorothy.refer()
    provider.post(f"{link_for(dorothy.house, dorothy.row)}/decline", data={"reason": "full"})
    second = dorothy.refer(listing_id="choir")
    provider.post(f"{link_for(dorothy.house, dorothy.row)}/accept", data={"who": "Ann", "bring": "ask", "day": "2026-11-25", "time": "10:00"})
    clock.shift(days=3)
    dorothy.look()
    with transaction(dorothy.house.engine) as connection:
        messages.append(connection, dorothy.conversation, "patient", "1")
    asyncio.run(Turns(dorothy.house).answer(dorothy.conversation))
    provider.post(f"{link_for(dorothy.house, dorothy.row)}/stopped", data={"reason": "finished"})
    with reading(dorothy.house.engine) as connection:
        turns = [row.turn for one in (first, second) for row in referrer_news.of_referral(connection, one)]
    assert turns == ["declined", "accepted", "attended", "closed"]
