"""Puts a reading right by what the conversation has in hand: a call that is booked, one asked for, one being set up.

A classifier sees the words alone. 'Can we say 2pm' is nothing by itself, and plain under 'Your call is booked'. So what
is said of a call in so many words, or of its time while one stands, is settled here, before Rasa's rules see it.
"""

from __future__ import annotations

import re
from typing import Any

from actions.call_times import THE_NTH
from actions.surroundings import Surroundings

CERTAIN = 1.0
LONGEST = 14  # words; a longer message is a story
_CALL = r"(?:(?:phone|telephone) ?)?(?:call ?back|call|phone ?call)"
_MY_CALL = rf"(?:my|the|that|this|our|a|your) (?:\w+ )?{_CALL}"
_LEAD = (
    r"(?:(?:hi|hello|hey|yes|ok|please|pls|just|so|um|er|actually|oh|sorry)\W+)*"
    r"(?:(?:can|could|may|shall) (?:i|we|you)(?: please)? |i(?: would|'?d)? (?:like|want|need|love)(?: to)? |i wanna |i was hoping to |"
    r"(?:let'?s|lets) |(?:is it possible|possible) to |i am looking to |i'?m looking to )?(?:please )?"
)
_WITH = r"(?: (?:with|from|to) (?P<who>\w+(?: \w+)?))?"
_WHEN = r"(?: (?:for me|please|pls|with you|soon|sometime|some time|now|then|thanks|thank you))*"
_BOOK = re.compile(
    rf"{_LEAD}(?:(?:book|arrange|set ?up|schedule|have|get|make|organise|organize|request|ask for)(?: me)? )?(?:in )?"
    rf"(?:an?|the|my) (?:first )?(?P<what>{_CALL}|appointment|appt|app){_WITH}{_WHEN}\W*$"
)
_PLAIN_BOOK = re.compile(rf"{_LEAD}(?:book|arrange|set ?up|schedule)(?: me)?(?: an?| the| my)? ?{_CALL}{_WITH}{_WHEN}\W*$")
_OUR_PEOPLE = frozenset(
    "you someone somebody anyone her him them navigator link social your our one prescriber prescribing worker team person".split()
)
_CANCEL = re.compile(
    rf"\b(?:cancel|call off|scrap|forget|drop|stop|withdraw|undo) {_MY_CALL}\b|"
    rf"\b(?:do not|don'?t|dont|no longer|dnt|never) (?:want|need)(?: to have| to book)? {_MY_CALL}\b|"
    rf"^(?:(?:ok|okay|please|pls|no|actually|just|oh|so|and|you can|u can)\W+)*(?:do not|don'?t|dont) (?:ring|call|phone) me(?: (?:again|any ?more|please|now|then|thanks|after all))*\W*$|"
    rf"\bno (?:more )?call (?:please|thanks|thank you|after all)"
)
_SOMEONE = r"(?:you|u|(?:the|that|this|a|some) (?:nice )?(?:lady|woman|man|person|navigator|girl)|some ?(?:one|body)|any ?(?:one|body)|she|he|they|them|her|him)"
_RING_ME = re.compile(
    rf"(?:^|[,.!?;] |\b(?:ok|but|so|and|hi|hello|please|then|yes|well) )(?:(?:can|could|will|would) {_SOMEONE}|(?:get|have|ask) {_SOMEONE} to|(?:i'?d|i would) like {_SOMEONE} to) (?:please |just )?"
    r"(?:ring|call|phone|telephone|give) (?:me|us|her|him|mum|my (?:mum|dad|wife|husband|nan|mother|father|son|daughter))(?! (?:a |an )?(?:lift|money|number|advice|list|name|details|idea))\b"
)
_IN_PERSON = re.compile(
    r"\b(?:see|meet|speak (?:to|with)|talk (?:to|with)) (?:(?:ms|mrs|mr|miss|the|a|with) )*(?:you|navigator|some ?(?:one|body)|person|link worker|her|him|them)\b[^.?!]{0,30}\b(?:in person|face to face)\b"
)
_CHECK = re.compile(
    rf"\b(?:when(?:'?s| is| was)?|what (?:time|day|date)(?:'?s| is| was)?|which day is) (?:\w+ )?(?:my|the|that|our) (?:\w+ )?{_CALL}\b|"
    rf"\b(?:do|have) i (?:still )?(?:have |got )?(?:a |any )?(?:{_CALL}) (?:booked|with)\b|\bis (?:my|the) {_CALL} (?:still|booked)\b|"
    rf"\bwhen (?:are|will|is) (?:you|they|she|he|amina|somebody|someone) (?:going to )?(?:ring|call|phone|ringing|calling|phoning) me\b"
)
_CHANGE = re.compile(
    rf"\b(?:change|move|rearrange|re-arrange|reschedule|rebook|swap|shift|postpone|put back|bring forward|alter) {_MY_CALL}\b|"
    rf"\b(?:change|move|alter|different|another) (?:the |a )?(?:time|day|date) (?:of|for|on) {_MY_CALL}\b"
)
# 'I can't take it any more' is not of a call: without its name only 'make it' with a day is.
_NOT_ABLE = r"\b(?:can'?t|cant|cannot|can not|won'?t|wont|unable to|not able to|couldn'?t) (?:be able to )?"
_CANNOT = re.compile(rf"{_NOT_ABLE}(?:make|do|take|manage|keep|answer|get to|have) {_MY_CALL}\b")
_CANNOT_MAKE_IT = re.compile(rf"{_NOT_ABLE}make (?:it|that)(?: now| after all| any ?more| sorry)*\W*$")
# 'I can't make Friday now': that day is off, and the call still wanted.
_CANNOT_THEN = re.compile(
    rf"{_NOT_ABLE}(?:make|do|manage|come) (?:it |that )?(?:on )?(?:(?:mon|tues?|wednes|weds?|thurs?|fri|satur|sun)(?:day)?|tomorrow|today|then|that (?:day|time)|the \d+(?:st|nd|rd|th))"
    r"(?: (?:now|after all|any ?more|sorry|at \d+|morning|afternoon))*\W*$"
)
_MOVING = re.compile(
    r"\b(?:make (?:it|that)|move (?:it|that)|change (?:it|that)|(?:can|could|shall|may) (?:we|you|i|it|they|she|he) (?:say|do|make|have|ring|call|"
    r"change|move|be|phone)|let'?s (?:say|do|make)|say|instead|rather|how about|what about|would .{0,12}(?:be|do)|better|prefer|suits?)\b"
)
_ELSEWHERE = re.compile(r"\b(?:hospital|gp|doctors?|dr|dentists?|clinic|scan|blood|nurse|physio|optician|surgery|job ?cent(?:re|er)|school|court|bank)\b|"
                        r"\b(?:call|ring|phone) (?:my|a|an|her|him|them)\b")
