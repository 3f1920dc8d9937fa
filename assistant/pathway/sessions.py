"""Sessions counted: one entry a day and referral, whoever tells of it; the first, the last free one, and what follows from each."""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.errors import BadInput, Conflict
from assistant.house import House
from assistant.pathway import referral_words, referrals, referrer_news
from assistant.pathway.referral_steps import (
    add_task,
    change,
    count_event,
    free_left,
    load,
    marked,
    step,
    steps_of,
    tell_patient,
)
from assistant.store.pathway_tables import referral_steps

CAME, MISSED = "attended", "missed"


def record(connection: Connection, house: House, referral: Row, day: date, came: bool, by: str) -> str:
    """Note that the person came on `day`, or did not: 'new', 'changed' (told otherwise before) or 'same' (a double click).

    The last free session completes the referral.

    Raises:
        BadInput: a day to come, or before the referral. Conflict: it is not accepted, or closed.
    """
    if day > clock.today():
        raise BadInput("This day is still to come. Tell us afterwards.", field="day")
    if day < referral.made_at.astimezone(LONDON).date():
        raise BadInput("This day was before the referral.", field="day")
    referral = load(connection, referral.id, lock=True)
    kind, mark = CAME if came else MISSED, f"session:{day.isoformat()}"
    before = marked(connection, referral.id, mark)
    if before is not None and before.kind == kind:
        return "same"
    if referral.status not in ("accepted", "attending"):
        raise Conflict("Sessions can be noted once the service has said yes, until it ends.")
    if before is None:
        step(connection, referral, kind, by, mark, day=day.isoformat())
    else:
        values = {"kind": kind, "by": by, "at": clock.now(), "data": {**before.data, "was": before.kind}}
        connection.execute(referral_steps.update().where(referral_steps.c.id == before.id).values(**values))
    count = len(steps_of(connection, referral.id, CAME))
    change(connection, referral, ("accepted", "attending"), sessions_attended=count, status="attending" if count else "accepted")
    if came:
        _came(connection, house, load(connection, referral.id), day, by)
    elif before is None:
        _missed(connection, referral)
    return "new" if before is None else "changed"


def _came(connection: Connection, house: House, referral: Row, day: date, by: str) -> None:
    """Every session is one `session_attended`; the first is `first_session_attended` beside it, once."""
    count_event(connection, "session_attended", referral, day=day.isoformat(), number=referral.sessions_attended)
    if step(connection, referral, "began", by, "began"):
        count_event(connection, "first_session_attended", referral, day=day.isoformat())
        referrer_news.record(connection, house, referral, "attended")
    if referral.free_sessions and referral.sessions_attended >= referral.free_sessions:
        complete(connection, house, referral, by)


def complete(connection: Connection, house: House, referral: Row, by: str | None) -> None:
    """The way ends as it was meant to, and the patient hears a kind word."""
    referrals.close(connection, house, referral, "completed", None, by)
    words = referral_words.completed if free_left(referral) == 0 else referral_words.finished
    tell_patient(connection, house, referral, words(referral.service), f"done:{referral.id}", referral_words.what_next_choices(referral.id))


def stopped(connection: Connection, house: House, referral: Row, reason: str, by: str) -> None:
    """The service says that they come no more. The patient is told kindly what is next; the reason stays with the team.

    Not where the reason is none of the list: somebody may have died, and a person must ask first.
    """
    referrals.close(connection, house, referral, "disengaged", reason, by)
    name, service = referral.first_name or "The patient", referral.service
    if reason == "other":
        add_task(connection, referral, f"{service} says that {name} has stopped, for a reason not on the list. Ask them before you write to {name}.")
        return
    again = len(steps_of(connection, referral.id, "closed"))
    choices = [referral_words.others(referral.id), referral_words.BOOK_A_CALL, referral_words.still_going(referral.id)]
    tell_patient(connection, house, referral, referral_words.stopped(service), f"stopped:{referral.id}:{again}", choices)


def _missed(connection: Connection, referral: Row) -> None:
    """Twice in a row, and somebody asks how things are."""
    last = [row.kind for row in steps_of(connection, referral.id) if row.kind in (CAME, MISSED)][-2:]
    if last == [MISSED, MISSED]:
        add_task(connection, referral, f"{referral.first_name} did not come to {referral.service} twice. A kind word may help.")
