"""The small pattern language of the screen, and the reader of its `.rules` files.

A file holds groups and rules, in plain text that a clinician can follow:

    group NAME              one alternative after another with " | " between
    rule RISK [options]     then a pattern a line; "unless X" and "unless_message X" lines are exceptions

A pattern is a regular expression over normalised text, matched on whole words. ``<NAME>`` is a group; `` .. `` is a gap of
up to 4 words and `` ... `` of up to 9, never over the end of a sentence; ``A ~6~ B`` is A and B in either order with up to
6 words between. Compiled when first needed. ``#`` opens a comment line.
"""

from __future__ import annotations

import re
import sre_constants
import sre_parse
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

GAP = r"(?:[^ .!?]+ ){0,4}"
LONG_GAP = r"(?:[^ .!?]+ ){0,9}"
_EITHER_ORDER = re.compile(r" ~(\d+)~ ")
_LOOK = re.compile(r"(\(\?[=!]) ?\.\*\(\?:")
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
        sides = _EITHER_ORDER.split(pattern)
        if len(sides) == 3:
            first, size, second = sides
            middle = f" (?:[^ .!?]+ ){{0,{size}}}"
            pattern = f"(?:{first}){middle}(?:{second})|(?:{second}){middle}(?:{first})"
        pattern = pattern.replace(" ... ", " " + LONG_GAP).replace(" .. ", " " + GAP)
        return _NAME.sub(lambda m: self._groups[m.group(1)], _whole_words(pattern))

    def needs(self, pattern: str) -> frozenset[str] | None:
        """Pieces of text of which at least one is in anything the pattern matches; None where that cannot be said."""
        marks: dict[int, str] = {}

        def mark(match: re.Match[str]) -> str:
            code = 0xE000 + len(marks)
            marks[code] = match.group(1)
            return chr(code)

        plain = _EITHER_ORDER.sub(" .. ", pattern)
        plain = _NAME.sub(mark, plain.replace(" ... ", " .. ").replace(" .. ", " [^ ]* "))
        return _needed(sre_parse.parse(plain), lambda code: self._needs[marks[code]] if code in marks else None)


def _whole_words(pattern: str) -> str:
    """Make a look over the rest of the message, ``(?= .*(?:he|she))``, see whole words: not the "he" in "the"."""
    out: list[str] = []
    place = 0
    for match in _LOOK.finditer(pattern):
        if match.start() < place:
            continue  # inside one already done
        depth, end = 1, match.end()
        while depth and end < len(pattern):
            depth += {"(": 1, ")": -1}.get(pattern[end], 0) if pattern[end - 1] != "\\" else 0
            end += 1
        out += [pattern[place:match.start()], match.group(1), ".*", "(?<![a-z0-9])(?:", pattern[match.end():end], "(?![a-z0-9])"]
        place = end
    return "".join(out) + pattern[place:]


def _needed(parsed: Any, group: Callable[[int], frozenset[str] | None]) -> frozenset[str] | None:
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
        """The expression, between word edges."""
        return re.compile(_LEFT + self.vocabulary.expand(self.source) + _RIGHT)

    @cached_property
    def pieces(self) -> frozenset[str] | None:
        """Pieces of text of which one must be there for a match; None when any text may match."""
        return self.vocabulary.needs(self.source)


@dataclass(frozen=True)
class Rule:
    """One idea that shows a risk.

    `unless`: not when this is in the same sentence; `unless_message`: not when it is anywhere in the message.
    `about`: who it is about: "self", "other", or "any" (worked out from the words before).
    `also`: routes that always go with it. `negatable`: "not ..." just before it takes it back.
    `past`: a clear "years ago, fine now" takes it back. `setting`: a film, a course or a job takes it back.
    `firm`: plain enough that the second opinion does not set it aside. `where`: its file and line, for people who tune the patterns.
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
    firm: bool = False
    where: str = ""


def read_rules(path: Path, vocabulary: Vocabulary) -> list[Rule]:
    """The rules of one `.rules` file; its groups are added to `vocabulary`. Raises ValueError naming a bad line."""
    found: list[Rule] = []
    options: dict[str, object] = {}
    risk = group = ""
    body: list[str] = []

    def close_group() -> None:
        if group:
            vocabulary.add(group, " ".join(body).replace(" | ", "|").removesuffix("|").strip())
        body.clear()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not line.startswith(" "):
            close_group()
            kind, name, *rest = text.split()
            group, risk = (name, "") if kind == "group" else ("", name)
            options = _options(rest, f"{path.name}:{number}")
            if kind not in ("group", "rule"):
                raise ValueError(f"{path.name}:{number}: expected 'group' or 'rule'")
        elif group:
            if body and not body[-1].endswith("|"):
                raise ValueError(f"{path.name}:{number}: the line above must end with ' |'")
            body.append(text)
        elif text.startswith(("unless ", "unless_message ")):
            key, _, source = text.partition(" ")
            earlier = options.get(key)
            joined = f"{earlier.source}|{source}" if isinstance(earlier, Pattern) else source
            options[key] = Pattern(joined, vocabulary)
        else:
            pattern = Pattern(text.replace(" | ", "|"), vocabulary)
            try:
                pattern.pieces  # noqa: B018  (a cached property, wanted later: asking for it reads the pattern)
            except (re.error, KeyError) as error:
                raise ValueError(f"{path.name}:{number}: {error}") from error
            found.append(Rule(risk, pattern, where=f"{path.stem}:{number}", **options))  # type: ignore[arg-type]
    close_group()
    return found


def _options(words: list[str], where: str) -> dict[str, object]:
    """Options of a rule line: past, firm, any_negation, any_setting, self, other, also=RISK."""
    options: dict[str, object] = {}
    for word in words:
        if word.startswith("also="):
            options["also"] = tuple(word[5:].split(","))
        elif word in ("self", "other"):
            options["about"] = word
        elif word in ("past", "firm"):
            options[word] = True
        elif word in ("any_negation", "any_setting"):
            options["negatable" if word == "any_negation" else "setting"] = False
        else:
            raise ValueError(f"{where}: unknown option {word!r}")
    return options
