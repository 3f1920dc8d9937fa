"""A text comes in, by any gateway: stored once, STOP, START and HELP answered, the rest left to a turn."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from assistant.channels import outbox_rows
from assistant.channels.outbox import queue_reply, queue_text
from assistant.channels.sms import opt_outs
from assistant.channels.sms.numbers import mobile
from assistant.channels.sms.service_words import NO_WORDS, SAID, Word, service_word
from assistant.channels.sms.whose import conversation_of
from assistant.clock import clock
from assistant.conversations import messages as said
from assistant.conversations import records
from assistant.conversations.welcome import welcome
from assistant.errors import NotFound, TooMany
from assistant.logs import log
from assistant.store.database import transaction
from assistant.store.tables import messages as messages_table

if TYPE_CHECKING:
    from assistant.house import House

LONGEST = 2000
EMPTY = "(a text without words)"  # what stands in the record for a picture or nothing
PROVIDER_ID = 80  # characters of messages.provider_id
_turns: set[asyncio.Task[None]] = set()  # a task nobody holds may be collected half-way


@dataclass(frozen=True)
class Stored:
    """What came of a text: its conversation, and whether a turn has to answer it."""

    conversation_id: str
    to_answer: bool


async def receive(
    house: House,
    *,
    provider: str,
    provider_id: str,
    sender: str,
    text: str,
    sent_at: datetime | None,
    media: int = 0,
    carrier_word: Word | None = None,
) -> None:
    """Store a text durably, then have it answered in the background: a gateway waits only for the commit.

    A second delivery of the same `provider_id` does nothing twice. Texts are ordered by arrival; `sent_at` is
    kept beside them. `media` counts pictures; `carrier_word` is set when the carrier itself has read a STOP,
    START or HELP.

    Raises:
        BadInput: the sender is no mobile. TooMany: faster than a person texts. Unavailable: nothing was stored.
    """
    phone = mobile(sender, demo=house.settings.demo)
    key = provider_key(provider, provider_id)
    stored = await asyncio.to_thread(
        _store, house, provider, key, phone, clean(text), sent_at, media, carrier_word
    )
    house.notifier.nudge(stored.conversation_id)
    house.wake_outbox()
    if stored.to_answer and house.turns is not None:
        task = asyncio.create_task(house.turns.answer(stored.conversation_id))
        _turns.add(task)
        task.add_done_callback(_ended)


def _ended(task: asyncio.Task[None]) -> None:
    _turns.discard(task)
    if not task.cancelled() and task.exception() is not None:
        log.error("turn of a text failed", error=type(task.exception()).__name__)


def provider_key(provider: str, provider_id: str) -> str:
    """What makes a text unique; an id too long for its column is kept as its digest."""
    key = f"{provider}:{provider_id}"
    return (
        key if len(key) <= PROVIDER_ID else f"{provider}:{hashlib.sha256(provider_id.encode()).hexdigest()}"
    )


def clean(text: str) -> str:
    """Without NUL, which PostgreSQL cannot hold, or half of a surrogate pair, which nothing can encode."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "").strip()


def _store(
    house: House,
    provider: str,
    key: str,
    phone: str,
    text: str,
    sent_at: datetime | None,
    media: int,
    carrier_word: Word | None,
) -> Stored:
    """One transaction: the message, and for STOP, START, HELP and empty texts everything that follows."""
    with transaction(house.engine) as connection:
        _one_at_a_time(connection, phone)
        if before := said.find_provider_message(connection, key):
            # A process may have died between storing it and answering it.
            return Stored(before.conversation_id, before.answered_at is None)
        word = carrier_word or service_word(text)
        silenced = opt_outs.stopped(connection, phone)
        if provider == "twilio" and silenced and text.casefold() == "yes":
            word = "start"  # Twilio lifts its own block on YES
        if word == "start" and not silenced:
            word = None  # 'Text START to ...' on a poster is a way of saying hello
        if word == "help" and silenced:
            word = None  # they are told once how to have our texts again, as for anything else
        row, from_web = _conversation(connection, house, phone, text, greet=word is None)
        if word == "help" and row.state == "live":
            word = None  # said to the person who is there
        if word is None:
            _slow_down(connection, row.id, house.settings.messages_per_minute)
        seq = said.append(
            connection,
            row.id,
            "patient",
            text[:LONGEST] or EMPTY,
            provider_id=key,
            answered=word is not None or not text,
            sent_at=sent_at.isoformat() if sent_at else None,
            media=media,
            cut=len(text) > LONGEST,
            word=word,
            from_web=from_web,
        )
        if word is not None:
            _service(connection, house, row, word, seq, carrier_answers=provider == "twilio")
        elif not text and row.state != "live":
            _say(connection, house, row, NO_WORDS, f"{row.id}:{seq}:empty")
        return Stored(row.id, to_answer=word is None and bool(text))


