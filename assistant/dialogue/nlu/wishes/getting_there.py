"""How to take part (online, in person, at home) and how to get there (on foot, bus, car, lift)."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.refusal import refused
from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_ONLINE = re.compile(
    r"\b(?:on ?line|on-line|zoom|video(?: ?calls?| chat| link)?|microsoft teams|on teams|skype|facetime"
    r"|whatsapp group|virtual(?:ly)?|over the (?:internet|web)|(?:do (?:it|something|things|stuff)|join"
    r"|join in|take part) from (?:my |my own )?(?:home|house)|from (?:my|the) (?:sofa|own home"
    r"|living room))\b"
)
_ONLINE_TOLD = re.compile(
    r"\b(?:learn|teach|show|showin|showing|how|know|bank(?:ing)?|apply|forms?|everything|everything's"
    r"|everythings|gone|goes|going|went|password|search|read|scam\w*|bull\w+|gambl\w+|shop\w*|dating|saw"
    r"|found|met|council|jobs?|hard pass|forget it|count me out|understand|work it|i can't|can't even"
    r"|bought|ordered)\b"
)
_IN_PERSON = re.compile(
    r"\b(?:in[ -]person|face[ -](?:to|2)[ -]face|f2f|real (?:people|life|human contact)"
    r"|meet(?:ing)? (?:real )?people (?:properly|for real|in the flesh)|in the flesh|(?:don't|can't|do not"
    r"|can not|no good|not good|hopeless|useless|rubbish|not|never)(?: \w+)? (?:do |use |like |with |at "
    r"|got |have |have a |have the |on |like the )?(?:computers?|internet|technology|laptop|smart ?phone"
    r"|tech)"
    r"|(?:no|without|haven't got|not got|don't have)(?: \w+)? (?:internet|computer|wifi|wi-fi|laptop"
    r"|broadband|smart ?phone))\b"
)
_HOME = re.compile(
    r"\b(?:home visits?|housebound|house bound|bed ?bound|(?:come|comes|coming|pop|call) (?:out |round "
    r"|over )*to (?:me\b|my (?:house|home|flat|place)|mine\b)|visit (?:me )?at home|"
    r"(?:can't|can not|couldn't|unable to|not able to|never|can hardly|can no longer|no can)(?: really"
    r"| ever| even)? (?:get|go|leave|going) (?:out(?! (?:of (?!the (?:house|flat|home)|my (?:house|flat"
    r"|home))|with|more|my|a lot))|the (?:house|flat|home)|my (?:house|home|flat)))\b"
)
_NO_BUS = (
    r"(?:can't|don't|do not|no|hate|not|won't|scared of|without)(?: \w+){0,2} (?:on )?(?:the )?(?:bus|buses"
    r"|busses|public transport|train|trains)"
)
_TRAVEL: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("none", re.compile(
        rf"\b(?:can't (?:really )?travel(?: (?:far|anywhere))?|(?:no|without|don't have|haven't got"
        rf"|not got)(?: any)? (?:transport|way of getting (?:there|about|around|anywhere))|can't (?:get"
        rf"|go) (?:there|anywhere|about|around)|no (?:car|buses|bus),? (?:(?:or|and|nor) )?(?:no )?(?:bus"
        rf"|buses|car)|"
        rf"(?:don't|can't) drive(?: and| or|,)+ (?:i )?(?:there's )?{_NO_BUS})\b")),
    ("lift", re.compile(
        r"\b(?:(?<!that )(?<!it )(?<!really )(?:need|want|get|gets|give|gives|have|offer|offers|got|with"
        r"|by) (?:me |us )?(?:a )?lift(?: there| in| home| to)?(?! (?:my|it|in the building))|(?:a"
        r"|give me a|for a) lift (?:there|to|home|would|in|from|off|please)|(?:son|daughter|husband|wife"
        r"|friend|neighbour|mum|dad|sister|brother|someone|somebody|partner|niece|he|she) (?:can |could "
        r"|would |will |might |'ll )?(?:drive|drives|drop|drops|run|runs|take|takes) me(?! (?:mad"
        r"|up the wall|crazy|round the bend|for granted|down|out of|seriously))|"
        r"(?:pick|picked|collect|collected) (?:me )?up (?:from|by|at)|pick me up (?:from|at|and|in|by)"
        r"|door to door|dial a ride|lifts? please|(?:transport|minibus) (?:provided|laid on|to get there)"
        r"|need transport|help with transport|(?:do you|can you|they|is there)(?: \w+)? (?:lay on|provide"
        r"|do|have|any)? ?transport)\b")),
    ("walk", re.compile(
        r"\b(?:walking distance|walkable|on foot|(?:can|could|would|will|i'll|i'd|able to|prefer to|have to"
        r"|happy to|want to|need to|got to|only|i|just|like to) (?:only |just )?walk (?:there|to (?:it|the"
        r"|a)|it|round)|walk (?:there|to it)|i walk everywhere|by foot|within a walk|short walk|(?:minutes?"
        r"|minute's) walk)\b|^(?:i'll |i )?walk(?:ing)?$")),
    ("bus", re.compile(
        r"\b(?:(?:by|on|on the|get the|take the|catch the|use the|get a|catch a|take a|use|via"
        r"|get) (?:bus(?:es)?|busses|trains?|tram)(?! (?:driver|stop is too|pass has))|bus (?:route|stop"
        r"|pass|ride|journey|there)|public transport|(?:don't|do not|can't|no longer|not|doesn't|never"
        r"|can not|gave up|stopped|given up|not allowed to|unable to|no)(?: \w+)? (?:drive"
        r"|driving)(?! (?:me|myself|them|him|her))|"
        r"(?:no|without a|haven't got a|don't have a|not got a|ain't got a|sold my|sold the) (?:car|motor)"
        r"|non[ -]driver)\b|^bus$")),
    ("car", re.compile(
        r"\b(?:(?:i|i can|can|i do|i'll|i'd|i still|i will|happy to|able to|we|would) drive(?! (?:me|him"
        r"|her|them|people|everyone|my|forklift|(?:a )?(?:bus|lorry|taxi|cab|van|truck|buses|lorries|taxis"
        r"|cabs)))|(?:got|have|by|have got|with|got access to|own) (?:my |a |the |me |our )*(?:own )?(?:car"
        r"|motor)(?! (?:accident|crash|boot|park))|my own car|i'm a driver|driving is (?:fine|ok))\b"
        r"|^(?:by )?car$|^drive$")),
)  # fmt: skip
CUES = frozenset(
    "online line zoom video videocall skype facetime virtual virtually internet web computer computers "
    "laptop ipad tablet teams whatsapp home sofa person face f2f flesh real technology tech smartphone "
    "smart "
    "wifi broadband housebound bedbound bound out house flat mine me visit travel transport lift lifts "
    "drive drives driving driver walk walking walkable foot bus buses busses train trains tram car motor "
    "dial "
    "minibus door there anywhere pick picked collect collected around about minute on-line in-person "
    "face-to-face human".split()
)


def find_online(spoken: Spoken) -> list[Found]:
    """'home', 'online' or 'in_person', at most one: who refuses online wants to meet in person."""
    if CUES.isdisjoint(spoken.words):
        return []
    plain = spoken.plain
    match = _HOME.search(plain)
    if match and not _self_denied(plain, match.start()):
        return [Found("home", *match.span())]
    online = [Found("online", *match.span()) for match in _ONLINE.finditer(plain)]
    no = refused(plain, online)
    match = _IN_PERSON.search(plain)
    direct = match and not refused(plain, [Found("", *match.span())])[0]
    wanted = [item for item, out in zip(online, no) if not out and not _told_of(plain, item)]
    if wanted and not (match and match.start() <= wanted[0].start < match.end()):
        return wanted[:1]
    if match and direct:
        return [Found("in_person", *match.span())]
    if any(no):
        return [Found("in_person", online[0].start, online[0].end)]
    return []


def _told_of(plain: str, item: Found) -> bool:
    """'Everything is online now and I don't know how' is a need to learn, 'I was scammed online' a story."""
    return bool(_ONLINE_TOLD.search(plain, max(0, item.start - 44), item.end + 44))


