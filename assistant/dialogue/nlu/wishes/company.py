"""Alone or with someone: how the person would go. Living alone is a need and not found here."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_RELATION = (
    r"(?:husband|hubby|wife|missus|partner|boyfriend|girlfriend|mum|mam|dad|son|daughter|sister|brother"
    r"|friend|mate|pal|neighbour|carer|support worker|"
    r"family|niece|nephew|cousin|nan|grandson|granddaughter|other half|someone|somebody|anyone|advocate"
    r"|interpreter)"
)
_SOMEONE = re.compile(
    rf"\b(?:(?:bring|brings|bringing|take|fetch|have(?= (?:my|me|a|our) )) (?:along )?(?:my |a |me |our "
    rf"|the )?{_RELATION}(?: (?:along|with me|too|there|with))?\b(?! (?:out\b|medicine|to (?:school|work"
    rf"|hospital)))"
    rf"|(?:come|coming|go|going|attend|do it|went|there|along|turn up) (?:along |there |in )?with (?:my |a "
    rf"|me |our )?{_RELATION}"
    rf"|{_RELATION} (?:to |can |could |would |will |might )?(?:come|go|came|comes|coming"
    rf"|going)(?: along)? (?:with me|too|as well|along|to it)"
    rf"|(?:can|could|may) (?:my |a |me )?{_RELATION} (?:come|join|sit in|be there)"
    rf"|^(?:i'd be |probably |maybe |ill be |i'll be |)?(?:with|me and) (?:my |a |me |our )?{_RELATION}(?=$"
    rf"| please|[.!,])"
    rf"|(?:not|never|wouldn't|won't|can't|don't|couldn't|can not)(?: \w+){{0,4}} (?:go|going|goin|come"
    rf"|coming|attend|attending|turn up|walk in|do (?:it|this)|face it|travel)(?: \w+){{0,3}} (?:on my own"
    rf"|by myself|alone|on me own|on my tod)|not (?:on my own|by myself|on me own)"
    rf"|(?:scared|nervous|anxious|worried|frightened|afraid|rather not|hate|hard) (?:of |about |to |to go "
    rf"|walk )?(?:going |walking |turning up |go |turn up |walk )(?:in |there |to places |places "
    rf"|into \w+ )?(?:on my own|by myself|alone|on me own)"
    rf"|someone (?:there )?with me|not alone|(?:someone|somebody|anyone|they|she|he|you|to) (?:could |can "
    rf"|to |would |might )?(?:come|go) with me|two of us|both of us|together with (?:my )?{_RELATION}"
    rf"|accompan(?:y|ied)|hold my hand)\b"
)
# A reason not to go alone, and none not to go.
_NOBODY = re.compile(
    r"\b(?:no ?one|no-one|nobody|not (?:got )?any ?(?:one|body)|(?:don't|haven't|havent|dont) (?:have |know |got )*any ?(?:one|body))"
    r"(?: else)? (?:to |who(?:'d| can| could| would| will) |that (?:can|could|would) |can |will )(?:go|come|take me|turn up|get there)\b"
    r"(?: along| there| to (?:it|things|places|groups))?(?: with(?: me)?)?(?=$|[ ,.!?])"
)
_ALONE = re.compile(
    r"\b(?:(?:go|going|come|coming|attend|do it|turn up|be|went|happy|fine|ok|prefer|rather|rather be|it'?s"
    r"|just|get there|walk in)(?: there| along| to it| it| to go| to come| going| in)* (?:on my own"
    r"|by myself|alone|on me own|on my tod|on my jack|solo)|alone is (?:fine|ok)"
    r"|(?:on my own|by myself) (?:is fine|is ok|please|if poss|i think))\b"
)
_ALONE_ANSWER = re.compile(
    r"^(?:i'd |i'll |i |be |ill |go |probably |prefer |rather |just |yes |no |oh |um |er "
    r"|[, ])*(?:on my own|by myself|myself|alone|just me|only me|on me own|on my tod|me|solo)(?: please"
    r"| thanks| i think| then| is fine)?[ .!]*$"
)
_NOT_A_WISH_BEFORE = re.compile(
    r"\b(?:live|living|lives|lived|been|feel|feeling|so|all|left|sit|sits|sitting|stuck|here|always|die|eat"
    r"|eating|cope|bringing up \w+|raising \w+|being|fed up) (?:all |just |here |so )?$"
)
CUES = frozenset(
    (
        "own alone myself solo tod jack me us together accompany accompanied someone somebody with come bring "
        "take nobody one anyone anybody"
    ).split()
)


def find_company(spoken: Spoken) -> list[Found]:
    """'with_someone' or 'alone', at most one value."""
    if CUES.isdisjoint(spoken.words):
        return []
    plain = spoken.plain
    match = _SOMEONE.search(plain)
    if match and not re.search(
        r"\b(?:not|don't|wouldn't|won't|no need to|hate) (?:\w+ )?$",
        plain[max(0, match.start() - 24) : match.start()],
    ):
        if not re.search(
            r"(?:live|living|cope|left|leave me|be left|feel|sleep|being) (?:\w+ )?(?:on my own|by myself"
            r"|alone)$",
            match.group(),
        ):
            return [Found("with_someone", *match.span())]
    if match := _NOBODY.search(plain):
        return [Found("with_someone", *match.span())]
    match = _ALONE_ANSWER.match(plain)
    if match:
        return [Found("alone", *match.span())] if match.group().strip(" .!") != "me" else []
    for match in _ALONE.finditer(plain):
        if not _NOT_A_WISH_BEFORE.search(
            plain[max(0, match.start() - 24) : match.start()]
        ) and not match.group().startswith("be alone"):
            return [Found("alone", *match.span())]
    return []
