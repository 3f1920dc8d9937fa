"""Everything a patient reads: short plain sentences, no promise, no diagnosis, no label, nothing said for a carrier to take."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import textstat
import yaml

from assistant.programme import load_programme

ROOT = Path(__file__).resolve().parents[1]
PROGRAMME = load_programme(ROOT / "programme")
FACTS = PROGRAMME.facts(PROGRAMME.practice().slug)
MOST_WORDS = 20
HARDEST = 8.0  # automated readability index of one text of 30 words or more: letters a word and words a sentence
HARDEST_ON_AVERAGE = 4.0  # the school year of a reader aged 9 to 11
# Wording that is not ours to change: the ONS's four questions and its loneliness questions, asked as they are everywhere.
FIXED = re.compile(r"ons|lonel|wellbeing", re.IGNORECASE)
# Python and scripts that speak to patients beside domain.yml and programme/. What is only for staff stands elsewhere.
SPEAKING = (
    "assistant/turns.py", "assistant/surroundings.py", "assistant/safety/fallback.py", "assistant/desk/says.py",
    "assistant/desk/watch.py", "assistant/channels/limits.py", "assistant/channels/web.py",
    "assistant/channels/sms/service_words.py", "assistant/pathway/reminder_words.py", "assistant/pathway/referral_words.py",
    *(f"actions/{path.name}" for path in sorted((ROOT / "actions").glob("*.py"))),
)  # fmt: skip
PAGES = sorted((ROOT / "assistant" / "web" / "templates").glob("*.html"))
SCRIPTS = sorted((ROOT / "assistant" / "web" / "static").glob("*.js"))

# What must never be said, and what may be said with the same words.
BANNED = {
    "promises an outcome": r"\bcures?\b|\bguarantee|\bpromise|will (?:fix|solve|heal)|will make you (?:better|well|happy)|you will feel",
    "says somebody is safe, or weighs a risk": r"\bno risk\b|not at risk|\byou are safe\b|(?:low|high|medium) risk|risk (?:level|score)|\byour score\b",
    "promises fewer visits to the GP": r"(?:fewer|less|instead of|without seeing|save you) (?:\w+ ){0,3}(?:GP|doctor|appointment|visit)",
    "names an illness as the reader's": r"\byou (?:have|suffer|may have|might have|seem|are) (?:from )?(?:a )?"
    r"(?:depress|anxi|dementia|addict|bipolar|psycho|an? alcoholic|autis)",
    "advises on medicine": r"(?:stop|start|change|increase|reduce) (?:taking|your) (?:\w+ )?(?:medicine|medication|tablet|pill|dose)",
    "pretends a person is there": r"(?:a person|someone|somebody|a navigator|we|I) (?:is|are|am) (?:reading|watching|listening|here 24|always here)"
    r"|\b24/7 (?:chat|team)|\bI (?:feel|care about|understand how)\b",
    "labels a person": r"\bservice users?\b|\bclients?\b|\bthe elderly\b|\bvulnerable (?:person|people|adult)|\bsufferers?\b|\bvictims?\b"
    r"|\bnon-?compliant\b|\bcommit(?:ted|ting)? suicide\b|\baddicts?\b|\blonely (?:people|person)\b",
    "is jargon": r"\bholistic|\bempower|\bsignpost|\bco-?produc|\bstakeholder|\bpathway|\bintervention|\bself-?manage|\bPCN\b|\bVCSE\b"
    r"|\blink worker|\butili[sz]e|\bfacilitate\b|\breferral criteria\b|\bmultidisciplinary\b",
    "is American": r"\b(?:organize|recognize|center|color|neighbor|behavior|counselor|program(?:s)? (?:is|are|for) you)\w*\b",
    "names a doctor's surgery in two ways": r"\bdoctor'?s (?:office|practice)\b|\bhealth cent(?:re|er)\b",
}
MAY_SAY = re.compile(r"link worker (?:and|or) (?:a )?navigator|cannot promise|no promise|do not stop drinking suddenly|help to stop smoking", re.IGNORECASE)
# Alone, a carrier takes each of these as a command and the patient never hears of us again.
CARRIERS_WORDS = {"stop", "stopall", "end", "quit", "cancel", "unsubscribe", "optout", "opt out", "help", "info", "start", "unstop"}


@dataclass(frozen=True)
class Text:
    """Something a patient may read, and where it stands."""

    where: str
    words: str

    def sentences(self) -> list[str]:
        """Cut at full stops and at line ends: a list's lines are not one sentence."""
        return [s for s in re.split(r"(?<=[.!?:])[\"')]*\s+|\n+", self.words) if re.search(r"[A-Za-z]", s)]


