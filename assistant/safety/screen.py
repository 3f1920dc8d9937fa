"""The safety screen: which routes of help a message calls for. Needs no model, no database and no network."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.safety.everyday import is_everyday
from assistant.safety.joining import Classifier, joined
from assistant.safety.languages import danger
from assistant.safety.normalise import Normalised, normalise
from assistant.safety.patterns import PatternBook, book
from assistant.safety.patterns.lang import Rule
from assistant.safety.plain_words import good_news, holds_no_danger, kinds
from assistant.safety.tiers import ORDER, SUICIDE

# Said about somebody else, these also bring concern_for_other.
_SHARED_WORRY = frozenset(ORDER) - {
    "concern_for_other", "under_16", "medication_clinical", "child_safeguarding", "domestic_abuse_covert", "home_emergency",
    "harm_to_others",
}
_ONE_WORD = re.compile(r"\W*(?:\w[\w'\u2019-]*\W*)?")  # or none: dots, a thumb
_NO = re.compile(r"(?:no|never)(?: not at all)?[ .!]*$")
_STOP = re.compile(r" [.!?](?= |$)")
_NEGATED = re.compile(
    r"(?<![a-z])(?:not|never|no longer|no|without|nor|neither|hardly)"
    r"(?: (?:really|actually|currently|at all|feeling|ever|going|about|to|want|wanting|thinking|of|planning|i|would|am|saying"
    r"|mean|meaning|a|any|been|having|have|had|feel|got|thoughts|like|trying|intend|intending|considering|felt|quite|exactly"
    r"|in the mood|that|do|would|here|bit)){0,5} ?$"
)
_SELF = re.compile(r"(?<![a-z])(?:i|me|myself|we|us|mine)(?![a-z])")
_REFLEXIVE_OTHER = re.compile(r"(?<![a-z])(?:himself|herself|themselves|themself|his|her|their|him|them|he|she|they)(?![a-z])")
_YES = re.compile(r"^(?:yes|y|why|i am|i do|i have|sometimes|some times|maybe|kind of|sort of|a bit|not sure|unsure|i am not sure|"
                  r"do not know|i do not know|i think so|think so|alot|often|every day|all the time|most days|now and then|"
                  r"a little|i guess|i suppose|i might|might be|possibly|probably|on and off)(?: [a-z]+){0,6}[ .!?]*$")
_DENIAL = re.compile(r"(?<![a-z])(?:no|not(?! sure| certain)|never|fine|okay|ok|good)(?![a-z])")
_SCORE = re.compile(r"^(?:it is |i am |i would say |i feel |about |probably |maybe |well )*(?:a )?"
                    r"(?:\d{1,2}|ten|nine|eight|seven|six|five|four|three|two|one|zero)"
                    r"(?: (?:out of|of|maybe|i think|probably|today|i guess|really|ten|10|or|\d{1,2}|for that|for me))*[ .!?]*$")
_AN_AGE = re.compile(r"^i am (?:only |just )?(?:1\d|\d)[ .!?]*$")


@dataclass(frozen=True)
class ScreenContext:
    """What the screen may know about the moment: the kind of question just asked, and the routes shown before.

    `question` is "scale" (a 0 to 10 question), "suicide" (the direct question of rule 6), "number" (any other
    question answered by a number) or None.
    """

    question: str | None = None
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Span:
    """A stretch of the original message, [start, end), that called for a route."""

    start: int
    end: int
    risk: str
    rule: str
    firm: bool = False  # stands whatever the second opinion says


@dataclass(frozen=True)
class Screening:
    """What the screen found. `risks` are taxonomy ids, most urgent first; it is never a score or a level.

    `foreign`: said in another language. `unsure`: ask the direct question once. `failed`: some part of the screen broke, so show the fixed 999 and 111 text.
    """

    risks: list[str] = field(default_factory=list)
    unsure: bool = False
    spans: list[Span] = field(default_factory=list)
    failed: bool = False
    foreign: bool = False


_second_opinion: Classifier | None = None


def register_classifier(classifier: Classifier | None) -> None:
    """Use a classifier beside the patterns; None: patterns alone."""
    global _second_opinion
    _second_opinion = classifier


def screen(text: str, context: ScreenContext | None = None) -> Screening:
    """Find the safety routes one message calls for. Never raises: a fault gives `failed` with whatever was found."""
    risks: dict[str, Span | None] = {}
    unsure = failed = False
    try:
        risks, unsure = by_patterns(text, context)
    except Exception:  # the safer side: any fault at all must still end in fixed text, never in silence
        failed = True
    foreign = _foreign(text)
    if _second_opinion is not None:
        try:
            if not foreign and not _for_rules_alone(text, context):
                firm = {risk: span for risk, span in risks.items() if span and span.firm}
                risks, doubtful = joined(risks, _second_opinion(text), context.shown if context else ())
                risks |= firm
                unsure = unsure or doubtful
        except Exception:  # a broken model must not hide what the patterns found
            failed = True
    if "domestic_abuse_covert" in risks:
        risks.setdefault("domestic_abuse", None)
    spans = sorted((s for s in risks.values() if s), key=lambda s: (s.start, s.end))
    found = [risk for risk in ORDER if risk in risks or risk in foreign]
    return Screening(found, unsure and not (SUICIDE & set(found)), spans, failed, bool(foreign))


def _foreign(text: str) -> list[str]:
    """The plainest words of danger in other languages, of which the classifier knows none."""
    try:
        return danger(text)
    except Exception:  # the list of phrases cannot be read: the rest of the screen stands
        return []


def _for_rules_alone(text: str, context: ScreenContext | None) -> bool:
    """What tells the classifier nothing: one word or none ('purple' is near a bruise), who came and when, days and fares; and an answer just asked for."""
    if _ONE_WORD.fullmatch(text):
        return True
    question, shown = (context.question, context.shown) if context else (None, frozenset())
    plain = normalise(text).text
    if holds_no_danger(kinds(plain), shown) or (question != "suicide" and is_everyday(plain, shown)):
        return True
    if question == "suicide":
        return _says_yes(plain) or bool(_NO.match(plain))
    return _is_score(plain, question)


def _is_score(plain: str, question: str | None) -> bool:
    """A number that answers what was asked. Beside a list of choices 'I am 14' is an age: nobody is a number of the list."""
    if question == "number" and _AN_AGE.match(plain):
        return False
    return question in ("scale", "number") and bool(_SCORE.match(plain))


def by_patterns(text: str, context: ScreenContext | None = None) -> tuple[dict[str, Span | None], bool]:
    """What the patterns alone find: risks with their places, and whether something was denied that is worth asking about."""
    context = context or ScreenContext()
    message = normalise(text)
    risks: dict[str, Span | None] = {}
    if context.question == "suicide" and _says_yes(message.text) and not good_news(kinds(message.text), context.shown):
        risks["suicide_ideation"] = Span(0, len(text), "suicide_ideation", "direct question")
        return risks, False
    if _is_score(message.text, context.question):
        return risks, False
    pages = book()
    plain, present = _without_idioms(message.text, pages)
    unsure = False
    for rule in pages.candidates(pages.rules, present):
        if rule.risk in risks and (rule.about == "self" or "concern_for_other" in risks) and not rule.also:
            continue
        hit, negated = _first_hit(rule, plain, message, pages)
        if hit is None:
            unsure = unsure or (negated and rule.risk in SUICIDE)
            continue
        if rule.risk == "unsure":
            unsure = True
            continue
        start, end = message.original_span(*hit)
        risks.setdefault(rule.risk, Span(start, end, rule.risk, rule.where, rule.firm))
        for risk in rule.also:
            risks.setdefault(risk, Span(start, end, risk, rule.where))
        if rule.risk in _SHARED_WORRY and _about_other(rule, plain, hit, pages):
            risks.setdefault("concern_for_other", Span(start, end, "concern_for_other", rule.where))
    return risks, unsure


def _says_yes(text: str) -> bool:
    """Yes, or not sure, to the direct question. 'I do not know' counts; 'I am fine' does not."""
    return bool(_YES.match(text)) and not _DENIAL.search(text.replace("do not know", ""))


def _without_idioms(text: str, pages: PatternBook) -> tuple[str, set[str]]:
    """The text with everyday sayings blotted out (same length, so places hold), and the pieces present in it."""
    present = pages.pieces_in(text)
    blotted = text
    for rule in pages.candidates(pages.idioms, present):
        if rule.unless_message and rule.unless_message.compiled.search(text):
            continue
        blotted = rule.pattern.compiled.sub(lambda m: re.sub(r"[^ ]", "~", m.group()), blotted)
    if blotted != text:
        present = {piece for piece in present if piece in blotted}
    return blotted, present


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    first = max((m.end() for m in _STOP.finditer(text, 0, start)), default=0)
    last = _STOP.search(text, end)
    return first, last.end() if last else len(text)


def _first_hit(rule: Rule, text: str, message: Normalised, pages: PatternBook) -> tuple[tuple[int, int] | None, bool]:
    """The first place a rule holds after its exceptions, and whether a negation took one back."""
    negated = False
    if rule.unless_message and rule.unless_message.compiled.search(text):
        return None, False
    for tries, match in enumerate(rule.pattern.compiled.finditer(text)):
        if tries > 20:
            break
        first, last = _sentence(text, match.start(), match.end())
        sentence = text[first:last]
        if rule.unless and rule.unless.compiled.search(sentence):
            continue
        if rule.negatable and _is_negated(text, first, match.start(), message):
            negated = True
            continue
        if rule.setting and _only_setting(match, sentence, first, pages):
            continue
        if rule.past and _past_and_well(rule, text, pages):
            continue
        return match.span(), negated
    return None, negated


def _past_and_well(rule: Rule, text: str, pages: PatternBook) -> bool:
    """Said to be long ago, with the person well or safe now, and nothing that says it is back."""
    still = pages.still_here if rule.risk == "domestic_abuse" else pages.still
    return bool(
        pages.long_ago.compiled.search(text) and pages.well_now.compiled.search(text) and not still.compiled.search(text)
    )


def _is_negated(text: str, first: int, start: int, message: Normalised) -> bool:
    found = _NEGATED.search(text[first:start].rstrip() + " ") if start > first else None
    if not found:
        return False
    return not any(first + found.start() < comma <= start for comma in message.commas)


def _only_setting(match: re.Match[str], sentence: str, first: int, pages: PatternBook) -> bool:
    """True where the words are about a story, a course or a job, said before or around what matched."""
    found = pages.setting.compiled.search(sentence)
    return found is not None and found.start() + first < match.end()


def _about_other(rule: Rule, text: str, hit: tuple[int, int], pages: PatternBook) -> bool:
    """Whether what was found is about somebody else: the last person named before or in it."""
    if rule.about != "any":
        return rule.about == "other"
    if re.search(r"(?<![a-z])myself(?![a-z])", text[hit[0]:hit[1]]):
        return False
    first, _ = _sentence(text, *hit)
    stretch = text[first:hit[1]]
    mine = max((m.start() for m in _SELF.finditer(stretch)), default=-1)
    other = max((m.start() for m in _REFLEXIVE_OTHER.finditer(stretch)), default=-1)
    named = max((m.start() for m in pages.person.compiled.finditer(stretch)), default=-1)
    if mine >= 0 or other >= 0 or named >= 0:
        return max(other, named) > mine
    return not _SELF.search(text) and bool(_REFLEXIVE_OTHER.search(text) or pages.person.compiled.search(text))
