"""What came of a command, and the type of the fixture that runs one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Done:
    """Exit status, standard output and standard error."""

    code: int
    out: str
    err: str


Linkway = Callable[..., Done]
