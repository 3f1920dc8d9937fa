"""Ready means that the first message is quick: what it needs is read before, what rarer ones need comes in rests."""

from __future__ import annotations

import asyncio
from functools import cached_property
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from live import ROOT

from assistant import app as service
from assistant.house import House
from assistant.programme import load_programme
from assistant.safety.patterns import book
from assistant.settings import Settings
from assistant.store.database import open_engine
from assistant.store.migrate import migrate


def test_the_patterns_are_read_before_the_doors_open(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path, programme_dir=ROOT / "programme")
    engine = open_engine(settings.database)
    migrate(engine)
    app = service.create_app(House(settings, engine, load_programme(ROOT / "programme")))
    book.cache_clear()
    with TestClient(app):
        assert book.cache_info().currsize == 1


def test_a_message_comes_between_any_two_patterns_that_are_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    class Pattern:
        @cached_property
        def compiled(self) -> str:
            order.append("compiled")
            return "made"

    class Book:
        def patterns(self) -> list[Pattern]:
            return [Pattern() for _ in range(5)]

    async def somebody_writes() -> None:
        for _ in range(3):
            order.append("answered")
            await asyncio.sleep(0)

    async def both() -> None:
        await asyncio.gather(service._warm(), somebody_writes())

    monkeypatch.setattr(service, "book", Book)
    monkeypatch.setattr(service, "give_memory_back", lambda: order.append("given back"))
    asyncio.run(both())
    assert order[:2] == ["compiled", "answered"] and order[-1] == "given back"
    assert order.count("compiled") == 5 and order.index("compiled", 1) > order.index("answered")
