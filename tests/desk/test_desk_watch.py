"""What happens by itself: an offer after three minutes, a release after two, each once, however often it is looked."""

from __future__ import annotations

import sqlalchemy as sa

from assistant.clock import clock
from assistant.conversations import erasing, messages, records
from assistant.store.database import reading, transaction
from assistant.store.tables import events, outbox
from assistant.tending import tend


def state(house, conversation):
    with reading(house.engine) as connection:
        return records.load(connection, conversation)


def offers(house, conversation):
    with reading(house.engine) as connection:
        rows = messages.since(connection, conversation)
    return [row.text for row in rows for choice in row.choices or [] if choice["value"] == "/book_callback"]


async def test_three_minutes_of_waiting_bring_one_offer_of_a_call(house, begin, thread):
    nudged = []
    house.notifier.nudge = nudged.append
    conversation = begin(state="waiting")
    clock.shift(minutes=2, seconds=59)
    assert await tend(house) == 0
    clock.shift(seconds=1)
    assert [await tend(house) for _ in range(3)] == [1, 0, 0]
    clock.shift(minutes=6)
    assert await tend(house) == 0
    assert len(offers(house, conversation)) == 1 and "Amina will ring you" in thread(conversation)[-1][1]
    assert thread(conversation)[-1][0] == "system" and state(house, conversation).state == "waiting"
    assert nudged == [conversation]


async def test_a_new_wait_brings_a_new_offer(house, begin):
    conversation = begin(state="waiting")
    clock.shift(minutes=4)
    await tend(house)
    with transaction(house.engine) as connection:
        records.update(connection, conversation, state="bot", waiting_since=None)
    clock.shift(minutes=20)
    assert await tend(house) == 0
    with transaction(house.engine) as connection:
        records.update(connection, conversation, state="waiting", waiting_since=clock.now())
    clock.shift(minutes=4)
    assert await tend(house) == 1 and len(offers(house, conversation)) == 2


async def test_by_text_the_offer_is_texted(house, begin):
    begin(state="waiting", channel="sms", phone="+447700900123")
    clock.shift(minutes=4)
    await tend(house)
    with reading(house.engine) as connection:
        assert "pick a day and a time" in " ".join(row.body for row in connection.execute(sa.select(outbox)))


async def test_a_console_not_seen_for_two_minutes_lets_its_patients_go(house, at_desk, begin, thread):
    desk, conversation = at_desk("amina"), begin(state="waiting")
    desk.press(f"/conversations/{conversation}/claim")
    clock.shift(seconds=119)
    assert await tend(house) == 0
    clock.shift(seconds=1)
    assert [await tend(house) for _ in range(2)] == [1, 0]
    row = state(house, conversation)
    assert (row.state, row.staff_id, row.waiting_since) == ("waiting", None, clock.now())
    assert "lost touch with Amina" in thread(conversation)[-1][1]
    with reading(house.engine) as connection:
        last = connection.execute(sa.select(events).order_by(events.c.id.desc())).first()
    assert (last.kind, last.data["how"]) == ("handoff_closed", "released")


async def test_an_open_console_keeps_its_patients(house, at_desk, begin):
    desk, conversation = at_desk("amina"), begin(state="waiting")
    desk.press(f"/conversations/{conversation}/claim")
    for _ in range(15):
        clock.shift(seconds=20)
        desk.press("/presence", active="0")
        assert await tend(house) == 0
    assert state(house, conversation).state == "live"


async def test_signing_out_lets_them_go_at_the_next_look_but_not_a_fresh_takeover(house, at_desk, begin):
    desk, first = at_desk("amina"), begin(state="waiting")
    desk.press(f"/conversations/{first}/claim")
    clock.shift(minutes=3)
    desk.press("/presence", active="1")
    second = begin(state="waiting")
    desk.press(f"/conversations/{second}/claim")
    desk.press("/sign-out", htmx=False, sure="1")
    await tend(house)
    assert (state(house, first).state, state(house, second).state) == ("waiting", "live")


async def test_a_closed_account_lets_its_patients_go(house, at_desk, begin):
    from assistant.desk.accounts import disable_staff

    desk, conversation = at_desk("amina"), begin(state="waiting")
    desk.press(f"/conversations/{conversation}/claim")
    with transaction(house.engine) as connection:
        disable_staff(connection, "amina")
    clock.shift(minutes=2)
    await tend(house)
    assert state(house, conversation).state == "waiting"


async def test_what_is_erased_between_look_and_act_is_left_alone(house, begin, monkeypatch):
    from assistant.desk import watch

    kept, gone = begin(state="waiting"), begin(state="waiting")
    clock.shift(minutes=4)
    look = watch._long_waiting

    def look_then_erase(connection):
        found = look(connection)
        with transaction(house.engine) as writing:
            erasing.erase(writing, gone)
        return found

    monkeypatch.setattr(watch, "_long_waiting", look_then_erase)
    assert await tend(house) == 1 and len(offers(house, kept)) == 1
