"""What a turn costs, beside a stock Rasa project with the same examples, in one run on one machine.

    python -m benchmarks.turn [--turns 200] [--only linkway] [--epochs 2]

Prints install size, time to ready, resident memory, CPU and wall time of a turn (a question answered, a check-in
step, a search), and turns a second at 1 and 8 conversations. Linkway answers over its own API with everything
committed to disk; the peer over its REST channel with an SQL tracker store. Both servers have one thread, and both are
left alone after the start until they have come to rest: Linkway compiles rarer patterns then.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks import stock_rasa
from benchmarks.messages import ROOT, held_out_messages
from benchmarks.processes import Started, free_port, size_mb

# Questions nobody trained on, each different and asked in turn throughout: more of them lie between a question and the same
# one again than the encoder keeps vectors of.
QUESTIONS = tuple(
    dict.fromkeys(
        m.text for author in ("t1", "t3", "t5") for m in held_out_messages(author) if m.intent == "faq" and m.style != "story"
    )
)
SEARCHES = ("is there a walking group near LU3", "somewhere to learn to paint", "find me help with my rent",
            "is there a lunch club in LU2", "a gardening group please", "where can i learn english")  # fmt: skip
CHECK_IN = ("i would like to find some support", "LU3", "mornings", "free", "bus")
RESTART_EVERY = 10  # a person does not ask two hundred questions in one conversation


class Conversation(Protocol):
    """What both sides can do."""

    async def begin(self) -> None:
        """Make it."""

    async def say(self, text: str) -> int:
        """Send and wait; messages in the answer."""


Maker = Callable[[httpx.AsyncClient, str], Conversation]


class LinkwayConversation:
    """A conversation over the contract's API."""

    def __init__(self, client: httpx.AsyncClient, base: str) -> None:
        """Nothing is sent yet."""
        self._client, self._base = client, f"{base}/api/v1/conversations"

    async def begin(self) -> None:
        """Its address and token."""
        made = (await self._client.post(self._base, json={"channel": "web"})).json()
        self._at, self._token = f"{self._base}/{made['id']}", {"Authorization": f"Bearer {made['token']}"}

    async def say(self, text: str) -> int:
        """Send, wait for the answer."""
        answer = await self._client.post(f"{self._at}/messages", json={"text": text}, headers=self._token)
        answer.raise_for_status()
        return len(answer.json()["messages"]) - 1


@dataclass
class Figures:
    """One side's results: seconds, megabytes, milliseconds a turn, turns a second."""

    install_mb: float = 0.0
    ready_s: float = 0.0
    resident_mb: float = 0.0
    cpu_ms: dict[str, float] = field(default_factory=dict)
    wall_ms: dict[str, float] = field(default_factory=dict)
    per_second: dict[int, float] = field(default_factory=dict)
    silent: int = 0


def start_linkway(home: Path) -> tuple[Started, str, float]:
    """`linkway serve` on a fresh home with model and graph in place: the second start of an installation."""
    for name in ("models", "encoder"):
        if (ROOT / "var" / name).is_dir():
            shutil.copytree(ROOT / "var" / name, home / name, dirs_exist_ok=True)
    serving = ROOT / ".venv" / "bin" / "python"
    python = str(serving) if serving.is_file() else sys.executable
    env = {**os.environ, "LINKWAY_HOME": str(home), "LINKWAY_MESSAGES_PER_MINUTE": "600", "OMP_NUM_THREADS": "1",
           "LINKWAY_CONVERSATIONS_PER_HOUR": "100000", "RASA_TELEMETRY_ENABLED": "false"}  # fmt: skip

    def serve() -> tuple[Started, str, float]:
        port, began = free_port(), time.monotonic()
        command = [python, "-W", "ignore", "-m", "assistant", "serve", "--port", str(port), "--site-port", str(free_port())]
        started = Started([subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)])
        started.wait_for(f"http://127.0.0.1:{port}/readyz", 300)
        return started, f"http://127.0.0.1:{port}", time.monotonic() - began

    first, _, _ = serve()  # makes database, directory and index
    first.stop()
    return serve()


async def timed(make: Maker, messages: list[str], server: Started, figures: Figures, name: str) -> None:
    """One conversation after another: CPU and wall time a turn."""
    async with httpx.AsyncClient(timeout=60) as client:
        walls, cpu, conversation = [], 0.0, None
        for turn, text in enumerate(messages):
            if conversation is None or turn % RESTART_EVERY == 0:
                conversation = make(client, f"{name}-{turn}")
                await conversation.begin()
                if name == "check-in step":
                    await conversation.say(CHECK_IN[0])
            spent, began = server.cpu_seconds(), time.monotonic()
            figures.silent += not await conversation.say(text)
            walls.append(time.monotonic() - began)
            cpu += server.cpu_seconds() - spent
        figures.cpu_ms[name] = 1000 * cpu / len(messages)
        figures.wall_ms[name] = 1000 * statistics.median(walls)