def _self_denied(plain: str, start: int) -> bool:
    return bool(
        re.search(
            r"\b(?:not|isn't|don't (?:need|want)(?: a)?|no|no need for(?: a)?) $",
            plain[max(0, start - 20) : start],
        )
    )


def find_travel(spoken: Spoken) -> list[Found]:
    """One of 'none', 'lift', 'walk', 'bus', 'car' at most. 'I do not drive' is 'bus': it is what is left."""
    if CUES.isdisjoint(spoken.words):
        return []
    plain = spoken.plain
    for value, pattern in _TRAVEL:
        for match in pattern.finditer(plain):
            denies = value == "none" or re.search(
                r"\b(?:don't|no|can't|not|never|without|haven't|gave|given|sold|stopped|non|doesn't"
                r"|do not)\b",
                match.group(),
            )
            if not denies and refused(plain, [Found("", *match.span())])[0]:
                continue
            if not denies and re.search(
                r"\b(?:can't|don't|not|no|never|couldn't|hate|won't|wouldn't|unable to|is there|has it got"
                r"|broken) (?:\w+ )?$",
                plain[max(0, match.start() - 24) : match.start()],
            ):
                continue
            if value == "lift" and _is_elevator(plain, match):
                continue
            return [Found(value, *match.span())]
    return []


def _is_elevator(plain: str, match: re.Match[str]) -> bool:
    return (
        bool(
            re.search(
                r"\b(?:is there|has it|there's|building|does it|have they|do they|stairs or)\b[^.]{0,12}$",
                plain[: match.start()],
            )
        )
        and "lift" in match.group()
    )
