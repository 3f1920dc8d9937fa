"""The name somebody gives: 'my name is ...', 'its Pauline here', 'I'm called ...'."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_W = r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*"
_LEAD = re.compile(
    r"(?P<sure>(?:\bmy (?:full |first )?names?(?:'s|\u2019s| is| are|:)?|^name(?::| is| =)|\bi(?:'"
    r"|\u2019)?m called|\bi am called|\bknown as|\beveryone calls me|\b(?:people|friends|they"
    r"|all) calls? me|\byou can call me|^(?:the )?name(?:'|\u2019)?s)"
    r"\s+(?!called)(?:is\s+|mr\s+is\s+)?)|(?P<call>\b(?:please )?call me\s+|\bthis is\s+|\b(?:it'?\u2019?s"
    r"|it is)\s+(?=(?:Mr|Mrs|Ms|Miss|Dr)\b))",
    re.IGNORECASE,
)
_HERE = re.compile(
    rf"^(?:(?:hi|hello|hiya|hey|good (?:morning|afternoon|evening)|morning|afternoon|evening|ey up|alright"
    rf"|dear all|yes|oh)\b[ ,.!]*(?:there|love|again|all)?[ ,.!]*)?(?P<its>(?:it'?\u2019?s|it is|its only"
    rf"|only|this is)\s+)?(?:me[, ]+)?"
    rf"(?P<name>(?:(?:mr|mrs|ms|miss|dr)\.?\s+)?{_W}(?:\s+{_W})?)\s+(?:here|speaking)(?=\s*(?:$|[,.!?]"
    rf"|\b(?:again|love|mate|duck|dear|pet|hen|from|i|i'm|im|is|can|you|my|and|just|sorry|still)\b))",
    re.IGNORECASE,
)
_NAME = re.compile(rf"(?:(?:mr|mrs|ms|miss|dr)\.?\s+)?{_W}(?:\s+{_W}){{0,2}}", re.IGNORECASE)
_STOP = frozenset(
    "and i im i'm but from my me a an the is on in at not being mud spelt spelled wrong down please thanks "
    "live lives phone number you your what whats who it its here there so because cos back later tomorrow "
    "today when if or for to by about "
    "with age aged speaking again can could would have has had just sorry no yes ok as was are were am "
    "still always never whoever doesn't dont important private nothing anonymous of that this ive i've id "
    "i'd will do does up out only us he she we "
    "they all very too now then need want looking calling texting writing born old years getting nobody "
    "any some".split()
)
_NOT_HERE = frozenset(
    "cold hot lovely quiet freezing horrible awful nice lonely noisy busy boring fine grim raining wet "
    "snowing dark lovely dead bad good great chaos mad new me someone anyone nobody everyone only same "
    "still over not all back right nothing everything "
    "something done finished live living stuck just how what who why when where anybody somebody hell "
    "miserable damp mouldy warm sunny he she they we is are was been being going coming sat lying sitting "
    "round up down out in on alone help people stress "
    "terrible dire rubbish ok okay hard tough safe dangerous rough desperate crap shit christmas summer "
    "winter monday tuesday wednesday thursday friday saturday sunday first last near around from out moved "
    "english native".split()
)


def find_name(spoken: Spoken) -> list[Found]:
    """The person's own name, with capitals put in where there were none; at most one. Spans of `typed`."""
    typed = spoken.typed
    if (
        "name" in spoken.words
        or "names" in spoken.words
        or "name's" in spoken.words
        or not {"call", "calls", "called", "known", "this", "mrs", "mr", "ms", "miss", "dr"}.isdisjoint(
            spoken.words
        )
    ):
        for lead in _LEAD.finditer(typed):
            match = _NAME.match(typed, lead.end())
            words = _name_words(match.group()) if match else []
            told = lead["call"] or re.fullmatch(r"my (?:full |first )?names?\s+", lead.group(), re.IGNORECASE)
            if not words or (told and not _capitalised(words, typed)):
                continue
            if lead["call"] and len(words) == 1 and words[0].lower() in _NOT_HERE:
                continue
            return [_found(typed, words, lead.end())]
    if "here" in spoken.words or "speaking" in spoken.words:
        match = _HERE.match(typed)
        if match:
            words = _name_words(match["name"])
            if (
                words
                and len(words) == len(match["name"].split())
                and not any(word.lower() in _NOT_HERE for word in words)
            ):
                if _capitalised(words, typed) or (len(words) == 1 and match["its"]):
                    return [_found(typed, words, match.start("name"))]
    return []


def _name_words(text: str) -> list[str]:
    out: list[str] = []
    for word in text.split():
        if word.lower() in _STOP:
            break
        out.append(word)
    titles_only = len(out) == 1 and out[0].lower().rstrip(".") in ("mr", "mrs", "ms", "miss", "dr")
    # 'my name is joan need help': two small-letter words are as many as are believed.
    small = next((i for i, word in enumerate(out) if word[0].islower()), len(out))
    if 0 < small < len(out):
        out = out[:small] if out[0].lower().rstrip(".") not in ("mr", "mrs", "ms", "miss", "dr") else out[:2]
    return [] if titles_only else out[:3]


def _capitalised(words: list[str], typed: str) -> bool:
    """Written like a name; in a message all in capitals nothing is."""
    return all(word[0].isupper() for word in words) and not typed.isupper()


def _found(typed: str, words: list[str], at: int) -> Found:
    start = typed.index(words[0], at)
    end = typed.index(words[-1], start) + len(words[-1])
    shaped = [word if word[0].isupper() and not word.isupper() else word.capitalize() for word in words]
    return Found(" ".join(shaped), start, end)