_WHICH_TIME = re.compile(r"(?:(?:sorry|oh|wait|hang on|ok|so|and|but|er|um)\W+)*(?:what|which) (?:time|day|date)(?:'?s| is| was| did| have| are| do)* "
                         r"(?:it|that|this|we|i|you|u)(?: \w+){0,3}\W*$")
_TIMES = ("date", "day", "part_of_day", "time")
_SOME_ONE = r"(?:(?:any|some) ?(?:one|body)|you|u|ya|they|she|he|the navigator)"
_STILL_THERE = re.compile(
    rf"\b(?:are|is|r)(?:n'?t)? {_SOME_ONE}(?: \w+)?(?: still| even)? (?:there|here|about|around|coming|joining)\b|"
    rf"^(?:(?:hello|hi|hey|hiya|sorry|um|oh|so|ok|please|but)\W+)*(?:(?:any|some) ?(?:one|body)|(?:you|u)(?: still)?|still)(?: (?:there|here|about|around|coming))?(?: \w+)?\W*$"
)
_OF_THE_QUEUE = re.compile(
    r"\bhow (?:long|much longer|many (?:people )?(?:are )?(?:in front|ahead|before))\b|\b(?:still|been) waiting\b|\bi'?m waiting\b|"
    r"\b(?:what|which|where) (?:number |place )?am i\b|\bin the (?:queue|line)\b|\bwhat(?:'?s| is) (?:happening|going on|taking)\b|"
    rf"\b(?:where|when) (?:is|are|will) (?:every ?(?:one|body)|{_SOME_ONE})\b|\bhas (?:any|every) ?(?:one|body) (?:gone|seen|left)\b|^\W*\?+\W*$"
)


def put_right(parse: dict[str, Any], form: str | None, here: Surroundings) -> dict[str, Any]:
    """`parse` as Rasa made it, its intent and `appointment` changed where the words plainly are about the call."""
    words = " ".join(str(parse.get("text") or "").lower().replace("\u2019", "'").split())
    if not words or words.startswith("/") or len(words.split()) > LONGEST:
        return parse
    told = {entity["entity"]: entity.get("value") for entity in parse.get("entities") or []}
    if form is None and (asks_if_there(words, here) or (here.state == "waiting" and _of_waiting(_named_you(words, here), parse))):
        meant: tuple[str, str | None] | None = ("talk_to_human", None)
    else:
        meant = _meant(words, told, form, here)
    if meant is None:
        return parse
    intent, appointment = meant
    entities = [entity for entity in parse.get("entities") or [] if entity["entity"] != "appointment"]
    if appointment:
        entities.append({"entity": "appointment", "value": appointment, "start": 0, "end": len(words)})
    reading = {**(parse.get("reading") or {}), "intent": intent, "topic": None}
    return {**parse, "intent": {"name": intent, "confidence": CERTAIN}, "entities": entities, "reading": reading}


