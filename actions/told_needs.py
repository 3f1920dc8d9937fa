"""Needs told in the check-in: what they add, what a correction takes back, and a kind word where somebody has died."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.reading import Reading
from actions.say import say
from actions.step_answers import company_in, place_words
from actions.surroundings import surroundings

TELLS_NEEDS = ("describe_need", "find_service")
SURE_OF_A_NEED = 0.5  # below this a need is likelier misread than told: it is asked about
# Said with a need they are how it should be, not a need of their own: 'step free', 'in Bengali', 'I cannot drive'.
WAYS_OF_TAKING_PART = ("cost", "travel", "online", "access", "language", "audience", "company")
# A list of bare words is read word by word: as one sentence 'company and gardening' lost the company.
NAMED = {
    "loneliness": "company|friends?|friendship|people|meeting people|people to talk to|making friends|someone to talk to|loneliness",
    "nature": "gardens?|gardening|allotments?|nature|outdoors|being outdoors|animals|wildlife",
    "physical_activity": "exercise|fitness|keeping fit|keep fit|swimming|yoga|tai chi|sport|getting fit|getting active|football|gym|dancing",
    "money": "money|bills|benefits|debts?|budgeting|money worries",
    "food": "food|food banks?|meals",
    "housing": "housing|rent|my flat|my house|somewhere to live",
    "arts": "arts?|crafts?|music|singing|choir|painting|drawing|knitting|sewing|reading|writing|pottery",
    "work": "work|jobs?|a job|finding work",
    "volunteering": "volunteering|helping others",
    "digital": "computers?|computors?|computing|phones?|the internet|getting online|phones and computers",
    "learning": "learning|courses?|classes|maths",
    "language": "english|learning english",
    "bereavement": "grief|bereavement|losing (?:someone|him|her|them)|loss",
    "low_mood": "stress|anxiety|worry|sleep|my mood|mental health|depression",
    "weight_food_habits": "cooking|weight|losing weight|healthy eating",
    "warm_home": "heating|damp|a warm home|keeping warm",
    "caring": "caring|being a carer|carers?|caring for (?:someone|him|her|them)",
    "family": "family|children|kids|parenting",
    "faith_culture": "faith|church|mosque|temple|prayer",
    "household": "furniture|clothes",
    "transport": "transport|getting about|getting around",
    "smoking": "smoking|stopping smoking",
    "memory": "memory|my memory",
}  # fmt: skip
_PARTS = re.compile(r"\s*(?:,|;|&|\+|\band\b|\bor\b|\balso\b|\bplus\b)\s*")
_SMALL = re.compile(r"^(?:(?:just|some|more|my|a|the|a bit of|i want|i like|i need|mostly|mainly|maybe|getting some) )+")
_ADDING = re.compile(r"\b(?:also|as well|too|and i|another thing|on top)\b")
_SOMEBODY = (
    r"(?:husband|wife|mum|mummy|mam|mom|mother|dad|daddy|father|parent|son|daughter|brother|sister|partner|baby|child|children|twin|kid|"
    r"friend|mate|pal|nan\w*|gran\w*|uncle|aunt\w*|cousin|niece|nephew|neighbour|fianc\w+|girlfriend|boyfriend|ex|step\w+|in[- ]laws?|half|"
    r"relatives?|family|love|loved ones?|carer|colleague|man|woman|boy|girl|person|people|he|she|they|who|somebody|someone|everyone|everybody|"
    r"pet|dog|puppy|cat|kitten|horse|rabbit|budgie)"
)
_THING = (
    r"(?:phone|battery|laptop|computer|tablet|car|boiler|tv|telly|engine|fridge|freezer|cooker|heating|wi-?fi|line|plants?|flowers?|garden|"
    r"trees?|roses?|tomatoes|grass|conversation|hope|everything|nothing|it|this|i)"
)
_HEAD = r"(?:^|[,.;:!-] ?|\b(?:but|and|no|please|sorry|actually|oh|well|just|yes) )"
_THAT_OFF = re.compile(
    r"(?:(?:no|oh|please|sorry|actually|can you|could you|well|but|and)\W+)*(?:(?:take|cross|get) (?:that|it|this|them)(?: one| bit)? (?:off|out|away)|"
    r"(?:remove|delete|drop|scrap|forget|leave out|take off|take out) (?:that|it|this|them)(?: one| bit)?|not that(?: one| bit)?|"
    r"i (?:do not|don'?t|dont) need (?:help with )?(?:that|it)|i (?:did not|didn'?t|didnt|never) (?:say|said|mean|meant) that)(?: (?:please|thanks|one|bit|again|now))*\W*"
)
_EXCUSE = re.compile(
    r"\b(?:not (?:very |that |so |too |much |really )?(?:good|great|clever)|no good|rubbish|useless|hopeless|terrible|bad|slow) (?:with|at|on) "
    r"(?:the |my |all |these |this )*(?:comput\w+|phones?|typing|technology|texting|keyboards?|internet|things?|screens?|machines?)\b"
)
_WANTS_TO_LEARN = re.compile(r"\b(?:learn|teach|taught|show me|lessons?|class\w*|course|get online|would like to|want to (?:use|get|know)|better (?:with|at|on)|help (?:with|on|using) (?:\w+ )?(?:comput\w+|phones?))\b")
_WOULD_ENJOY = re.compile(r"\b(?:enjoy|would like|i'?d like|i should like|love|interested in|looking for|fancy|into|want to)\b")
_OF_HEARING = re.compile(r"\b(?:hearing (?:aids?|loss|test|help|problems?)|my (?:hearing|sight|eyes|eyesight|ears)|losing my|lip ?read\w*|equipment|loop|magnifi\w+|deaf club|(?:with|for|other) (?:deaf|blind) people)\b")
_SIGNING = re.compile(r"\b(?:bsl|sign language|signing)\b")
_CARE = re.compile(r"\b(?:car(?:e|er|ers|ed|ing)|look(?:ed|s|ing)? after|nurs(?:e|ed|ing))\b")
A_FEW_WORDS = 24
_SAYS_A_NEED = re.compile(
    r"\b(?:need|needs|want|wants|would like|i'?d like|like to|looking for|interested|love to|hoping|struggl\w*|worr\w+|lonely|loneliness|alone(?! thank)|isolated|depress\w*|anxi\w*|stress\w*|sad|low|"
    r"debts?|bills|arrears|rent|evict\w*|benefits?|pip|esa|afford|cope|coping|sleep\w*|help|also|as well|too|miss|missing|problems?|trouble|hard|difficult|learn|lose weight|died|passed|lost|losing|sacked|"
    r"redundan\w+|unemployed|homeless|damp|cold|heating|hungry|drink\w*|smok\w*|gambl\w*|memory|dementia|diabet\w*|asthma|arthritis|pain|fed up|nobody|no one|no friends|company|make friends|meet people|"
    r"look(?:ing)? after|car(?:e|ing) for|forms?)\b"
)
_GONE = (  # and not 'passed her exams', 'passed on his cold'
    r"(?:died|dies|passed away|passed on(?! (?:his|her|their|my|the|it|to)\b)|"
    r"passed(?=\W*$| (?:last|suddenly|recently|peacefully|\d|two|three|a (?:year|month|week|few|couple))\b))\b"
)
_BETWEEN = rf"(?:'?s)?(?: (?!(?:my|our|a|the|his|her|their|your|says?|said|thinks?|and|but|because|when|{_THING})\b)[\w'-]+){{0,4}}? "
_LOST = (
    r"(?:lost|losing|buried) (?:my|our|me) (?:\w+ )?(?:husband|wife|mum|mam|mother|dad|father|son|daughter|brother|sister|partner|baby|"
    r"child|friend|nan|gran\w*|twin|fianc\w+|best friend|dog|cat)\b"
)
_DIED = re.compile(
    rf"\b{_SOMEBODY}{_BETWEEN}{_GONE}|\bpassed away\b|\b{_LOST}|"
    r"\b(?:been bereaved|bereaved|widow(?:ed|er)?|funeral|miscarr\w+|stillb\w+)\b"
)
# 'Joan died', 'after Brian died': a name has a capital; at the head of a sentence so has 'Plants'.
_NAME_DIED = re.compile(rf"\b(?!(?i:{_THING})\b)[A-Z][a-z]+ (?:has |sadly |just |then )*died\b")
# They live, or never lived: it came near to it, it is feared, or it is said of a thing.
_NOT_DEAD = re.compile(
    rf"\b(?:nearly|almost|(?:could|might|would)(?: have|'?ve| of))(?: \w+)? (?:{_GONE}|{_LOST})|"
    rf"\b(?:nobody|no one|hasn'?t|haven'?t|not)(?! (?:long|only|just))(?: \w+)? {_GONE}|"
    r"\b(?:if|when|whenever|once|before|after|until|till|in case)\b[^.?!;]{0,60}?\bdies\b|"
    rf"\b(?:what if|in case|even if)\b[^.?!;,]{{0,40}}?{_GONE}|"
    rf"(?<!as )\bif (?:(?:my|our) )?{_SOMEBODY} {_GONE}|"
    rf"\b(?:scared|afraid|frightened|terrified|worried|fear|dread\w*|thought) (?:of |about )?(?=losing){_LOST}|"
    rf"\b{_THING} (?:has |have |had |just |all |also |both )*died\b"
)


def new_needs(message: Reading, asked: str, slots: dict[str, Any], answered: bool = False) -> list[str] | None:
    """The needs after this message, or None when it changes none. Only a correction of what was read back takes any away.

    `answered`: it gave an answer. What stands beside one ('not mornings, the carer comes') is a need only where it says so.
    """
    held, needs = list(slots.get("needs") or []), needs_in(message, asked)
    if not needs:
        return None
    just_said = held if asked == "summary_ok" else read_back_just_now(slots)
    if just_said and message.is_correction and not _ADDING.search(message.words.lower()):
        if message.intent in (*TELLS_NEEDS, "deny", "go_back"):
            put_right = [*(need for need in held if need not in just_said), *needs]
            return put_right if put_right != held else None  # 'no, it is about money'
    also = asked == "summary_ok" and message.intent in TELLS_NEEDS and bool(_ADDING.search(message.words.lower()))
    if asked != "what_matters" and ((not surely_told(message) and not also) or (answered and beside_the_answer(message.words))):
        return None
    new = [need for need in needs if need not in held]
    return held + new if new else None


def beside_the_answer(words: str) -> bool:
    """Whether nothing in a few words says that help is wanted: 'I clean offices at night', 'a lift from my son'."""
    return len(words.split()) <= A_FEW_WORDS and not _SAYS_A_NEED.search(words.lower().replace("\u2019", "'"))


def needs_in(message: Reading, asked: str) -> list[str]:
    """The needs told. A way of taking part ('step free') is none, nor is a place or 'alone', where that was asked."""
    if asked == "what_matters":
        needs = dict.fromkeys([*(["bereavement"] if tells_loss(message) else []), *named_in(message.words), *message.needs])
        wrong = misheard(message, list(needs))
        return [need for need in needs if need not in wrong]
    if asked == "where" and place_words(message):
        return []
    way = any(kind in message.entities for kind in WAYS_OF_TAKING_PART)
    if way and not (message.is_correction and asked == "summary_ok"):
        return [need for need in message.needs if need == "bereavement" and tells_loss(message)]
    if asked == "company" and company_in(message.words.lower()):
        return [need for need in message.needs if need != "loneliness"]
    return message.needs


def surely_told(message: Reading) -> bool:
    """Whether it tells a need, and is not merely taken for that."""
    return message.intent in TELLS_NEEDS and message.confidence >= SURE_OF_A_NEED


def misheard(message: Reading, needs: list[str]) -> set[str]:
    """Needs of a story that its words do not bear out: no one's death, an excuse for slow typing, care nobody spoke of."""
    words = " ".join(message.words.lower().replace("\u2019", "'").split())
    wrong = {"bereavement"} if nobody_died(message) else set()
    if len(needs) > 1 and _EXCUSE.search(words) and not _WANTS_TO_LEARN.search(words):
        wrong.add("digital")
    if tells_loss(message) and not _CARE.search(words):
        wrong.add("caring")
    if _SIGNING.search(words) and not _WANTS_TO_LEARN.search(words):
        wrong.add("language")
    if "sensory" in needs and _WOULD_ENJOY.search(words) and not _OF_HEARING.search(words):
        wrong.add("sensory")  # 'I am deaf, and would enjoy local history': history is wished for
    if re.search(r"\b(?:break|rest|respite|breather)\b", words) and not re.search(r"\b(?:work\w*|jobs?|unemployed|boss|shifts?)\b", words):
        wrong.add("work")
    if len(needs) > 1:
        wrong |= {need for need in needs if need in NAMED and _turned_down(NAMED[need]).search(words)}
    return wrong


