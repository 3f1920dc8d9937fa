"""Letters and texts to a provider, and what a referrer is told: plain, short, and no more than is needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from sqlalchemy.engine import Row

from assistant.channels.sms.numbers import mobile
from assistant.clock import LONDON
from assistant.conversations.diary import spoken
from assistant.errors import BadInput
from assistant.house import House
from assistant.pathway import provider_links
from assistant.secret import secret_key
from directory.needs import need_label

REACH = {"ring": "Ring them", "text": "Text them", "surgery": "Through the surgery"}
BRING = {"yes": "Yes", "no": "No", "ask": "Ask us first"}
CONSENT = {"phone": "On the phone", "in_person": "Face to face", "chat": "In the chat", "text": "By text"}
# Reasons for stopping (taxonomy.yml, disengage_reasons) as staff and providers choose them.
STOPPED = {
    "not_for_me": "It was not for them",
    "unwelcoming": "They did not feel welcome",
    "no_one_to_go_with": "No one to go with",
    "travel": "Getting there",
    "cost": "What it costs",
    "time_of_day": "The day or time",
    "health": "Their health",
    "family_or_caring": "Family or caring",
    "got_better": "They feel better, or need it no more",
    "moved": "They moved away",
    "provider_no_contact": "Nobody got back to them",
    "provider_full": "The service is full or has ended",
    "other": "Something else",
    "prefer_not_to_say": "They would rather not say, or nobody knows",
}
DECLINED = {
    "full": "We are full just now",
    "not_right": "We are not right for this need",
    "area": "They live outside our area",
    "age": "Not the ages we work with",
    "no_answer": "We could not reach them",
    "closed": "We have closed or paused",
    "other": "Something else",
}


def link_for(house: House, referral: Row) -> str:
    """A fresh address for the provider."""
    days = provider_links.ANSWER_DAYS if referral.status == "sent" else provider_links.GOING_DAYS
    token = provider_links.make(referral.id, referral.link_version, secret_key(house.settings), days)
    return f"{house.settings.public_base_url}/provider/{token}"


def letter(house: House, referral: Row, link: str, chasing: bool = False) -> tuple[str, str]:
    """(subject, words). No name and no need in it: e-mail is read by others, the link is for who answers."""
    practice = house.programme.practice(referral.practice)
    begin = "We wrote to you about a person who would like to come to" if chasing else "A person would like to come to"
    subject = f"{'Still waiting: a' if chasing else 'A'} referral to {referral.service}"
    words = (
        f"Hello,\n\n{begin} {referral.service}. {practice.name} refers them through {practice.programme_name}. "
        "They have agreed to it.\n\n"
        "Open this link to read what they hope for, and to say yes or no. It needs no account and takes two minutes:\n\n"
        f"{link}\n\n"
        f"Please answer {'today or tomorrow' if chasing else f'by {day_words(referral.answer_by)}'}. People lose heart when nobody gets back to them. "
        "If it is not for you, a no helps too.\n\n"
        "The link is for you alone: please do not pass it on. It works until "
        f"{day_words(provider_links.read(link.rsplit('/', 1)[-1], secret_key(house.settings)).until)}.\n\n"
        f"Questions? Ring {practice.navigator.name} on {practice.navigator.phone}.\n"
        f"{practice.name}, {practice.address}"
    )
    return subject, words


def text_to_provider(house: House, referral: Row, link: str, chasing: bool = False) -> str:
    """The same as a text."""
    practice = house.programme.practice(referral.practice)
    begin = "We are still waiting to hear: a person" if chasing else "A person"
    return f"{begin} would like to come to {referral.service}. Please say yes or no here: {link} {practice.name}, {practice.navigator.phone}"


def mailto(address: str, subject: str, words: str) -> str:
    """Opens the navigator's own mail program, the letter written."""
    return f"mailto:{quote(address, safe='@')}?{urlencode({'subject': subject, 'body': words}, quote_via=quote)}"


def mobile_of(contact: str | None) -> str | None:
    """The contact as E.164 when it is a mobile: then the letter goes as a text."""
    try:
        return mobile(contact or "", demo=True)
    except BadInput:
        return None


def email_of(contact: str | None) -> str | None:
    """The contact when it is an e-mail address."""
    given = (contact or "").strip()
    return given if "@" in given and " " not in given else None


def seen_by_provider(house: House, referral: Row | Mapping[str, object]) -> dict[str, object]:
    """All a provider can ever see of a person; the ways to reach them only once `accepted`. The desk's preview is made of this."""
    values = dict(referral._mapping) if isinstance(referral, Row) else dict(referral)
    practice = house.programme.practice(str(values["practice"]))
    how = str(values.get("reach_how") or "surgery")
    return {
        "first_name": values.get("first_name") or "The person",
        "service": values["service"],
        "need": need_label(str(values["need"])) if values.get("need") else "",
        "note": values.get("note") or "",
        "free_sessions": values.get("free_sessions"),
        "practice": practice.name,
        "navigator": practice.navigator.name,
        "navigator_phone": practice.navigator.phone,
        "programme": practice.programme_name,
        "reach": REACH[how],
        "number": values.get("reach_number") if how != "surgery" else None,
    }


def news(turn: str, patient: Row, referral: Row, practice_name: str) -> str:
    """Words for the referrer at one of four turns: that it happened, and no more."""
    name = patient.name or referral.first_name or "The person you referred"
    sentence = {
        "accepted": f"{referral.service} has said yes to {name}."
        + (f" The first date is {spoken(referral.first_session_at)}." if referral.first_session_at else ""),
        "declined": f"{referral.service} could not take {name}. We are looking for something else with them.",
        "attended": f"{name} has been to {referral.service} for the first time.",
        "closed": _closed(name, referral),
    }[turn]
    hello = f"Dear {patient.referred_by},\n\n" if patient.referred_by else ""
    return f"{hello}{sentence}\n\nThank you for thinking of social prescribing for them. No reply is needed.\n{practice_name}"


def _closed(name: str, referral: Row) -> str:
    if referral.ended == "completed":
        count = referral.sessions_attended
        return f"{name} has finished at {referral.service}, after {count} session{'' if count == 1 else 's'}."
    if referral.ended == "cancelled":
        return f"The referral of {name} to {referral.service} was taken back."
    return f"{name} is no longer going to {referral.service}. We have asked if something else would suit."


def day_words(moment: datetime) -> str:
    """'Tuesday 24 November 2026'."""
    local = moment.astimezone(LONDON)
    return f"{local:%A} {local.day} {local:%B %Y}"
