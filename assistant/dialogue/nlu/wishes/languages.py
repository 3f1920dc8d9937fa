"""The language somebody would like to use. A wish to learn one is a need and not found here."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.refusal import kept
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

# Said by themselves these can only be languages.
_PLAIN = {
    "bengali": "Bengali", "bangla": "Bengali", "sylheti": "Sylheti", "urdu": "Urdu", "punjabi": "Punjabi",
    "gujarati": "Gujarati", "hindi": "Hindi", "arabic": "Arabic", "pashto": "Pashto", "pushto": "Pashto",
    "pashtu": "Pashto", "dari": "Dari", "farsi": "Farsi", "tamil": "Tamil", "telugu": "Telugu",
    "malayalam": "Malayalam", "mirpuri": "Mirpuri", "pahari": "Pahari", "potwari": "Pahari",
    "cantonese": "Cantonese", "mandarin": "Mandarin", "tigrinya": "Tigrinya", "amharic": "Amharic",
    "kurdish": "Kurdish", "sorani": "Kurdish", "kurmanji": "Kurdish", "lingala": "Lingala",
    "yoruba": "Yoruba", "igbo": "Igbo", "twi": "Twi", "shona": "Shona", "swahili": "Swahili",
    "tagalog": "Tagalog", "bsl": "BSL", "british sign language": "BSL", "sign language": "BSL",
    "polski": "Polish", "polsku": "Polish", "romaneste": "Romanian", "portugues": "Portuguese",
    "espanol": "Spanish", "shqip": "Albanian", "soomaali": "Somali", "af soomaali": "Somali",
    "turkce": "Turkish", "italiano": "Italian", "\u0627\u0631\u062f\u0648": "Urdu",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629": "Arabic",
    "\u0441\u0440\u043f\u0441\u043a\u0438": "Serbian",
    "\u0443\u043a\u0440\u0430\u0457\u043d\u0441\u044c\u043a\u0430": "Ukrainian",
    "\u0440\u0443\u0441\u0441\u043a\u0438\u0439": "Russian",
}  # fmt: skip
# These name a people, a food or a flag too: they count only in words about speaking.
_PEOPLES = {
    name: name.capitalize()
    for name in (
        "polish romanian portuguese spanish french italian turkish somali albanian ukrainian russian "
        "hungarian lithuanian german chinese bulgarian slovak czech greek thai nepali persian latvian "
        "vietnamese japanese korean dutch welsh serbian croatian"
    ).split()
}
_PEOPLES["persian"] = "Farsi"
NAMES = _PLAIN | _PEOPLES
_NAME = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, NAMES), key=len, reverse=True))})\b")
_SPEAKING_BEFORE = re.compile(
    r"(?:\b(?:speak|speaking|spoken|talk|talking|understand|know|in|into|only|language(?: is| =|:)?"
    r"|tongue(?: is)?|interpreter(?: for| in| who speaks| of)?|translator(?: for| in)?|translated(?: to| in"
    r"| into)?|"
    r"translate(?: it)?(?: to| into)?|translation(?: in| to)?|read|write|who speaks?|that speaks?"
    r"|someone speaks|can speaks?|i speaks?|use|want|prefer|or|and)(?: only| just| my| bit| a bit of"
    r"| little| better| the| good| some)? |^)$"
)
_SPEAKING_AFTER = re.compile(
    r"(?:[ -](?:only|please|speaker|speakers|speaking|interpreter|interpreters|translator|language"
    r"|translation|version|leaflet|worker|navigator|if possible|or|and|better|person who)\b|$|[.,!?])"
)
_LANGUAGE_AFTER = re.compile(
    r"[ -](?:speak(?:er|ers|ing)?|interpreters?|translators?|language|translation|version|leaflet)\b"
)
_BADLY = re.compile(r"(?:not|better|isn't|no|can't|don't)(?: \w+)? $")
_LEARNING = re.compile(
    r"\b(?:learn|learning|study|studying|teach|teaching|teaches|practise|practice|improve|lessons? (?:in"
    r"|of)|class(?:es)? in|course in|degree in)(?: \w+){0,2} $"
)
_ABOUT = re.compile(
    r"[ -](?:class(?:es)?(?! in)|lessons?|courses?|music|songs?|films?|movies?|food|cooking|coffee|dancing"
    r"|dance|tv|restaurant|takeaway|centre|church|mass|shop|my (?:nails|shoes)|(?:the|up|off|your) )"
)
_THIRD = re.compile(
    r"\b(?:she|he|they|mum|mother|husband|wife|neighbours?|neighbour|friend|landlord) (?:only "
    r"|just )?speaks? $"
)
_POSSIBLE = frozenset(word for name in NAMES for word in name.split())
_ENGLISH = re.compile(
    r"\b(?:english[ -]speaking|i (?:can )?(?:only|just) (?:speak|understand) english"
    r"|i (?:can )?speak (?:only|just) english|in english(?= please|$|[.,!?]))"
)


def find_languages(spoken: Spoken) -> list[Found]:
    """English names of languages wished for, each once: 'i speak bangla' is Bengali."""
    plain = spoken.plain
    found: list[Found] = []
    if not _POSSIBLE.isdisjoint(spoken.words):
        for match in _NAME.finditer(plain):
            if _is_language(plain, match, bool(found)):
                found.append(Found(NAMES[match.group()], *match.span()))
    if "english" in spoken.words and (english := _ENGLISH.search(plain)):
        before = plain[max(0, english.start() - 24) : english.start()]
        if not _LEARNING.search(before) and not _BADLY.search(before):
            found.append(Found("English", *english.span()))
    once: dict[str, Found] = {}
    for item in kept(plain, found):
        once.setdefault(item.value, item)
    return list(once.values())


def _is_language(plain: str, match: re.Match[str], after_another: bool) -> bool:
    before = plain[max(0, match.start() - 40) : match.start()]
    if _LEARNING.search(before) or _ABOUT.match(plain, match.end()) or _THIRD.search(before):
        return False
    if match.group() in _PLAIN or _LANGUAGE_AFTER.match(plain, match.end()):
        return True
    if before.endswith((" and ", " or ")):
        return after_another
    if not before or re.search(r"\b(?:want|prefer|use|only|know) $", before):
        return bool(_SPEAKING_AFTER.match(plain, match.end()))
    return bool(_SPEAKING_BEFORE.search(before))
