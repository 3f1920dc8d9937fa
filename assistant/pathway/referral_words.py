"""What a patient is told of a referral, and what can be pressed under it. Staff and providers: referral_letters.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from assistant.conversations.diary import spoken

PREFIX = "referral:"  # of a choice's value: referral:ID:answer
BOOK_A_CALL = {"label": "Book a call", "value": "/book_callback"}
# A reason for stopping (taxonomy.yml, disengage_reasons) as the person would say it; the others are for staff alone.
REASONS = {
    "not_for_me": "Not my kind of thing",
    "unwelcoming": "I did not feel welcome",
    "no_one_to_go_with": "No one to go with",
    "travel": "Hard to get to",
    "cost": "It costs too much",
    "time_of_day": "The time does not suit me",
    "health": "My health",
    "family_or_caring": "Family or caring",
    "other": "Something else",
    "prefer_not_to_say": "I would rather not say",
}


def choice(referral_id: str, answer: str, label: str) -> dict[str, str]:
    """A choice that comes back as `answer` about this referral."""
    return {"label": label, "value": f"{PREFIX}{referral_id}:{answer}"}


def others(referral_id: str) -> dict[str, str]:
    """Another service instead."""
    return choice(referral_id, "others", "Show me others")


def cannot(referral_id: str) -> dict[str, str]:
    """The day does not suit."""
    return choice(referral_id, "cannot", "I cannot make it")


def by_mistake(referral_id: str) -> dict[str, str]:
    """Takes a stop back."""
    return choice(referral_id, "mistake", "I pressed that by mistake")


def still_going(referral_id: str) -> dict[str, str]:
    """The service had it wrong."""
    return choice(referral_id, "mistake", "I am still going")


def went_choices(referral_id: str) -> list[dict[str, str]]:
    """Under 'Did you go?'."""
    labels = (("yes", "Yes"), ("not_yet", "Not yet"), ("not_for_me", "It is not for me"))
    return [choice(referral_id, answer, label) for answer, label in labels]


def why_choices(referral_id: str) -> list[dict[str, str]]:
    """Under 'May we ask why?'."""
    return [choice(referral_id, f"why.{reason}", label) for reason, label in REASONS.items()] + [by_mistake(referral_id)]


def asked_for(service: str) -> str:
    """The referral has gone."""
    return f"We have asked {service} if they can see you. We will tell you when they answer."


def taken_back(service: str) -> str:
    """Withdrawn before the provider answered."""
    return f"We have told {service} that you will not come for now. We can look for something else any time."


def accepted(service: str, when: datetime | None, who: str, place: str, bring: str) -> str:
    """Who meets them, where and when. Knowing that someone waits helps people to go (Pescheny 2018, BJGP Open)."""
    if when is None:
        return f"Good news. {service} would like to see you. They will be in touch to set a day.{_who(who)}"
    return f"Good news. {service} can see you on {spoken(when)}.{_where(place)}{_who(who)}{_bring(bring)}"


def new_day(service: str, when: datetime, who: str, place: str, bring: str) -> str:
    """The provider has changed it."""
    return f"A new day for {service}: {spoken(when)}.{_where(place)}{_who(who)}{_bring(bring)}"


def _where(place: str) -> str:
    return f" Where: {place.rstrip('.')}." if place else ""


def _who(who: str) -> str:
    return f" {who} will meet you." if who else ""


def _bring(bring: str) -> str:
    return {"yes": " You can bring someone.", "ask": " Ask them if you want to bring someone."}.get(bring, "")


def declined(service: str) -> str:
    """No fault of theirs, and what now."""
    return f"Sorry, {service} cannot take anyone new just now. It is nothing you did. Shall we look for something else?"


def silence(service: str) -> str:
    """Nobody has answered (BJGP Open 2018: 'no one would get back to me')."""
    return f"Sorry, {service} has not answered us yet. We have asked them again. You can see others, or book a call."


def did_you_go(service: str, when: datetime) -> str:
    """The day after the first date."""
    return f"Did you go to {service} on {spoken(when).split(' at ')[0]}?"


def went(left: int | None) -> str:
    """Yes."""
    free = f" You have {_sessions(left)} left there." if left else ""
    return f"That is good to hear.{free} Tell us here if anything gets in the way."


def went_though_hard(left: int | None) -> str:
    """Yes, and it was not easy: no 'good to hear'."""
    free = f" You have {_sessions(left)} left there." if left else ""
    return f"Well done for going, and thank you for telling us. First times can be hard.{free} You can book a call about it."


def not_yet(again: bool) -> str:
    """No blame, and a way on."""
    next_time = " We will ask again next week." if again else ""
    return f"That is fine.{next_time} Is something in the way? Tell us here, or book a call."


NOT_FOR_ME = "Thank you for telling us. That is all right. We will let them know. May we ask why?"
NOBODY_THERE = "We are sorry. You did your part. We have told the team, so that they can ask the service. You can see others, or book a call."
THANKS = "Thank you. Shall we look for something else? It is up to you."
KEPT = "Thank you. We have kept that."
GOING_ON = "No problem. All stays as it was."
STILL_GOING = "Thank you for telling us. All stays as it was. We will let them know."
OTHER_DAY = "Thank you for telling us. We will ask them for another day."
NONE_LEFT = "Sorry, we found nothing like it near you just now. A navigator can look with you."
HERE_ARE = "Here is what we found. Save what you like, and we can ask them for you."


def what_next(service: str, left: int, afterwards: str | None, similar: Sequence[str]) -> str:
    """Near the last free session: 'what then?' puts people off, so it is answered early (Pescheny 2018, BJGP Open)."""
    begun = f"You have {_sessions(left)} left at {service}." if left else f"That was your last free session at {service}."
    then = f" After that: {afterwards.rstrip('.')}." if afterwards else " Ask them what it costs after that."
    free = f" Free near you: {' and '.join(similar)}." if similar else ""
    return f"{begun}{then}{free} What would you like next?"


def what_next_choices(referral_id: str) -> list[dict[str, str]]:
    """Under it."""
    return [choice(referral_id, "free", "Show me free ones"), BOOK_A_CALL]


def stopped(service: str) -> str:
    """The service says that they come no more: no blame, what is next, and room to say that it is not so."""
    return f"{service} tells us you are not going there just now. That is all right. We can look for something else, if you like."


def finished(service: str) -> str:
    """The service says that they have had what they came for, with free sessions left or not."""
    return f"{service} tells us you have finished there. We hope it was good. There are ways to go on, if you like."


def completed(service: str) -> str:
    """All free sessions are used."""
    return f"You have had all your free sessions at {service}. We hope they were good. There are ways to go on, if you like."


def _sessions(count: int) -> str:
    return f"{count} free session{'' if count == 1 else 's'}"
