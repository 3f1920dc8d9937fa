"""Places: outcodes and full postcodes as patients type them, and names of towns and neighbourhoods."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.dialogue.nlu.wishes.refusal import kept
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken


class NamedPlace(Protocol):
    """What a finder gives back: directory.places.Place, or anything with these two."""

    @property
    def name(self) -> str:
        """The name, or the postcode or outcode."""

    @property
    def precision(self) -> str:
        """'postcode', 'outcode' or 'place'."""


PlaceFinder = Callable[[str], Sequence[NamedPlace]]

# Postcode areas of Great Britain and Northern Ireland (Royal Mail's 124, less the non-geographic ones).
_AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH "
    "EN EX FK FY "
    "G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP "
    "NR NW OL OX "
    "PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W "
    "WA WC WD WF "
    "WN WR WS WV YO ZE"
)
AREAS = frozenset(_AREAS.lower().split())
_LOCAL = "lu"
_LONDON = frozenset(("e", "n", "w", "sw", "ec", "wc", "se"))  # only there do outcodes end in a letter
# Areas that are words too: only in capitals, after a word of place, or with the rest of the postcode.
_ALSO_WORDS = frozenset(
    ("ba de en ex ha la me mk ml no pa so st ta we co ct da dd s w e b g l m n hp ip pe sm").split()
)
_POSTCODE = re.compile(r"\b([a-z]{1,2})[ .-]?(\d[a-z\d]?)[ .-]{0,2}(\d)[ ]?([abd-hjlnp-uw-z]{2})\b")
_OUTCODE = re.compile(r"\b([a-z]{1,2})[ .-]?(\d[a-z\d]?)\b(?!['/%:.]\d|(?: ?(?:am|pm|mg|ml|kg)\b))")
_PLACE_WORD = re.compile(
    r"(?:^|\b(?:near|in|at|from|around|by|to|postcode|post code|postcode's|live|area|outcode|move|moved|over)"
    r"(?:(?: is| its| it's| the)? |[:=-] ?| - ))$"
)
_ROAD_WORD = re.compile(r"\b(?:the|off|down|up|along) $")
# Where somebody came from, or where another person lives, is not where help is wanted.
_ELSEWHERE = re.compile(
    r"(?:moved (?:here )?(?:\w+ ){0,3}from|moved out of|used to (?:live|work|be)(?: over)? (?:in|at|near)"
    r"|born(?: and bred)? in|"
    r"(?:come|came|comes) (?:\w+ )?from|grew up in|originally from|(?:she|he|they|daughter|son|sister"
    r"|brother|mum|"
    r"mother|dad|father|friend|family|wife|husband)(?:'s)? (?:all )?(?:lives?|lived|moved|works?|is|are"
    r"|died)(?: over| away|"
    r" up| down)? (?:in|to|near|at)|(?:can't|hard to|cannot) get to|appointments? (?:are|is) (?:in|at)"
    r"|(?:they|they've) moved (?:it|the \w+) to|far from|left) (?:the )?$"
)
_ORDINARY = re.compile(r"\b(?:the|a|one|only|another|big|main|no|all the) $")
_ORDINARY_NAMES = frozenset("downside saints airport oakley woodside parkside montrose".split())


def find_places(spoken: Spoken, finder: PlaceFinder | None) -> list[Found]:
    """Places wished for, in order, each once. Without a finder any code counts and no name is found."""
    plain = spoken.plain
    found: list[Found] = []
    if any(char.isdigit() for char in plain):
        found = _codes(spoken, finder)
    if finder is not None:
        found += _names(plain, finder)
    found = kept(plain, found, bare_no=False)
    wanted = [
        place for place in found if not _ELSEWHERE.search(plain[max(0, place.start - 40) : place.start])
    ]
    once: dict[str, Found] = {}
    for place in wanted:
        once.setdefault(place.value, place)
    return list(once.values())


def _codes(spoken: Spoken, finder: PlaceFinder | None) -> list[Found]:
    plain = spoken.plain
    found: list[Found] = []
    for match in _POSTCODE.finditer(plain):
        area, district, sector, unit = match.groups()
        before = plain[max(0, match.start() - 14) : match.start()]
        spaced = plain[match.start() + len(area)] in " .-"
        if area not in AREAS or (spaced and area in _ALSO_WORDS and not _PLACE_WORD.search(before)):
            continue
        if _is_word(match.group()) or not _known(f"{area}{district}".upper(), finder):
            continue
        found.append(Found(f"{area}{district} {sector}{unit}".upper(), *match.span()))
    for match in _OUTCODE.finditer(plain):
        if any(place.start < match.end() and match.start() < place.end for place in found):
            continue
        if _is_outcode(spoken, match) and _known(_joined(match), finder):
            found.append(Found(_joined(match), *match.span()))
    return found


def _joined(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2]}".upper()


def _is_word(text: str) -> bool:
    """'so 2 1st' and the like: an ordinal at the end is no postcode."""
    return bool(re.search(r"\d(?:st|nd|rd|th)$", text)) and " " in text


def _is_outcode(spoken: Spoken, match: re.Match[str]) -> bool:
    area, district = match.groups()
    if area == _LOCAL:
        return district in ("1", "2", "3", "4", "5", "6", "7")
    if area not in AREAS or (not district.isdigit() and area not in _LONDON):
        return False
    if district.startswith("0") and district != "0":
        return False
    before = spoken.plain[max(0, match.start() - 14) : match.start()]
    a, b = spoken.typed_span(match.start(), match.end())
    typed = spoken.typed[a:b]
    alone = spoken.count <= 2 and match.start() == 0 and match.end() >= len(spoken.plain.rstrip(" .!,?"))
    if alone and " " not in typed:
        return area not in _ALSO_WORDS or typed[: len(area)].isupper() or len(area) == 2
    if _PLACE_WORD.search(before) and before and not _ROAD_WORD.search(before):
        return " " not in typed or area not in _ALSO_WORDS
    if " " in typed or "." in typed or "-" in typed:
        return False
    if len(area) == 1:
        return False
    return area not in _ALSO_WORDS or typed[: len(area)].isupper()


def _known(code: str, finder: PlaceFinder | None) -> bool:
    return finder is None or any(place.precision == "outcode" for place in finder(code))


def _names(plain: str, finder: PlaceFinder) -> list[Found]:
    """Names with their stretch: the finder tells which names there are, not where they stand."""
    out = []
    for place in finder(plain):
        if place.precision != "place":
            continue
        start, end = _stretch(plain, place.name, finder)
        if place.name.lower() in _ORDINARY_NAMES and _ORDINARY.search(plain[max(0, start - 12) : start]):
            continue
        out.append(Found(place.name, start, end))
    return out


def _stretch(plain: str, name: str, finder: PlaceFinder) -> tuple[int, int]:
    """Where `name`, or another name for the same place, stands in `plain`."""
    direct = re.search(rf"\b{re.escape(name.lower())}\b", plain)
    if direct:
        return direct.span()
    spans = [match.span() for match in re.finditer(r"[^\W_]+(?:'[^\W_]+)*", plain)]

    def named(first: int, last: int) -> bool:
        text = plain[spans[first][0] : spans[last][1]]
        return any(place.name == name for place in finder(text))

    low, high = 0, len(spans) - 1
    while low < high:  # the shortest beginning that has the name
        middle = (low + high) // 2
        low, high = (low, middle) if named(0, middle) else (middle + 1, high)
    last = low
    first = max((i for i in range(max(0, last - 4), last + 1) if named(i, last)), default=0)
    return spans[first][0], spans[last][1]
