"""Progress for people: a bar when somebody is watching, nothing when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

console = Console(stderr=True, highlight=False)


@contextmanager
def bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """Yields `report(done, total)`."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def busy(words: str) -> Iterator[None]:
    """A moving sign and the seconds, for work whose end cannot be told."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    if not sys.stderr.isatty():
        console.print(f"{words} ...")
        yield
        return
    with Progress(*columns, console=console) as progress:
        progress.add_task(words, total=None)
        yield


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """Yields `report(words, done, total)`: a bar for each words, one below the other."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as progress:
        tasks: dict[str, TaskID] = {}

        def report(words: str, done: int, total: int) -> None:
            task = tasks[words] if words in tasks else tasks.setdefault(words, progress.add_task(words, total=None))
            progress.update(task, completed=done, total=total)

        yield report