@lru_cache(maxsize=64)
def _turned_down(names: str) -> re.Pattern[str]:
    """'I don't need a knitting circle, I need a job': a kind of thing turned down, which was heard as a wish for it."""
    names = rf"(?:{names})(?: (?:circle|group|club|class|lesson|course|session)s?)?"
    return re.compile(rf"\b(?:do not|don'?t|dont|not|never) (?:want|need|fancy|like|after|into|interested in|do)(?: to (?:do|go|join))? (?:(?:a|an|any|the|some|another|your|bloody|more) )*{names}\b(?! (?:to|for|from|any more))")


def taken_off(words: str, held: list[str], just_said: list[str]) -> list[str]:
    """Held needs that are said away: 'not the computers bit', 'I don't need help with money', 'take that off'."""
    said = " ".join(words.lower().replace("\u2019", "'").split())
    off = [need for need in held if need in NAMED and _said_away(NAMED[need]).search(said)]
    return off or (list(just_said) if just_said and _THAT_OFF.fullmatch(said) else [])


@lru_cache(maxsize=64)
def _said_away(names: str) -> re.Pattern[str]:
    """A need named beside a no. Never 'no money' or 'without a phone': to lack a thing is to need it."""
    end = r"(?:\W+(?:bit|part|one|thing|things|stuff|side))?"
    here = rf"(?:{names}){end}(?![\w'-])(?! (?:days?|hours?|times?|weeks?))"
    return re.compile(
        rf"{_HEAD}(?:not(?: about| for| the| that| any| really){{0,2}}|(?:it'?s|its|it is|that'?s|im|i'?m) not (?:about |for |the )*|"
        rf"(?:forget|leave out|skip|drop|scrap|never mind|remove|delete|take off|cross off|take out)(?: about)? (?:the |that )?|"
        rf"i (?:never|did not|didn'?t) (?:say|said|mean|meant|mention|ask for|asked for)(?: anything about| anything to do with| about)? ?(?:the |any )?|"
        rf"i (?:do not|don'?t|dont) (?:really )?(?:want|need)(?: any| the)?(?: help| support| anything)?(?: with| about| for)?(?: the| my| any)?) ?{here}"
        rf"|\b(?:take|cross|leave|get) (?:the |that |my )?{here} (?:off|out|away)\b|\bno help (?:with|needed with) (?:the |my )?{here}"
        rf"|{_HEAD}(?:the )?{here} (?:is|are|was) (?:wrong|not right|a mistake|not (?:for me|it|needed))"
    )


