"""What a turn keeps for the editors: the closest labels of a message not read well, and nothing that was not the bot's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from assistant.conversations import messages, records
from assistant.house import House
from assistant.programme import load_programme
from assistant.settings import Settings
from assistant.store.database import reading, transaction
from assistant.turns import Turns

PROGRAMME = load_programme(Path(__file__).parents[2] / "programme")
CLOSEST = [["faq/cost", 0.4]]


class Said:
    """What assistant.dialogue.agent.Said is."""

    replies = [{"text": "Sorry, I did not follow that."}]
    slots: dict[str, Any] = {}
    active_form = None

    def __init__(self, closest: list[list[Any]]) -> None:
        self.understood = {"intent": "faq", "topic": "cost", "confidence": 0.4, "closest": closest}


class Unsure:
    """Stands where the Rasa agent stands, and is never sure."""

    def __init__(self, closest: list[list[Any]]) -> None:
        self.closest = closest

    async def talk(self, *_: Any) -> Said:
        return Said(self.closest)

    async def understand(self, text: str) -> dict[str, Any]:
        return Said(CLOSEST).understood


@pytest.mark.parametrize(
    ("text", "state", "closest", "kept"),
    [
        ("what does the thing take", "bot", CLOSEST, CLOSEST),
        ("what does the thing take", "bot", [], None),
        ("what does the thing take", "live", CLOSEST, None),  # said to a navigator
        ("I want to kill myself", "bot", CLOSEST, None),
    ],
)
async def test_what_is_kept(
    engine: Engine, tmp_path: Path, text: str, state: str, closest: list[list[Any]], kept: list[list[Any]] | None
) -> None:
    house = House(Settings(_env_file=None, home=tmp_path), engine, PROGRAMME)
    house.dialogue = Unsure(closest)  # type: ignore[assignment]
    with transaction(engine) as connection:
        conversation, _ = records.begin(connection, channel="web", practice=PROGRAMME.practice().slug)
        records.update(connection, conversation, state=state)
        messages.append(connection, conversation, "patient", text)
    await Turns(house).answer(conversation)
    with reading(engine) as connection:
        mine = messages.since(connection, conversation)[0]
    assert mine.answered_at is not None and mine.extra.get("closest") == kept
    assert "closest" not in mine.extra["understood"]
