"""Places given to somebody without a referral: counted by practice, printed or texted, and no word of whose they were.

23 of 24 clinicians do this and no statistic counts it (Moore 2022): so it takes two clicks, and is counted apart.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels.outbox import queue_text
from assistant.channels.sms.opt_outs import stopped
from assistant.clock import LONDON, clock
from assistant.conversations.events import record_event
from assistant.errors import BadInput, Conflict, NotFound, TooMany
from assistant.pathway import caseload_words as words
from assistant.pathway.numbers import is_mobile, usable_number
from assistant.store.pathway_tables import signposts
from assistant.store.tables import events

if TYPE_CHECKING:
    from assistant.house import House

MOST_LISTINGS = 5  # a short list: more is a directory again
MOST_TEXTS = 60  # by one person in an hour; a clinic hands out fewer, a stolen sign-in no more
MONTHS = 12


def services(house: House, listing_ids: list[str]) -> list[dict[str, Any]]:
    """The listings as a patient may see them, in the order given, each once.

    Raises:
        BadInput: none, or too many.
        Conflict: one is no longer open, accredited and in date.
    """
    ids = list(dict.fromkeys(listing_ids))
    if not ids:
        raise BadInput("Tick at least one place first.", field="listing")
    if len(ids) > MOST_LISTINGS:
        raise BadInput(f"Tick {MOST_LISTINGS} places at most. A short list gets used.", field="listing")
    found = [house.directory.get(i, viewer="patient") if house.directory else None for i in ids]
    if not all(found):
        raise Conflict("One of these can no longer be given to patients. Search again.")
    return [match.as_service() for match in found if match]


def number_for(connection: Connection, text: str, *, sure: bool, demo: bool) -> str:
    """The mobile a list may be texted to.

    Raises:
        BadInput: nobody said that it is the patient's own and safe, or it is no mobile.
        Conflict: the number told us STOP.
    """
    if not sure:
        raise BadInput("Ask first: is it their own phone, and safe to text? Then tick the box.", field="safe")
    number = usable_number(text, demo) if len(text) <= 32 else None
    if number is None:
        raise BadInput("This is not a UK phone number. Check the figures.", field="number")
    if not is_mobile(number):
        raise BadInput("This is a landline: a text may be read aloud to whoever answers. Print the list instead.", field="number")
    if stopped(connection, number):
        raise Conflict("This number asked us for no more texts (STOP). Print the list instead.")
    return number


def hand_out(
    connection: Connection, practice: Any, staff_id: str, given: list[dict[str, Any]], once: str, number: str | None = None
) -> int:
    """Count it, and put the text in the outbox when there is a number; the signpost's number. The same `once` counts once.

    Raises:
        TooMany: far more texts than a clinic hands out.
    """
    pressed = sa.select(signposts.c.id).where(signposts.c.once == once, signposts.c.staff_id == staff_id)
    before = connection.execute(pressed).scalar() if once else None
    if before is not None:
        return int(before)
    if number is not None:
        _not_too_many(connection, staff_id)
    listings, needs = [service["id"] for service in given], sorted({need for service in given for need in service["needs"]})
    how, now = ("text" if number else "print"), clock.now()
    row = dict(practice=practice.slug, staff_id=staff_id, at=now, how=how, listings=listings, needs=needs, once=once or None)
    with connection.begin_nested() as savepoint:
        try:
            signpost = int(connection.execute(signposts.insert().values(**row)).inserted_primary_key[0])
        except sa.exc.IntegrityError:  # the same press, quicker in another process
            savepoint.rollback()
            return int(connection.execute(pressed).scalar_one())
    record_event(connection, "signposted", None, practice.slug, signpost=signpost, listings=listings, how=how, staff=staff_id)
    if number:
        # The patient stands there and waits for it, so it goes at any hour. No row ties the number to the list but the outbox's own.
        body = words.handed_out(practice.name, practice.phone, given)
        queue_text(connection, conversation_id=None, to=number, body=body, idempotency_key=f"signpost:{signpost}", reply=True)
    return signpost


def _not_too_many(connection: Connection, staff_id: str) -> None:
    lately = sa.select(sa.func.count()).select_from(signposts).where(
        signposts.c.staff_id == staff_id, signposts.c.how == "text", signposts.c.at > clock.now() - timedelta(hours=1)
    )  # fmt: skip
    if connection.execute(lately).scalar_one() >= MOST_TEXTS:
        raise TooMany(f"That is {MOST_TEXTS} texts in an hour. Print the list, or wait a little.")


def month_of(day: datetime) -> tuple[datetime, datetime]:
    """The calendar month in England that holds this moment: its start, and the next one's."""
    first = day.astimezone(LONDON).date().replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return datetime.combine(first, time(), tzinfo=LONDON), datetime.combine(following, time(), tzinfo=LONDON)


def this_month(connection: Connection, sees: Any) -> list[Row]:
    """What was handed out this month in the practices that `sees` keeps to, the newest first."""
    start, end = month_of(clock.now())
    query = sa.select(signposts).where(sees, signposts.c.at >= start, signposts.c.at < end)
    return connection.execute(query.order_by(signposts.c.id.desc())).all()


def load(connection: Connection, sees: Any, signpost_id: int) -> Row:
    """One. Raises NotFound for none, one taken back, or another practice's."""
    row = connection.execute(sa.select(signposts).where(signposts.c.id == signpost_id, sees)).first()
    if row is None:
        raise NotFound("This is no longer counted. It may have been taken back.")
    return row


def take_back(connection: Connection, row: Row) -> None:
    """A miscount: neither the list nor the reports know it any more. A text that has gone stays gone."""
    connection.execute(signposts.delete().where(signposts.c.id == row.id))
    counted = sa.select(events.c.id, events.c.data).where(
        events.c.kind == "signposted", events.c.practice == row.practice, events.c.conversation_id.is_(None),
        events.c.at >= row.at - timedelta(minutes=1), events.c.at <= row.at + timedelta(minutes=1),
    )  # fmt: skip
    ids = [event.id for event in connection.execute(counted) if (event.data or {}).get("signpost") == row.id]
    connection.execute(events.delete().where(events.c.id.in_(ids)))
