"""The small pattern language of the screen: named word groups, word gaps, and rules with their exceptions.

In a pattern ``<NAME>`` is a word group of ``vocabulary``; `` .. `` is a gap of up to 4 words and `` ... `` of up to 9, never
over the end of a sentence. A pattern is matched on whole words of normalised text. Compiled when first needed.
"""

from __future__ import annotations

import re
import sre_constants
import sre_parse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

GAP = r"(?:[^ .!?]+ ){0,4}"
LONG_GAP = r"(?:[^ .!?]+ ){0,9}"
_NAME = re.compile(r"<([A-Z_0-9]+)>")
_LEFT, _RIGHT = r"(?<![a-z0-9])(?:", r")(?![a-z0-9])"
_REPEATS = (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT)


class Vocabulary:
    """Named word groups: each a regular expression that may use the groups before it."""

    def __init__(self) -> None:
        self._groups: dict[str, str] = {}
        self._needs: dict[str, frozenset[str] | None] = {}

    def add(self, name: str, *parts: str) -> None:
        """Name a group. `parts` are alternatives, each itself a regular expression."""
        body = "(?:" + "|".join(parts) + ")"
        self._needs[name] = self.needs(body)
        self._groups[name] = self.expand(body)

    def expand(self, pattern: str) -> str:
        """The regular expression a pattern stands for. Raises KeyError for a name nobody added."""
        pattern = pattern.replace(" ... ", " " + LONG_GAP).replace(" .. ", " " + GAP)
        return _NAME.sub(lambda m: self._groups[m.group(1)], pattern)

    def needs(self, pattern: str) -> frozenset[str] | None:
        """Pieces of text of which at least one is in anything the pattern matches; None where that cannot be said."""
        marks: dict[int, str] = {}

        def mark(match: re.Match[str]) -> str:
            code = 0xE000 + len(marks)
            marks[code] = match.group(1)
            return chr(code)

        plain = _NAME.sub(mark, pattern.replace(" ... ", " ").replace(" .. ", " "))
        return _needed(sre_parse.parse(plain), lambda code: self._needs[marks[code]] if code in marks else None)


def _needed(parsed: Iterable, group: Callable[[int], frozenset[str] | None]) -> frozenset[str] | None:
    """Walk a parsed regular expression for the most telling set of pieces it cannot match without."""
    best: frozenset[str] | None = None
    run = ""

    def offer(candidate: frozenset[str] | None) -> None:
        nonlocal best
        if candidate and (best is None or _worth(candidate) > _worth(best)):
            best = candidate

    for op, value in list(parsed) + [(None, None)]:
        if op is sre_constants.LITERAL and value < 0xE000:
            run += chr(value)
            continue
        if len(run.strip()) > 1:
            offer(frozenset([run.strip()]))
        run = ""
        if op is sre_constants.LITERAL:
            offer(group(value))
        elif op is sre_constants.SUBPATTERN:
            offer(_needed(value[3], group))
        elif op is sre_constants.BRANCH:
            branches = [_needed(branch, group) for branch in value[1]]
            if all(branches):
                offer(frozenset().union(*(b for b in branches if b)))
        elif op in _REPEATS and value[0] >= 1:
            offer(_needed(value[2], group))
    return best


def _worth(pieces: frozenset[str]) -> float:
    shortest = min(len(p) for p in pieces)
    return min(shortest, 5) - len(pieces) / 40


@dataclass(frozen=True)
class Pattern:
    """A pattern of the language, compiled on first use, with the pieces that rule it out quickly."""

    source: str
    vocabulary: Vocabulary

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(_LEFT + self.vocabulary.expand(self.source) + _RIGHT)

    @cached_property
    def pieces(self) -> frozenset[str] | None:
        return self.vocabulary.needs(self.source)


@dataclass(frozen=True)
class Rule:
    """One idea that shows a risk.

    `unless`: not when this is in the same sentence; `unless_message`: not when it is anywhere in the message.
    `about`: who it is about: "self", "other", or "any" (worked out from the words before).
    `also`: routes that always go with it. `negatable`: "not ..." just before it takes it back.
    `past`: a clear "years ago, fine now" takes it back. `setting`: a film, a course or a job takes it back.
    """

    risk: str
    pattern: Pattern
    unless: Pattern | None = None
    unless_message: Pattern | None = None
    about: str = "any"
    also: tuple[str, ...] = ()
    negatable: bool = True
    past: bool = False
    setting: bool = True


def both(first: str, second: str, gap: int = 8) -> str:
    """A pattern for two ideas in either order with up to `gap` words of one sentence between."""
    middle = r" (?:[^ .!?]+ ){0,%d}" % gap
    return f"(?:{first}{middle}{second}|{second}{middle}{first})"


def rules(
    vocabulary: Vocabulary, risk: str, patterns: Iterable[str], unless: str | None = None,
    unless_message: str | None = None, **options: object,
) -> list[Rule]:
    """Rules for one risk that share their exceptions and options (see Rule)."""
    stop = Pattern(unless, vocabulary) if unless else None
    stop_message = Pattern(unless_message, vocabulary) if unless_message else None
    return [Rule(risk, Pattern(p, vocabulary), stop, stop_message, **options) for p in patterns]  # type: ignore[arg-type]
