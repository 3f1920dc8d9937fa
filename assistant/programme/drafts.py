"""A new answer before it is put into programme/answers/: checked as the folder is, and given as text to paste."""

from __future__ import annotations

import json
import re

from pydantic import ValidationError

from assistant.programme.answers import SMS_SEPTETS, Answer, check_answers, gsm_septets
from assistant.programme.loader import Programme
from assistant.programme.reading import Problem, fill, from_validation, purposes

MOST_WORDS, MOST_SENTENCES = 20, 6  # of a sentence, of a version: programme/README.md
_STOP = frozenset("a an the is are am do does did can could will would i you we it my your to for of in on at and or if be me".split())
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
# Rasa names topics, and so do web addresses: plain letters only.
_NAME = re.compile(r"[a-z0-9]+")


def topic_name(question: str, taken: set[str]) -> str:
    """A name for a new topic from its question: 'Can I bring my dog?' is bring_dog; numbered when it is taken."""
    words = [word for word in _NAME.findall(question.lower().replace("'", "")) if word not in _STOP]
    name = "_".join(words[:4])[:40].strip("_") or "new_topic"
    number = 2
    while (told := name if number == 2 and name not in taken else f"{name}_{number}") in taken:
        number += 1
    return told


def check_draft(
    programme: Programme, topic: str, file: str, question: str, answer: list[str], sms: str
) -> list[Problem]:
    """Every fault that a new answer has: what `load_programme` would say of it, and sentences too long to read.

    `file` is the name in programme/answers/ without .yml; `answer` holds the two or three ways to say it.
    """
    groups = {known.group for known in programme.answers.values()}
    found = [] if file in groups else [Problem("answers", "file", f"choose one of: {', '.join(sorted(groups))}")]
    try:
        made = Answer(topic=topic, group=file, question=question, answer=answer, sms=sms, offer=None, risk=None)
    except ValidationError as error:
        return [*found, *from_validation(error, f"{file}.yml", topic, purposes(Answer))]
    facts = [programme.facts(slug) for slug in programme.practices]
    nations = {practice.nation for practice in programme.practices.values()}
    hidden = {id_ for id_, row in programme.contacts.items() if not all(row.shown_in(nation) for nation in nations)}
    topics = {**{known: a.group for known, a in programme.answers.items()}, topic: file}
    found += check_answers({topic: made}, topics, set().union(*facts), hidden)
    if found:
        return found
    for key, text in made.texts():
        for filled in facts:
            fix = _too_long(fill(text, filled), key)
            if fix:
                found.append(Problem(f"{file}.yml", f"{topic}.{key}", fix))
                break
    return found


def _too_long(text: str, key: str) -> str:
    """What to do about a filled text, or nothing."""
    sentences = [part for part in _SENTENCE_END.split(text) if part]
    long = [sentence for sentence in sentences if len(sentence.split()) > MOST_WORDS]
    septets = gsm_septets(text)
    if long:
        return f"'{long[0][:40]}...' has {len(long[0].split())} words; cut it to {MOST_WORDS}"
    if len(sentences) > MOST_SENTENCES:
        return f"{len(sentences)} sentences; cut it to {MOST_SENTENCES}"
    if septets is None:
        return "use straight quotes and hyphens, no emoji"
    if key == "sms" and septets > SMS_SEPTETS:
        return f"{septets} characters when filled; cut it to {SMS_SEPTETS}"
    return ""


def as_entry(topic: str, question: str, answer: list[str], sms: str) -> str:
    """The entry as YAML, to paste at the end of its file. JSON's strings are YAML's double-quoted ones."""
    lines = [f"{topic}:", f"  question: {_quoted(question)}", "  answer:"]
    lines += [f"    - {_quoted(text)}" for text in answer]
    return "\n".join([*lines, f"  sms: {_quoted(sms)}"]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
