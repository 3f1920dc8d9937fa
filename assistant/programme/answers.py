"""The answers to the 109 topics (programme/answers/<group>.yml), with the checks they must pass."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError, conlist, constr

from assistant.programme.reading import PLACEHOLDER, Problem, from_validation, purposes, read_yaml

# Two segments of 153 septets: the most a text of ours may cost the practice.
SMS_SEPTETS = 306
ACTIONS = ("start_check_in", "talk_to_human", "find_service")
# Topics that are safety routes, and the risk whose handling their words must match (safety taxonomy).
RISK_TOPICS = {
    "under_16": "under_16",
    "nowhere_to_sleep": "homeless_tonight",
    "no_food": "no_food_today",
    "gas": "home_emergency",
}
# Three digits or more in a row, spaces allowed: a phone number, or something that reads like one.
_NUMBER = re.compile(r"\d(?:[ -]?\d){2,}")
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWO = set("^{}\\[~]|€\f")

Text = constr(strip_whitespace=True, min_length=1)


class Answer(BaseModel):
    """What is said on one topic; texts hold {placeholders} until a practice fills them."""

    topic: str
    group: str
    question: Text = Field(description="The topic as a short, plain question.")  # type: ignore[valid-type]
    answer: conlist(Text, min_items=2, max_items=3) = Field(  # type: ignore[valid-type]
        description="Two or three ways to say it."
    )
    sms: Text = Field(description="One short version for text messages.")  # type: ignore[valid-type]
    next: conlist(str, max_items=3) = Field(  # type: ignore[valid-type]
        default=[], description="Up to three topics or actions to suggest."
    )
    offer: Literal["talk_to_human", "manage_appointment", "report_no_contact"] | None = Field(
        None, description="What the bot offers to do: talk_to_human, manage_appointment or report_no_contact."
    )
    risk: str | None = Field(None, description="The safety route this topic belongs to.")

    class Config:
        """A misspelt key is a fault; answers never change after loading."""

        extra = "forbid"
        allow_mutation = False

    def texts(self) -> list[tuple[str, str]]:
        """Every text with the key it stands under, for checks."""
        said = [
            ("question", self.question),
            *((f"answer {i}", text) for i, text in enumerate(self.answer, 1)),
        ]
        return [*said, ("sms", self.sms)]


def gsm_septets(text: str) -> int | None:
    """Length in GSM-7 septets; None when a character (a curly quote) forces the dearer encoding."""
    if any(char not in _GSM and char not in _GSM_TWO for char in text):
        return None
    return sum(2 if char in _GSM_TWO else 1 for char in text)


def load_answers(folder: Path, topics: dict[str, str], problems: list[Problem]) -> dict[str, Answer]:
    """Answers by topic, in the order of topics.yml. Missing and misplaced topics go to `problems`."""
    found: dict[str, Answer] = {}
    for path in sorted((folder / "answers").glob("*.yml")):
        for topic, entry in read_yaml(path, problems).items():
            if topic not in topics:
                problems.append(
                    Problem(path.name, topic, "not a topic we know: check the spelling with topics.yml")
                )
                continue
            if topics[topic] != path.stem:
                problems.append(Problem(path.name, topic, f"move it to answers/{topics[topic]}.yml"))
            if topic in found:
                problems.append(Problem(path.name, topic, "stands in two files; keep one"))
            if not isinstance(entry, dict):
                problems.append(Problem(path.name, topic, "needs question, answer and sms beneath it"))
                continue
            try:
                found[topic] = Answer(**{**entry, "topic": topic, "group": path.stem})
            except ValidationError as error:
                problems.extend(from_validation(error, path.name, topic, purposes(Answer)))
    for topic, group in topics.items():
        if topic not in found and not any(p.key.split(".")[0] == topic for p in problems):
            problems.append(Problem(f"{group}.yml", topic, "missing: add question, answer and sms for it"))
    return {topic: found[topic] for topic in topics if topic in found}


def check_answers(
    answers: dict[str, Answer], topics: dict[str, str], known: set[str], hidden: set[str]
) -> list[Problem]:
    """Faults that need no practice: unknown placeholders, typed numbers, hidden contacts, broken links.

    `known` are the placeholder names that exist; `hidden` the ids of contacts patients must not be shown.
    """
    found: list[Problem] = []
    for topic, answer in answers.items():
        file = f"{answer.group}.yml"
        for key, text in answer.texts():
            where = f"{topic}.{key}"
            for name in dict.fromkeys(PLACEHOLDER.findall(text)):
                if name not in known:
                    found.append(
                        Problem(file, where, f"{{{name}}} is not a known placeholder: check the spelling")
                    )
                elif name in hidden:
                    found.append(
                        Problem(file, where, f"{{{name}}} is not for patients (contacts.csv): take it out")
                    )
            typed = PLACEHOLDER.sub("", text)
            if re.search(r"[{}]", typed):
                found.append(
                    Problem(file, where, "a curly bracket is open or holds something that is not a name")
                )
            if number := _NUMBER.search(typed):
                fix = f"'{number.group()}' is a number typed here: use its {{id}} from contacts.csv"
                found.append(Problem(file, where, fix))
        for link in answer.next:
            if link not in topics and link not in ACTIONS:
                found.append(Problem(file, f"{topic}.next", f"'{link}' is neither a topic nor an action"))
        if answer.risk != RISK_TOPICS.get(topic):
            found.append(Problem(file, f"{topic}.risk", f"must be {RISK_TOPICS.get(topic) or 'left out'}"))
    return found
