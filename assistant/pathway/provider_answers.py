"""What a provider answers: yes with a date, no with a reason, another day; by their link, or told to a navigator by phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.errors import BadInput, Conflict
from assistant.house import House
from assistant.pathway import referral_words, referrer_news
from assistant.pathway.referral_letters import BRING, DECLINED
from assistant.pathway.referral_steps import add_task, change, count_event, load, step, steps_of, tell_patient

PROVIDER = "provider"  # who did it, where it was done by the link
FURTHEST = timedelta(days=180)
MOST_WHO, MOST_PLACE, MOST_WHY = 120, 200, 150


@dataclass(frozen=True)
class Meeting:
    """Who meets the person, where and when; `when` may be empty while a day is being found."""

    when: datetime | None
    who: str
    place: str
    bring: str


def meeting(day: str, at: str, who: str, place: str, bring: str) -> Meeting:
    """From a form's fields.

    Raises:
        BadInput: a date or time that is none, past or far away; nobody named; too long. Names the field and the fix.
    """
    who, place = " ".join(who.split()), " ".join(place.split())
    if not who or len(who) > MOST_WHO:
        raise BadInput(f"Say who will meet the person, in at most {MOST_WHO} characters. A first name is enough.", field="who")
    if len(place) > MOST_PLACE:
        raise BadInput(f"Keep the place to {MOST_PLACE} characters.", field="place")
    if bring not in BRING:
        raise BadInput("Say whether someone can come along.", field="bring")
    return Meeting(_moment(day.strip(), at.strip()), who, place, bring)


def _moment(day: str, at: str) -> datetime | None:
    if not day and not at:
        return None
    try:
        on = date.fromisoformat(day)
    except ValueError as error:
        raise BadInput("Write the date as a day, a month and a year, or leave date and time empty.", field="day") from error
    try:
        hour = time.fromisoformat(at)
    except ValueError as error:
        raise BadInput("Write the time, such as 14:30.", field="time") from error
    # Through UTC, so that an hour the spring night skips becomes one that is on the clock.
    when = datetime.combine(on, hour.replace(second=0, microsecond=0, tzinfo=None), tzinfo=LONDON).astimezone(timezone.utc)
    if when < clock.now():
        raise BadInput("This time has passed. Choose one to come.", field="day")
    if when > clock.now() + FURTHEST:
        raise BadInput("Choose a day in the next six months.", field="day")
    return when


def accept(connection: Connection, house: House, referral: Row, agreed: Meeting, by: str) -> str:
    """A yes, or later another day or person; 'accepted', 'changed' or 'same' (a double click).

    Raises:
        Conflict: it was declined or closed meanwhile.
    """
    values = {"first_session_at": agreed.when, "who_meets": agreed.who, "place": agreed.place or None, "bring": agreed.bring}
    first = referral.status == "sent"
    if not first and all(getattr(referral, name) == value for name, value in values.items()):
        return "same"
    answered = {"status": "accepted", "answered_at": clock.now()} if first else {}
    if not change(connection, referral, ("sent",) if first else ("accepted", "attending"), **answered, **values):
        raise Conflict("This referral has been answered or closed meanwhile.")
    number = len(steps_of(connection, referral.id, "proposed")) + 1
    step(connection, referral, "accepted" if first else "proposed", by, **_told(agreed))
    if first:
        step(connection, referral, "proposed", by, **_told(agreed))
        hours = round((clock.now() - referral.made_at).total_seconds() / 3600, 1)
        count_event(connection, "provider_accepted", referral, hours=hours)
        referrer_news.record(connection, house, load(connection, referral.id), "accepted")
    _tell(connection, house, referral, agreed, first, number)
    return "accepted" if first else "changed"


def _told(agreed: Meeting) -> dict[str, str]:
    return {"when": agreed.when.isoformat()} if agreed.when else {}


def _tell(connection: Connection, house: House, referral: Row, agreed: Meeting, first: bool, number: int) -> None:
    facts = (agreed.who, agreed.place, agreed.bring)
    if first:
        text = referral_words.accepted(referral.service, agreed.when, *facts)
    elif agreed.when is None:
        return
    else:
        text = referral_words.new_day(referral.service, agreed.when, *facts)
    choices = [referral_words.cannot(referral.id)] if agreed.when else []
    tell_patient(connection, house, referral, text, f"date:{referral.id}:{number}", choices, must_reach=True)


def decline(connection: Connection, house: House, referral: Row, reason: str, why: str, by: str) -> str:
    """A no: the patient is told kindly and offered another; 'declined', or 'same' for a double click.

    Raises:
        BadInput: no reason of DECLINED, or too many words. Conflict: it was accepted or closed meanwhile.
    """
    why = " ".join(why.split())
    if reason not in DECLINED:
        raise BadInput("Choose a reason: it helps us to refer better.", field="reason")
    if len(why) > MOST_WHY:
        raise BadInput(f"Keep it to {MOST_WHY} characters.", field="why")
    if referral.status == "declined":
        return "same"
    told = DECLINED[reason] + (f": {why}" if why else "")
    values = {"status": "declined", "answered_at": clock.now(), "decline_reason": told[:200], "closed_at": clock.now()}
    if not change(connection, referral, ("sent",), **values):
        raise Conflict("This referral has been answered or closed meanwhile. Please ring us.")
    step(connection, referral, "declined", by, reason=reason)
    hours = round((clock.now() - referral.made_at).total_seconds() / 3600, 1)
    count_event(connection, "provider_declined", referral, reason=reason, hours=hours)
    referrer_news.record(connection, house, referral, "declined")
    add_task(connection, referral, f"{referral.service} said no to {referral.first_name}: {told}. Offer something else.")
    choices = [referral_words.others(referral.id), referral_words.BOOK_A_CALL]
    tell_patient(connection, house, referral, referral_words.declined(referral.service), f"declined:{referral.id}", choices)
    return "declined"
