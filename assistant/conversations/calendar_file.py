"""A call or meeting as a calendar file (RFC 5545), and the signed address it is fetched at.

The file says who, when and where, and nothing of why: a calendar is often shared with a partner or an employer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from icalendar import Calendar, Event
from sqlalchemy.engine import Connection, Row

from assistant.clock import clock
from assistant.conversations.diary import MEETING, minutes_of
from assistant.errors import NotFound
from assistant.store.tables import callbacks

if TYPE_CHECKING:
    from assistant.programme import Practice

GOOD_FOR = timedelta(days=1)  # after it began; then the link has had its use
CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_file(call: Row, practice: Practice) -> bytes:
    """The file of one call. A moved one has the id of the one before, so that calendars move it too."""
    first_name, minutes = call.navigator.split()[0], minutes_of(call.kind, practice)
    event = Event()
    event.add("uid", f"{hashlib.sha256(call.conversation_id.encode()).hexdigest()[:32]}@linkway")
    event.add("sequence", int(call.created_at.timestamp()) // 60)
    event.add("dtstamp", call.created_at)
    event.add("dtstart", call.starts_at)
    event.add("dtend", call.starts_at + timedelta(minutes=minutes))
    if call.kind == MEETING:
        event.add("summary", f"Meet {first_name} at {practice.name}")
        event.add("location", ", ".join(filter(None, (call.place, practice.name, practice.address))))
    else:
        event.add("summary", f"{first_name} from {practice.name} rings")
        event.add("location", "By phone")
    event.add("description", f"With {call.navigator}. To change or cancel, ring {practice.phone} or write in the chat.")
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//Linkway//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _signature(call_id: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), b"linkway.calendar." + call_id.encode(), hashlib.sha256).digest()[:16]


def _short(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def address(base_url: str, call_id: str, secret: str) -> str:
    """Where a call's file is fetched without an account: whoever holds the address holds the file, and nothing else."""
    return f"{base_url}/calendar/{_short(uuid.UUID(call_id).bytes)}.{_short(_signature(call_id, secret))}.ics"


def call_at(connection: Connection, key: str, secret: str) -> Row:
    """The call whose address ends in `key`.

    Raises:
        NotFound: not our signature, moved, cancelled or long over. The four cannot be told apart.
    """
    gone = NotFound("This calendar link does not work any more. The time may have changed. Please ask the surgery.")
    ident, _, signature = key.partition(".")
    try:
        call_id = str(uuid.UUID(bytes=base64.urlsafe_b64decode(ident + "==")))
        given = base64.urlsafe_b64decode(signature + "==")
    except (binascii.Error, ValueError):
        raise gone from None
    if not hmac.compare_digest(given, _signature(call_id, secret)):
        raise gone
    query = sa.select(callbacks).where(callbacks.c.id == call_id, callbacks.c.status == "booked")
    row = connection.execute(query.where(callbacks.c.starts_at >= clock.now() - GOOD_FOR)).first()
    if row is None:
        raise gone
    return row
