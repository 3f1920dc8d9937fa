"""A referral from consent to its end: made, taken back, closed with a reason, and opened again. Compare-and-swap throughout."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.outbox import queue_text
from assistant.clock import clock
from assistant.errors import BadInput, Conflict
from assistant.house import House
from assistant.pathway import patients, referral_words, referrer_news, working_days
from assistant.pathway.objections import blocks_sharing
from assistant.pathway.referral_letters import CONSENT, REACH, STOPPED, link_for, mobile_of, text_to_provider
from assistant.pathway.referral_steps import (
    CLOSING,
    add_task,
    change,
    count_event,
    load,
    step,
    steps_of,
    tell_patient,
)
from assistant.store.pathway_tables import referrals
from assistant.store.tables import events
from directory import store as listings
from directory.needs import need_ids
from directory.records import Listing
from directory.visibility import Policy, visibility

OPEN = ("sent", "accepted", "attending")
ENDED = {"completed": "They finished", "disengaged": "They stopped", "cancelled": "It will not happen"}
UNDO_FOR = timedelta(days=7)
MOST_NOTE, MOST_NAME = 600, 60


@dataclass(frozen=True)
class Wanted:
    """What the form says. `id` is drawn when the form is opened, so that the same form sent twice makes one referral."""

    id: str
    listing_id: str
    need: str
    note: str
    first_name: str
    reach_how: str
    reach_number: str | None
    consent_how: str
    provider_contact: str | None = None


def eligible(connection: Connection, house: House, listing_id: str) -> Listing:
    """The listing as it stands in the database now.

    Raises:
        BadInput: gone, or hidden from patients: not accredited, out of date, closed, paused or full; says which.
    """
    listing = listings.stored(connection, [listing_id]).get(listing_id)
    if listing is None:
        raise BadInput("This service is no longer in the directory. Choose another.", field="listing")
    hidden = visibility(listing, clock.today(), house.directory.policy if house.directory else Policy())
    if hidden is not None:
        raise BadInput(f"{listing.name} cannot be chosen just now. {hidden.in_words}", field="listing")
    return listing


def free_sessions(listing: Listing, session_limit: int) -> int:
    """The smaller of the listing's own number and the programme's; the programme's where the listing gives none."""
    return session_limit if listing.free_sessions is None else min(listing.free_sessions, session_limit)


def check(wanted: Wanted) -> None:
    """Raises BadInput, naming the field and the fix. No consent, no referral."""
    if wanted.consent_how not in CONSENT:
        raise BadInput("Ask the person first. Then choose how they agreed: without that nothing is sent.", field="consent")
    if not wanted.first_name or len(wanted.first_name) > MOST_NAME:
        raise BadInput(f"Write the first name, in at most {MOST_NAME} characters.", field="first_name")
    if wanted.need not in need_ids():
        raise BadInput("Choose a need from the list.", field="need")
    if not wanted.note or len(wanted.note) > MOST_NOTE:
        raise BadInput(f"Write what the service is told, in at most {MOST_NOTE} characters.", field="note")
    if wanted.reach_how not in REACH:
        raise BadInput("Choose how the service can reach the person.", field="reach")
    if wanted.reach_how == "ring" and not wanted.reach_number:
        raise BadInput("Write the number to ring, or choose 'Through the surgery'.", field="number")
    if wanted.reach_how == "text" and not mobile_of(wanted.reach_number):
        raise BadInput("A text needs a mobile number. Write one, or choose another way.", field="number")


def make(connection: Connection, house: House, patient_id: str, conversation_id: str | None, wanted: Wanted, by: str) -> str:
    """Make it, text the provider where they have a mobile, and tell the patient; the referral's id.

    The same `wanted.id` again (a double click) changes nothing.

    Raises:
        BadInput: something in the form, an objection to sharing, or the listing cannot be chosen (any more).
        Conflict: the person has an open referral to this service.
    """
    check(wanted)
    patient = patients.load(connection, patient_id)
    if connection.dialect.name != "sqlite":  # two forms for one person wait for one another
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": f"refer {patient_id}"})
    before = connection.execute(sa.select(referrals).where(referrals.c.id == wanted.id)).first()
    if before is not None:
        if before.patient_id != patient_id or before.listing_id != wanted.listing_id:
            raise Conflict("This form was used already. Open a new one.")
        return str(before.id)
    if blocks_sharing(connection, patient_id):
        raise BadInput("They object to sharing what we hold. Ask them, and take the objection back first if they agree.", field="consent")
    listing = eligible(connection, house, wanted.listing_id)
    same = sa.and_(
        referrals.c.patient_id == patient_id, referrals.c.listing_id == listing.id, referrals.c.status.in_(OPEN)
    )
    if connection.execute(sa.select(referrals.c.id).where(same).limit(1)).first() is not None:
        raise Conflict(f"They have an open referral to {listing.name} already. Look for it under Referrals.")
    practice, now = house.programme.practice(patient.practice), clock.now()
    connection.execute(
        referrals.insert().values(
            id=str(uuid.UUID(wanted.id)), patient_id=patient_id, conversation_id=conversation_id, practice=patient.practice,
            listing_id=listing.id, service=listing.name[:200], provider=(listing.provider or "")[:200] or None,
            provider_contact=(wanted.provider_contact or "")[:200] or None, need=wanted.need, note=wanted.note,
            consent_at=now, consent_how=wanted.consent_how, free_sessions=free_sessions(listing, practice.session_limit),
            made_by=by, made_at=now, status="sent", answer_by=working_days.after(now, practice.provider_silence_days),
            sessions_attended=0, link_version=1, first_name=wanted.first_name, reach_how=wanted.reach_how,
            reach_number=wanted.reach_number,
        )
    )  # fmt: skip
    referral = load(connection, wanted.id)
    step(connection, referral, "made", by, "made", consent=wanted.consent_how)
    count_event(connection, "referral_made", referral, need=wanted.need)
    send_text(connection, house, referral)
    tell_patient(connection, house, referral, referral_words.asked_for(referral.service), f"made:{referral.id}")
    return str(referral.id)


