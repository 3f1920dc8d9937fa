"""What makes it possible to take part: step-free, hearing loop, quiet space and so on."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken
from assistant.dialogue.nlu.wishes.stories import wished

_CANT = (
    r"(?:can't|couldn't|can not|can no longer|don't|unable to|not able to|struggle (?:with|to|on|up)"
    r"|trouble with|difficulty with|bad (?:on|with|at)|not good (?:on|with)|hard to|no can|can hardly"
    r"|can barely|won't|not)"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = tuple(
    (value, re.compile(pattern), frozenset(cues.split()))
    for value, pattern, cues in (
        (
            "step-free",
            rf"\b(?:wheel ?chairs?|mobility scooters?|scooter|zimmer(?: frame)?|walking frame|rollator"
            rf"|my frame|my walker|crutches|step[ -]?free|level access|ramps?|ground floor"
            rf"|{_CANT} (?:do |manage |climb |go up |get up |use |up |with |the |any |many "
            rf"|them )*(?:stairs?|steps)|(?:no|without|any|many|avoid|are there|too many"
            rf"|is there) (?:\w+ )?(?:stairs|steps)\b(?! (?:to|forward|taken|in the))"
            rf"|(?:stairs|steps) (?:are |is |r )?(?:no good|hard|too much|a problem|difficult|kill"
            rf"|impossible|too hard|a struggle)|disabled access|accessible (?:building|venue|place"
            rf"|entrance)|(?:is there|has it got|got|have|with|there) a lift\b(?! (?:home|there|to|from))"
            rf"|wheel ?chair)\b",
            "wheelchair wheelchairs wheel scooter scooters zimmer frame rollator walker crutches step "
            "level ramp ramps floor stairs stair steps disabled accessible lift stepfree",
        ),
        (
            "hearing loop",
            r"\b(?:hearing loop|loop system|induction loop|hearing aids?|deaf(?! (?:club|group|people"
            r"|community|society|centre|folk|choir))|deafened|hard of hearing|hearing (?:is|isn't"
            r"|not) (?:bad|going|gone|poor|great|good|what it was|terrible)|hearing's (?:bad|going|gone"
            r"|poor|not great|terrible)|"
            r"(?:can't|can not|don't(?= hear (?:well|very|so|too|people))|struggle to|can hardly"
            r"|barely) hear(?: (?:much|well|very well|so well|people|folk|properly|owt|anything|a thing"
            r"|too good))?|bad hearing|poor hearing|lost my hearing|hearing loss|hearing impair\w+)\b",
            "hearing loop deaf deafened hear hearing's",
        ),
        (
            "accessible toilet",
            r"\b(?:(?:disabled|accessible|wheelchair) (?:toilets?|loos?|lavs?|bathrooms?)|changing places"
            r"|(?:need|near|close to|have to be near|handy|got|has|with|there|where|there's|any|use"
            r"|for) (?:to (?:be |know )?(?:near |where |use )?)?(?:a |an |the |to the "
            r"|my )?(?:\w+ )?(?:toilets?|loos?|lavatory|bog)\b(?! (?:roll|paper|seat|training|train))"
            r"|(?:weak|dodgy|bad) bladder|catheter|stoma(?: bag)?|colostomy|incontinen\w+)\b",
            "toilet toilets loo loos lav lavs lavatory bog bathroom bathrooms changing bladder catheter "
            "stoma colostomy incontinence incontinent",
        ),
        (
            "quiet space",
            r"\b(?:quiet (?:space|room|place|group|area|corner|one|venue|spot|session)s?|(?:somewhere"
            r"|something|anywhere|nice and|place that's|it's|is it|must be|keep it|needs to be) (?:a bit "
            r"|very |nice and |more |really )?(?:quiet|calm|peaceful)(?:er)?"
            r"|(?:can't|don't|not) (?:do|stand|cope with|like|handle|bear|deal with|good with|too"
            r"|with) (?:the |loud |a lot of |all that |lots of |so much )*(?:nois[ey]y?|loud"
            r"|crowds? and noise|racket|loud music|loud places|noise)|not too (?:loud|noisy)|too (?:noisy"
            r"|loud)|noise (?:bothers|upsets|hurts|does my head|gets to|is too)"
            r"|(?:autism|sensory|autistic)[ -]friendly|low[ -]sensory|no loud (?:music|noise)s?"
            r"|sensory (?:overload|issues|room))\b",
            "quiet quieter calm calmer peaceful noise noisy loud racket sensory autism autistic",
        ),
        (
            "large print",
            r"\b(?:(?:large|big|bigger|larger|giant) (?:print|text|letters|writing|type|font)|(?:can't"
            r"|don't|can not|struggle to|hard to) (?:see|read) (?:the )?(?:small|little|tiny|normal"
            r"|ordinary)(?: print| writing| letters| text)?|(?:partially|partly) sighted|sight impaired"
            r"|visually impaired|low vision|"
            r"(?:my )?(?:eyes|eyesight|sight)(?:'s| is| are)? (?:bad|going|poor|not good|not great|failing"
            r"|no good|terrible|awful)|bad eyesight|poor (?:eye)?sight|print too small|writing(?:'s"
            r"| is)? too small|can't see (?:well|very well|too good|so good|to read))\b",
            "print text letters writing type font read see sighted sight impaired vision eyes eyesight "
            "visually",
        ),
        (
            "bsl",
            r"\b(?:bsl|(?:british )?sign language|signers?|sign interpreter)\b",
            "bsl sign signer signers",
        ),
        (
            "parking",
            r"\b(?:parking(?! (?:ticket|fine))|(?:have|got|my|with|need|a) (?:a |my )?blue badge(?! (?:form"
            r"|app|renew|claim))|blue badge (?:holder|parking|space|bay)|car ?park|(?:somewhere|where|place"
            r"|able|can i|can you|can we|space|easy|need|want|places) (?:to )?park\b(?! run| bench)"
            r"|park (?:the|my|our) car|disabled bays?)\b",
            "parking park badge carpark bay bays",
        ),
        (
            "near bus stop",
            r"\b(?:(?:near|close to|by|next to|on|handy for|not far from|nearest|right by) (?:a |the |my "
            r"|to |to a |to the )*(?:bus (?:stop|route|station)|bus\b(?! pass)|busses|buses)(?: (?:stop"
            r"|route))?|bus (?:stop|route)s? (?:near(?:by)?|outside|close|handy)|on (?:a "
            r"|the )?(?:main )?bus (?:route|line)|a bus stops|bus goes (?:to|past)|need a bus stop)\b",
            "bus buses busses",
        ),
        (
            "creche",
            r"\b(?:creche|child ?care(?! (?:course|job|work|qual))|child ?minding|(?:bring|take|come with"
            r"|fetch|brings|bringing|along with|(?:have|with|got)(?= (?:my|me|the|our"
            r"|a) (?:\w+ )?\w+ (?:along|with me|in tow|too))) (?:along )?(?:my |the |our |me |a |both |two "
            r"|three )*(?:little )?(?:toddlers?|bab(?:y|ies)|kids?|children|little ones?|littl'?uns?"
            r"|bairns?|grandkids|grandchildren|lo|daughter|wean|weans|twins|pram|bub|tot|tots"
            r"|nippers?)(?= (?:along|with me|too|with us|in tow|as well|there|to (?:it|the|class|group))|$"
            r"|[.,?!])|"
            r"(?:bring|bringing|take) (?:along )?(?:my |the |our |me |a )*(?:little )?(?:toddlers?|bab(?:y"
            r"|ies)|kids?|children|little ones?|grandkids|grandchildren|bairns?)|(?:can|could) (?:my |the "
            r"|me )?(?:kids?|children|toddler|baby|little one)s? come|my (?:baby|toddler|kids?|children"
            r"|little ones?) (?:can |could |to )?come with|"
            r"(?:somewhere|someone|anyone|somebody|people|anywhere|nobody|no one|no-one) (?:to |can |for "
            r"|that can |who can |else to )+(?:leave|mind|watch|look after|have|take) (?:the |my |me "
            r"|our )*(?:kids?|children|baby|toddler|little ones?|bairns|grandkids)|kids? (?:welcome"
            r"|friendly|are welcome|allowed|can come)|child friendly|(?:mind|watch) (?:the |my "
            r"|me )(?:kids?|children|baby|toddler))\b",
            "creche childcare child childminding kid kids children toddler toddlers baby babies little "
            "grandkids grandchildren bairn bairns lo wean weans twins pram tot tots nipper nippers nobody "
            "daughter",
        ),
        (
            "home visits",
            r"\b(?:home visits?|visit(?:s|ed)?(?: me)? at (?:my )?home|(?:come|comes|coming|came|call"
            r"|pop) (?:out |round |over )*to (?:me\b|my (?:house|home|flat|place|door)|mine\b|our house"
            r"|the house|people's homes|us\b|your (?:house|home))|come (?:round|out)(?= to (?:me|mine|my)|$"
            r"| please|[?.!])|(?:housebound|house bound)(?! (?:patients?|people|person|folk))|bed ?bound"
            r"|(?:can't|can not|couldn't|unable to|not able to|can hardly|can no longer|struggle to"
            r"|no can)(?: really| ever| even)? (?:get|go|leave|step|going) (?:out(?! (?:of (?!the (?:house"
            r"|flat|home)|my (?:house|flat|home))|with|more|my|a lot))|the (?:house|flat|home)|my (?:house"
            r"|home|flat))(?: of the house)?)\b",
            "home house housebound bedbound visit visits mine me out flat bound round us door",
        ),
    )
)
_NOT_ME = re.compile(
    r"\b(?:care for|caring for|carer (?:for|to)|look after|looking after|looks after)\b[^.!?]{0,40}$|"
    r"(?<!for )(?<!with )(?<!bring )(?<!take )\bmy (?:husband|wife|partner|mum|mother|dad|father|son"
    r"|brother|sister|nan|neighbours?|dog|cat|"
    r"friend|boss|landlord|doctor)(?:'s| is| are| was| uses| has)?(?: \w+)? $"
)
_DENIED = re.compile(
    r"(?:\b(?:not|isn't|never|don't (?:need|want|use|have)(?: any| a| the)?|do not need(?: a| the| any)?"
    r"|no need (?:for|of)(?: a| any)?|without(?: a| the)?|not in(?: a)?|not on|not using(?: a)?"
    r"|no longer (?:need|use)(?: a| the)?|"
    r"doesn't (?:have to be|need)(?: a)?|don't mind|not bothered about|don't (?:really )?need)|^no) (?:a "
    r"|an |the |any |that |yet )?$"
)
# Told in passing these say nothing of what is needed; a wheelchair does.
_ONLY_WISHED = frozenset(("parking", "quiet space", "near bus stop", "creche"))
_DENIED_OK = frozenset(("quiet space",))  # 'not too loud' begins with its own 'not'


def find_access(spoken: Spoken) -> list[Found]:
    """Values of the directory's access column that are needed; each once. 'I am not deaf' gives nothing."""
    plain, words = spoken.plain, spoken.words
    out: list[Found] = []
    for value, pattern, cues in _PATTERNS:
        if cues.isdisjoint(words):
            continue
        for match in pattern.finditer(plain):
            before = plain[max(0, match.start() - 56) : match.start()]
            if (value not in _DENIED_OK and _DENIED.search(before)) or _NOT_ME.search(before):
                continue
            if value == "step-free" and re.search(
                r"\b(?:get|borrow|buy|hire|mend|fix|new|apply for|loan)(?: me)?(?: \w+)? $", before
            ):
                continue  # equipment is a need, not a way in
            if value in ("step-free", "hearing loop") and re.match(
                r"(?:'s|s)? (?:\w+ )?(?:to my|ears|user group)|[ -]?(?:and blind )?(?:charity|service hub)",
                plain[match.end() :][:24],
            ):
                continue
            item = Found(value, *match.span())
            if value in _ONLY_WISHED and not wished(spoken, item):
                continue
            out.append(item)
            break
    return out
