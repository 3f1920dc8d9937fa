"""What a message means where it is said, when the classifier takes it for something of another place.

'I feel low' is how many begin, and how some complain of a plan that did not help; 'no one to go with' answers a question
of the check-in, and is a reason to stop an activity. Who says it, and what was asked, decides. Nothing here ends anything.
"""

from __future__ import annotations

import re
from typing import Any

from actions.about_what_is_shown import plain, told
from actions.comes_and_goes import small_turn
from actions.reading import asks
from actions.surroundings import Surroundings
from actions.told_needs import SURE_OF_A_NEED, TELLS_NEEDS

REFUSALS = frozenset({"decline_programme", "stop_taking_part"})
# What stands in somebody's way may be told of one place or one question as well as of the whole thing.
BARRIERS = frozenset(
    """travel cost cost_afterwards no_one_to_go_with childcare_or_caring family_or_caring health_prevents health language
    online_or_phone_barrier time_of_day""".split()
)
SURE_OF_A_STORY = 0.8
SHORT = 12  # words; whoever says more than these tells a story, and its reading stands
UNDONE_WITHIN = 3  # turns: a wish for help told later is a change of mind, and the refusal was one
LONELINESS, LOW_MOOD = "loneliness", "low_mood"
_DONT = r"(?:do not|don'?t|did not|didn'?t|won'?t|will not|wouldn'?t|would not)"
_PLAIN_NO = re.compile(
    rf"\b(?:not interested|no,? thank(?:s| you)|no ta|not for me|not now|not today|never ?mind|forget it|changed my mind|rather not|opt out|leave (?:it|me)|"
    rf"{_DONT} (?:really |even |actually )?(?:want|need|fancy|like|bother|think (?:i|it|this))|"
    r"(?:want|like|going|wish) to (?:stop|leave|quit)|(?:i'?m|i am|i'?ve|ive|i have|ill|i'?ll) (?:\w+ )?(?:stop\w*|quit\w*|giv\w+ up|leav\w+|done with|had enough|out)|"
    r"stop (?:this|it|now|all|asking)|(?:waste|wasting) (?:of|my)|pack(?:ing)? it in|count me out|take me off|no longer (?:want|need)|not going (?:any ?more|back|again))\b"
)
_OH = r"(?:(?:no|yes|yeah|oh|but|wait|sorry|please|well|hang on|hold on|actually|look)\W+)*"
_HELP = r"(?:(?:some|your|the|a bit of|more) )?(?:help|support|company|this|it|someone|somebody|to (?:carry on|go on|continue|keep going|do (?:this|it)|talk|find))"
_NO_REFUSAL = re.compile(
    rf"{_OH}(?:i mean(?:t)?\b|(?:that'?s|that is|thats|its|it'?s|it is) not what i (?:meant|said)|i (?:did not|didn'?t|didnt|never|haven'?t|havent) (?:say|said|mean) "
    rf"(?:no|that|i did|i didn'?t|stop|it)|(?:i'?m|im|i am) not (?:saying no|refusing|stopping|declining)|you (?:got|have got|'ve got|read|took) (?:me|it|that) wrong|"
    rf"i (?:do|really do|still) (?:really |still )?(?:want|need|would like) {_HELP}\b|(?:yes|no|but|please)\W+i (?:want|need|would like|'d like) {_HELP}\b)"
)
_NOT_AFTER_ALL = re.compile(rf"\b(?:no longer|not any ?more|to stop|stop (?:it|this)|not interested|leave me|{_DONT} (?:want|need))\b")
_NOBODY = r"(?:any ?(?:one|body)|a soul|no[ -]?one|nobody|people|another (?:person|human|soul))"
_SPEAKS = r"(?:spoke|spoken|speak|speaks|talk|talks|talked|seen|see|sees|saw|chat|chats|chatted|visit|visits|visited|met|meet)"
_UNSPOKEN_TO = re.compile(
    rf"\b(?:(?:not|never|hardly|barely|haven'?t|havent|hasn'?t|don'?t|dont|didn'?t|didnt|no) (?:\w+ ){{0,2}}?{_SPEAKS} (?:to |with |a )?{_NOBODY}|"
    rf"(?:nobody|no[ -]?one) (?:ever |really |even |to )?(?:{_SPEAKS}|comes|bothers)\b)"
)
# Of the programme: whoever says so is in it, or waits for it, and is answered so.
_OF_THE_PROGRAMME = re.compile(
    r"\b(?:better|worse|still|again|no different|no change|work(?:ed|ing|s)|help(?:ed|ing|s)|sessions?|groups?|class(?:es)?|plan|programme|navigator|link worker|"
    r"started|joined|been going|referr\w*|referral|appointment|yet|(?:got|get|gets|come|came|getting) back|in touch|rang|rung|called|phoned|contacted|reply|replied|"
    r"surgery|gp|doctor|your (?:team|people|lot)|from you|waiting)\b"
)
_FEELS = re.compile(
    r"(?:\b(?:i|im|i'?m|i am|ive|i'?ve|i have) (?:(?!not (?:any|getting))[\w']+ ){0,4}?(?:feel\w*|felt|low|down|sad|unhappy|depressed|miserable|fed up|lonely|lost|anxious|"
    r"worried|stressed|rubbish|awful|terrible|struggl\w*|cop(?:e|ing)|tearful|crying|empty|numb|flat|blue|hopeless|bad|rough|alone)\b|"
    r"^(?:just |really |so |very |a bit |bit |quite )*(?:feel(?:ing|in)?|low|down|sad|lonely|fed up|depressed|struggling|not (?:coping|great|good|too good|doing (?:well|great)))\b)"
)
_THEY_ARE_LONELY = re.compile(
    r"\bmy (?:\w+ )?(?:mum|mam|mother|dad|father|nan|gran|grandma|grandad|husband|wife|son|daughter|brother|sister|neighbour|friend|uncle|aunt|auntie) (?:is|gets|feels|'s|has been|seems) (?:\w+ )?(?:lonely|isolated|alone)\b"
)
_NOT_GOOD_AT_THIS = re.compile(
    rf"{_OH}(?:i'?m|im|i am|i've never been|ive never been)? ?(?:not (?:very |that |so |too |much |really |all that )?(?:good|great|clever|used)|no good|rubbish|useless|hopeless|"
    r"terrible|bad|new|(?:a bit |bit )?(?:slow|useless|rusty)) (?:at|with|to) (?:all )?(?:this|these|that|it|asking|talking|explaining|saying|writing|typing|words)"
    r"(?: (?:sort|kind|type) of (?:thing|stuff)| things?| stuff| for help| about (?:myself|it|things|me))?(?: (?:sorry|i'?m afraid|really|you know|love|at all))*\W*"
)


