"""What the adapter learns from: every message of nlu_data/ with all that its author told of it, and how it is changed."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import yaml

from assistant.dialogue.nlu.repair import repair
from benchmarks.messages import ROOT, Told, roughen, training_messages
from benchmarks.screen_messages import Message, is_ordinary, read_authors, read_cases

BATCH = 48
ROUGHENED, REPAIRED, WORD_LOST = 0.4, 0.85, 0.12
# Of messages written for the screen: how many lose words, and how many are put beside ordinary matter.
THINNED, BURIED, LONGEST = 0.35, 0.15, 90
TELLING = ("describe_need", "find_service")


@dataclass(frozen=True)
class Lesson:
    """One message. None where its author said nothing of the kind: the label, the needs or the risks are unknown then."""

    text: str
    label: str | None
    needs: tuple[str, ...] | None
    risks: tuple[str, ...] | None
    author: str

    @property
    def mark(self) -> int:
        """64 bits that change with the text or anything told of it."""
        told = "\t".join((self.text, self.label or "", ",".join(self.needs or ()), ",".join(self.risks or ())))
        return int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest(), "big")


def lessons(without: Iterable[str] = ()) -> list[Lesson]:
    """All there are, of understanding, of the needs' own plain lines and of the screen, but for the authors `without`."""
    told = [_of_understanding(m) for m in training_messages()]
    lines = yaml.safe_load((ROOT / "directory" / "needs.yml").read_text(encoding="utf-8"))
    told += [Lesson(text, None, (need,), (), "needs") for need, about in lines.items() for text in about["lines"]]
    told += [_of_the_screen(m) for m in read_authors() + read_cases()]
    return [lesson for lesson in told if lesson.author not in set(without)]


def _of_understanding(told: Told) -> Lesson:
    # A need named in passing is often left unlabelled elsewhere: learned only where told, or where there is none.
    counts = told.intent in TELLING or not told.needs
    return Lesson(told.text, told.finest, told.needs if counts else None, () if is_ordinary(told) else None, told.author)


def _of_the_screen(told: Message) -> Lesson:
    return Lesson(told.text, None, None, told.risks, told.author)


def changed(lesson: Lesson, ordinary: Sequence[Lesson], chance: random.Random) -> str:
    """The message as it is learned this time: buried, roughened, repaired, or with words lost."""
    text, screens = lesson.text, lesson.label is None and lesson.needs is None
    if screens and chance.random() < BURIED:
        text = _buried(text, ordinary, chance)
    text = roughen(text, chance) if chance.random() < ROUGHENED else text
    text = repair(text) if chance.random() < REPAIRED else text
    return _thinned(text, chance) if screens and chance.random() < THINNED else text


def _buried(text: str, ordinary: Sequence[Lesson], chance: random.Random) -> str:
    """The message before, after or between ordinary ones: what is serious often comes in passing."""
    before, after = chance.choice(ordinary).text, chance.choice(ordinary).text
    place, between = chance.random(), chance.choice([" ", ". ", " and ", ", "])
    parts = [text, after] if place < 0.4 else [before, text] if place < 0.8 else [before, text, after]
    joined = between.join(parts)
    return joined if len(joined.split()) < LONGEST else text


def _thinned(text: str, chance: random.Random) -> str:
    """The text with a word missing here and there, so that no single word decides."""
    return " ".join(word for word in text.split() if len(word) < 4 or chance.random() > WORD_LOST) or text


def batches(told: Sequence[Lesson], chance: random.Random) -> list[list[Lesson]]:
    """Shuffled batches of messages of much the same length."""
    shuffled, found = chance.sample(told, len(told)), []
    for start in range(0, len(shuffled), BATCH * 20):
        stretch = sorted(shuffled[start : start + BATCH * 20], key=lambda lesson: len(lesson.text))
        found += [stretch[i : i + BATCH] for i in range(0, len(stretch), BATCH)]
    return chance.sample(found, len(found))


def marks(told: Sequence[Lesson]) -> np.ndarray:
    """The mark of each lesson, uint64, in order."""
    return np.array([lesson.mark for lesson in told], np.uint64)


def learned_from(known: np.ndarray) -> list[Lesson]:
    """The lessons of today that are among `known` marks, in order; what was written since is left out.

    So is an author who has come since, even where a short line of theirs ('any day') is word for word one of the known.
    """
    wanted = set(known.tolist())
    told = lessons()
    written, met = Counter(one.author for one in told), Counter(one.author for one in told if one.mark in wanted)
    return [one for one in told if one.mark in wanted and 2 * met[one.author] > written[one.author]]
