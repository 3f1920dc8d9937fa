"""What counts as an answer to each question of how something should be; what does not is asked for once more.

A number of three figures, a telephone number or a name is no day and no price: kept as the answer it would narrow the
search by nonsense and stand in the summary. The words are kept for the navigator instead (`ODD_WORDS`).
"""

from __future__ import annotations

import re
from typing import Any

from actions.about_person import hard_to_get_about
from actions.reading import Reading
from actions.stepped_form import SKIPPED

WISH_STEPS = {
    "where": ("place",),
    "when": ("day", "part_of_day", "time", "day_not"),
    "cost": ("cost",),
    "travel": ("travel", "online"),
    "access_needs": ("access", "language", "audience"),
    "company": ("company",),
}
NO_PREFERENCE = {"where": SKIPPED, "when": "any", "cost": "any", "travel": SKIPPED, "access_needs": "no", "company": "any"}
# Said with something else these tell where it should be; whether anything is needed to join in is still to be asked.
IN_PASSING = frozenset({"near bus stop", "parking"})
ODD_WORDS = "in_own_words"  # among the wishes: what was typed to a question and not followed
MOST_ODD_WORDS = 8
WORDS_OF_AN_ANSWER = 0.4
_OUTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\b")
_LEAD = r"(?:(?:yes|yeah|no|well|er+m?|um+|oh|probably|maybe|prefer|rather|i'?d|i|would|rather|just|go|be|by|only|i'?ll|um)[ ,.]+)*"
_WHEN = re.compile(r"\b(?:week ?days?|week ?ends?|day ?times?|during the day|lunch ?times?|dinner ?time|tea ?time|school (?:hours|time|run)|term ?time|"
                   r"mornings?|afternoons?|evenings?|nights?|early|late|holidays?|after (?:work|school|lunch|tea|dinner)|before (?:work|lunch))\b")
_TRAVEL = re.compile(r"\b(?:walk(?:s|ing)?|on foot|bus(?:es)?|cars?|lifts?|taxis?|cabs?|uber|bikes?|bicycle|cycl(?:e|ing)|trains?|tram|drive|driving|"
                     r"drives|drop me|take me|takes me|mobility scooter|scooter|wheel ?chair|dial a ride|ring and ride|minibus|transport|online|zoom|"
                     r"from home|at home)\b")
_TRAVEL_KINDS = ((re.compile(rf"{_LEAD}walk(?:ing)?\b|.*\bon foot\b"), "walk"), (re.compile(rf"{_LEAD}(?:the )?bus(?:es)?\b"), "bus"))
_COST = ((re.compile(r"\bmoney(?:'?s| is) (?:not|no|never) (?:an? |the |my )?(?:obstacle|object|problem|issue|worry)|\b(?:happy|happily|willing|glad) (?:to )?pay\b|any price|whatever it costs|"
                     r"\bcost (?:is not|isn'?t|is no) (?:an? )?(?:obstacle|object|problem|issue)"), "any"),
         (re.compile(r"\b(?:skint|broke|penniless)\b|\b(?:no|not got any|haven'?t (?:got )?any|have no|got no) (?:money|spare cash|cash)\b|\b(?:can'?t|cannot|can not) afford (?:it|much|anything|to pay|any)|"
                     r"\bnothing to spare\b"), "free"),
         (re.compile(r"\b(?:not|isn'?t|aint|ain'?t) (?:\w+ )?(?:a )?(?:lot|much|loads|rich)\b|\b(?:money(?:'?s| is)|things are) (?:a bit |very |really )?tight\b|\bonly (?:my|a|the) (?:state )?pension\b|\bon (?:benefits|universal credit|a pension)\b"), "low"),
         (re.compile(r"\b(?:cheap|low|small|not (?:too )?much|a little|a bit|couple of (?:quid|pounds?)|few (?:quid|pounds?|bob)|"
                     r"(?:some|bit of) (?:money|cost)|depends how much|\u00a3 ?\d|\d+ ?(?:quid|pounds?|p))\b|\u00a3 ?\d"), "low"),)
_ALONE = re.compile(rf"^{_LEAD}(?:on my own|on me own|by myself|myself|alone|just me|only me|me myself|solo)\b(?! with)")
_NOT_ALONE = re.compile(r"\b(?:not|don'?t|dont|hate|never|can'?t|cant|rather not|scared|nervous)\b.*\b(?:alone|on my own|by myself)\b")
_WITH = re.compile(rf"^{_LEAD}(?:together|with (?:\w+ )?\w+|(?:my|a|me) (?:\w+ )?(?:husband|wife|partner|mum|mam|dad|son|daughter|sister|brother|friend|"
                   r"mate|neighbour|carer|dog|nan|gran|aunt|uncle|cousin|kids?|children|boyfriend|girlfriend|family)|someone|somebody|others|other people)\b")
_EITHER = re.compile(r"(?:both|either|whichever|mixture|mix|a bit of both|depends)\b")
_ACCESS = re.compile(r"\b(?:toilets?|loo|parking|crutch(?:es)?|stick|frame|walker|zimmer|chairs?|seats?|sit|dogs?|guide|pram|pushchair|buggy|bsl|signing|"
                     r"sign|braille|large|quiet|autis\w+|dyslexi\w+|deaf|blind|oxygen|halal|kosher|prayer|women|ladies|men|lift|ramp|stairs|steps)\b")
