"""'Did you go?' answered: by a choice or in words, in the chat or by text, before Rasa is asked. Needs no model.

A choice carries referral and answer (`referral:ID:yes`). Words are an answer only while the question is the newest thing said to
the person: later, 'yes' is about something else. A question texted to somebody who chats on the web is answered by text, in
another conversation; there it is found by the number it went to.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.conversations.choices import chosen_payload, thumb_in_words
from assistant.errors import Conflict, LinkwayError, NotFound
from assistant.house import House
from assistant.pathway import referral_words as words
from assistant.pathway import referrals, sessions, similar
from assistant.pathway.provider_answers import PROVIDER
from assistant.pathway.referral_steps import add_task, change, free_left, load, step, steps_of
from assistant.store.tables import conversations, outbox
from assistant.store.tables import messages as messages_table

PATIENT = "patient"
OPEN_FOR = timedelta(days=14)  # a texted question is answered by text within this
MOST_ASKED = 2
Reply = dict[str, Any]

_NOT_MINE = re.compile(
    r"\bnot (?:really )?(?:for me|my (?:thing|cup of tea|sort|kind))\b|\b(?:did ?n[o']?t|dont|don't|do not|never) (?:really )?(?:like|enjoy|fit in)\b"
    r"|\bhated? it\b|\bwo(?:n'?t|nt) (?:be )?(?:go(?:ing)?|come|coming) (?:back|again)\b|\bnot (?:going|coming) (?:back|again)\b|\bnever again\b|\bgiv(?:en?|ing) (?:it )?up\b"
)
_SAYS_YES = re.compile(r"^(?:yes|yeah|yep|yup|ye|yh|yea|ya|y|aye|indeed|i did|i went|been)\b")
_NOT_THERE = re.compile(
    r"\b(?:nobody|no ?one)(?: else)? (?:was |were )?(?:there|in|turned up|came|showed up|about)\b|\b(?:it|they|place|building|door|hall) (?:was |were )?(?:closed|shut|locked|cancelled)\b"
    r"|^(?:closed|shut|locked|cancelled)\b|\bthey(?:'d| had| have)? cancelled\b|\bnever heard (?:back )?from them\b|\bwas cancelled\b"
)
# Went, and it was not easy: no 'good to hear' then.
_HARD = re.compile(
    r"\b(?:but|didn'?t|did not|nobody|no ?one|rubbish|awful|horrible|hated|hard|scared|nervous|left early|lonely|alone|cold|rude|ignored|boring|bored|cried|upset|not great|not good|pain|hurt)\b"
)
_NOT_YET = re.compile(
    r"^(?:no|nope|nah|n|hell no)\b(?! problem)|\b(?:could ?n'?t|could not|was ?n'?t able)\b(?! (?:be better|fault|believe|recommend|wait|have been|thank))|\b(?:did ?n'?t|did not) (?:fancy|feel|have time|get)\b"
    r"|\b(?:was|were|been|felt|feeling) (?:too |really |very |so )?(?:ill|poorly|unwell|sick|not well|in hospital|busy|working|scared|nervous|tired|in bed|in pain|bad)\b|\bwas ?n'?t (?:well|up to)\b"
    r"|\bhad to (?:look after|work|see to|be at|go to|stay|take|wait)\b|\bchickened out\b|\bbottled it\b|\blost my nerve\b|\bnot (?:gone|been)\b|\bbus (?:never|did ?n'?t|was)\b|\bmissed the bus\b|\bwill go\b|\bwrong (?:day|time|place)\b|\bnot (?:yet|this time|able)\b|\b(?:did ?n'?t|could ?n'?t|couldnt|have ?n'?t|never) (?:manage|make it|go|get there|been|went|get round)\b"
    r"|\bmissed it\b|\bforgot\b|\bnext (?:week|time)\b|\bhavent\b"
)
_YES = re.compile(
    r"^(?:yes|yeah|yep|yup|ye|aye|i did)\b|^did$|^went\b(?! wrong)|\bi (?:went|did go|have been|ve been|'ve been|enjoyed|attended|stayed|was there|go)\b|^(?:been|attended)\b"
    r"|\b(?:really |quite )?(?:enjoyed|loved|liked) it\b|\bit was (?:good|great|lovely|nice|brilliant|fine|ok|alright)\b"
)
_CANNOT = re.compile(r"\b(?:can ?'?t|cannot|cant|unable to|won'?t be able to) (?:make|come|go|do|get)\b|\b(?:another|different) (?:day|time|date)\b"
                     r"|\b(?:day|time|date|it) (?:is|'?s) no good\b|\bdoes ?n'?t (?:suit|work)\b|\bi(?:'?m| am| shall be|'?ll be| will be) (?:away|working|at (?:work|the \w+)|in hospital|on holiday)\b|^not (?:on )?\w+days?\b")
_STILL = re.compile(r"\bstill (?:go(?:ing)?|there|do)\b|\b(?:have ?n'?t|did ?n'?t|not|never) (?:stopped|stop|left|given up)\b")
_WHY = (
    ("unwelcoming", r"\b(?:not|un)[ -]?welcom|\bunfriendly|\brude\b|\bcliqu|\bignored\b|\bfit in\b"),
    ("no_one_to_go_with", r"\b(?:no ?one|nobody) to go with|\bon my own\b|\balone\b|\bby myself\b"),
    ("travel", r"\b(?:too )?far\b|\bbus(?:es)?\b|\btravel|\bget there\b|\btransport\b|\bparking\b"),
    ("cost", r"\bcosts?\b|\bexpensive\b|\bmoney\b|\bafford\b|\bprice"),
    ("time_of_day", r"\btime\b|\bearly\b|\blate\b|\bevening|\bmorning|\bat work\b"),
    ("health", r"\bhealth\b|\bpain\b|\bill\b|\bpoorly\b|\bunwell\b|\btired\b|\bback\b|\bknees?\b|\bhips?\b|\banxi"),
    ("family_or_caring", r"\bcar(?:e|ing|er)\b|\bfamily\b|\bhusband\b|\bwife\b|\bkids\b|\bchild|\bmum\b|\bdad\b"),
    ("prefer_not_to_say", r"\brather not\b|\bnot say\b|\bskip\b|\bnone of your\b|^(?:no|nope)\b"),
    ("not_for_me", r"\bboring\b|\bbored\b|\bnot (?:my|for me)\b|\b(?:did ?n'?t|dont|don't) (?:like|enjoy)\b"),
)  # fmt: skip


def read_words(kind: str, text: str) -> str | None:
    """What words say to an open question of `kind` (yes: did you go; cannot: does the day suit; why: may we ask; mistake: have they stopped); None: something else."""
    said = " ".join(thumb_in_words(text).casefold().replace("\u2019", "'").split()).strip(" .!")
    if len(said.split()) > 25 or said.endswith("?"):
        return None
    if kind == "yes":
        for answer, pattern in (("not_for_me", _NOT_MINE), ("yes", _SAYS_YES), ("not_there", _NOT_THERE), ("not_yet", _NOT_YET), ("yes", _YES)):
            if pattern.search(said):
                return answer
    if kind == "mistake" and _STILL.search(said):
        return "mistake"
    if kind == "cannot" and _CANNOT.search(said):
        return "cannot"
    if kind == "why":
        return next((f"why.{reason}" for reason, pattern in _WHY if re.search(pattern, said)), None)
    return None


def answer(
    connection: Connection, house: House, row: Row, text: str, payload: str | None, offered: list[dict[str, str]]
) -> list[Reply] | None:
    """The replies to an answer about a referral; None when the message is about something else.

    `payload` is the choice that was pressed or numbered, `offered` the choices last put to the person here.
    """
    by_text = _by_text(connection, row, clock.now()) if row.channel == "sms" else []
    if by_text or payload is None:  # what was texted last is what a '1' by text answers
        asked = by_text or _asked(offered)
        payload = chosen_payload(asked, text) or _worded(asked, text)
    if payload is None or not payload.startswith(words.PREFIX):
        return None
    referral_id, _, told = payload.removeprefix(words.PREFIX).partition(":")
    try:
        referral = load(connection, referral_id, lock=True)
    except NotFound:
        return [{"text": words.KEPT}]
    if not _theirs(connection, row, referral):
        return None
    return _act(connection, house, referral, told, text)


def _asked(offered: list[dict[str, str]]) -> list[dict[str, str]]:
    return offered if any(one["value"].startswith(words.PREFIX) for one in offered) else []


def _worded(asked: list[dict[str, str]], text: str) -> str | None:
    for one in asked:
        head, _, told = one["value"].rpartition(":")
        kind = "why" if told.startswith("why.") else told
        if head and (read := read_words(kind, text)):
            return f"{head}:{read}"
    return None


def _by_text(connection: Connection, row: Row, now: Any) -> list[dict[str, str]]:
    """The choices of a question texted to this number from a chat on the web, while it is the newest thing between us."""
    told = connection.execute(
        sa.select(messages_table.c.choices, messages_table.c.at, messages_table.c.client_message_id, conversations.c.id)
        .join(conversations, conversations.c.id == messages_table.c.conversation_id)
        .where(
            conversations.c.contact_number == row.phone, conversations.c.practice == row.practice, conversations.c.id != row.id,
            messages_table.c.sender == "system", messages_table.c.client_message_id.like("told:%"),
            messages_table.c.at > now - OPEN_FOR,
        )
        .order_by(messages_table.c.at.desc(), messages_table.c.seq.desc())
        .limit(1)
    ).first()  # fmt: skip
    if told is None or not _asked(told.choices or []):
        return []
    texted = sa.and_(
        outbox.c.conversation_id == told.id, outbox.c.to == row.phone,
        outbox.c.idempotency_key.startswith(f"{told.id}:{told.client_message_id}", autoescape=True),
    )  # fmt: skip
    answered_since = sa.and_(
        messages_table.c.conversation_id == row.id, messages_table.c.sender == "patient",
        messages_table.c.answered_at.is_not(None), messages_table.c.at >= told.at,
    )  # fmt: skip
    was_texted = connection.execute(sa.select(outbox.c.id).where(texted).limit(1)).first() is not None
    moved_on = connection.execute(sa.select(messages_table.c.seq).where(answered_since).limit(1)).first() is not None
    return list(told.choices) if was_texted and not moved_on else []


def _theirs(connection: Connection, row: Row, referral: Row) -> bool:
    """Whether this conversation is the referred person's: its own, the same patient's, or by text from their number."""
    if referral.conversation_id == row.id or (row.patient_id and row.patient_id == referral.patient_id):
        return True
    number = sa.select(conversations.c.contact_number).where(conversations.c.id == referral.conversation_id)
    return row.channel == "sms" and connection.execute(number).scalar() == row.phone


def _act(connection: Connection, house: House, referral: Row, told: str, text: str) -> list[Reply]:
    if told in ("others", "free"):
        return _show(connection, house, referral, free=told == "free")
    if told == "mistake":
        return _mistake(connection, house, referral)
    if told.startswith("why."):
        return _why(connection, referral, told.removeprefix("why."), text)
    if referral.status not in ("accepted", "attending"):
        return [{"text": words.KEPT}]  # pressed late: it has ended, or was taken back
    if told == "yes":
        return _went(connection, house, referral, hard=bool(_HARD.search(text.casefold().replace("\u2019", "'"))))
    if told == "not_there":
        return _not_there(connection, referral)
    if told == "not_yet":
        return _not_yet(connection, referral)
    if told == "not_for_me":
        return _stopped(connection, house, referral)
    if told == "cannot":
        return _cannot(connection, house, referral)
    return [{"text": words.KEPT}]


def _not_there(connection: Connection, referral: Row) -> list[Reply]:
    """They came, and found nobody: no fault of theirs, and something for the team to ask the service today."""
    step(connection, referral, "answered", PATIENT, answer="not_yet")
    if step(connection, referral, "helped", None, "not_there"):
        add_task(connection, referral, f"{referral.first_name} says nobody was there at {referral.service}. Ask the service, and call them.")
    return [{"text": words.NOBODY_THERE, "choices": [words.others(referral.id), words.BOOK_A_CALL]}]


def _went(connection: Connection, house: House, referral: Row, hard: bool = False) -> list[Reply]:
    step(connection, referral, "answered", PATIENT, answer="yes")
    day = referral.first_session_at.astimezone(LONDON).date() if referral.first_session_at else clock.today()
    try:
        sessions.record(connection, house, referral, day, True, PATIENT)
    except LinkwayError:  # the day was moved on since: the answer is kept, and the provider's own count stands
        return [{"text": words.KEPT}]
    left = free_left(load(connection, referral.id))
    if not hard:
        return [{"text": words.went(left)}]
    if step(connection, referral, "helped", None, "hard"):
        add_task(connection, referral, f"{referral.first_name} went to {referral.service}, and it was not easy. Ask how it was.")
    return [{"text": words.went_though_hard(left), "choices": [words.choice(referral.id, "not_for_me", "It is not for me"), words.BOOK_A_CALL]}]


def _not_yet(connection: Connection, referral: Row) -> list[Reply]:
    step(connection, referral, "answered", PATIENT, answer="not_yet")
    again = len(steps_of(connection, referral.id, "asked")) < MOST_ASKED
    if not again and step(connection, referral, "helped", None, "not_yet"):
        add_task(connection, referral, f"{referral.first_name} has not been to {referral.service} yet, asked twice. Ask what is in the way.")
    return [{"text": words.not_yet(again), "choices": [words.BOOK_A_CALL]}]


def _stopped(connection: Connection, house: House, referral: Row) -> list[Reply]:
    step(connection, referral, "answered", PATIENT, answer="not_for_me")
    referrals.close(connection, house, referral, "disengaged", "prefer_not_to_say", PATIENT)
    add_task(connection, referral, f"{referral.first_name} has stopped going to {referral.service}. Let the service know.")
    return [{"text": words.NOT_FOR_ME, "choices": words.why_choices(referral.id)}]


def _mistake(connection: Connection, house: House, referral: Row) -> list[Reply]:
    ends = steps_of(connection, referral.id, "closed")
    try:
        referrals.reopen(connection, house, referral, PATIENT)
    except Conflict:
        return [{"text": words.KEPT}]
    if not ends or ends[-1].by != PROVIDER:
        return [{"text": words.GOING_ON}]
    add_task(connection, referral, f"{referral.first_name} says they still go to {referral.service}, which told us they stopped. Ring the service.")
    return [{"text": words.STILL_GOING}]


def _why(connection: Connection, referral: Row, reason: str, text: str) -> list[Reply]:
    """The reason, by the taxonomy; their own words stay in the chat, where the team reads them."""
    if referral.ended == "disengaged" and reason in words.REASONS:
        referrals.set_reason(connection, referral, reason, PATIENT)
    return [{"text": words.THANKS, "choices": [words.others(referral.id), words.BOOK_A_CALL]}]


def _cannot(connection: Connection, house: House, referral: Row) -> list[Reply]:
    if referral.first_session_at is None:
        return [{"text": words.OTHER_DAY}]
    mark = f"cannot:{referral.first_session_at.isoformat()}"[:60]
    if step(connection, referral, "cannot", PATIENT, mark):
        change(connection, referral, ("accepted", "attending"), first_session_at=None)
        add_task(connection, referral, f"{referral.first_name} cannot make the day at {referral.service}. Ask them for another.")
    return [{"text": words.OTHER_DAY}]


def _show(connection: Connection, house: House, referral: Row, free: bool) -> list[Reply]:
    """Cards where there are any, each to be saved; never the same service again."""
    found = similar.services(house, referral, similar.near(connection, house, referral), free=free, fresh=False)
    if not found:
        return [{"text": words.NONE_LEFT, "choices": [words.BOOK_A_CALL]}]
    lines = [f"{place}. {one['name']}" for place, one in enumerate(found, 1)]
    choices = [{"label": f"Save {one['name'][:50]}", "value": f'/choose_service{{"service":"{one["id"]}"}}'} for one in found]
    return [{"text": "\n".join([words.HERE_ARE, *lines]), "choices": [*choices, words.BOOK_A_CALL], "services": found}]

