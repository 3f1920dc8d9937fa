"""Who the person says they are ('I'm a mum of two', 'woman, 25', 'I'm a carer'): groups that listings are for.

Only what is said of oneself counts. It never filters by itself: it says which listings for a group fit.
"""

from __future__ import annotations

import re

_ME = r"(?:i'?m|i am|im|as|being|me,?|it'?s me,?) (?:just |only |also |now )?(?:an? )(?:[a-z-]+ ){0,3}?"
_WOMAN = r"(?:woman|lady|girl|female|housewife|widow|wife|mum|mom|mam|mother|nan|nana|grandma|grandmother|lass)"
_MAN = r"(?:man|bloke|lad|guy|male|widower|husband|dad|father|grandad|grandfather|fella|gentleman)"
_PARENT = r"(?:parent|mum|mom|mam|mother|dad|father)"
_YOUNG_CHILD = r"(?:babys?|babies|newborn|toddlers?|little ones?|kids|young (?:children|kids|family))"
# Alone or before an age or a comma: 'woman, 25', 'dad of three', 'single mum'.
_BARE = r"^(?:(?:hi|hello|hey|ok|yes|well)\W+)?(?:\d\d[ -]?(?:years?|yrs?|y)?[ -]?(?:old|o)? )?(?:(?:lonely|single|new|young|older|retired|lone|working|stay at home) )?"
_END = r"(?=$|[ ,.]*(?:\d|of (?:\d|one|two|three|four|five)|and\b|here\b|aged\b|in my\b)|[,.])"
_GROUPS = tuple(
    (group, re.compile(pattern))
    for group, pattern in (
        ("women", rf"\b{_ME}{_WOMAN}\b|{_BARE}{_WOMAN}\b{_END}|\b(?:i'?m|i am|im) (?:\w+ )?(?:weeks |months )?pregnant\b"),
        ("men", rf"\b{_ME}{_MAN}\b|{_BARE}{_MAN}\b{_END}"),
        ("parents", rf"\b{_ME}{_PARENT}\b|{_BARE}{_PARENT}\b{_END}|\b(?:i have|i'?ve got|with|got) (?:\w+ ){{0,2}}?{_YOUNG_CHILD}\b|\bmy (?:\w+ )?(?!kids){_YOUNG_CHILD}\b"),
        ("carers", rf"\b{_ME}carer\b|\bi (?:am caring|care|look after|am looking after) (?:for )?my\b|\b(?:i'?m|i am|im) (?:my|the) (?:[a-z']+ )?(?:[a-z'-]+ )?carer\b"),
        ("older_people", r"\b(?:i'?m|i am|im|as) (?:an? )?(?:\w+ )?(?:retired|pensioner|oap)\b"),
        ("young_people", rf"\b{_ME}(?:teenager|teen)\b"),
        ("lgbt", r"\b(?:i'?m|i am|im|as) (?:an? )?(?:gay|lesbian|bisexual|bi|trans|transgender|queer|non-?binary)\b"),
        ("veterans", rf"\b{_ME}(?:veteran|ex[- ]soldier)\b|\b(?:i'?m|i am|im) ex[- ](?:forces|army|navy|raf)\b"),
        ("refugees", rf"\b{_ME}(?:refugee|asylum seeker)\b"),
        ("deaf_people", r"\b(?:i'?m|i am|im) deaf\b"),
        ("blind_people", r"\b(?:i'?m|i am|im) (?:\w+ )?blind\b"),
        ("disabled_people", r"\b(?:i'?m|i am|im) disabled\b"),
        ("autistic_people", r"\b(?:i'?m|i am|im) autistic\b"),
    )
)
# 'As a man would', 'like a girl', 'I'm a man's carer', 'I'm a woman's refuge worker': nothing of oneself.
_NOT_ME = re.compile(r"'s\b|\b(?:worker|nurse|doctor|with no|without)\b")


def groups_told(words: str) -> list[str]:
    """Keys of the directory's audiences that `words` say the person belongs to."""
    said = " ".join(words.lower().replace("\u2019", "'").split())
    found = []
    for group, pattern in _GROUPS:
        match = pattern.search(said)
        if match and not _NOT_ME.match(said[match.end() :].lstrip()):
            found.append(group)
    return found
