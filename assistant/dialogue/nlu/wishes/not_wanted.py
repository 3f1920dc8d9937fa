"""Things refused: 'not a gym', 'anything but swimming', 'can't stand bingo', 'no groups', 'hate churches'."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

# Activities and settings people turn down, in the singular; plurals are found too.
_THINGS = (
    "gym exercise sport football swimming swim pool running jogging walking hiking yoga pilates zumba "
    "dancing dance aerobics cycling bowls darts snooker tennis golf cricket rugby boxing "
    "bingo quiz card cards dominoes chess game raffle knitting crochet sewing craft art painting drawing "
    "pottery singing choir music drama theatre book poetry gardening garden allotment cooking cookery "
    "baking "
    "group crowd class course lesson workshop meeting lecture coffee tea cafe pub bar club church chapel "
    "mosque temple religion religious bible prayer faith spiritual christian vicar "
    "counselling counsellor therapy therapist mindfulness meditation hypnotherapy cbt volunteering school "
    "college library computer tablet pill medication drug needle hospital leaflet form "
    "animal dog horse fishing birdwatching bird camping alcohol drinking smoking men women kid child "
    "children baby toddler teenager pensioner stranger "
    "zoom video hugging sharing party competition performing audition uniform shed weight dieting diet "
    "slimming massage acupuncture reiki puzzle jigsaw film cinema trip coach boat museum history bowling "
    "lunch meal "
    "karaoke disco sauna ballroom line-dancing"
).split()
_SINGULAR = {f"{thing}s": thing for thing in _THINGS} | {
    f"{thing}es": thing for thing in _THINGS if thing.endswith(("s", "sh", "ch", "x", "z"))
}
_SINGULAR |= {thing: thing for thing in _THINGS} | {f"{t[:-1]}ies": t for t in _THINGS if t.endswith("y")}
_SINGULAR |= {
    "classes": "class", "quizzes": "quiz", "churchy": "church", "gyms": "gym", "sporty": "sport",
    "arty": "art", "crafty": "craft", "groupy": "group", "preachy": "religious", "swims": "swimming",
    "swim": "swimming", "dances": "dance", "bingo": "bingo", "cards": "cards", "dominoes": "dominoes",
    "pilates": "pilates", "aerobics": "aerobics", "tennis": "tennis", "bowls": "bowls", "darts": "darts",
    "christian": "christian", "pills": "pill", "zoom": "zoom", "childrens": "child", "kiddies": "kid",
    "sports": "sport", "arts": "art",
}  # fmt: skip
_WORDS = "|".join(sorted(map(re.escape, _SINGULAR), key=len, reverse=True))
_THING = re.compile(rf"\b({_WORDS})\b")
_STRONG = (
    r"anything(?: but| except| apart from| other than)|anywhere(?: but| except)|something other than|hates?"
    r"|detest|loathe|(?:can't|can not|couldn't) (?:stand|bear|abide|be doing(?: with)?|be doin(?: with)?"
    r"|be arsed with|cope with|face|do)|"
    r"not into|not keen on|not (?:really )?(?:one|a one) for|not (?:a )?fan of|sick of|fed up (?:of|with)"
    r"|nothing (?:to do with|like|with|involving|too)|nothing|don't (?:really |even )?(?:like|want|do|fancy"
    r"|enjoy|believe in)|do not (?:like|want|do|fancy|enjoy)|"
    r"wouldn't (?:want|like|go to|do|fancy)|won't (?:do|go to|go near|set foot in)|never (?:liked"
    r"|been one for|been into|do|want)|not interested in|apart from|except(?: for)?|other than"
    r"|rather not (?:do|go to|have)?|rather than|instead of|avoid|keep away from|put off by|scared of|"
    r"terrified of|not comfortable (?:with|in)|no way am i (?:doing|going to)|i no (?:like|want)|no (?:like"
    r"|want)|no more|enough of|as long as it(?:'s| is)(?: not|n't)|not another|not|no|without|dread|dislike"
    r"|isn't (?:really )?(?:into|one for|keen on)|bar|please no|forget|stuff|you can keep (?:your)?"
    r"|don't send me to|not going to"
)
_FILL = (
    r"a|an|the|any|in|at|to|of|on|for|big|those|them|these|that|your|all|more|with|going|doing|being|be"
    r"|having|go|do|bloody|stupid|another|too|stuff|type|kind|sort|really|like|lot|lots|church|sitting"
    r"|round|work|about|even|put|me|support|idea|whole|thought|my|into|up|some|fancy|posh"
)
_BEFORE = re.compile(rf"\b(?:{_STRONG})(?: (?:{_FILL})){{0,4}} $")
_AFTER = re.compile(
    r"(?: (?:class|group|club|thing|stuff|lesson|session)s?| and that| and all that)?(?: ?(?:,"
    r"|-))?(?: (?:is|are|just|really|so))*(?:n't)? ?(?:not for me|not my (?:thing|cup of tea|scene|bag)"
    r"|no thank|don't (?:do it|appeal|interest|suit)|doesn't (?:do it|appeal|interest|suit)|"
    r"(?:aren't|isn't) (?:really )?(?:for me|my (?:thing|cup of tea|scene|bag))|bores? me|boring|scares? me"
    r"|frightens? me|terrif\w+ me|put me off|puts me off|no good (?:for|to) me|does my head in"
    r"|do my head in|gives? me the creeps|are not me|is not me|isn't me|leaves me cold|no chance|yuk|yuck"
    r"|ugh)\b"
)
_NOT_REFUSED = re.compile(
    r"\b(?:not (?:only|just|against|averse|bothered|afraid|had|been|able|got|far|found|sure)|don't (?:mind"
    r"|know|have|want to (?:give up|stop|miss|lose|leave))|no (?:problem|trouble|issue|objection) (?:with"
    r"|to)|there(?:'s| is| are| isn't| aren't)(?: any| a)? (?:no|not|nothing)?|"
    r"why (?:not|don't|no)|nothing wrong with|is there (?:no|not)|are there no|not missed|nothing beats"
    r"|nothing like|if not|(?:do|does|doing|get|getting|take) (?:\w+ )?no|(?:have|has|having|had|got|with"
    r"|there's) no)\b[^,.]{0,30}$"
)
_LACK = re.compile(
    r"s? (?:near|round here|around here|round our|in my|in this|in our|local|available|that (?:i|are|suit)"
    r"|nearby|anywhere|here\b|for (?:people|men|women|my age|us|folk)|running|left)"
)
CUES = frozenset(
    "not no but except scare bore boring frighten frightens put hate hates detest loathe can't into "
    "nothing don't wouldn't won't never apart other rather avoid scared terrified without dread dislike "
    "sick fed isn't bar bores boring scares aren't doesn't couldn't "

                 "forget instead enough thank do for puts put gives give does leaves keep away not. stuff "
                 "please keen".split())  # fmt: skip


def find_not_wanted(spoken: Spoken) -> list[Found]:
    """The things refused, in the singular ('churches' is 'church'), each once, in order."""
    words = spoken.words
    if CUES.isdisjoint(words) or _SINGULAR.keys().isdisjoint(words):
        return []
    plain = spoken.plain
    out: dict[str, Found] = {}
    last: Found | None = None
    for match in _THING.finditer(plain):
        value = _SINGULAR[match.group()]
        joined = last is not None and re.fullmatch(
            r" ?(?:or|nor|and|/|,|,? or|,? and)(?: (?:a|any|the|big|small|going to|doing))? ?",
            plain[last.end : match.start()],
        )
        if joined or _is_refused(plain, match):
            last = Found(value, *match.span())
            out.setdefault(value, last)
        else:
            last = None
    return list(out.values())


def _is_refused(plain: str, match: re.Match[str]) -> bool:
    if _AFTER.match(plain, match.end()):
        return True
    if match.group().startswith(("men", "women")) and plain[match.end() :].startswith(
        (" only", "-only", "'s only")
    ):
        return False  # 'not women only' wants both
    before = plain[max(0, match.start() - 52) : match.start()]
    refusal = _BEFORE.search(before)
    if not refusal or _NOT_REFUSED.search(before):
        return False
    if _LACK.match(plain, match.end()) and refusal.group().startswith(("no ", "nothing", "not ")):
        return False
    return not (
        refusal.group().startswith("no ") and re.match(r" (?:option|idea|answer)", plain[match.end() :])
    )
