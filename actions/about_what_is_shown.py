"""What a message plainly means while services are on the screen, whatever the classifier made of it.

'save 2 and 3', 'take off the second one', 'whats my list', 'something closer' and 'what about in the evening' are so
plain that the words decide. `settled` changes the reading before Rasa acts on it; rules and forms go on as ever.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from actions.pointing import PLACES, name_words, named, places_in, places_pointed_at
from actions.reading import WISHES
from actions.service_words import asked_labels

_BEFORE = (r"(?:(?:hi|ok|okay|yes|yeah|well|so|and|but|please|pls|can you|could you|will you|would you|can i|could i|i'd like to|id like to|i want to"
           r"|i would like to|i want you to|i'll|ill|let me|let's|lets|just|now|then|also|actually)[ ,]+)*")  # fmt: skip
_AFTER = r"(?:,? (?:please|pls|plz|thanks|thank you|ta|love|duck|mate|for me|for later|to my list|on my list|as well|too|then|now|again))*[ .!?]*$"
_SAVE = re.compile(rf"{_BEFORE}(?:save|keep|store|bookmark|add|put|pick|choose|take|have|try|go (?:for|with))(?: down)? (?P<places>{PLACES}){_AFTER}")
_TELL = re.compile(
    rf"{_BEFORE}(?:tell me (?:more |something |a bit more |all )?(?:about|on|of)|tell me more|(?:some |a bit )?more (?:about|on|info on|information on)|what (?:about|is|are)"
    rf"|what's|whats|how about|(?:the )?(?:details?|info|information)(?: of| on| for| about)?|show(?: me)?|read(?: me)?|see|look at|hear(?: more)?(?: about)?|know"
    rf"(?: more)?(?: about)?|open|about) (?P<places>{PLACES}){_AFTER}"
)
# While a form asks, 'pick 2' and 'what about the second one' are of its own choices.
_PLAINLY_OF_SERVICES = re.compile(rf"{_BEFORE}(?:save|keep|bookmark|tell me|more about|more on|details|info)\b")
_BRINGS = re.compile(
    rf"{_BEFORE}(?:take|bring|come with|go with|have) (?:my|a|an|someone|somebody|the)(?: \S+){{0,3}}?(?: (?:to|with me to|along to) (?P<places>{PLACES}))?(?: with me| along)?{_AFTER}"
)
_BARE = re.compile(rf"{_BEFORE}(?P<places>{PLACES}){_AFTER}")
_LIST = re.compile(
    r"(?:what|which|show|see|view|read|where|whats|what's|wheres|where's|look|list|have|did|do|tell|can|could|is|open|check|go|my|the|saved).{0,40}\b"
    r"(?:(?:i(?:'ve| have)?|have i|did i|i did|you) (?:already )?(?:saved?|kept?|put on my list)|my (?:saved )?(?:list|ones|saved|places|services|favourites)"
    r"|saved (?:list|ones|places|services|for me)|on (?:my|the) list|anything saved)\b(?: (?:so far|already|now|again|please|pls|then|look like|anything|something|any))*[ .!?]*$"
    r"|^(?:my |the |saved )+(?:list|ones|places|services)(?: please| pls)?[ .!?]*$"
)
_SENDS = re.compile(r"\b(?:print|text|send|email|paper|download|post|copy|call|waiting|wait|put|take|add|remove|delete|off)\b")
_OFF = re.compile(
    r"\b(?:remove|unsave|un-save|delete|take (?:\S+ ){0,5}?(?:off|out)(?: (?:my|the) (?:saved )?list)?(?: again)?$|take off|cross (?:\S+ ){0,4}?off|get rid of|scrap)\b"
    r"|\b(?:don'?t|do not|dont|no longer) (?:want|need|like) (?:\S+ ){1,5}?(?:any ?more|any longer|saved|on my list|after all)\b"
    r"|\bno longer (?:want|need) (?:the|number|it|that)\b|\boff (?:my|the) list\b|\boff again\b"
    r"|\b(?:did(?:n'?t| not)|dint|never) (?:\S+ ){0,6}?(?:sav(?:e|ed|ing)|kept|keep|(?:on|to) (?:my|the|your) list)\b"
    r"|\b(?:don'?t|do not|stop|why (?:did|have|are) (?:you|u)|who (?:said|asked)(?: you)?(?: to)?) (?:\S+ )?sav(?:e|ed|ing)\b"
)
# Said right after something was saved: "no i didn't want that", 'not that one', 'undo'.
_REGRETS = re.compile(
    r"(?:(?:no+|oh|but|sorry|wait|oops|hang on|hey)[ ,.!]+)*(?:undo(?: (?:it|that))?|(?:that was |by )?(?:a |my )?(?:mistake|accident)|i (?:did(?:n'?t| not)|dint|never) (?:want(?:ed)?|meant?|ask(?:ed)?|sa(?:y|id))"
    r"(?: for| to)*(?: do| save)?(?: (?:it|that|this|them|those))?(?: one)?|not (?:that|this)(?: one)?)[ .!]*$"
)
_HOW_MANY_MORE = re.compile(
    rf"{_BEFORE}how many (?:(?:more|others?|other ones?|else|places|groups|ones|services|of them|of these|altogether|in all|in total)(?: (?:more|others))?)?(?: of (?:them|these))?"
    r" ?(?:are (?:there|they|left)|is there|(?:have|do) (?:you|u|ya) (?:got|have|know)|(?:you|u) got|left|can (?:i|you) (?:see|show(?: me)?))?(?: left| (?:al)?together| in all| in total)?[ .!?]*$"
)
# 'Print the second one' and 'can I talk to someone about no 2' do something with it; they do not ask about it.
_DOES_SOMETHING = re.compile(r"\b(?:sav(?:e|ed|ing)|print|text me|text it|send|e-?mail|talk|speak|remove|delete|take off|cancel|nearer|closer|instead)\b")
_OFF_SOMETHING_ELSE = re.compile(
    r"\b(?:chat|money|conversation|messages?|history|data|records?|details?|info(?:rmation)?|answers?|what i (?:say|said|told|write)|name|(?:my|phone) number|everything|pain|feeling|mailing|texts?|this any ?more|do (?:this|that|it)|talk|speak|live|be here)\b"
)
_OFF_OF_A_LIST = re.compile(r"\b(?:it|that|this|them|one|ones|first|second|third|last|number|no|both|all|list|save|saved|saving|these|those|\d)\b")
NEARER = re.compile(
    r"\b(?:too far|far away|that far|a long way|miles away|nearer|closer|more local|less far|not (?:so|as|that) far|nearest|closest)\b"
)
_POINTS_BY_NAME = re.compile(r"(?:(?:and|ok|okay|so|but|oh|what about|how about|what of|about|the|that|this|yes|yeah)\b[ ,]*)+[a-z0-9]|(?:\S+ ){1,4}\S+$")
_LOOKS_FOR_MORE = re.compile(r"\b(?:any|anything|something|somewhere|more|else|others?|find|look(?:ing)?|instead|like|need|want|not)\b")
# What is left of a bare wish when the wishes themselves are taken out.
_FILL = frozenset(
    """what about how any anything something some got have you do is are there one ones that this these those which show me only just but
    maybe perhaps preferably please pls thanks ok okay yes no oh and or rather instead i i'd id i'm im would like prefer need want more else other
    others different can could be it it's its to in on at the a an for with of by my go find look looking again ideally though somewhere
    place places group groups thing things in-person then if possible not too away far nearer closer near local bit little by from where when
    time times day days better also still all get""".split()
)
_ASKS_OF_THEM = re.compile(r"\b(?:is|are|does|do|will|can|how (?:much|far|long)|what time|what day|when|who) (?:it|they|that one|this one|the (?:first|second|third|last)|any of them)\b")
_ASKS_FOR = re.compile(r"(?:(?:ok|and|but|so|well|oh)\W+)*(?:what about|how about|any|is there|are there|have you|got|do you have|can you|could you|anything|something|show)\b")
_FREE = re.compile(r"\bfree\b")
A_LINE, A_STORY = 90, 200  # letters: longer, the words around may mean something else
FORMS = (None, "check_in_form", "handover_form")


def asks_for_saved(words: str) -> bool:
    """'What have I saved', 'whats my list', 'show my list': to be shown, not sent."""
    said = plain(words)
    return bool(_LIST.match(said)) and not _SENDS.search(said)


def takes_off(words: str) -> bool:
    """'Remove it', 'take off the second one', 'I dont want the second one any more'."""
    said = plain(words)
    return bool(_OFF.search(said) and _OFF_OF_A_LIST.search(said) and not _OFF_SOMETHING_ELSE.search(said))


def plain(words: str) -> str:
    """Small letters, one space."""
    return " ".join(words.lower().replace("\u2019", "'").split())


def settled(
    text: str,
    reading: dict[str, Any],
    slots: dict[str, Any],
    form: str | None,
    on_screen: bool,
    saved: Callable[[], object],
    offered: Callable[[], list[str]] = list,
    services: Callable[[], list[dict[str, Any]]] = list,
) -> dict[str, Any]:
    """`reading` as it came, or with the intent and places that the words plainly say.

    `on_screen`: services were shown with one of the last two messages; `saved()`: what is on the list;
    `offered()`: the choices below the newest reply, so that 'the second one' answers "Which one shall I save?";
    `services()`: those shown, to know them by their names.
    """
    said = plain(text)
    if form not in FORMS or said.startswith("/") or len(said) > A_STORY:
        return reading
    shown = list(slots.get("shown") or [])
    if form is None and (one := asks_of_one(said, reading, len(shown), services if on_screen else list)):
        kind, which = one
        return told(reading, "ask_service_detail", **{kind: which})  # type: ignore[arg-type]
    if len(said) > A_LINE:
        return reading
    if asks_for_saved(said) and (form != "handover_form" or "saved" in said):
        return told(reading, "choose_service", answer=["list"])
    if takes_off(said) and form != "handover_form":
        if not saved():
            return told(reading, "choose_service", answer=["list"]) if "sav" in said else reading
        return told(reading, "choose_service", answer=["take_off"], position=places_in(said, len(shown)))
    if form is None and _REGRETS.match(said) and any("take_off" in value for value in offered()):
        return told(reading, "choose_service", answer=["take_off"])
    if not shown or (form is not None and not _PLAINLY_OF_SERVICES.match(said)):
        return reading
    if save := _SAVE.match(said):
        return told(reading, "choose_service", answer=["save"], position=places_in(save["places"], len(shown)))
    if tell := _TELL.match(said):
        return told(reading, "ask_service_detail", position=places_in(tell["places"], len(shown)))
    if form is not None or not on_screen:
        return reading
    if _HOW_MANY_MORE.match(said):
        return told(reading, "more_results", answer=["how_many"])
    if with_whom := _BRINGS.match(said):
        return told(reading, "ask_service_detail", position=places_in(with_whom["places"] or "", len(shown)))
    if bare := _BARE.match(said):
        if {value.partition("{")[0] for value in offered()} != {"/choose_service"}:
            return told(reading, "ask_service_detail", position=places_in(bare["places"], len(shown)))
        answer = "take_off" if any("take_off" in value for value in offered()) else "save"
        return told(reading, "choose_service", answer=[answer], position=places_in(bare["places"], len(shown)))
    if _FREE.search(said) and not any(e["entity"] == "cost" for e in reading.get("entities") or []):
        reading = {**reading, "entities": [*(reading.get("entities") or []), _free_at(text)]}
    if is_bare_wish(said, reading):
        nearer = NEARER.search(said) and not any(e["entity"] == "place" for e in reading.get("entities") or [])
        return told(reading, "reject_results" if nearer else "answer", keep=True)
    return reading


def asks_of_one(
    said: str, reading: dict[str, Any], count: int, services: Callable[[], list[dict[str, Any]]]
) -> tuple[str, list[Any]] | None:
    """The places or the listing that something is asked of: 'are there steps at the first place', 'how much is golden years'.

    None for a message that asks nothing of them, or wants more done than an answer.
    """
    if not count or _DOES_SOMETHING.search(said):
        return None
    on_screen = services()
    read = [int(e["value"]) for e in reading.get("entities") or [] if e["entity"] == "position" and str(e["value"]).lstrip("-").isdigit()]
    if places := places_pointed_at(said, count) or (read if on_screen else []):
        return ("position", places) if asked_labels(said) else None
    ids = named(said, on_screen)
    service = next((service for service in on_screen if service["id"] in ids), None)
    return ("service", ids) if service and (asked_labels(said, service["name"]) or is_bare_name(said, service)) else None


def is_bare_name(said: str, service: dict[str, Any]) -> bool:
    """'And golden years?', 'the lunch club': a name and small words. 'Something with walking' looks for more."""
    if not _POINTS_BY_NAME.match(said) or _LOOKS_FOR_MORE.search(said):
        return False
    return all(word in _FILL or not name_words(word) or named(word, [service]) for word in words_of(said))


def _free_at(text: str) -> dict[str, Any]:
    """'Free ones', 'any free': a wish among places on the screen, though on its own it may say anything."""
    start = text.lower().index("free")
    return {"entity": "cost", "value": "free", "start": start, "end": start + 4, "extractor": "plainly"}


def is_bare_wish(said: str, reading: dict[str, Any]) -> bool:
    """Nothing but how it should be: 'what about in the evening', 'free ones', 'nearer', 'for women', 'on a bus'."""
    if _ASKS_OF_THEM.search(said) or (said.endswith("?") and not _ASKS_FOR.match(said)):
        return False
    entities = [e for e in reading.get("entities") or [] if e["entity"] in WISHES and e["entity"] != "company"]
    if not entities and not NEARER.search(said):
        return False
    told_already = {word for e in entities for word in words_of(str((reading.get("text") or "")[e.get("start", 0) : e.get("end", 0)]))}
    left = [word for word in words_of(NEARER.sub(" ", said)) if word not in _FILL and word not in told_already]
    return not left


def words_of(text: str) -> list[str]:
    """Words in small letters."""
    return re.findall(r"[a-z0-9'-]+", plain(text))


def told(reading: dict[str, Any], intent: str, keep: bool = False, **entities: list[Any]) -> dict[str, Any]:
    """A copy of `reading` with another intent, certain, and these entities instead of its figures; `keep`: all of them."""
    kept = list(reading.get("entities") or []) if keep else []
    made = [{"entity": kind, "value": str(value), "start": 0, "end": 0, "extractor": "plainly"} for kind, values in entities.items() for value in values]
    inner = {**(reading.get("reading") or {}), "intent": intent, "topic": None, "reason": None, "needs": []}
    return {**reading, "intent": {"name": intent, "confidence": 1.0}, "entities": [*kept, *made], "reading": inner}