def _one_at_a_time(connection: Connection, phone: str) -> None:
    """Two first texts of a new number must not begin two conversations. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:phone))"), {"phone": phone})


def _conversation(connection: Connection, house: House, phone: str, text: str, *, greet: bool) -> tuple[Row, bool]:
    """The number's conversation, opened again if closed; a new one says first who and what is writing.

    And whether it was on the web page until now: from here on it is answered by text, until its patient writes there.
    """
    row = conversation_of(connection, phone, text)
    if row is None:
        practice = house.programme.practice().slug
        conversation_id, _ = records.begin(connection, channel="sms", practice=practice, phone=phone)
        row = records.load(connection, conversation_id)
        if greet:
            seq = welcome(connection, house, conversation_id, "sms", practice, asks=False)
            first = said.since(connection, conversation_id, after=seq - 1)
            queue_reply(connection, row, [said.as_message(message) for message in first])
        return row, False
    if row.state == "closed":
        records.change_state(
            connection, row.id, "closed", "bot", staff_id=None, claimed_at=None, waiting_since=None
        )
        row = records.load(connection, row.id)
    from_web = row.channel != "sms"
    if from_web:
        records.update(connection, row.id, channel="sms", phone=phone)
        row = records.load(connection, row.id)
    return row, from_web


def _slow_down(connection: Connection, conversation_id: str, per_minute: int) -> None:
    """Two machines answering one another would go on for ever, at the practice's cost."""
    recent = sa.select(sa.func.count()).where(
        messages_table.c.conversation_id == conversation_id,
        messages_table.c.sender == "patient",
        messages_table.c.at > clock.now() - timedelta(minutes=1),
    )
    if connection.execute(recent).scalar_one() >= per_minute:
        raise TooMany(
            "This number sends texts faster than a person can. Send this one again in a minute.", field="from"
        )


def _service(
    connection: Connection, house: House, row: Row, word: Word, seq: int, *, carrier_answers: bool
) -> None:
    """STOP, START or HELP. Where the carrier sends its own answer, ours would be a second one."""
    if word == "stop":
        if not outbox_rows.note_stopped(connection, row.phone, row.id):
            return  # said once already; another text would be one they asked not to get
        key = f"{outbox_rows.STOP_KEY}{row.id}:{seq}"
    else:
        if word == "start":
            opt_outs.record(connection, row.phone, stop=False)
        key = f"{row.id}:{seq}:{word}"
    if not carrier_answers:
        _say(connection, house, row, SAID[word], key)


def _say(connection: Connection, house: House, row: Row, words: str, key: str) -> None:
    """A fixed text: in the record, and on its way. What was offered before can still be answered by its number."""
    try:
        practice = house.programme.practice(row.practice)
    except NotFound:  # the practice has left the programme; the person has not
        practice = house.programme.practice()
    text = practice.fill(words)
    offered = said.last_offered(connection, row.id)
    seq = said.append(connection, row.id, "system", text, choices=offered)
    queue_text(
        connection, conversation_id=row.id, to=row.phone, body=text, idempotency_key=key, reply=True, seq=seq
    )
