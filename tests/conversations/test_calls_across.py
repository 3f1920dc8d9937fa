"""A call or meeting met from another side: from the phone it was texted to, and a meeting moved in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from conversation_house import MONDAY, house_of_its_own
from conversation_player import Player

from assistant.clock import LONDON, clock
from assistant.conversations import diary, records
from assistant.house import House
from assistant.store.database import reading, transaction


@pytest.fixture
def player(talking_house: House, tmp_path: Path) -> Iterator[Player]:
    """A play on Monday morning."""
    clock.set(MONDAY)
    house = house_of_its_own(talking_house, tmp_path)
    yield Player(house)
    house.engine.dispose()
    clock.run()


def booked(player: Player, conversation: str, kind: str = "call") -> None:
    """Thursday at two, with this phone said to be safe to text."""
    practice = player.house.programme.practice()
    with transaction(player.house.engine) as connection:
        records.update(
            connection, conversation, contact_number="+447700900800", safe_to_ring=True, safe_to_text=True, person_name="Dorothy Hale"
        )
        start = datetime(2026, 11, 26, 14, tzinfo=LONDON)
        assert diary.book(connection, conversation, practice, start, "a first talk", kind=kind, place="Room 4, ground floor")


def said(player: Player) -> str:
    return " ".join(reply["text"] for reply in player.at.replies)


async def test_a_call_booked_on_the_web_is_changed_and_cancelled_from_the_phone_it_is_texted_to(player: Player) -> None:
    with transaction(player.house.engine) as connection:
        web, _ = records.begin(connection, channel="web", practice=player.house.programme.practice().slug)
    booked(player, web)
    player.turns_to("Dorothy by text")
    await player.says("change my call")
    assert "Thursday 26 November at 2pm" in said(player) or "time" in said(player), player.dialogue
    await player.says("friday at 11")
    assert "Friday 27 November at 11am" in said(player), player.dialogue
    with reading(player.house.engine) as connection:
        call = diary.booked_call(connection, web)
        assert call is not None and call.conversation_id == web and diary.spoken(call.starts_at) == "Friday 27 November at 11am"
    await player.says("cancel my call")
    assert "cancelled your call for Friday 27 November at 11am" in said(player), player.dialogue
    with reading(player.house.engine) as connection:
        assert diary.booked_call(connection, web) is None


async def test_a_meeting_is_looked_up_moved_and_cancelled_in_the_words_for_a_meeting(player: Player) -> None:
    await player.says("hello")
    booked(player, player.at.conversation, "meeting")
    await player.says("when is my appointment?")
    assert "meeting booked for Thursday 26 November at 2pm" in said(player) and "Room 4" in said(player), player.dialogue
    await player.says("can I move it to monday 30 november at 11am")
    assert "Your meeting is booked for Monday 30 November at 11am" in said(player), player.dialogue
    assert "14 Bluebell Walk" in said(player) and "/calendar/" in said(player) and "will ring you" not in said(player)
    await player.says("I need to cancel my appointment")
    assert "cancelled your meeting for Monday 30 November at 11am" in said(player), player.dialogue
