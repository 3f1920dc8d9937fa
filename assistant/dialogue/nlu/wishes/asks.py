"""What is asked of the assistant itself: the list on paper or by text, and what to do about a call."""

from __future__ import annotations

import re

from assistant.dialogue.nlu.wishes.spoken import Found, Spoken

_OBJECT = (
    r"(?:them|these|those|that|it|this|the (?:\w+ )?(?:list|details|addresses|address|numbers?|names?|info"
    r"|information|ones?|options|suggestions|places|results|lot|services)|(?:a|my) (?:copy|list|print ?out)"
    r"|the lot|all (?:of )?(?:them|that|those|these|this)|both|the first|the second|the last|details|list"
    r"|info|addresses|copies)"
)
_SHARE = re.compile(
    rf"\b(?:print(?: (?:me|us|off|out|me off|me out))? {_OBJECT}(?: out| off)?|print ?outs?|(?:can|could"
    rf"|able to|want to|like to) (?:i )?print\b(?! that)|printed(?: out| off)?|(?:text|send|email|e-mail"
    rf"|forward|message|post|whatsapp|ping|drop) (?:me |us |my \w+ |to me )?{_OBJECT}(?: (?:to|on|by|in"
    rf"|over|through|via) (?:me|my|us|text|email|a text|post|phone|writing|sms|mobile|the post|paper)\b"
    rf"| over| through)"
    rf"|(?:text|send|email|e-mail|forward|message|post|ping) (?:me |us )(?:by \w+ )?{_OBJECT}|(?:text|send"
    rf"|email|forward|post) {_OBJECT}(?= ?(?:$|[.,!?]|please|to |over))|(?:on|to) paper|(?:have|get|want"
    rf"|take|give me|need) (?:a |it |them |that |these |the list |this )*(?:copy|on paper|in writing"
    rf"|written down)|write (?:it|them|that|these) down|save (?:them|these|those|the list|all)(?: for me)?"
    rf"|by text please|download)\b"
)
_NO_SHARE = re.compile(
    r"\b(?:don't|do not|stop|never|not|no need to|please don't|won't|didn't|can't|rather not|wouldn't"
    r"|can't) (?:\w+ ){0,4}$"
)
_CALL = (
    r"(?:appointments?|phone ?calls?|calls?|call ?back|meeting|booking|slot|session with (?:the )?\w+"
    r"|chat with (?:the )?\w+|visit|telephone appointment|phone appointment)"
)
_VISIT = (
    r"(?:ring|ringing|call|calling|phone|phoning|seeing|see|meet|meeting|coming|visit|visiting|speak"
    r"|speaking)"
)
_WITHOUT = r"(?:\w+ ){0,5}?"
_CANCEL = re.compile(
    rf"\b(?:(?:cancel|cancelling)(?! (?:\w+ )?(?:gas|phone contract|contract|subscription|sky|tv|insurance"
    rf"|benefits?|direct|card|culture))(?: it| that| tomorrow| today| mon| tues| wed| thurs| fri|$| please"
    rf"| for)|(?:can't|won't be able to|not going to be able to) (?:come|make it|make|get there"
    rf"|be there)(?: in| on)? (?:tomorrow|today|this|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|the \d)"
    rf"|(?:cancel|cancelling|call off|scrap|drop|get rid of|bin|cancelled) {_WITHOUT}{_CALL}"
    rf"|{_CALL} {_WITHOUT}(?:cancelled|cancel|called off)|(?:can't|won't|can not|unable to|not able to"
    rf"|couldn't|not going to|won't be able to|not be able to|no longer able to|can no longer) (?:make|come"
    rf"|attend|do|keep|get|be able to (?:make|come|get)|take|be|manage)(?: it)?(?: in| to| for"
    rf"| at)* (?:(?:\w+ ){{0,2}}?(?:my|me|the|our|that|this|today's|tomorrow's) (?:\w+ ){{0,2}}?{_CALL}"
    rf"|appointment)"
    rf"|(?:don't|no longer|do not) (?:want|need) (?:my |the |that |this |your "
    rf"|a )(?:\w+ ){{0,2}}?(?:appointment|phone ?call|call|callback|booking)\b(?! (?:with|from) (?:a"
    rf"|the) (?:dr|doctor))|no longer (?:need|want) {_WITHOUT}{_CALL}|don't (?:bother )?(?:ring|call"
    rf"|phone)(?:ing)? (?:me )?(?:on |to)?(?:mon|tues|wednes|thurs|fri|tomorrow|today))"
)
_CHANGE = re.compile(
    rf"\b(?:(?:change|changing|move|moving|rebook|re-book|reschedule|rescheduling|rearrange|re-arrange"
    rf"|shift|swap|postpone|put off|put back|bring forward|alter|switch|delay|push back|different (?:day"
    rf"|time|date|slot) for) {_WITHOUT}(?:{_CALL}|time (?:of|for) (?:my|the) \w+)"
    rf"|{_CALL} {_WITHOUT}(?:changed|moved|rebooked|rearranged|rescheduled|postponed|to (?:another"
    rf"|a different|a later|an earlier) (?:day|time|date)|(?:on |at )?(?:another|a different) (?:day|time"
    rf"|date))"
    rf"|(?:another|different|later|earlier|other|better|diff) (?:time|day|date"
    rf"|slot)\b(?: for)? {_WITHOUT}{_CALL}|(?:rebook|reschedule|rearrange|postpone|shifting"
    rf"|rebooking)(?: (?:it|that|please|for|to))?|(?:need|want|have|get|give me|is there|possible"
    rf"|got) (?:a |an |any )?(?:another|different|later|earlier|new) (?:day|time|slot|date)|(?:later"
    rf"|earlier|different) (?:slot|time) (?:possible|please|available)|(?:you|she|he|they|someone|priya"
    rf"|navigator)(?: \w+)? (?:ring|call|phone|see|come)(?: me)? (?:at )?(?:another|a different|a later"
    rf"|an earlier) (?:day|time)|(?:change|move|swap|shift) (?:it|that|mine) to)\b"
)
_CHECK = re.compile(
    rf"\b(?:(?:when|what time|what day|which day|what date|where|who)(?:'s|s| is| was| are)? (?:my |the "
    rf"|that |our |with )?(?:next |first )?{_CALL}|(?:when|what time|what day|which day|who)(?:'s|s| is"
    rf"| are| will| am| was| does|'ll)? (?:\w+ ){{0,4}}{_VISIT} (?:me|you|her|him|them|the navigator|with"
    rf"|to me|round|my)\b|(?:check|confirm|checking|confirming|remind me|double check|know|remember|forgot"
    rf"|forgotten|tell me|lost|find out) {_WITHOUT}{_CALL}"
    rf"|(?:have|do|did) (?:i|you|we) (?:got |have |get |book |still have )(?:an? |my |any "
    rf"|a )?{_CALL}(?: (?:with|booked|on|today|tomorrow|this|next|at)|$|\?)"
    rf"|confirm (?:\w+ ){{0,5}}(?:interview|hour|time|date|day|mon|tues|wed|thurs|fri)|same appointment"
    rf"|is (?:my |the |that )?{_CALL} still|{_CALL} (?:still )?(?:on|booked|happening"
    rf"|going ahead)(?: for)?\b[^.]{{0,20}}\?|still (?:on for|ringing|coming|calling"
    rf"|got) {_WITHOUT}(?:{_CALL}|mon|tues|wed|thurs|fri|today|tomorrow|me)|am i (?:still )?(?:booked"
    rf"|down) (?:in|for))"
)
_DOCTORS = re.compile(
    r"\b(?:gp|doctor|doctor's|hospital|dentist|nurse|consultant|scan|blood test|x-ray|physio"
    r"|consultant's) (?:appointment|call|slot)|(?:get|getting|book) (?:an? )?(?:appointment|gp)"
    r"|appointment (?:with|at|to see) (?:the |a |my )?(?:gp|doctor|dr|nurse|hospital|consultant|dentist)"
)
SHARE_CUES = frozenset(
    (
        "print printed printout printouts out text send email e-mail forward message post whatsapp ping drop "
        "give paper copy writing written write save download"
    ).split()
)
APPOINTMENT_CUES = frozenset(
    "appointment appointments call calls callback back meeting booking booked slot session chat visit ring "
    "ringing calling phone phoning seeing see meet coming rebook reschedule rearrange postpone time day "
    "date move change swap shift cancel down re-arrange rescheduling shifting rebooking diff different "
    "later earlier confirm hour interview come cancelling make slot".split()
)


