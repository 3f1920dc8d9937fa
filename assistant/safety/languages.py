"""Other languages than English: the plainest words of danger, and whether a message is written in another language.

The screen reads English; normalise.py folds a message towards English and would lose what is read here. Nothing is
translated. The list is short and finds only the plainest sentences (docs/clinical-safety, H15).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

PHRASES = Path(__file__).with_name("patterns") / "other_languages.phrases"
KNOWN_WORDS = Path(__file__).resolve().parents[1] / "dialogue" / "nlu" / "words.txt"
MAX_CHARS = 2000
_ASCII_WORD = re.compile("[a-z0-9]+")
_GAP = " (?:[^ ]+ ){0,3}"
_LETTERS = {"\u0142": "l", "\u0131": "i", "\u00f8": "o", "\u0111": "d", "\u00df": "ss", "\u00e6": "ae", "\u0153": "oe"}
_LETTERS |= {"\u0623": "\u0627", "\u0625": "\u0627", "\u0622": "\u0627", "\u0671": "\u0627", "\u0649": "\u064a"}
_TO_PLAIN = str.maketrans(_LETTERS)
_ARABIC_MARKS = range(0x064B, 0x0660)  # the vowel signs above and below, and the stretching of a word
_APART = ("ARABIC", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "TAMIL", "CJK", "HIRAGANA", "KATAKANA", "HANGUL",
          "CYRILLIC", "GREEK", "HEBREW", "THAI", "ETHIOPIC", "GEORGIAN", "ARMENIAN", "TELUGU", "SINHALA", "MALAYALAM")  # fmt: skip
# Small words that are common in one language and are not English words, names or places. Two different ones of one
# language are needed, in a message most of whose words are not known; a word of `_TELLING` is enough with few others.
_SMALL = {
    "Polish": "jest nie sie mam czy jestem dla mnie ale chce chcial chcialbym chcialabym potrzebuje prosze dziekuje jak moj moja dzien dobry "
              "moge mowie polsku bardzo tylko gdzie kiedy czesc od jestesmy rozumiem dlaczego",
    "Romanian": "sunt nu este pentru vreau am buna ziua va rog ajutor imi cum unde ce mai foarte multumesc si cu sa mine vorbesc romaneste nevoie cineva",
    "South Asian": "mujhe mujhay mera meri mere hai hain nahi nahin kya kaise aap chahiye chahie madad karo karna hoon hun mainu tusi menu nu kithe "
                   "apka koi baat karni zaroorat kripya shukriya bohat bahut",
    "Bengali": "ami amar amake apni kemon ache achen chai korte kotha bolte lagbe sahajjo shahajjo dorkar bangla parina jani amader keno kothay",
    "Arabic": "ana ureed urid oreed musaada mosa3da ma3 fi hal shukran marhaba min ayna kayf mumkin arabi bidi",
    "Portuguese": "eu nao estou preciso ajuda obrigado obrigada por favor meu minha com falar portugues voce alguem onde quando muito bom dia ola tenho para uma",
    "Spanish": "yo estoy necesito ayuda gracias por favor mi con hablar espanol usted alguien donde cuando muy buenos dias hola tengo para una quiero puedo no que el la los",
    "French": "je suis besoin aide merci bonjour avec parler francais quelqu vous est pas ou quand tres mon ma une pour j ai le la les des veux peux",
    "Italian": "io sono bisogno aiuto grazie per favore buongiorno ciao con parlare italiano qualcuno dove quando molto mio mia una ho non voglio posso che",
    "Turkish": "ben bir var yok yardim lutfen merhaba istiyorum nasil nerede cok icin ve benim turkce konusmak ile bana ihtiyacim tesekkur",
    "Somali": "waxaan waan rabaa caawimo mahadsanid fadlan ma aniga iyo ku soomaali hadlo nabad baahanahay inaan waxa wuu i",
    "Welsh": "dw rwy mae yn eisiau isio siarad cymraeg diolch os gwelwch dda bore da sut helpu gyda chi fi ydw oes ble gallwch hoffwn angen am",
    "Lithuanian": "as esu noriu man reikia pagalbos aciu prasau labas kaip kur kada ir su kalbeti lietuviskai galiu labai mano yra ar",
    "Slavic": "ya mne nuzhna pomosh pomosht spasibo privet zdravstvuyte menya govoryu russki russkom iskam imam nuzhda blagodarya zdravei dobar den potribna dopomoha",
    "Albanian": "une jam dua ndihme ju lutem faleminderit per nje shqip flas kam nuk me eshte",
    "Hungarian": "nem vagyok szeretnek segitseg kerem koszonom magyarul beszelek hol mikor nagyon jo napot kell es egy",
    "German": "ich nicht brauche hilfe bitte danke und mit sprechen deutsch jemand wo wann sehr guten tag habe eine mein",
}  # fmt: skip
_TELLING = frozenset(
    "pomocy potrzebuje dziekuje prosze rozumiem multumesc ajutor romaneste vorbesc mujhe mujhay mainu chahiye madad ayuda necesito ajuda preciso "
    "aiuto bisogno yardim istiyorum lutfen caawimo waxaan rabaa eisiau isio siarad cymraeg reikia pagalbos pomosh pomosht dopomoha ndihme segitseg "
    "hilfe szeretnek sahajjo shahajjo soomaali hablo parlo mowie khochu iskam baahanahay besoin".split()
)
# English by nature, whatever words.txt holds, so that two of them never make a message foreign.
_ENGLISH = frozenset(
    "a am an and are as at be but by can come do for from get go had has have he help her him his how i if in is it its just like me my no not now of "
    "on one or our out she so some sort that the them then there they this to too up us very want was we what when where who will with would you your "
    "die man son on an ma pa para pas per con mi la le des est il el os da we me ten hun chai bore dim am i as men nu va with ma".split()
)


def fold(text: str) -> str:
    """Small letters without Latin accents, one space between words, nothing else; other scripts keep their signs."""
    if text.isascii():  # nearly every message, and the same by a shorter way
        return " ".join(_ASCII_WORD.findall(text[:MAX_CHARS].lower()))
    out = []
    for char in unicodedata.normalize("NFD", text[:MAX_CHARS].casefold()).translate(_TO_PLAIN):
        if "\u0300" <= char <= "\u036f" or ord(char) in _ARABIC_MARKS or char == "\u0640":
            continue
        if char in "'\u2019\u2018`\u00b4-" or unicodedata.category(char)[0] in "PSZC":
            char = " " if unicodedata.category(char) != "Cf" else ""
        out.append(char)
    return " ".join("".join(out).translate(_TO_PLAIN).split())


def _phrase(source: str) -> str:
    """The expression of one phrase; words of letters that are written apart are matched whole."""
    head, *rest = source.split(" .. ")
    pattern = _fold_pattern(head) + "".join(_GAP + _fold_pattern(part) for part in rest)
    script = unicodedata.name(next(c for c in source if c.isalpha()), "")
    whole = script.startswith(("LATIN", "CYRILLIC", "GREEK"))
    return rf"(?<!\w)(?:{pattern})(?!\w)" if whole else f"(?:{pattern})"


def _fold_pattern(source: str) -> str:
    """Fold the letters of a pattern as `fold` folds a message; its marks stay."""
    plain = unicodedata.normalize("NFD", source.casefold()).translate(_TO_PLAIN)
    return "".join(c for c in plain if not "\u0300" <= c <= "\u036f" and ord(c) not in _ARABIC_MARKS)


@lru_cache(maxsize=1)
def phrases() -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """The risks of each list and one expression for it. Raises OSError when the file is gone, re.error for a bad line."""
    lists: list[tuple[tuple[str, ...], list[str]]] = []
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not line.startswith(" "):
            lists.append((tuple(text.split()), []))
        else:
            lists[-1][1].extend(_phrase(one.strip()) for one in text.split(" | "))
    return tuple((risks, re.compile("|".join(found))) for risks, found in lists)


@lru_cache(maxsize=1)
def _beginnings() -> dict[str, tuple[str, ...]]:
    """How the strange words of the phrases begin, up to where an expression leaves a choice, by their first letter."""
    found: dict[str, set[str]] = {}
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line.startswith(" ") and not line.strip().startswith("#"):
            for begins, then in re.findall(r"(?:^|[ (:|])(\w+)(?=(.?))", _fold_pattern(line.strip())):
                goes_on = then and then in "[(?"
                if goes_on or begins not in _known():
                    found.setdefault(begins[0], set()).add(begins if goes_on or len(begins) > 2 else f"{begins} ")
    return {letter: tuple(sorted(begun)) for letter, begun in found.items()}


def danger(text: str) -> list[str]:
    """The risks that the plainest words of another language call for; none for nearly every message."""
    plain = fold(text)
    known, begin = _known(), _beginnings()
    strange = [word for word in plain.split() if word not in known]
    if plain.isascii() and not any(f"{word} ".startswith(begin.get(word[0], ())) for word in strange):
        return []  # no word of any phrase that is written in our letters
    return [risk for risks, pattern in phrases() if pattern.search(plain) for risk in risks]


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    lines = KNOWN_WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("\t")[0] for line in lines) | _ENGLISH


def not_english(text: str) -> bool:
    """Whether a message is written in another language, as far as small words and letters tell.

    Dialect, typing slips, names and postcodes are English here: two small words of one language are needed, and most
    of the rest unknown.
    """
    letters = [c for c in text[:MAX_CHARS] if c.isalpha() and c != "\u0640"]
    apart = sum(unicodedata.name(c, "").startswith(_APART) for c in letters)
    if apart >= 2 and apart * 2 > len(letters):
        return True
    words = [w for w in fold(text).split() if w.isalpha()]
    if not words:
        return False
    unknown = [w for w in words if w not in _known()]
    telling = {w for w in words if w in _TELLING}
    if telling and len(unknown) * 3 >= len(words) * 2:
        return True
    if len(telling) >= 2 and len(unknown) * 2 >= len(words):
        return True
    if len(words) < 2 or len(unknown) * 2 < len(words):
        return False
    common = {name: {w for w in words if w in _small(name)} for name in _SMALL}
    return any(len(found) >= 2 and len(found & set(unknown)) >= 1 for found in common.values())


@lru_cache(maxsize=32)
def _small(name: str) -> frozenset[str]:
    return frozenset(_SMALL[name].split())