def _meant(words: str, told: dict[str, Any], form: str | None, here: Surroundings) -> tuple[str, str | None] | None:
    """The intent and what is wanted of the call; None where the classifier's reading stands."""
    wanted, manage = told.get("appointment"), "manage_appointment"
    if _CANCEL.search(words) and not _asks_how(words):
        return manage, "cancel"
    if form == "handover_form":
        if re.fullmatch(r"(?:please |just )?cancel(?: (?:it|that|this|please|thanks))*\W*", words):
            return manage, "cancel"
        if _WHICH_TIME.match(words) or _CHECK.search(words):
            return manage, "check"
        if "phone" in told:  # a new number, told while a call is set up, is for the call
            return "affirm" if re.match(r"(?:yes|yeah|yep|ok|okay|sure)\b", words) else "answer", None
        return None  # a time, or another one, is what that form asks for
    if _CHECK.search(words):
        return manage, "check"
    if _books(words, here) or _RING_ME.search(_named_you(words, here)):
        return "book_callback", None
    if _IN_PERSON.search(_named_you(words, here)) and not _asks_how(words) and not here.booked_call():
        return "talk_to_human", None
    if form is not None or _asks_how(words):
        return None
    if _CANNOT.search(words) and here.booked_call():
        return manage, "change" if _tells_time(words, told) else "cannot"
    if _CHANGE.search(words):
        return manage, "change"
    if _CANNOT_THEN.search(words) and not elsewhere(words) and here.booked_call():
        return manage, "cannot"
    if _CANNOT_MAKE_IT.search(words) and here.booked_call() and _of_the_call(words, here):
        return manage, "cannot"
    if wanted in ("change", "cancel") and here.booked_call() and not any(said["services"] for said in here.last_said()):
        return manage, str(wanted)
    if _tells_time(words, told) and not elsewhere(words) and here.booked_call() and _of_the_call(words, here):
        return manage, "check" if words.endswith("?") and words.startswith(("is it", "is that", "is my", "was it")) else "change"
    return None


def asks_if_there(words: str, here: Surroundings) -> bool:
    """'Are you still there, Amina?' of somebody who has left; a plain 'are you there?' only straight after."""
    words = words.lower().replace("\u2019", "'")
    if here.state != "bot" or not _STILL_THERE.search(_named_you(words, here)):
        return False
    return here.met_navigator() or _named_you(words, here) != words


def _named_you(words: str, here: Surroundings) -> str:
    """The navigator's name as 'you': 'is Amina there' is 'is you there'."""
    names = [re.escape(name) for name in here.facts.get("navigator_name", "").lower().split()]
    return re.sub(rf"\b(?:{'|'.join(names)})\b", "you", words) if names else words


def _of_waiting(words: str, parse: dict[str, Any]) -> bool:
    """'Hello?', 'anyone there', 'how much longer', said in the queue: it is the queue that is asked about."""
    topic = (parse.get("reading") or {}).get("topic")
    return parse["intent"]["name"] == "greet" or topic == "real_person" or bool(_STILL_THERE.search(words) or _OF_THE_QUEUE.search(words))


def _books(words: str, here: Surroundings) -> bool:
    """'Book a call', 'an appointment with Amina': with somebody of ours, or with nobody named."""
    plain, any_way = _PLAIN_BOOK.match(words), _BOOK.match(words)
    found = plain or any_way
    if not found:
        return False
    ours = _OUR_PEOPLE | set(here.facts.get("navigator_name", "").lower().split())
    who = set((found["who"] or "").split())
    if who:
        return bool(who & ours)
    return bool(plain) or (any_way is not None and "call" in any_way["what"])


def _of_the_call(words: str, here: Surroundings) -> bool:
    """Whether a day or time is about the call: it is named, it was the last thing talked of, or something is to be moved."""
    if re.search(rf"\b{_MY_CALL}\b|\b(?:ring|call|phone) me\b|\b(?:my|the) appointment\b", words):
        return True
    last = [choice["value"] for said in here.last_said() for choice in said["choices"]]
    services = any(said["services"] for said in here.last_said())
    short = len(words.split()) <= 6
    if any(value.startswith("/manage_appointment") for value in last):
        return short or bool(_MOVING.search(words))
    return not services and bool(re.search(r"\b(?:make|move|change) (?:it|that)\b|\bstill (?:on|ok|booked|happening)\b", words))


def _tells_time(words: str, told: dict[str, Any]) -> bool:
    return any(kind in told for kind in _TIMES) or bool(THE_NTH.search(words))


def elsewhere(words: str) -> bool:
    """A day at the hospital, or a call to a sister: not of our call."""
    return bool(_ELSEWHERE.search(words.lower()))


def _asks_how(words: str) -> bool:
    """'How do I cancel a call' is a question of the programme, and has its answer."""
    return bool(re.match(r"(?:how|what (?:happens|if)|can i (?:still )?cancel|is it (?:ok|possible)|will (?:i|it)|do i have to|why)\b", words))