def find_share(spoken: Spoken) -> list[Found]:
    """'yes' when the person asks for the list on paper, by text or by email."""
    if SHARE_CUES.isdisjoint(spoken.words):
        return []
    plain = spoken.plain
    for match in _SHARE.finditer(plain):
        if not _NO_SHARE.search(plain[max(0, match.start() - 30) : match.start()]):
            return [Found("yes", *match.span())]
    return []


def find_appointment(spoken: Spoken) -> list[Found]:
    """'change', 'cancel' or 'check' a call or visit already booked; 'cannot come, another day?' is change."""
    if APPOINTMENT_CUES.isdisjoint(spoken.words):
        return []
    plain = spoken.plain
    if _DOCTORS.search(plain):
        return []
    cancel, change = _CANCEL.search(plain), _CHANGE.search(plain)
    if change is None and cancel is not None:
        change = re.search(
            r"\b(?:another|different|later|earlier|other|rebook|rearrange|reschedule|instead|new) (?:day"
            r"|time|date|slot|one|appointment)\b|\brebook\b|\breschedule\b|\brearrange\b|\bdo \w+ instead\b"
            r"|\b(?:shift|move) (?:us|me|it)\b|\bput (?:it|me|us) (?:back|for|down)\b|\bnext (?:week"
            r"|month)\b",
            plain,
        )
    if change and not re.search(
        r"\b(?:don't|do not|no need to|not) (?:want to |need to )?$",
        plain[max(0, change.start() - 24) : change.start()],
    ):
        return [Found("change", *change.span())]
    if cancel and not re.search(
        r"\b(?:don't|do not|not|didn't|never|won't|who|why did you|keep|keeps|they|you) (?:want to "
        r"|need to |wish to )?$",
        plain[max(0, cancel.start() - 24) : cancel.start()],
    ):
        return [Found("cancel", *cancel.span())]
    check = _CHECK.search(plain)
    return [Found("check", *check.span())] if check else []
