"""What must happen to a referral though nobody clicks: silence acted on, 'Did you go?', and 'what next' near the end.

Each is a step with a mark, so it happens once, however often and in however many processes a pass looks, late or after a restart.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.clock import LONDON, clock
from assistant.errors import NotFound
from assistant.logs import log
from assistant.pathway import referral_words, similar
from assistant.pathway.after_session import MOST_ASKED
from assistant.pathway.referral_steps import (
    add_task,
    conversation_of,
    count_event,
    free_left,
    load,
    marked,
    step,
    steps_of,
    tell_patient,
)
from assistant.pathway.referrals import send_text
from assistant.pathway.sessions import CAME
from assistant.store.database import reading, transaction
from assistant.store.pathway_tables import referral_steps, referrals

if TYPE_CHECKING:
    from assistant.house import House

ASK_AT = time(9, 30)  # of the day after
ASK_AGAIN = timedelta(days=7)
TOO_LATE = timedelta(days=14)  # nobody remembers a day so long ago: then the team asks
NEARLY = 2  # free sessions left


def look(house: House) -> int:
    """One pass over what is due; the number of referrals it did something to."""
    with reading(house.engine) as connection:
        due = _due(connection)
    changed = 0
    for act, referral_id in due:
        try:
            done = act(house, referral_id)
        except NotFound:
            continue  # erased between the look and the act
        except Exception as error:  # one that fails must not hold up the others; it is due again at the next look
            log.error("a referral's timer failed", act=act.__name__, error=type(error).__name__)
            continue
        changed += done
    if changed:
        house.wake_outbox()
    return changed


def _due(connection: Connection) -> list[tuple[Callable[[House, str], bool], str]]:
    going = referrals.c.status.in_(("accepted", "attending"))
    silent = sa.and_(referrals.c.status == "sent", referrals.c.answer_by <= clock.now())
    dated = sa.and_(going, referrals.c.first_session_at <= clock.now())
    ending = sa.and_(referrals.c.status == "attending", referrals.c.free_sessions - referrals.c.sessions_attended <= NEARLY)
    out: list[tuple[Callable[[House, str], bool], str]] = []
    for act, condition, mark in ((_silence, silent, "silent"), (_what_next, ending, "what_next")):
        done = sa.exists().where(referral_steps.c.referral_id == referrals.c.id, referral_steps.c.mark == mark)
        out += [(act, row.id) for row in connection.execute(sa.select(referrals.c.id).where(condition, ~done))]
    rows = connection.execute(sa.select(referrals).where(dated)).all()
    return out + [(_ask, row.id) for row in rows if _to_ask(connection, row)]


def _silence(house: House, referral_id: str) -> bool:
    """The provider is asked again, the patient told and offered another, somebody of the team put to it."""
    with transaction(house.engine) as connection:
        row = load(connection, referral_id, lock=True)
        if row.status != "sent" or row.answer_by > clock.now() or not step(connection, row, "silent", None, "silent"):
            return False
        days = house.programme.practice(row.practice).provider_silence_days
        count_event(connection, "provider_silent", row, days=days)
        texted = send_text(connection, house, row, chasing=True)
        how = "They were sent another text." if texted else "Send them the letter again, or ring them."
        add_task(connection, row, f"{row.service} has not answered about {row.first_name} for {days} working days. {how}")
        choices = [referral_words.others(row.id), referral_words.BOOK_A_CALL]
        told = tell_patient(connection, house, row, referral_words.silence(row.service), f"silence:{row.id}", choices, must_reach=True)
        if told in ("text", "chat"):
            step(connection, row, "told_silence", None, "told_silence", how=told)
            count_event(connection, "patient_told_of_silence", row, how=told)
        conversation = conversation_of(connection, row)
    _nudge(house, conversation)
    return True


def _mark_of(moment: datetime, number: int) -> str:
    return f"asked:{moment.astimezone(LONDON).date().isoformat()}:{number}"


def _to_ask(connection: Connection, row: Row) -> int:
    """Which asking is due for the agreed day: 1 on the day after, 2 a week after 'not yet'; 0: none."""
    day = row.first_session_at.astimezone(LONDON).date()
    if clock.now() < datetime.combine(day + timedelta(days=1), ASK_AT, tzinfo=LONDON).astimezone(timezone.utc):
        return 0
    session = marked(connection, row.id, f"session:{day.isoformat()}")
    if session is not None and session.kind == CAME:
        return 0
    first = marked(connection, row.id, _mark_of(row.first_session_at, 1))
    if first is None:
        return 1
    answers = [one for one in steps_of(connection, row.id, "answered") if one.at >= first.at]
    waits = answers and answers[-1].data.get("answer") == "not_yet" and not row.sessions_attended
    due = waits and clock.now() >= answers[-1].at + ASK_AGAIN and len(steps_of(connection, row.id, "asked")) < MOST_ASKED
    return 2 if due and marked(connection, row.id, _mark_of(row.first_session_at, 2)) is None else 0


def _ask(house: House, referral_id: str) -> bool:
    """'Did you go?', with the day named: it may be read later."""
    with transaction(house.engine) as connection:
        row = load(connection, referral_id, lock=True)
        if row.status not in ("accepted", "attending") or row.first_session_at is None:
            return False
        number = _to_ask(connection, row)
        if not number:
            return False
        late = number == 1 and clock.now() - row.first_session_at > TOO_LATE
        mark = _mark_of(row.first_session_at, number)
        if not step(connection, row, "not_asked" if late else "asked", None, mark):
            return False
        conversation = conversation_of(connection, row)
        if late:
            add_task(connection, row, f"Ask {row.first_name} whether they went to {row.service}: nobody has.")
        else:
            text = referral_words.did_you_go(row.service, row.first_session_at)
            tell_patient(connection, house, row, text, f"{mark[6:]}:{row.id}", referral_words.went_choices(row.id))
    _nudge(house, conversation)
    return True


def _what_next(house: House, referral_id: str) -> bool:
    """Told while free sessions are left, with low-cost ways to go on; somebody of the team asks too."""
    with reading(house.engine) as connection:
        row = load(connection, referral_id)
        start = similar.near(connection, house, row)
    # Before the transaction: the directory may have to write new vectors.
    names = [one["name"] for one in similar.services(house, row, start, free=True, fresh=True)][:2]
    then = similar.afterwards(house, row, fresh=True)
    with transaction(house.engine) as connection:
        row = load(connection, referral_id, lock=True)
        left = free_left(row)
        if row.status != "attending" or left is None or left > NEARLY or not step(connection, row, "what_next", None, "what_next"):
            return False
        text = referral_words.what_next(row.service, left, then, names)
        tell_patient(connection, house, row, text, f"next:{row.id}", referral_words.what_next_choices(row.id))
        add_task(connection, row, f"{row.first_name} has {left} free sessions left at {row.service}. Ask what they would like next.")
        conversation = conversation_of(connection, row)
    _nudge(house, conversation)
    return True


def _nudge(house: House, conversation: Row | None) -> None:
    if conversation is not None:
        house.notifier.nudge(conversation.id)
