"""The patterns of the safety screen: one `.rules` file per family, read once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from assistant.safety.patterns.lang import Pattern, Rule, Vocabulary, read_rules

FOLDER = Path(__file__).parent
SHARED = "shared.rules"
_START = 3  # letters a piece is filed under; shorter pieces under themselves


class Waiting:
    """Which of some rules wait for which piece of text, by their places: most of them are never looked at."""

    def __init__(self, rules: list[Rule]) -> None:
        self.always = {place for place, rule in enumerate(rules) if rule.pattern.pieces is None}
        self.on: dict[str, set[int]] = {}
        for place, rule in enumerate(rules):
            for piece in rule.pattern.pieces or ():
                self.on.setdefault(piece, set()).add(place)


class PatternBook:
    """Every rule, the shared groups, and the pieces of text that say which rules can match at all."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.vocabulary = Vocabulary()
        self.rules: list[Rule] = list(read_rules(folder / SHARED, self.vocabulary))
        for path in sorted(folder.glob("*.rules")):
            if path.name != SHARED:
                self.rules += read_rules(path, self.vocabulary)
        self.idioms = [rule for rule in self.rules if rule.risk == "idiom"]
        self.rules = [rule for rule in self.rules if rule.risk != "idiom"]
        self._by_start: dict[str, list[str]] = {}
        self._waiting: dict[int, Waiting] = {id(rules): Waiting(rules) for rules in (self.rules, self.idioms)}
        for piece in {piece for waiting in self._waiting.values() for piece in waiting.on}:
            self._by_start.setdefault(piece[:_START], []).append(piece)
        self.setting = self.pattern("<SETTING>")
        self.long_ago = self.pattern("<LONG_AGO>")
        self.well_now = self.pattern("<WELL_NOW>")
        self.person = self.pattern("<POSS> (?:\\w+ )?<PERSON>|mum|dad|nan|grandad|someone|neighbours?")
        self.still = self.pattern("<STILL>")
        self.still_here = self.pattern("<STILL_HERE>")

    def pattern(self, source: str) -> Pattern:
        """A pattern that may use the book's groups."""
        return Pattern(source, self.vocabulary)

    def pieces_in(self, text: str) -> set[str]:
        """The pieces a text holds, found in one walk over it."""
        found: set[str] = set()
        by_start = self._by_start
        for place in range(len(text)):
            for size in (_START, 2, 1):
                for piece in by_start.get(text[place:place + size], ()):
                    if text.startswith(piece, place):
                        found.add(piece)
        return found

    def patterns(self) -> Iterator[Pattern]:
        """Every pattern of every rule; one that no message has needed yet is not compiled."""
        for rule in self.rules + self.idioms:
            yield from (one for one in (rule.pattern, rule.unless, rule.unless_message) if one is not None)

    def warm(self) -> None:
        """Compile every pattern now, so that the first messages are as quick as the rest."""
        for pattern in self.patterns():
            pattern.compiled  # noqa: B018  (a cached property: asking for it compiles)

    def candidates(self, rules: list[Rule], present: set[str]) -> list[Rule]:
        """The rules that could match a text holding these pieces, in the order of the files."""
        waiting = self._waiting[id(rules)]
        return [rules[place] for place in sorted(waiting.always.union(*(waiting.on.get(piece, ()) for piece in present)))]


@lru_cache(maxsize=1)
def book() -> PatternBook:
    """The one pattern book. Raises ValueError for a file that cannot be read as rules, KeyError for an unknown group."""
    return PatternBook()