_OUT_OF_TURN = (  # a part of a message that says this and nothing else
    ("travel", re.compile(r"(?:it would be |i (?:get|take|use|catch|go by|come by) |by |on |the |a )*(?P<how>bus|walk|walking|taxi|train|car)(?: is| would be| will be)?(?: (?:ok|okay|fine|good|best|only|please|then))*(?: if .{1,30})?")),
    ("company", re.compile(r"(?:i(?:'?d| would| will|'?ll)? (?:go|come|be coming|be going) )?with (?:my |a )?(?:friend|mate|sister|brother|daughter|son|husband|wife|mum|mam|dad|neighbour|carer|cousin)s?(?: [a-z]+)?")),
)
A_FEW = 14  # words: what is longer tells a story, and its parts are no answers
_PARTS = re.compile(r"[.,;!]+\s*|\s+(?:and|but)\s+")
_NEAR_WORDS = re.compile(r"(?:somewhere |anywhere )?(?:near|nearby|by|close to|next to|opposite|around|round|behind|walking distance|local)\b")


def read_wish(step: str, message: Reading, slots: dict[str, Any], asked: bool) -> str | None:
    """A wish as a short text: the entity told, the choice pressed, or words that are an answer to it when it was asked."""
    if message.step not in (None, step):
        return None
    if asked and message.answer is not None:
        return str(message.answer)
    told = [f"not {v}" if kind == "day_not" else str(v) for kind in WISH_STEPS[step] for v in message.entities.get(kind, [])]
    if step == "access_needs" and not asked and in_passing(message.entities):
        return None
    if step == "cost" and not asked and message.no_matter:
        return None  # 'don't mind' is to the question asked
    if told and not (step == "company" and message.intent == "talk_to_human" and not message.tells_wish):
        return ", ".join(told)
    if asked and message.no_matter and not wishes_of_others(step, message):
        return worded(step, message) or NO_PREFERENCE[step]  # 'anything cheap' is no 'anything'
    if message.is_question or message.rejects:
        return None
    return worded(step, message) if asked else told_out_of_turn(step, message)


def told_out_of_turn(step: str, message: Reading) -> str | None:
    """'I don't have a car. Bus ok', 'with my friend Beata', to another question: a part that says just that."""
    words = message.words.lower().replace("\u2019", "'").strip(" .!")
    if message.is_choice or len(words.split()) > A_FEW:
        return None
    for part in filter(None, _PARTS.split(words)):
        for kind, pattern in _OUT_OF_TURN:
            if kind == step and (found := pattern.fullmatch(part.strip())):
                return "with_someone" if step == "company" else {"walking": "walk"}.get(found["how"], found["how"])
    return None


def in_passing(told: dict[str, Any]) -> bool:
    """Whether of all that could be needed to join in only the bus or the car is told."""
    return bool(told.get("access")) and set(told["access"]) <= IN_PASSING and not told.get("language") and not told.get("audience")


def wishes_of_others(step: str, message: Reading) -> bool:
    """Whether it says how something else should be. 'Don't mind' reads as a price, whatever was asked."""
    kinds = {kind for other, kinds in WISH_STEPS.items() if other != step for kind in kinds if kind in message.entities}
    return bool(kinds - ({"cost"} if message.entities.get("cost") == ["any"] else set()))


def worded(step: str, message: Reading) -> str | None:
    """The answer in words that need no entity, or None: better asked again than kept as something it is not."""
    words = message.words.lower().replace("\u2019", "'").strip()
    of_others = wishes_of_others(step, message)  # 'no, LU3 not LU2' is no answer to what it may cost
    if message.intent == "deny" and step in ("access_needs", "cost", "travel") and not message.needs and not of_others:
        return NO_PREFERENCE[step]
    if message.intent == "affirm" and step == "company" and not of_others:
        return "with_someone"
    if step == "where":
        return outcode_in(words)
    if step == "cost":
        return next((value for pattern, value in _COST if pattern.search(words)), None)
    if step == "when":
        return message.words[:200] if _WHEN.search(words) and len(words.split()) <= 12 else None
    if step == "company":
        return company_in(words)
    if step == "travel":
        kind = next((value for pattern, value in _TRAVEL_KINDS if pattern.match(words)), None)
        return kind or (message.words[:200] if _TRAVEL.search(words) else None)
    return None if of_others else access_in(message, words)


def company_in(words: str) -> str | None:
    """'Alone, I'm shy', 'my wife', 'both': at the head of the answer, the rest may tell why."""
    if _NOT_ALONE.search(words):
        return "with_someone"
    if _ALONE.match(words):
        return "alone"
    if _EITHER.match(words):
        return "any"
    return "with_someone" if _WITH.match(words) else None


def access_in(message: Reading, words: str) -> str | None:
    """What somebody needs to join in can be anything, told in a few words; one word or a number must be a known one."""
    if _ACCESS.search(words) or hard_to_get_about(words):
        return message.words[:200]
    if len(re.findall(r"[a-z']{2,}", words)) < 2 or message.is_correction and message.needs:
        return None
    sure_enough = message.intent in ("answer", "nlu_fallback") and message.confidence >= WORDS_OF_AN_ANSWER
    return message.words[:200] if sure_enough or message.intent == "describe_need" else None


def outcode_in(words: str) -> str | None:
    """The first half of a postcode, wherever in the words it stands."""
    found = _OUTCODE.search(words)
    return found[0].upper() if found else None


def place_words(message: Reading) -> bool:
    """'Near the hospital': a place in words we cannot find on the map, and no need to get about."""
    return bool(_NEAR_WORDS.match(message.words.lower()))


def with_odd_words(wishes: dict[str, Any] | None, words: str) -> dict[str, Any]:
    """The wishes, and beside them words that were no answer: a navigator may know what was meant. A lone number says nothing."""
    held = dict(wishes or {})
    told = " ".join(words.split())[:200]
    before = list(held.get(ODD_WORDS) or [])
    if re.search(r"[^\W\d_]{2}|\d{4}", told) and told not in before:
        held[ODD_WORDS] = [*before, told][-MOST_ODD_WORDS:]
    return held
