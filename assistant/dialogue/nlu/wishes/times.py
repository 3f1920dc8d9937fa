"""Parts of the day and clock times: 'tues aft', 'evenings no good', 'half 4', 'quarter past ten'."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.numbers import SMALL_WORDS, number_of
from assistant.dialogue.nlu.wishes.refusal import kept, refused
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken
from assistant.dialogue.nlu.wishes.stories import wished

PARTS = ("morning", "afternoon", "evening")
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|wed|fri|sat|sun|tomorrow|weekdays?|weekends?"
_PART = re.compile(
    r"\b(?:(mornings?)|(afternoons?|lunchtimes?)|(evenings?|tonight|teatimes?|after work|night class(?:es)?)"
    r"|(daytimes?|during the day|in the day)"
    r"|(?<=day )(am|pm|eve|nights?)\b|(?<=days )(am|pm|eve|nights?)\b|(?<=(?:mon|wed|fri|sat|sun) )(am|pm"
    r"|eve|nights?)"
    r"|(?<=in the )(am|pm)\b|^(am|pm|nights?)(?= ?(?:$|please|is|are|would|or|best|only|[.!,]))"
    r"|(?<= or )(am|pm)(?= ?(?:$|[.!,]|please))"
    r"|\b(?:an?|some|most) (am|pm)\b)"
)
_GREETING = re.compile(r"(?:^|[.!?] ?)(?:(?:good|gud|g'?d|hi|hello|hiya) ?)?$")
_GREETED = re.compile(
    r" ?(?:$|[!,.]|all\b|love\b|there\b|team\b|doctor\b|doc\b|mate\b|duck\b|dear\b|everyone\b|sir\b|can\b"
    r"|i\b|i'm\b|my\b)"
)
_NOT_A_PART = re.compile(
    r"\b(?:this|yesterday|coffee|last|other|one|each and every|every single|all|since|other|good|that"
    r"|sunday|previous) $"
)
_STORY_AFTER = re.compile(r" (?:sickness|after pill|tablets?|meds|pills?)\b")
_STORY_BEFORE = re.compile(
    r"\b(?:get up|getting up|got up|wake(?: up)?|waking(?: up)?|woke(?: up)?|out of bed|cry(?:ing)?|dressed"
    r"|dread|awake)"
    r"(?: \w+)? ?(?:in the|of a|every|each|most) $"
)
# 'Not Tuesday evenings' leaves all other evenings open, so nothing follows from it.
_AFTER_A_DAY = re.compile(rf"\b(?:{_DAY}) $")
_HOUR = rf"(?:\d{{1,2}}|{SMALL_WORDS})"
_CLOCK = re.compile(
    rf"\b(?:(?P<half>half)(?: past)? (?P<halfh>{_HOUR})(?!\d)(?! (?:of|hours?|minutes|of us))"
    rf"|(?P<min>quarter|five|ten|twenty five|twenty|5|10|20|25)(?: minutes)? (?P<dir>past"
    rf"|to) (?P<dirh>{_HOUR})(?!\d)(?! (?:people|of|weeks?|years?))"
    rf"|(?P<h>\d{{1,2}})(?:[:.](?P<m>[0-5]\d)|(?P<m4>[0-5]\d)(?= ?[ap]m))? ?(?P<ap>a\.?m|p\.?m)\b"
    rf"|(?P<h2>[01]?\d|2[0-3])(?P<sep>[:.])(?P<m2>[0-5]\d)(?![\d/%])(?! ?(?:pounds?|quid|miles?|percent"
    rf"|stone|mg))"
    rf"|(?P<mil>[01]\d|2[0-3])(?P<milm>[0-5]\d) ?(?:hours|hrs)\b"
    rf"|(?P<oh>{_HOUR}) ?o'? ?clock|(?P<noon>midday|noon)\b)"
)
_BARE = re.compile(
    rf"\b(?P<how>after|before|around|about|at|by|from|until|till|til|between|past|any ?time after"
    rf"|round)(?: (?:about|around|like|say))? "
    rf"(?P<hour>1[0-9]|2[01]|[1-9]|{SMALL_WORDS})(?P<ish>ish)?(?P<next>(?<=at \d)(?! ?(?:\d|[/:.]\d|people"
    rf"|of|weeks?|months?|years?|percent|stone|different|other|groups?|places|times|kids|children|points"
    rf"|minutes|a time))|(?<=at \d\d)(?! ?(?:\d|[/:.]\d|people|of|weeks?|months?|years?|percent|stone"
    rf"|different|other|groups?|places|times|kids|children|points|minutes))| ?(?:$|[.,!?;-]|(?:on|in the"
    rf"|every|each|please|if|when|most|or|and (?:\d{{1,2}}|{SMALL_WORDS})|to"
    rf"|till|until|is|would|because|cos|coz|as|only|ish|o|mon|tues|wed|thurs|fri|sat|sun|weekdays|weekends"
    rf"|tomorrow|today|this|next|sharp|love|mate|thanks|for|but|i|i'm|if|instead|we|works?|suits?|best"
    rf"|any)\b|(?=(?:{_DAY})\b)))"
)
_PHONE_LIKE = re.compile(r"\d{6}")
_LIVED = re.compile(
    r"\b(?:since|woke(?: up)?(?: at)?|awake(?: at| till| until)?|wake(?: up)?(?: at)?|up (?:at|till|til"
    r"|until)|work(?:ing)? (?:from|till|until|to|at)"
    r"|(?:i|he|she) works?|asleep by|(?:finish(?:ed|es)?|starts?)(?: work| school)?(?: at)?|died at|it was"
    r"|got up at|get up at|bed (?:at|by)) ?(?:about |around )?$"
)
# 'Tell me about 2', 'more about 3': places of a list, no time.
_TOLD_OF = re.compile(r"\b(?:tell me(?: \w+)?(?: \w+)?|more|know|hear|what|info|details|something|ask) $")
_CALLING = re.compile(r"\b(?:call|ring|phone|tomorrow|appointment)\b")
CUES = frozenset((
    "morning mornings afternoon afternoons lunchtime lunchtimes evening evenings tonight teatime teatimes "
    "work "

                  "daytime daytimes am pm eve night nights day class classes").split())  # fmt: skip
CLOCK_CUES = frozenset(
    "half quarter past to o'clock oclock clock o midday noon after before at by from around about until "
    "till "

                       "til between round gone hours hrs".split())  # fmt: skip


def find_parts(spoken: Spoken) -> list[Found]:
    """Parts of the day wished for; when all that were named are refused, the parts that are left."""
    if CUES.isdisjoint(spoken.words):
        return []
    plain = spoken.plain
    found: list[tuple[Found, tuple[str, ...]]] = []
    for match in _PART.finditer(plain):
        parts = _parts_of(match)
        item = Found("", *match.span())
        if _is_part(plain, match) and wished(spoken, item):
            found.append((item, parts))
    if not found:
        return []
    no = refused(plain, [item for item, _ in found])
    unwanted = {part for (_, parts), out in zip(found, no) if out for part in parts}
    wanted: dict[str, Found] = {}
    for (item, parts), out in zip(found, no):
        for part in () if out else parts:
            wanted.setdefault(part, Found(part, item.start, item.end))
    first = found[0][0]
    one_day = _AFTER_A_DAY.search(plain[: first.start]) or plain.startswith("tonight", first.start)
    if not wanted and unwanted and not one_day:
        return [Found(part, first.start, first.end) for part in PARTS if part not in unwanted]
    return [item for part, item in wanted.items() if part not in unwanted]


def _parts_of(match: re.Match[str]) -> tuple[str, ...]:
    morning, afternoon, evening, daytime, *rest = match.groups()
    if daytime:
        return PARTS[:2]
    short = next((text for text in rest if text), "")
    if morning or short == "am":
        return ("morning",)
    if afternoon or short == "pm":
        return ("afternoon",)
    return ("evening",) if evening or short else ()


def _is_part(plain: str, match: re.Match[str]) -> bool:
    """Not a greeting ('morning!'), nor a story ('every morning I cry', 'yesterday afternoon')."""
    before = plain[max(0, match.start() - 32) : match.start()]
    if match.start(1) >= 0 or match.start(2) >= 0 or match.start(3) >= 0:
        if match.group() in PARTS and _GREETING.search(before) and _GREETED.match(plain, match.end()):
            good = before.rstrip().endswith(("good", "hi", "hello", "hiya", "gud"))
            return not good and len(plain.strip(" .")) == len(match.group())
        if before.endswith("this ") and match.group() in ("afternoon", "evening"):
            return True
        if _NOT_A_PART.search(before) and not before.endswith("sunday "):
            return False
    return not _STORY_AFTER.match(plain, match.end()) and not _STORY_BEFORE.search(before)


def find_times(spoken: Spoken) -> list[Found]:
    """Clock times wished for as 'HH:MM'. Without am or pm, 1 to 7 are taken as after midday."""
    plain = spoken.plain
    has_digit = any(char.isdigit() for char in plain)
    if not has_digit and CLOCK_CUES.isdisjoint(spoken.words):
        return []
    found = [item for match in _CLOCK.finditer(plain) if (item := _clock(plain, match, spoken.words))]
    for match in _BARE.finditer(plain):
        item = _bare(plain, match, spoken)
        if item and not any(f.start < item.end and item.start < f.end for f in found):
            found.append(item)
    return kept(plain, [item for item in found if wished(spoken, item)])


def _clock(plain: str, match: re.Match[str], words: frozenset[str]) -> Found | None:
    group = match.groupdict()
    if _LIVED.search(plain[max(0, match.start() - 30) : match.start()]):
        return None
    if group["noon"]:
        return Found("12:00", *match.span())
    if group["mil"]:
        return Found(f"{group['mil']}:{group['milm']}", *match.span())
    minutes = int(group["m"] or group["m4"] or group["m2"] or 0)
    hour = number_of(group["h"] or group["h2"] or group["halfh"] or group["dirh"] or group["oh"])
    if hour is None or (group["sep"] == "." and plain[match.start() - 1 : match.start()] == "\u00a3"):
        return None
    if group["half"]:
        minutes = 30
    elif group["min"]:
        minutes = 15 if group["min"] == "quarter" else number_of(group["min"]) or 25
        if group["dir"] == "to":
            if group["min"].isdigit():
                return None  # '10 to 2' is from ten to two, not ten minutes to two
            hour, minutes = hour - 1 or 12, 60 - minutes
    return _at(hour, minutes, (group["ap"] or "")[:1], plain, match.start(), match.end(), words)


def _bare(plain: str, match: re.Match[str], spoken: Spoken) -> Found | None:
    hour = number_of(match["hour"])
    if (
        hour is None
        or not 1 <= hour <= (21 if _CALLING.search(plain) else 12)
        or (match["how"] in ("about", "around", "round") and spoken.count <= 4 and not match["ish"])
    ):
        return None
    if match["how"] == "about" and _TOLD_OF.search(plain[: match.start()]):
        return None
    if _LIVED.search(plain[max(0, match.start("hour") - 30) : match.start("hour")]) or match["how"] in (
        "past",
    ):
        return None
    if re.match(r" ?(?:1st|2nd|3rd|\d+th|of|out of)\b|/\d", plain[match.end("hour") :][:8]):
        return None
    return _at(hour, 0, "", plain, match.start("hour"), match.end("hour"), spoken.words)


def _at(
    hour: int, minutes: int, half_day: str, plain: str, start: int, end: int, words: frozenset[str]
) -> Found | None:
    """The 24-hour clock. Sessions and calls are in waking hours, so 'half 4' is 16:30 and '9' is 09:00."""
    if hour > 23 or minutes > 59 or (half_day and hour > 12):
        return None
    near = plain[max(0, start - 14) : end + 26]
    if half_day == "p" and hour < 12:
        hour += 12
    elif half_day == "a" and hour == 12:
        hour = 0
    elif not half_day and 1 <= hour <= 11:
        if re.search(r"\b(?:evening|night|tonight)", near):
            hour += 12 if hour >= 4 else 0
        elif (
            hour <= 7
            and not (re.search(r"\bmorning|\bam\b", near) and hour >= 5)
            and not plain[start:end].startswith("0")
        ):
            hour += 12
    return Found(f"{hour:02d}:{minutes:02d}", start, end)