def plain(text: str) -> str:
    """Placeholders filled with the demo's facts, and telephone numbers as two words, since nobody reads them as prose."""
    text = re.sub(r"\{\{.*?\}\}", "this", text)
    text = re.sub(r"\{(\w+)\}", lambda m: str(FACTS.get(m[1], "something")), text)
    return re.sub(r"\d[\d ]{4,}\d", "this number", text)


def strings(value: Any, where: str) -> Iterator[Text]:
    """Every string in YAML that a reader sees: those with a space in them."""
    if isinstance(value, str):
        if " " in value:
            yield Text(where, plain(value))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from strings(inner, f"{where}.{key}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from strings(inner, f"{where}[{number}]")


def read_yaml(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


RESPONSES: dict[str, list[dict[str, Any]]] = read_yaml("domain.yml")["responses"]


def prompts() -> Iterator[Text]:
    for name, variants in RESPONSES.items():
        for number, variant in enumerate(variants):
            if variant.get("text"):
                yield Text(f"domain.yml {name}[{number}]", plain(variant["text"]))


def answers() -> Iterator[Text]:
    for topic, answer in PROGRAMME.answers.items():
        for channel, count in (("web", len(answer.answer)), ("sms", 1)):
            for variant in range(count):
                text = PROGRAMME.answer_text(topic, PROGRAMME.practice(), channel, variant)
                yield Text(f"answers {topic} {channel} {variant}", plain(text))
        yield Text(f"answers {topic} question", plain(answer.question))


def safety() -> Iterator[Text]:
    for path in sorted((ROOT / "programme" / "safety").glob("*.yml")):
        yield from strings(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)


def spoken(name: str) -> Iterator[Text]:
    """Sentences in Python: strings that begin with a capital and end as a sentence does. Docstrings are not among them."""
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    inside = {inner for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for inner in node.values}
    silent = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if node in inside or node in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = [p.value if isinstance(p, ast.Constant) else "something" for p in node.values]
        elif isinstance(node, ast.Constant):
            parts = [node.value]
        else:
            continue
        text = "".join(str(part) for part in parts)
        if re.match(r"[A-Z'\"]", text) and re.search(r"[.?!]['\"]?$", text) and len(text.split()) > 3:
            yield Text(f"{name}:{node.lineno}", plain(text))


def pages() -> Iterator[Text]:
    """Templates without their tags; what stands in one block is read together."""
    for path in PAGES:
        html = path.read_text(encoding="utf-8")
        html = re.sub(r"<!--.*?-->|\{#.*?#\}|<(script|style|svg)\b.*?</\1>", "", html, flags=re.DOTALL)
        html = re.sub(r"\{%.*?%\}", "", html, flags=re.DOTALL)
        html = re.sub(r"\{\{.*?\}\}", "this", html, flags=re.DOTALL)
        for block in re.split(r"</?(?:p|li|ul|h\d|div|section|button|form|label|title|dt|dd|summary|header|footer|main)\b[^>]*>", html):
            words = " ".join(re.sub(r"<[^>]+>", " ", block).replace("&nbsp;", " ").split())
            if len(words.split()) > 2:
                yield Text(path.name, words)


def scripts() -> Iterator[Text]:
    """Sentences in the page's own scripts."""
    for path in SCRIPTS:
        source = re.sub(r"^\s*(?://|\*|/\*).*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for text in re.findall(r"[\"`]([A-Z][^\"`\n]{12,}[.?!])[\"`]", source):
            yield Text(path.name, re.sub(r"\$\{[^}]*\}", "this", text))


@cache
def everything() -> tuple[Text, ...]:
    """All texts, the fixed wording of others left out."""
    found = [*prompts(), *answers(), *safety(), *pages(), *scripts(), *(t for name in SPEAKING for t in spoken(name))]
    return tuple(text for text in found if not FIXED.search(text.where))


def choices() -> Iterator[tuple[str, str]]:
    """(where, label) of every choice that can be offered."""
    for name, variants in RESPONSES.items():
        for variant in variants:
            for button in variant.get("buttons") or []:
                yield f"domain.yml {name}", button["title"]
    for key, label in read_yaml("programme/safety/routes.yml")["choices"].items():
        yield f"routes.yml {key}", label
    for name in SPEAKING:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys = {k.value: v for k, v in zip(node.keys, node.values) if isinstance(k, ast.Constant)}
                for key in ("title", "label"):
                    if isinstance(keys.get(key), ast.Constant):
                        yield f"{name}:{node.lineno}", keys[key].value  # type: ignore[union-attr]


def test_the_collectors_find_what_there_is() -> None:
    """Should a file move, its words must not fall out of these checks unseen."""
    assert len(list(prompts())) > 80 and len(list(answers())) > 300 and len(list(safety())) > 50
    assert len(list(pages())) > 60 and len(list(scripts())) > 8 and len(list(choices())) > 60
    assert len([t for name in SPEAKING for t in spoken(name)]) > 8


def test_no_sentence_is_long() -> None:
    long = [
        f"{text.where}: {len(sentence.split())} words: {sentence}"
        for text in everything()
        for sentence in text.sentences()
        if len(sentence.split()) > MOST_WORDS
    ]
    assert not long, "\n".join(long)


def test_each_text_can_be_read_by_most_people() -> None:
    hard = []
    for text in everything():
        words = re.sub(r"\d+", "one", text.words)
        if len(words.split()) >= 30 and textstat.automated_readability_index(words) > HARDEST:
            hard.append(f"{text.where}: grade {textstat.automated_readability_index(words):.1f}: {text.words}")
    assert not hard, "\n".join(hard)


@pytest.mark.parametrize("kind", ["domain.yml", "answers", "routes.yml"])
def test_as_a_whole_it_reads_at_primary_school_level(kind: str) -> None:
    whole = " ".join(re.sub(r"\d+", "one", text.words) for text in everything() if text.where.startswith(kind))
    assert textstat.automated_readability_index(whole) <= HARDEST_ON_AVERAGE


@pytest.mark.parametrize("what", BANNED)
def test_nothing_is_said_that(what: str) -> None:
    pattern = re.compile(BANNED[what], re.IGNORECASE)
    said = [
        f"{text.where}: {sentence}"
        for text in everything()
        for sentence in text.sentences()
        if pattern.search(sentence) and not MAY_SAY.search(sentence)
    ]
    assert not said, "\n".join(said)


@pytest.mark.parametrize("sentence", [
    "Social prescribing cures loneliness.", "We guarantee a place.", "You are safe now.", "There is no risk.",
    "You will need fewer visits to your GP.", "You have depression.", "You should stop taking your tablets.",
    "A person is reading this chat.", "We help service users.", "A holistic approach.",
])  # fmt: skip
def test_the_patterns_catch_what_they_are_for(sentence: str) -> None:
    assert any(re.search(pattern, sentence, re.IGNORECASE) for pattern in BANNED.values())


def test_no_choice_is_a_word_that_a_carrier_takes() -> None:
    taken = [f"{where}: {label}" for where, label in choices() if label.casefold().strip(" .!") in CARRIERS_WORDS]
    assert not taken


def test_choices_are_short_enough_for_a_button() -> None:
    long = [f"{where}: {label}" for where, label in choices() if len(label) > 60]
    assert not long


def test_a_prompt_with_choices_makes_sense_without_them() -> None:
    """By text and with a screen reader the words come first, alone."""
    empty = [name for name, variants in RESPONSES.items() for v in variants if v.get("buttons") and not (v.get("text") or "").strip()]
    assert not empty


def test_the_first_words_say_what_it_is_and_where_to_turn() -> None:
    for variant in RESPONSES["utter_welcome"]:
        text = plain(variant["text"])
        assert re.search(r"not a person", text) and "999" in text
        assert re.search(r"computer|program|bot", text)
    assert any("nobody watches" in variant["text"] for variant in RESPONSES["utter_welcome"])


def test_the_wellbeing_questions_are_asked_as_they_were_made() -> None:
    """ONS Four: fixed wording, 0 to 10, none left out; no total is ever spoken of."""
    said = json.dumps(RESPONSES, ensure_ascii=False)
    for question in (
        "Overall, how satisfied are you with your life nowadays?",
        "Overall, to what extent do you feel that the things you do in your life are worthwhile?",
        "Overall, how happy did you feel yesterday?",
        "Overall, how anxious did you feel yesterday?",
    ):
        assert question.casefold() in said.casefold(), question
