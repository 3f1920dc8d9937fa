"""How readings are scored: as the taxonomy says, with its equivalences, and 95% intervals."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.dialogue.nlu.reading import Reading
from benchmarks.messages import Told

# Said rather than asked, and asked in general: either reading is right (taxonomy, "where two fit").
SAID = {
    "navigator_not_called": "report_no_contact", "service_not_replied": "report_no_contact",
    "cancel": "manage_appointment", "change_appointment": "manage_appointment",
    "check_my_referral": "manage_appointment", "stop_texts": "stop_messages", "real_person": "talk_to_human",
    "diagnose_me": "clinical_question", "book_gp": "clinical_question",
}  # fmt: skip
TELLING = ("describe_need", "find_service")


@dataclass
class Share:
    """So many of so many."""

    right: int = 0
    of: int = 0

    def count(self, right: bool) -> None:
        """One more."""
        self.of += 1
        self.right += right

    @property
    def value(self) -> float:
        """The share, 0 of none."""
        return self.right / self.of if self.of else 0.0

    @property
    def half_width(self) -> float:
        """Half of the Wilson 95% interval."""
        n, p, z = max(self.of, 1), self.value, 1.96
        return z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)


@dataclass
class Scores:
    """What the table prints, and the confusions behind it."""

    intent: Share = field(default_factory=Share)
    topic: Share = field(default_factory=Share)
    reason: Share = field(default_factory=Share)
    caught: Share = field(default_factory=Share)
    turned_away: Share = field(default_factory=Share)
    styles: dict[str, Share] = field(default_factory=lambda: defaultdict(Share))
    found: int = 0
    wrongly: int = 0
    missed: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    calibration: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def needs(self) -> float:
        """Micro-F1 of the needs."""
        return 2 * self.found / max(1, 2 * self.found + self.wrongly + self.missed)

    @property
    def calibration_error(self) -> float:
        """Mean gap between confidence and share right, over ten bins."""
        bins = defaultdict(list)
        for confidence, right in self.calibration:
            bins[min(9, int(confidence * 10))].append((confidence, right))
        return sum(abs(sum(c - r for c, r in told)) for told in bins.values()) / max(1, len(self.calibration))

    @property
    def worst_style(self) -> tuple[str, float]:
        """The style furthest below the mean, and by how much."""
        name, share = min(self.styles.items(), key=lambda item: item[1].value)
        return name, self.intent.value - share.value


def right_intent(told: Told, read: Reading) -> bool:
    """The intent, or the other reading that the taxonomy accepts."""
    asked = told.intent == "faq" and SAID.get(told.label) == read.intent
    said = read.intent == "faq" and SAID.get(read.topic or "") == told.intent
    return read.intent == told.intent or asked or said


def score(messages: Sequence[Told], readings: Sequence[Reading]) -> Scores:
    """Count everything."""
    made = Scores()
    for told, read in zip(messages, readings):
        right = right_intent(told, read)
        made.intent.count(right)
        made.styles[told.style].count(right)
        made.calibration.append((read.confidence, right))
        if not right:
            made.confusions[told.intent, read.intent] += 1
        if told.intent == "faq":
            made.topic.count(read.topic == told.label or SAID.get(told.label) == read.intent)
        if told.intent == "decline_programme" and told.label:
            made.reason.count(read.reason == told.label)
        if told.intent in TELLING:
            named, meant = set(read.needs), set(told.needs)
            made.found += len(named & meant)
            made.wrongly += len(named - meant)
            made.missed += len(meant - named)
        (made.caught if told.intent == "out_of_scope" else made.turned_away).count(
            read.intent == "out_of_scope"
        )
    return made


HEAD = (
    "| pipeline | n | intent | topic | needs F1 | caught | turned away | reason | worst style | calibration |"
)


def row(name: str, made: Scores) -> str:
    """A line of the table."""

    def told(share: Share) -> str:
        return f"{share.value:.3f} ±{share.half_width:.3f}"

    style, gap = made.worst_style
    shares = [told(made.intent), told(made.topic), f"{made.needs:.3f}", told(made.caught)]
    shares += [told(made.turned_away), told(made.reason)]
    cells = [name, str(made.intent.of), *shares, f"{style} -{gap:.3f}", f"{made.calibration_error:.3f}"]
    return "| " + " | ".join(cells) + " |"