def meant_here(reading: dict[str, Any], slots: dict[str, Any], form: str | None, here: Surroundings, on_screen: bool) -> dict[str, Any]:
    """`reading` as it came, or what it means of what is in hand. `on_screen`: services were shown just now."""
    said = plain(str(reading.get("text") or ""))
    intent = str((reading.get("intent") or {}).get("name"))
    if said.startswith("/"):
        return reading
    if (small := small_turn(reading, form, bool(slots.get("needs")))) is not None:
        return small
    if form not in (None, "check_in_form", "decline_form"):
        return reading
    if undoes(said, slots, here.turn):
        return told(reading, "find_service" if slots.get("shown") and slots.get("summary_ok") else "start_check_in", keep=True)
    if form == "decline_form":
        return with_needs(told(reading, "start_check_in", keep=True), reading) if tells_after_a_no(reading, intent, slots) else reading
    if intent in REFUSALS and weak_no_with_a_need(reading):
        return with_needs(told(reading, "describe_need", keep=True), reading)
    if intent in REFUSALS and not _NOT_GOOD_AT_THIS.fullmatch(said):
        return of_what_is_in_hand(said, reading, form, on_screen or bool(slots.get("shown")))
    read = opening(said, reading, intent, form, slots, here)
    if read is reading and form is None and guesses_at_more(reading, intent, slots):
        return told(reading, "nlu_fallback", keep=True)
    return read


def undoes(said: str, slots: dict[str, Any], turn: int) -> bool:
    """'No I mean ...', 'I do want help', just after a refusal was heard where none was meant."""
    at = slots.get("declined_turn")
    if not slots.get("decline_stage") or at is None or turn - int(at) > UNDONE_WITHIN:
        return False
    return bool(_NO_REFUSAL.match(said)) and not _NOT_AFTER_ALL.search(said)


def with_needs(put: dict[str, Any], reading: dict[str, Any]) -> dict[str, Any]:
    """`put` with the needs that `reading` heard."""
    return {**put, "reading": {**put["reading"], "needs": list((reading.get("reading") or {}).get("needs") or [])}}


def tells_after_a_no(reading: dict[str, Any], intent: str, slots: dict[str, Any]) -> bool:
    """A trouble or a wish told where only four things about oneself were asked: no answer to them, and no refusal any more."""
    sure = float((reading.get("intent") or {}).get("confidence") or 0.0) >= SURE_OF_A_STORY
    told_of = bool((reading.get("reading") or {}).get("needs")) or intent == "find_service"
    return sure and intent in TELLS_NEEDS and told_of and slots.get("requested_slot") not in (None, "decline_reason")


