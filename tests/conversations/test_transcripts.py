"""Every transcript of this folder, played through the real turn: model, rules, directory and a database file."""

from __future__ import annotations

from pathlib import Path

import pytest
from conversation_checks import always, check
from conversation_house import MONDAY, house_of_its_own
from conversation_player import Player
from conversation_script import read_script

from assistant.clock import clock
from assistant.house import House

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*/*.txt"))


@pytest.mark.parametrize("file", FILES, ids=[f"{file.parent.name}/{file.stem}" for file in FILES])
async def test_transcript(file: Path, talking_house: House, tmp_path: Path) -> None:
    """Each line is done or looked at, in order; what always holds is looked at after every message."""
    clock.set(MONDAY)
    house = house_of_its_own(talking_house, tmp_path)
    player = Player(house)
    try:
        for line in read_script(file):
            if await player.do(line):
                problem = always(player)
                assert not problem, f"{line}\n{problem}\n\n" + "\n".join(player.dialogue[-30:])
            else:
                await check(player, line)
    finally:
        house.engine.dispose()
        clock.run()


def test_there_are_enough() -> None:
    """A folder that was moved away must not pass."""
    assert len(FILES) >= 45