def send_text(connection: Connection, house: House, referral: Row, chasing: bool = False) -> bool:
    """The letter as a text to a provider's mobile, once for each link and kind; False where there is no mobile."""
    number = mobile_of(referral.provider_contact)
    if number is None:
        return False
    kind = "chased" if chasing else "sent"
    if step(connection, referral, kind, None, f"text:{kind}:{referral.link_version}"):
        queue_text(
            connection, conversation_id=None, to=number, reply=False,
            body=text_to_provider(house, referral, link_for(house, referral), chasing),
            idempotency_key=f"referral:{referral.id}:{kind}:{referral.link_version}",
            hours=house.programme.practice(referral.practice).texts_allowed,
        )  # fmt: skip
    return True


def withdraw(connection: Connection, house: House, referral: Row, by: str) -> None:
    """Take it back before the provider has answered: their link stops working, and the patient is told.

    Raises:
        Conflict: the provider has answered meanwhile.
    """
    values = {"ended": "cancelled", "closed_at": clock.now(), "link_version": referral.link_version + 1}
    if not change(connection, referral, ("sent",), status="closed", **values):
        raise Conflict("The provider has answered, or it is closed already. Load the page again, then close it with a reason.")
    step(connection, referral, "withdrawn", by)
    referrer_news.record(connection, house, referral, "closed")
    key = f"back:{referral.id}:{referral.link_version}"
    tell_patient(connection, house, referral, referral_words.taken_back(referral.service), key)


def close(connection: Connection, house: House, referral: Row, ended: str, reason: str | None, by: str | None) -> None:
    """End a referral that was accepted. Stopping needs a reason of the taxonomy ('prefer_not_to_say' is one).

    Raises:
        BadInput: no such ending or reason. Conflict: it is not open.
    """
    if ended not in ENDED:
        raise BadInput("Choose how it ended.", field="ended")
    if ended == "disengaged" and reason not in STOPPED:
        raise BadInput("Choose a reason. 'They would rather not say' is one.", field="reason")
    values = {"status": "closed", "ended": ended, "closed_at": clock.now()}
    if not change(connection, referral, ("accepted", "attending"), stop_reason=reason if ended == "disengaged" else None, **values):
        raise Conflict("It is not open any more, or the provider has not answered yet. Load the page again.")
    step(connection, referral, "closed", by, ended=ended, **({"reason": reason} if ended == "disengaged" else {}))
    name = referral.first_name or "The patient"
    if ended != "cancelled":
        data = {"reason": reason} if ended == "disengaged" else {}
        count_event(connection, ended, referral, sessions=referral.sessions_attended, **data)
        add_task(connection, referral, f"Closing questions with {name}: {referral.service} has ended.", CLOSING)
    referrer_news.record(connection, house, referral, "closed")


def can_reopen(referral: Row) -> bool:
    """Whether its end can be taken back: within a week. A provider's no stands."""
    return referral.status == "closed" and referral.closed_at is not None and clock.now() - referral.closed_at < UNDO_FOR


def reopen(connection: Connection, house: House, referral: Row, by: str | None) -> None:
    """Take an end back. What was taken back from the provider goes to them anew, by a new link.

    Raises:
        Conflict: it is open, or was closed more than a week ago.
    """
    if not can_reopen(referral):
        raise Conflict("This cannot be opened again. Make a new referral.")
    status = "attending" if referral.sessions_attended else "accepted" if referral.answered_at else "sent"
    values: dict[str, Any] = {"status": status, "ended": None, "stop_reason": None, "closed_at": None}
    if status == "sent":
        days = house.programme.practice(referral.practice).provider_silence_days
        values["answer_by"] = working_days.after(clock.now(), days)
    if not change(connection, referral, ("closed",), **values):
        raise Conflict("Somebody was quicker. Load the page again.")
    step(connection, referral, "reopened", by)
    referrer_news.take_back(connection, referral, "closed")
    _uncount(connection, referral, ("disengaged", "completed"))
    if status == "sent":
        send_text(connection, house, load(connection, referral.id))


def set_reason(connection: Connection, referral: Row, reason: str, by: str) -> None:
    """The reason for a stop, told afterwards; the count of the stop learns it too. Raises BadInput for none of the taxonomy."""
    if reason not in STOPPED:
        raise BadInput("Choose a reason from the list.", field="reason")
    if not change(connection, referral, ("closed",), stop_reason=reason):
        return
    step(connection, referral, "reason", by, reason=reason)
    for row in _counted(connection, referral, ("disengaged",))[-1:]:
        connection.execute(events.update().where(events.c.id == row.id).values(data={**row.data, "reason": reason}))


def _counted(connection: Connection, referral: Row, kinds: tuple[str, ...]) -> list[Row]:
    here = sa.and_(events.c.practice == referral.practice, events.c.kind.in_(kinds), events.c.at >= referral.made_at)
    rows = connection.execute(sa.select(events).where(here).order_by(events.c.id)).all()
    return [row for row in rows if (row.data or {}).get("referral") == referral.id]


def _uncount(connection: Connection, referral: Row, kinds: tuple[str, ...]) -> None:
    for row in _counted(connection, referral, kinds)[-1:]:
        connection.execute(events.delete().where(events.c.id == row.id))


__all__ = ["ENDED", "OPEN", "Wanted", "check", "close", "eligible", "load", "make", "reopen", "set_reason", "steps_of", "withdraw"]
