"""Who it should be for: women, men, carers, parents, young people, older people, lgbt."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.refusal import kept
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_GROUP = (
    r"(?:only|groups?|clubs?|sessions?|class(?:es)?|nights?|mornings?|gym|swim\w*|meet\w*|circle|space"
    r"|sheds?|coffee|football|choir|lunch(?:es)?|cafe|network|drop[ -]?in|activities|events?|meetups?|hour)"
)
_FOR = (
    r"(?:for|only|just|all|with other|meet|meeting|meet other|among|amongst|run by|be with|where"
    r"|strictly)(?: the| other| only| just| us| some| some other)?"
)
_ALONE = r"^(?:(?:just|only|for|with|other|all|the) )*"
_WOMEN = r"(?:ladies|women|womens|women's|woman's|womans|woman|lady|female|females|girls|lasses|girlies)"
_MEN = (
    r"(?:men|mens|men's|man's|blokes?|blokey|fellas?|fellers|lads?|male|males|guys|gents?|gentlemen|chaps?)"
)
_PARENT = r"(?:parents?|mums?|dads?|mothers?|fathers?|mummies|single mums?|single parents?|new mums?)"
_YOUNG = (
    r"(?:young people|young adults?|youngsters|teens|teenagers?|youths?|young folk|young ones|students"
    r"|20 somethings|twenty somethings|people in their (?:20s|twenties|late teens))"
)
_OLD = (
    r"(?:older people|old people|older folks?|old folks?|elderly(?: people)?|pensioners?|oaps?|seniors"
    r"|senior citizens|older adults|retired people|old dears|older ladies|older men|older women"
    r"|retired folk)"
)
_LGBT = r"(?:gay|lesbian|queer|trans|transgender|bi|bisexual|non[ -]?binary)"
_PATTERNS: tuple[tuple[str, re.Pattern[str], frozenset[str]], ...] = tuple(
    (value, re.compile(pattern), frozenset(cues.split()))
    for value, pattern, cues in (
        (
            "women",
            rf"\b(?:{_WOMEN}(?:'s)?[ -](?:only )?{_GROUP}|{_FOR} {_WOMEN}(?! (?:who hit|navigator|doctor"
            rf"|worker))|(?:no|without|not with) (?:men|blokes|males|fellas|lads|guys)|{_ALONE}{_WOMEN}$)\b",
            "ladies women womens women's woman's womans woman lady female females girls lasses girlies men "
            "blokes males fellas lads guys",
        ),
        (
            "men",
            rf"\b(?:{_MEN}(?:'s)?[ -](?:only )?{_GROUP}|{_FOR} {_MEN}(?! (?:navigator|doctor|worker))|(?:no"
            rf"|without|not with) (?:women|ladies|girls|females)|{_ALONE}{_MEN}$)\b",
            "men mens men's man's bloke blokes blokey fella fellas fellers lad lads male males guys gent "
            "gents gentlemen chap chaps women ladies girls females",
        ),
        (
            "carers",
            rf"\b(?:(?:young |unpaid |family )?carers?(?:'s|')?[ -](?:only )?{_GROUP}|{_FOR} (?:young "
            rf"|unpaid |family )?carers|{_ALONE}carers$|{_FOR} people (?:who are )?caring"
            rf"|other people who care)\b",
            "carer carers carer's caring care",
        ),
        (
            "parents",
            rf"\b(?:{_PARENT}(?:'s)? (?:only )?{_GROUP}|{_FOR} (?:new |single |young |lone "
            rf"|working )?(?:parents|mums|dads|mothers|fathers|mummies)\b|(?:mum|mums|parent|parents|mother"
            rf"|dad|dads|baby|bumps?)(?:s)? (?:and|n|to) (?:toddlers?|bab(?:y|ies)|tots?|me|child|children"
            rf"|bump) ?(?:group|club|morning|session|class)?|(?:baby|toddler|playgroup|play) group|"
            r"stay and play|^parents$)\b",
            "parent parents mum mums dad dads mother mothers father fathers mummies baby toddler bump play "
            "parent's mum's",
        ),
        (
            "young people",
            rf"\b(?:{_YOUNG}(?:'s)? (?:only )?{_GROUP}|{_FOR} (?:some |more )?{_YOUNG}|youth (?:club|group"
            rf"|centre)|under[ -]?(?:18|20|21|24|25|30)s?|young carers|(?:people|folk) in (?:their|there"
            rf"|my) (?:20s|twenties)|{_ALONE}young people$)\b",
            "young youngsters teens teenager teenagers youth youths students under 20s twenties under25s "
            "u25s somethings",
        ),
        (
            "older people",
            rf"\b(?:{_OLD}(?:'s)? (?:only )?{_GROUP}|{_FOR} (?:the |some |us )?{_OLD}|(?:over"
            rf"|the over)[ -]?(?:50|55|60|65|70|75)'?s|over (?:fifties|sixties|seventies)"
            rf"|{_ALONE}{_OLD}$)\b",
            "older old elderly pensioner pensioners oap oaps seniors senior retired over over50s over60s "
            "50s 55s 60s 65s 70s fifties sixties",
        ),
        (
            "lgbt",
            rf"\b(?:lgbt\w*|(?:people|folk) (?:who are |that are )?(?:gay|lgbt|trans|queer)"
            rf"|(?:other )?{_LGBT}(?: and \w+)? (?:only |friendly )?(?:{_GROUP}|people|men|women|folk"
            rf"|community|friendly|lads|scene)|pride (?:group|club)|rainbow (?:group|club)|{_FOR} {_LGBT}"
            rf"|{_LGBT}[ -]friendly|gays)\b",
            "lgbt lgbtq lgbtq+ lgbtqia lgbtqi gay lesbian queer trans transgender bi bisexual non pride "
            "rainbow gays nonbinary",
        ),
    )
)
_NOT_A_WISH = re.compile(
    r"\b(?:problems?|trouble|scared|afraid|frightened|hurt|hit|shouted at|upset|stared at|bullied|for some"
    r"|refuge|hostel|used to run a|used to be in a|clothes|shoes|presents?|what about|you've sent(?: \w+)?"
    r"|you sent(?: \w+)?|you gave me(?: \w+)?) (?:of |by |with |for )?$"
)


def find_audience(spoken: Spoken) -> list[Found]:
    """Audiences of the directory that are wished for, each once: 'just blokes', 'no men', 'over 60s'."""
    plain, words = spoken.plain, spoken.words
    found: list[Found] = []
    for value, pattern, cues in _PATTERNS:
        if cues.isdisjoint(words):
            continue
        match = next(
            (
                m
                for m in pattern.finditer(plain)
                if not _NOT_A_WISH.search(plain[max(0, m.start() - 30) : m.start()])
            ),
            None,
        )
        if match:
            found.append(Found(value, *match.span()))
    return kept(plain, found)
