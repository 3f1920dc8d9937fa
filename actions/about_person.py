"""Who the person says they are ('I'm a mum of two', 'woman, 25', 'I'm a carer'), and what makes getting about hard.

Only what is said of oneself counts: 'wife and kids left me' tells of nobody's sex. It never hides a listing: it says which
listings for a group fit, and those come first. A mum may look for a men's shed for her husband.
"""

from __future__ import annotations

import re

# 'I am a carer for mum', 'I'm a friend of my dad': the one named last is somebody else.
_OF_ANOTHER = r"(?:for|of|to|with|about|by|from|my|our|his|her|their|the|and|or|but|who|whose|that|is|not|no|without|needing)\b"
_ME = rf"(?:i'?m|i am|im|as|being|(?:^|[.,!?] )me,?|it'?s me,?) (?:just |only |also |now )?(?:an? )(?:(?!{_OF_ANOTHER})[a-z\d-]+ ){{0,4}}?"
_SHE, _HER_PART = r"(?:woman|lady|girl|female|housewife|widow|lass)", r"(?:wife|mum|mom|mam|mother|nan|nana|grandma|grandmother)"
_HE, _HIS_PART = r"(?:man|bloke|lad|guy|male|widower|fella|gentleman)", r"(?:husband|dad|father|grandad|grandfather)"
_WOMAN, _MAN = rf"(?:{_SHE}|{_HER_PART})", rf"(?:{_HE}|{_HIS_PART})"
_PARENT = r"(?:parent|mum|mom|mam|mother|dad|father)"
_YOUNG_CHILD = r"(?:babys?|babies|newborn|toddlers?|little ones?|kids|young (?:children|kids|family))"
# Without 'I'm a' only where nothing else is said, but an age or how many children: 'woman, 25', 'dad of three', 'single mum'.
# 'Man, I'm so lonely' and 'mum and dad both died' say nothing of oneself; nor does 'mum' alone, who may be coming along.
_HELLO = r"^(?:(?:hi|hello|hey|ok|yes|well)\W+)?"
_AGED = r"(?:\d\d[ -]?(?:years?|yrs?|y)?[ -]?(?:old|o)? )"
_KIND = r"(?:(?:lonely|single|new|young|older|retired|lone|working|stay at home) )"
_AGE = r"(?:[ ,.]*(?:(?:i'?m |im |i am )?(?:aged? )?\d\d(?: ?(?:years?|yrs?)(?: old)?)?|in my \w+))?[ ,.!]*$"
_OF_TWO = rf" of (?:[1-9]|one|two|three|four|five|six)\b(?:[ ,.]|{_AGE})"


def _bare(self_words: str, part: str) -> str:
    """`self_words` alone; a `part` in a family ('mum') only of so many, or with an age or a kind before it."""
    said_so = rf"(?:{_AGED}{_KIND}?|{_KIND})"
    alone = rf"{_HELLO}(?:an? )?{_AGED}?{_KIND}?{self_words}{_AGE}|" if self_words else ""
    return rf"{alone}{_HELLO}(?:{_AGED}?{_KIND}?{part}{_OF_TWO}|{said_so}{part}{_AGE})"


_GROUPS = tuple(
    (group, re.compile(pattern))
    for group, pattern in (
        ("women", rf"\b{_ME}{_WOMAN}\b|{_bare(_SHE, _HER_PART)}|\b(?:i'?m|i am|im) (?:\w+ )?(?:weeks |months )?pregnant\b"),
        ("men", rf"\b{_ME}{_MAN}\b|{_bare(_HE, _HIS_PART)}"),
        ("parents", rf"\b{_ME}{_PARENT}\b|{_bare('', _PARENT)}|\b(?:i have|i'?ve got|with|got) (?:(?!no\b|any\b)\w+ ){{0,2}}?{_YOUNG_CHILD}\b|\bmy (?:\w+ )?(?!kids){_YOUNG_CHILD}\b"),
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


_PART = r"(?P<{name}>hips?|knees?|legs?|back|foot|feet|ankles?|joints|spine)"
_BAD = r"(?:bad|dodgy|gammy|sore|poor|painful|arthritic|dicky|duff|knackered|gone|shot|going|terrible|killing me|giving (?:out|way)|playing up|not (?:good|great|what (?:it|they) (?:was|were)))"
_HARD = tuple(
    (told, re.compile(pattern))
    for told, pattern in (
        ("bad {}", rf"\b(?:bad|dodgy|gammy|sore|poor|painful|arthritic|dicky|duff) {_PART.format(name='part')}\b|"
                   rf"\bmy {_PART.format(name='mine')}(?:'s| is| are|s)? (?:\w+ ){{0,2}}?{_BAD}\b|\b(?:trouble|problems?|pain) (?:with|in) my {_PART.format(name='own')}\b"),
        ("walking stick", r"\bwalking sticks?\b|\b(?:use|uses|using|with|on|got|have|need) (?:a|my|me|two) sticks?\b(?! (?:to|with|at|of))"),
        ("unsteady on my feet", r"\b(?:unsteady|wobbly|not (?:very |too |so )?(?:steady|good)) on (?:my|me) (?:feet|pins|legs)\b"),
        ("cannot walk far", r"\b(?:can'?t|cannot|can not|cant) (?:really )?(?:walk|go) (?:very |too |that )?(?:far|long)\b|\bnot walk (?:very |too )?far\b"),
    )
)  # fmt: skip
_SOMEBODY_ELSES = re.compile(r"\b(?:husband|wife|partner|mum|mam|mother|dad|father|son|daughter|friend|neighbour|nan|sister|brother|he|she|his|her)\b(?:'s)?(?: \w+){0,3} ?$")


def hard_to_get_about(words: str) -> list[str]:
    """What is told in passing of getting about, in words to read back: 'bad hip', 'walking stick'. No filter: a navigator weighs it."""
    said = " ".join(words.lower().replace("\u2019", "'").split())
    found = []
    for told, pattern in _HARD:
        match = pattern.search(said)
        if match and not _SOMEBODY_ELSES.search(said[: match.start()]):
            found.append(told.format(next((part for part in match.groups() if part), "")))
    return found