def named_in(words: str) -> list[str]:
    """Needs named in a short list of bare words."""
    parts = [_SMALL.sub("", part.strip(" .!")) for part in _PARTS.split(words.lower())]
    if len(words.split()) > 8:
        return []
    return [need for part in parts if part for need, names in NAMED.items() if re.fullmatch(names, part)]


def read_back_just_now(slots: dict[str, Any]) -> list[str]:
    """The needs said back with the message before this one."""
    back = slots.get("read_back")
    if isinstance(back, dict):
        return list(back["needs"]) if back.get("turn") == surroundings().turn - 1 else []
    return list(slots.get("needs") or []) if back is not None and back == surroundings().turn - 1 else []


def tells_loss(message: Reading) -> bool:
    """Whether it tells of somebody who died."""
    words = " ".join(message.words.replace("\u2019", "'").split())
    return bool(_DIED.search(_NOT_DEAD.sub(" . ", words.lower()))) or bool(_NAME_DIED.search(words))


def nobody_died(message: Reading) -> bool:
    """'My phone died', 'Mum nearly died', 'when she dies': of death, and of nobody's."""
    words = " ".join(message.words.lower().replace("\u2019", "'").split())
    return bool(_NOT_DEAD.search(words)) and not tells_loss(message)


def condole(dispatcher: CollectingDispatcher, message: Reading, held: list[str] | None) -> bool:
    """Sorry for a loss, before anything else is said of it, and once; whether it was said."""
    bereaved = tells_loss(message) or "bereavement" in message.needs and message.intent == "describe_need" and not nobody_died(message)
    if not bereaved or "bereavement" in (held or []):
        return False
    say(dispatcher, "utter_sorry_for_your_loss")
    return True