async def many(make: Maker, conversations: int, turns: int, figures: Figures, questions: Iterator[str]) -> None:
    """Questions in several conversations at once: turns a second over all."""
    async with httpx.AsyncClient(timeout=120, limits=httpx.Limits(max_connections=conversations)) as client:

        async def person(number: int) -> int:
            said = 0
            while said < turns // conversations:
                conversation = make(client, f"c{conversations}-{number}-{said}")
                await conversation.begin()
                for _ in range(RESTART_EVERY):
                    figures.silent += not await conversation.say(next(questions))
                    said += 1
            return said

        began = time.monotonic()
        said = sum(await asyncio.gather(*(person(n) for n in range(conversations))))
        figures.per_second[conversations] = said / (time.monotonic() - began)


async def measure(server: Started, make: Maker, turns: int, figures: Figures) -> None:
    """All figures of one side, after some turns that are not counted."""
    def some(kinds: tuple[str, ...]) -> list[str]:
        return [kinds[i % len(kinds)] for i in range(turns)]

    questions = itertools.cycle(QUESTIONS)
    server.settle()
    await timed(make, list(itertools.islice(questions, 20)), server, Figures(), "warm")
    await timed(make, list(itertools.islice(questions, turns)), server, figures, "question")
    await timed(make, some(CHECK_IN[1:]), server, figures, "check-in step")
    await timed(make, some(SEARCHES), server, figures, "search")
    for conversations in (1, 8):
        await many(make, conversations, turns, figures, questions)
    figures.resident_mb = server.resident_mb()


def linkway(turns: int) -> Figures:
    """Linkway's side."""
    with tempfile.TemporaryDirectory(prefix="linkway-bench-") as home:
        server, base, ready = start_linkway(Path(home))
        figures = Figures(ready_s=ready, install_mb=size_mb(ROOT / ".venv") if (ROOT / ".venv").is_dir() else 0.0)
        try:
            asyncio.run(measure(server, lambda client, _: LinkwayConversation(client, base), turns, figures))
        finally:
            server.stop()
    return figures


def stock(turns: int, epochs: int) -> Figures:
    """The peer's side. Its training is kept under var/benchmarks/."""
    folder = ROOT / "var" / "benchmarks" / "stock"
    model = stock_rasa.prepare(folder, epochs)
    server, base, ready = stock_rasa.start(folder, model)
    figures = Figures(ready_s=ready, install_mb=size_mb(Path(sys.prefix)))
    try:
        asyncio.run(measure(server, lambda c, name: stock_rasa.StockConversation(c, base, name), turns, figures))
    finally:
        server.stop()
    return figures


def table(ours: Figures, peer: Figures | None) -> Table:
    """Both sides and the ratio peer / Linkway (turns a second: Linkway / peer)."""
    made = Table(title="A turn, Linkway beside stock Rasa")
    for column in ("", "Linkway", "stock Rasa", "ratio"):
        made.add_column(column, justify="left" if not column else "right")

    def add(name: str, a: float, b: float | None, more_is_better: bool = False) -> None:
        ratio = "" if not b or not a else f"{(a / b if more_is_better else b / a):.1f}"
        made.add_row(name, f"{a:.1f}", "" if b is None else f"{b:.1f}", ratio)

    add("installed, MB", ours.install_mb, peer and peer.install_mb)
    add("ready, s", ours.ready_s, peer and peer.ready_s)
    add("resident, MB", ours.resident_mb, peer and peer.resident_mb)
    for name in ours.cpu_ms:
        add(f"{name}: CPU, ms", ours.cpu_ms[name], peer and peer.cpu_ms[name])
        add(f"{name}: wall p50, ms", ours.wall_ms[name], peer and peer.wall_ms[name])
    for count, value in ours.per_second.items():
        add(f"turns/s, {count} conversation{'s' * (count > 1)}", value, peer and peer.per_second[count], True)
    add("turns with no answer", ours.silent, peer and float(peer.silent))
    return made


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=200, help="turns of each kind")
    parser.add_argument("--epochs", type=int, default=2, help="epochs the peer's models are trained")
    parser.add_argument("--only", choices=["linkway"], help="leave the peer out")
    told = parser.parse_args()
    ours = linkway(told.turns)
    peer = None if told.only else stock(told.turns, told.epochs)
    Console().print(table(ours, peer))


if __name__ == "__main__":
    main()