def weak_no_with_a_need(reading: dict[str, Any]) -> bool:
    """'I've only got a minute, I look after my mum': half a no, with a trouble told in it. The trouble is heard."""
    weak = float((reading.get("intent") or {}).get("confidence") or 0.0) < SURE_OF_A_NEED
    return weak and bool((reading.get("reading") or {}).get("needs")) and not says_no_plainly(str(reading.get("text") or ""))


def guesses_at_more(reading: dict[str, Any], intent: str, slots: dict[str, Any]) -> bool:
    """A weak reading of another need, to somebody whose needs are known: asked about, never added or put in their place."""
    weak = float((reading.get("intent") or {}).get("confidence") or 0.0) < SURE_OF_A_NEED
    needs = set((reading.get("reading") or {}).get("needs") or [])
    return weak and intent in TELLS_NEEDS and bool(slots.get("needs")) and not needs <= set(slots["needs"])


def says_no_plainly(words: str) -> bool:
    """Whether it turns the whole thing down: 'too far' and 'no one to go with' do not."""
    return bool(_PLAIN_NO.search(plain(words)))


def of_what_is_in_hand(said: str, reading: dict[str, Any], form: str | None, on_screen: bool) -> dict[str, Any]:
    """A barrier told in the check-in answers its question; told of places on the screen it says what is wrong with them."""
    reason = (reading.get("reading") or {}).get("reason")
    if len(said.split()) > SHORT or says_no_plainly(said) or not (form == "check_in_form" or on_screen):
        return reading
    if form is None and asks(said):
        return told(reading, "ask_service_detail", keep=True)
    if reason not in BARRIERS:
        return reading
    if form is not None:
        return told(reading, "answer", keep=True)
    if reason == "no_one_to_go_with":
        return of_topic(reading, "navigator_come_with_me")
    put = told(reading, "reject_results", keep=True)
    return {**put, "reading": {**put["reading"], "reason": reason}}


def taking_part(slots: dict[str, Any], here: Surroundings) -> bool:
    """Whether the conversation knows of a navigator, a call or an activity: then 'I feel no better' is of those."""
    return here.state in ("waiting", "live") or slots.get("decline_stage") == "stop" or bool(here.booked_call()) or here.had_call()


def opening(
    said: str, reading: dict[str, Any], intent: str, form: str | None, slots: dict[str, Any], here: Surroundings
) -> dict[str, Any]:
    """How somebody not yet in the programme begins: a feeling, nobody to talk to, an apology for not being good at this."""
    inner = reading.get("reading") or {}
    if intent == "faq" and form is None and not asks(said) and _THEY_ARE_LONELY.search(said):
        put = told(reading, "describe_need", keep=True)  # told of somebody, and nothing asked
        return {**put, "reading": {**put["reading"], "needs": [LONELINESS]}}
    low = intent == "faq" and inner.get("topic") in ("not_feeling_better", "embarrassed") or intent == "describe_need"
    apology = _NOT_GOOD_AT_THIS.fullmatch(said)
    alone = intent in ("report_no_contact", "faq", "talk_to_human") and _UNSPOKEN_TO.search(said)
    feels = low and _FEELS.search(said)
    if not (apology or alone or feels) or asks(said) or _OF_THE_PROGRAMME.search(said) or len(said.split()) > 2 * SHORT or taking_part(slots, here):
        return reading
    if apology:
        begun = slots.get("what_matters") or slots.get("needs")
        return told(reading, "repeat" if form or begun else "start_check_in")
    if intent == "describe_need" and (inner.get("needs") or []):
        return reading
    if intent == "talk_to_human" and re.search(r"\b(?:can|could|may|please|want|need|like)\b", said):
        return reading  # that is a wish for a person
    if form is None and slots.get("summary_ok"):
        return reading
    need = LONELINESS if alone else LOW_MOOD
    put = told(reading, "describe_need", keep=True)
    needs = list(dict.fromkeys([need, *(n for n in inner.get("needs") or [] if n in (LONELINESS, LOW_MOOD))]))
    return {**put, "reading": {**put["reading"], "needs": needs}}


def of_topic(reading: dict[str, Any], topic: str) -> dict[str, Any]:
    """`reading` as a question about `topic`."""
    put = told(reading, "faq")
    return {**put, "reading": {**put["reading"], "topic": topic}}
