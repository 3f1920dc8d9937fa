"""The last message as an action sees it: intent, topic, needs, and what was wished for."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

_ASKING = re.compile(r"(?:(?:so|and|but|er+|um+|ok|well|hang on|wait)\W+)*(?:is|are|do|does|did|can|could|will|would|what|whats|what's|"
                     r"how|hows|how's|who|whos|who's|when(?! (?:should|shd|must|needs to|to) be\b)|where(?! (?:should|must|needs to) be\b)|"
                     r"wheres|why|which)\b")
# 'I'm unemployed, aren't I' asks nothing.
_ASKING_AT_THE_END = re.compile(r"\b(?:isn'?t|aren'?t|don'?t|doesn'?t|won'?t|is|are|do|does|will) (?:it|they|you|he|she|that)$")
_NO_MATTER = re.compile(r"(?:i )?(?:really )?(?:do not|don'?t|dont|dnt) (?:really )?mind\b|(?:i'?m )?not (?:bothered|fussed)|"
                        r"(?:either|any|anything|anywhere|any ?time|any ?how|none|nothing|whichever|whatever|whenever|wherever|no preference|not fussy|doesn'?t matter|up to you)\b")

# 'No, it's money' puts right; 'no stairs' and 'no more than a pound' are answers.
_CORRECTING = re.compile(r"(?:no(?=\W*$| *[,.;:!-]| +(?:it|its|it's|that|thats|that's|i|im|i'm|ive|i've|id|i'd|not|sorry|she|he|they|we|my|wrong|actually|make|"
                         r"change|the|mon|tue|wed|thu|fri|sat|sun|[a-z]{1,2}\d)[a-z]*\b)|not (?:that|right|quite|really that|what i)\b|not (?!too|so|very|great|good|far|sure|much|a lot)[\w ]+[,;] ?\w|"
                         r"not [\w ]+ but\b|actually\b|(?:oh |oops |)sorry\b|i meant\b|i mean\b|change (?:it|that)\b|make (?:it|that)\b|wrong\b|"
                         r"(?:that|it)(?:'?s| is) (?:wrong|not)\b)")
_REJECTING = re.compile(r"(?:no\W+)?(?:(?:you(?:'ve| have)? )?(?:got|read|heard) (?:it|that|me) wrong|(?:(?:that|it|this)(?:'?s| is| was|) ?)?"
                        r"(?:wrong|not (?:right|it|true|correct|me|what i (?:said|meant|want|asked))|isn'?t (?:right|it)))\b")
_TO_A_PERSON = re.compile(r"\b(?:talk|speak|chat|ring|call|phone|text|message)\b")
WISHES = ("place", "day", "day_not", "part_of_day", "time", "cost", "travel", "online", "access", "language", "audience",
          "company")  # fmt: skip


def asks(text: str) -> bool:
    """Whether `text` is put as a question, with its mark or by its words."""
    said = text.lower()
    return said.endswith("?") or bool(_ASKING.match(said)) or bool(_ASKING_AT_THE_END.search(said.rstrip(" .!")))


def asks_first(text: str) -> bool:
    """Whether a question is the first thing said, so that a day in it is part of the question."""
    return bool(_ASKING.match(text.lower()))


class Reading:
    """A view of `tracker.latest_message`."""

    def __init__(self, tracker: Tracker) -> None:
        """Sort the entities by kind."""
        message = tracker.latest_message or {}
        self.text: str = (message.get("text") or "").strip()
        self.intent: str = (message.get("intent") or {}).get("name") or ""
        self.confidence: float = float((message.get("intent") or {}).get("confidence") or 0.0)
        reading = message.get("reading") or {}
        self.ranking: list[tuple[str, float]] = [tuple(item) for item in reading.get("ranking") or []]
        self.topic: str | None = reading.get("topic")
        self.reason: str | None = reading.get("reason")
        self.needs: list[str] = list(reading.get("needs") or [])
        self.entities: dict[str, list[Any]] = {}
        for entity in message.get("entities") or []:
            self.entities.setdefault(entity["entity"], []).append(entity.get("value"))
        self.is_choice = self.text.startswith("/")
        self.shown = bool(tracker.get_slot("shown"))  # services are, or were, on the screen
        self.latest_action: str = getattr(tracker, "latest_action_name", None) or "action_listen"

    def first(self, entity: str) -> Any:
        """The first value of an entity, or None."""
        return next(iter(self.entities.get(entity, [])), None)

    @property
    def answer(self) -> str | None:
        """The value a pressed choice carries."""
        return self.first("answer")

    @property
    def is_question(self) -> bool:
        """Whether it is put as a question: 'is it free?' asks, 'free please' answers."""
        return not self.is_choice and asks(self.text)

    @property
    def step(self) -> str | None:
        """The question a pressed choice belongs to: it may have been shown long ago."""
        return str(self.first("step")) if self.is_choice and self.first("step") else None

    @property
    def is_correction(self) -> bool:
        """'No, LU3 not LU2', 'sorry I meant evenings': puts right what was said before."""
        return not self.is_choice and bool(_CORRECTING.match(self.text.lower()))

    @property
    def rejects(self) -> bool:
        """'No, that's not right': to what was read back, never to a question of how something should be."""
        return not self.is_choice and bool(_REJECTING.match(self.text.lower().replace("\u2019", "'")))

    @property
    def has_wishes(self) -> bool:
        """Whether anything in it says how something should be."""
        return any(kind in self.entities for kind in WISHES)

    @property
    def tells_wish(self) -> bool:
        """A few words that say how something should be ('free please'), whatever they look like to the classifier."""
        short = len(self.text.split()) <= 5 and not self.is_question and not self.is_choice
        return short and self.has_wishes and not self.to_a_person

    @property
    def to_a_person(self) -> bool:
        """Whether talking, ringing or writing is named."""
        return bool(_TO_A_PERSON.search(self.text.lower()))

    @property
    def no_matter(self) -> bool:
        """'I don't mind', 'either': an answer to any question of how something should be."""
        return not self.is_choice and len(self.text.split()) <= 6 and bool(_NO_MATTER.match(self.text.lower()))

    @property
    def words(self) -> str:
        """What the person typed; empty for a pressed choice."""
        return "" if self.is_choice else self.text
