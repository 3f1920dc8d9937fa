"""What it may cost: free, low or any."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_FREE = re.compile(
    r"\b(?:(?:can't|couldn't|can not|not able to|unable to|don't have (?:the )?money to"
    r"|won't) (?:really )?(?:pay|afford)(?! (?:much|a lot|loads|lots|more than|for both|attention))"
    r"|(?:no|not got|haven't got|ain't got|don't have|without|isn't got)(?: any| much spare| spare"
    r"| a lot of| the)? (?:money|cash|dosh|funds|pennies|a penny)\b(?! (?:worries|problems?|advice|is fine"
    r"|off))"
    r"|skint|brassic|boracic|potless|penniless|hard up|strapped(?: for cash)?|flat broke|(?:i'm|i am|so"
    r"|totally|completely|am) broke\b|broke at the moment"
    r"|(?:nothing|not anything) (?:that|what|which) (?:costs?|charges)|(?:doesn't|don't|does not|won't"
    r"|do not) cost(?! (?:much|a lot|a fortune|the earth|loads|too))(?: me| us)?(?: (?:anything|nothing|owt"
    r"|a penny|money|a thing))?"
    r"|(?:no|at no|without any|zero|without) (?:cost|charge|fees?|payment|paying|having to pay)(?! (?:issue"
    r"|problem)s?)|(?<!thanks )for nothing\b|\u00a30\b|not (?:have|got) two pennies"
    r"|can't (?:spend|stretch to) (?:any|owt|nothing|anything|money)|no spare (?:cash|money)|not (?:paying"
    r"|willing to pay)|got no money|have not (?:a penny|money)"
    r"|money (?:no have|not have))\b"
)
_FREE_WORD = re.compile(r"\b(?:for )?free(?: of charge| of cost)?\b|\bfreebies?\b|\bgratis\b")
_NOT_FREE_BEFORE = re.compile(
    r"(?:\b(?:i'm|i am|am i|am|are you|you are|you're|we're|she's|he's|is she|is he|i'll be|i will be"
    r"|i'd be|i would be|we are|be more|usually|mostly|always|really|only|"
    r"feel|feels|set|break|get|symptom|debt|step|sugar|drug|smoke|alcohol|gluten|dairy|pain|hands|worry"
    r"|stress|cancer|care|anxiety|barrier|tax|lead|scent|nut|when|"
    r"run|roam|time i'm|days i'm|more|any time)(?: not| so| be)? |-)$"
)
_NOT_FREE_AFTER = re.compile(
    r" (?:on|at|in the|after|before|until|till|most|any ?time|all|this|next|tomorrow|today|between|from"
    r"|of (?!charge|cost)|time\b|times\b|school|to (?:talk|chat|come|speak|do|go|call|ring|be)|"
    r"later|then|now|me\b|up\b|every|mon|tues|wed|thurs|fri|sat|sun|mornings?|afternoons?|evenings?"
    r"|weekends?|weekdays?|dinners|meals|bus pass|prescription|range|will\b|spirit|country|slots?|hours?"
    r"|day\b|days\b|weekend|bit\b|ones\b|weeks?|trial|until|sessions? (?:end|finish|stop|run out))"
)
_ABOUT_PRICE = re.compile(
    r"\b(?:what's|what is|wots|anything|something|any|stuff|things?|groups?|class(?:es)?|it's|is it"
    r"|are they|events?|activities|bit) $"
)
_LOW = re.compile(
    r"\b(?:cheap(?:er|ish)?|inexpensive|low[ -]cost|low price|not (?:too |very |so |that )?(?:expensive"
    r"|dear|pricey)|nothing (?:too )?(?:expensive|dear|pricey|fancy)|affordable"
    r"|(?:a )?(?:couple|few)(?: of)? (?:quid|pounds?|squid|bob)|(?:under|less than|up to|below|about|only"
    r"|max|no more than|at most|spare|afford|around|within|pay) (?:a )?(?:fiver|tenner|quid|\u00a3(?:10"
    r"|[1-9])(?![\d.])|"
    r"(?:one|two|three|four|five|six|10|ten|[1-9]) (?:quid|pounds?))|(?:can't|couldn't"
    r"|don't) (?:really )?(?:afford|pay|spend) (?:much|a lot|loads|lots|more than)|tight budget"
    r"|money is (?:tight|short)|money's (?:tight|short)"
    r"|not (?:a lot|much|loads) of money|not much money|don't have (?:much|a lot of|loads of) money"
    r"|small (?:cost|charge|fee|amount)|(?:on a|my) budget|little bit of money|a little money"
    r"|(?:on a )?low income|a (?:pound|quid|fiver) or (?:two|so)|concessions?|reduced (?:price|rate)|(?:not"
    r"|won't|doesn't|don't|wouldn't) cost (?:too )?(?:much|a lot|the earth|a fortune|loads)|costs? too much"
    r"|too dear|too expensive|pennies)\b|^\u00a3[1-9](?:\.\d\d)?$"
)
_ANY = re.compile(
    r"\b(?:(?:don't|do not|wouldn't|not|won't) mind (?:paying|spending|the (?:cost|price)|what it costs"
    r"|a charge)|happy to pay|willing to pay|prepared to pay|can (?:pay|afford it)|able to pay|any (?:price"
    r"|cost|amount)|"
    r"(?:money|cost|price)(?:'s|s)? (?:is |are )?(?:no object|not (?:an issue|a problem|important|a worry)"
    r"|no (?:problem|issue|worry)|isn't (?:an issue|a problem|important)|doesn't matter|don't matter"
    r"|immaterial)|"
    r"not (?:bothered|fussed|worried) (?:about|by) (?:the )?(?:money|cost|price|paying)|(?:doesn't|does not"
    r"|don't) (?:have to|need to|matter if it(?:'s| is| isn't)?(?: not)?|got to) (?:be )?free|i'll pay|"
    r"free or (?:paid|not)|paid is (?:fine|ok)|paying is (?:fine|ok|no problem))\b"
)
CUES = frozenset(
    "pay paying paid afford affordable money money's cash dosh funds penny pennies penniless skint brassic "
    "boracic potless hard strapped broke cost costs charge charges fee fees "
    "nothing free freebie freebies gratis spend spending cheap cheaper cheapish inexpensive low expensive "
    "dear pricey fancy quid quid's pound pounds fiver tenner squid bob budget income small "
    "price concession concessions reduced little spare".split()
)


def find_cost(spoken: Spoken) -> list[Found]:
    """One value at most: 'any' before 'low' before 'free', for 'free or cheap' takes both."""
    if CUES.isdisjoint(spoken.words) and "\u00a3" not in spoken.plain:
        return []
    plain = spoken.plain
    for value, pattern in (("any", _ANY), ("low", _LOW)):
        match = pattern.search(plain)
        if match and not (value == "low" and _is_complaint(plain, match)):
            return [Found(value, *match.span())]
    match = _FREE.search(plain)
    if match:
        return [Found("free", *match.span())]
    for match in _FREE_WORD.finditer(plain):
        before = plain[max(0, match.start() - 24) : match.start()]
        if _NOT_FREE_BEFORE.search(before) or re.search(
            r"(?:\bnot|\bno longer|isn't|weren't|wasn't) $", before
        ):
            continue
        about_price = _ABOUT_PRICE.search(before)
        if match.group() == "free" and not about_price and _NOT_FREE_AFTER.match(plain, match.end()):
            continue
        return [Found("free", *match.span())]
    return []


def _is_complaint(plain: str, match: re.Match[str]) -> bool:
    """'They make me feel cheap' and 'a cheap shot' are not about prices."""
    return match.group() == "cheap" and bool(
        re.search(r"(?:feel|felt|look|so|talk is) $", plain[: match.start()])
        or re.match(r" (?:shot|trick|comment)", plain[match.end() :])
    )
