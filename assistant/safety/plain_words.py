"""Short messages said in plain words around a danger, which hold none themselves: who came and when, being frightened,
good news, a thing of the list put off, a wish for secrecy; and the no that takes itself back.

They are read by rules alone, for a classifier makes much of little: 'it was last night' was sexual violence to it. Pure
functions over normalised text (normalise.py).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from assistant.safety.tiers import SUICIDE

# Where one person may be the danger to another, 'he is here' is no good news.
BETWEEN_PEOPLE = frozenset({
    "harm_to_others", "domestic_abuse_covert", "domestic_abuse", "sexual_violence", "child_safeguarding", "adult_abuse_neglect",
})
_TAKEN_TO_DIE = SUICIDE | {"overdose_poisoning"}
LONGEST = 20  # words; what is longer has more in it

_KIN = (
    r"(?:(?:my|our|the) )?(?:(?:best|good|next door|older|younger|eldest|youngest) )?(?:husband|wife|partner|boyfriend|girlfriend|mum|mother|dad|father"
    r"|sons?|daughters?|brothers?|sisters?|nan|grandad|grandsons?|granddaughters?|aunt(?:ie|y)?|uncle|cousin|niece|nephew|friends?|neighbours?|carer|nurse"
    r"|doctor|social worker|navigator|someone|family|mates?|kids|children|son in law|daughter in law)"
)
_WHO = rf"(?:{_KIN}|he|she|they|we|i|it|you|me|him|her|them|us|that|this)"
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_PAST = (
    rf"(?:last (?:night|week|weekend|month|year|{_DAY})|yesterday(?: (?:morning|afternoon|evening))?|this morning|the other (?:day|night|week)"
    rf"|(?:on )?{_DAY}(?: (?:night|morning|afternoon|evening))?|in the (?:morning|afternoon|evening|night)|at (?:night|the weekend|teatime|lunchtime)"
    r"|(?:a|an|one|two|three|few|a few|couple of|a couple of) (?:hour|day|week|month|year)s? ago|earlier|before|only|just|again|once|twice|late|early|then)"
)
_CAME = r"(?:(?:has |have )?(?:came|come|visited|rang|phoned|called|popped|stayed)(?: (?:round|over|by|in)(?= |$))?(?: (?:to )?(?:see|visit) me)?)"
_SMALL = r"(?:is|was|were|are|am|been|be|and|but|so|oh|well|yes|no|the|a|an|my|our|just|only|really|very|to|with|about|for|like)"
_WHEN = re.compile(rf"(?:{_PAST}|{_CAME}|{_WHO}|{_SMALL})(?: |$)")
_TELLS = re.compile(rf"(?:(?:and|but|so|well|yes|no|oh) )*{_WHO} .*(?:was|were|{_CAME}|{_PAST})")
_FILLER = re.compile(r"(?:(?:yes|no|okay|ok|thank you|thanks|please|sorry|well|oh|so|and|but|i am okay|i am ok|x|love|for (?:your|the) help) ?)+")
_AFRAID = re.compile(
    r"(?:(?:and|but|so|because|well|now) )*(?:i am|i feel|i am feeling|feeling|i was|am)(?: (?:so|very|really|just|still|a bit|quite|too|dead|well|now))*"
    r" (?:scared|frightened|afraid|terrified|petrified|fearful)(?: (?:now|tonight|today|still|stiff|right now|though|please))*"
)
_TELL = r"(?:tell|let|inform|mention (?:it |this |that )?to|say (?:anything |a word |nothing )?to)"
_SECRET = re.compile(
    rf"(?:(?:and|but|so|just|please|can you|will you|could you|promise) )*(?:do not|not|never|you will not|you must not|promise (?:me )?(?:you will not|not to)) {_TELL}"
    rf" (?:(?:no ?one|nobody|anyone|anybody|a soul|people|others|{_KIN}|him|her|them|the (?:police|doctors?|gp|surgery|council|team|social(?: services)?)|my doctor|on (?:him|her|them|me))"
    r"(?: (?:else|about (?:this|it|that|me)|this|that|what i (?:said|told you|wrote)|know|please|okay|will you))*)"
    r"|(?:(?:and|but|so|just|please) )*i (?:do not|would not|did not|never) (?:\w+ )?want (?:(?:no ?one|anyone|anybody|people|my \w+|them|him|her) (?:else )?(?:to )?(?:know|find out|be told|knowing)"
    rf"|(?:to get )?(?:{_KIN}|him|her|them|anyone) (?:getting |to get |to be |to go |ending up |put )?(?:in(?:to)? (?:any )?trouble|arrested|locked up|taken away|to prison|in prison))(?: .{0,20})?"
    r"|(?:please )?(?:keep (?:it|this|that) (?:to yourself|between us|private|secret|quiet)|this is (?:just )?between (?:us|you and me)|(?:it|this) is (?:a )?(?:secret|private))(?: please| okay)*"
    r"|(?:(?:and|but|so) )*(?:who (?:have|did|will|do) you (?:told|tell)|(?:have|did|will|are) you (?:told|tell|telling|going to tell) (?:anyone|anybody|someone|people|my \w+|them|on me))(?: .{0,25})?"
    r"|(?:please )?(?:do not|never) (?:call|ring|phone|get|involve|send|contact) (?:the )?(?:police|social services|social worker|social)(?: please| round| on (?:him|her|them|me))*",
)
_UNDO = re.compile(
    r"(?:(?:no|oh|please|okay|ok|just|can you|could you|will you|i want to|now) )*(?:delete|remove|undo|unsave|scrap|cancel|save|keep|print)"
    r" (?:it|that|them|those|the (?:first|second|third|last|other) one|that one|both|all of them)(?: (?:please|again|now|off|one|then))*"
)
_THEM = r"(?:them|it|those|these|the lot|the rest(?: of them)?|(?:all )?(?:the|my|all my|all the) (?:tablets|pills|medication|meds|knife|knives|blades?|rope|bottle|drink|vodka|paracetamol))(?: all)?"
_HAS = r"(?:(?:has|have|is|just|now|already|are) )*"
_OFF_ME = r"(?:off(?: of)? me|away(?: from me)?|from me|home with (?:him|her|them))"
_AWAY = r"(?:away|down the (?:toilet|sink|loo|drain)|in the bin|back)"  # 'I have got them out' is no good news
_REMOVED = re.compile(
    rf"(?:(?:{_KIN}|he|she|they) {_HAS}(?:taken|took|got|hidden|hid|locked|moved) {_THEM} {_OFF_ME}"
    rf"|{_WHO} {_HAS}(?:put|locked|flushed|thrown|threw|chucked|binned|poured|tipped) {_THEM} {_AWAY}"
    rf"|i {_HAS}(?:given|gave|handed) {_THEM} (?:over )?(?:to )?{_KIN}|they are (?:all )?(?:out of the house|in the bin|flushed|locked away)(?: now)?)"
    r"(?: (?:now|and|so|all|today))*"
)
_COMPANY = re.compile(
    rf"(?:{_KIN}|she|he|they) (?:(?:is|are|am|has|have|just|now) )*(?:here(?: (?:with me|now|too))*|with me|staying(?: (?:with me|here|over))*|sitting with me"
    r"|on (?:his|her|their|the) way(?: (?:over|round|here))?|coming (?:round|over|now|to (?:sit|stay|be) with me|to get me)|come round|come over|arrived|got here|picked me up)"
    rf"(?: (?:now|tonight|and|so|for a bit))*|i am (?:with|at) {_KIN}(?: (?:house|place|now))*"
)
_BETTER = re.compile(
    r"(?:i am|i feel|feeling|am|we are) (?:\w+ )?(?:safe|safer|calmer|better|not alone|not on my own|out of there|out of danger)(?: (?:now|anymore|thank you|with \w+|already))*"
    r"|(?:i am|we are|am) (?:now )?(?:at|in) (?:the )?(?:hospital|a and e|ae|refuge|police station|doctors|surgery)(?: now)?"
    rf"|(?:i|we) {_HAS}(?:rung|rang|called|phoned|spoken to|spoke to|talked to|texted|got hold of) (?:them|the (?:number|numbers|helpline|samaritans|police|doctor|doctors|crisis team|ambulance|line)"
    rf"|111|999|samaritans|shout|police|an ambulance|ambulance|my (?:gp|doctor)|{_KIN})(?: (?:now|and|already|like you said|they (?:are|were) (?:coming|nice|kind|lovely)))*"
    r"|(?:the )?(?:ambulance|paramedics?|police|crisis team|help) (?:(?:is|are|has|have|just|now) )*(?:here|coming|arrived|come|on (?:its|the|their) way)(?: now)?"
)
_JOIN = r"(?: (?:and|so|now|then|also))?"
_GOOD = re.compile(
    rf"(?:(?:and|but|so|well|yes|okay|no|it is okay|it is all right|thank you|oh) )*(?:(?:{_REMOVED.pattern}|{_COMPANY.pattern}|{_BETTER.pattern}){_JOIN}(?: |$))+"
)

# A no that takes itself back, in answer to the direct question or later: 'not really but sometimes'.
_NO = (
    r"(?:(?:well|oh|um|er|honestly|yes and) )*(?:no|now|nope|never|not (?:really|exactly|as such|right now|now|today|at the moment|quite|yet|actively|always|all the time|tonight|seriously)"
    r"|i (?:would|could|will|am|do|did|have) not|i am fine|i am okay)"
)
_IT = r"(?:it|that|this|them|doing it|ending it|ending things|dying|death|being dead|not being here|going|it all|suicide|how)"
_THOUGHT = (
    rf"(?:(?:think|thought|thinking|thoughts?|wonder|dream\w*) (?:\w+ )?(?:about|of) {_IT}|think (?:it|that)(?= |$)(?: sometimes)?|(?:the |these |those |bad |dark |have |get |had |some )thoughts|thoughts (?:are|come|keep)"
    r"|(?:cross\w*|come\w*|goes|been|go) (?:\w+ )?(?:through |into |on |in )?my (?:mind|head)|wish i (?:was|were) (?:not|dead|gone)|wish i had never"
    r"|(?:feel|felt) like (?:it|doing it|that)|tempted|(?:been|come|came|got) (?:\w+ )?close|(?:it )?comes and goes|on and off|"
    r"(?:want|wanted) to (?:sometimes|at times|some ?days?)|imagine it|(?:have|did|tried) (?:it )?before|used to)"
)
_BUT = r"(?:but|only|just|except|though|although|still|yet|because|then again|[.!?])"
_TAKES_BACK = re.compile(rf"{_NO}(?= ).*? {_BUT} .*{_THOUGHT}|{_NO} (?:though )?(?:i )?(?:do |just |still )*{_THOUGHT}|{_NO}(?= ).*? {_THOUGHT} (?:\w+ )?(?:though|tho|sometimes)")
_SOMETIMES = re.compile(
    rf"{_NO}(?: \w+){{0,6}}? {_BUT}(?: \w+){{0,3}}? (?:sometimes|some ?times|some (?:days|nights)|at (?:night|times)|now and (?:then|again)|occasionally|maybe|a bit|a little|i might|it depends)(?: i (?:do|think|feel|want|wish|am|might|have)(?: \w+){{0,3}})?[ .!?]*"
)

_DENIES = re.compile(r"(?<![a-z])(?:not|never|no) .*(?:suicid|myself|my (?:own )?life|end it|dying|to die)")


def kinds(plain: str) -> frozenset[str]:
    """What a message is made of: "when", "afraid", "undo", "secret", "company", "removed", "better". Empty when any of it is more."""
    found: set[str] = set()
    if len(plain.split()) > LONGEST:
        return frozenset()
    for sentence in filter(None, (part.strip() for part in re.split(r"[.!?]", plain))):
        if _FILLER.fullmatch(sentence):
            continue
        if _AFRAID.fullmatch(sentence):
            found.add("afraid")
        elif _UNDO.fullmatch(sentence):
            found.add("undo")
        elif _SECRET.fullmatch(sentence):
            found.add("secret")
        elif _GOOD.fullmatch(sentence):
            found |= {name for name, reading in (("removed", _REMOVED), ("company", _COMPANY), ("better", _BETTER)) if reading.search(sentence)}
        elif _made_of(_WHEN, sentence):
            found.add("when")
        else:
            return frozenset()
    return frozenset(found)


def _made_of(piece: re.Pattern[str], sentence: str) -> bool:
    """Whether a sentence is pieces and nothing else. Piece by piece: one expression for it all would take seconds on 'just just just'."""
    place = 0
    while place < len(sentence):
        found = piece.match(sentence, place)
        if not found:
            return False
        place = found.end()
    return True


def holds_no_danger(found: Collection[str], shown: Collection[str]) -> bool:
    """Whether these kinds are read by rules alone, after the routes `shown` in the conversation."""
    rest = set(found) - {"when", "afraid", "undo"}
    return bool(found) and (not rest or (bool(shown) and rest <= {"secret"}) or good_news(found, shown))


def good_news(found: Collection[str], shown: Collection[str]) -> bool:
    """Help has come or the means are gone: after words about oneself, and not where a person may be the danger."""
    if not shown:
        return False
    if "removed" in found:
        return bool(_TAKEN_TO_DIE & set(shown))
    return "better" in found or ("company" in found and not BETWEEN_PEOPLE & set(shown))


def tells(plain: str) -> bool:
    """'It was last night': somebody goes on telling, in a message of the kind "when"; no question, and no bare 'yes'."""
    return "?" not in plain and len(plain.split()) > 2 and bool(_TELLS.match(plain))


def takes_back_a_no(plain: str, waiting: bool) -> bool:
    """'No but I think about it'. While the direct question waits, 'not really but sometimes' is enough."""
    if len(plain.split()) > 3 * LONGEST:
        return False  # a long answer is the screen's
    return bool(_TAKES_BACK.match(plain) or (waiting and _SOMETIMES.fullmatch(plain)))


def denies(plain: str) -> bool:
    """'I am not suicidal, honestly': said again after the direct question, it is let be."""
    return bool(_DENIES.search(plain))
