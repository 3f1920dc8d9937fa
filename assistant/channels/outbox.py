"""Texts on their way out: rows of the outbox, sent by one task; a restart loses none and doubles none."""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from assistant.channels import outbox_rows
from assistant.channels.quiet_hours import TEXTS_ALLOWED, Hours, next_start
from assistant.channels.segments import count_segments, plain_sms, split_for_sms
from assistant.channels.sms.gateway import Gateway, GatewayDown, GatewayRefused, NumberStopped
from assistant.channels.sms.notify import billed_segments
from assistant.channels.sms.numbers import mobile
from assistant.channels.sms.opt_outs import stopped
from assistant.clock import clock
from assistant.errors import Unavailable
from assistant.logs import log
from assistant.store.database import reading, transaction
from assistant.store.tables import outbox

if TYPE_CHECKING:
    from assistant.house import House

# Rows are looked for this often, in seconds, when nobody wakes the sender: another process may queue some.
LOOK_EVERY = 2.0
_QUEUED = "texts queued"
WORKERS = 4  # texts to different people go side by side; one person's texts keep their order


def queue_text(
    connection: Connection,
    *,
    conversation_id: str | None,
    to: str,
    body: str,
    idempotency_key: str,
    reply: bool,
    hours: Hours = TEXTS_ALLOWED,
    seq: int | None = None,
) -> None:
    """Put a text in the outbox on the caller's transaction; the same key again does nothing.

    `reply` answers the patient and goes at any hour; what we start waits for `hours` (the practice's
    texts_allowed). To a number that told us STOP the row is kept as 'stopped' and never sent, but for what answers
    the person and must (a key that begins with outbox_rows.STOP_KEY). A body of more than two segments becomes several
    rows, key/1, key/2 ... `seq` is the message of the conversation that is texted: the desk shows its delivery. Call
    `house.wake_outbox()` after the commit.

    Raises:
        BadInput: `to` is not a mobile number. ValueError: nothing to say.
    """
    number = mobile(to, demo=True, field="to")  # drama numbers were refused where the number came in
    parts = split_for_sms(body)
    if not parts:
        raise ValueError("an empty text reached the outbox")
    now = clock.now()
    begun = outbox_rows.after_the_last(connection, conversation_id, number, now)
    refused = stopped(connection, number) and not idempotency_key.startswith(outbox_rows.STOP_KEY)
    for place, part in enumerate(parts):
        _insert(
            connection,
            id=outbox_rows.new_id(),
            idempotency_key=idempotency_key if len(parts) == 1 else f"{idempotency_key}/{place + 1}",
            conversation_id=conversation_id,
            to=number,
            body=part,
            segments=count_segments(part),
            reply=reply,
            status="stopped" if refused else "queued",
            created_at=begun + timedelta(microseconds=place),
            due_at=now if reply else next_start(now, hours),
            attempts=0,
            message_seq=seq,
        )


def queue_reply(
    connection: Connection, conversation: Row, messages: list[dict[str, Any]], key_prefix: str | None = None
) -> None:
    """Queue what was just said in a conversation by text; in any other channel, nothing.

    `messages` are Messages of the HTTP contract with their `seq`. Keys are prefix:seq:part, so a turn that is
    answered again queues nothing twice. `key_prefix` is the conversation's id unless given.
    """
    if conversation.channel != "sms" or not conversation.phone:
        return
    prefix = key_prefix or conversation.id
    for message in messages:
        for part, body in enumerate(plain_sms(message), 1):
            queue_text(
                connection,
                conversation_id=conversation.id,
                to=conversation.phone,
                body=body,
                idempotency_key=f"{prefix}:{message['seq']}:{part}",
                reply=True,
                seq=message["seq"],
            )


def _insert(connection: Connection, **values: Any) -> None:
    """Insert unless the key stands already; two processes may try at once."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(outbox).values(**values).on_conflict_do_nothing(index_elements=["idempotency_key"])
    connection.execute(statement)
    connection.info[_QUEUED] = True


def was_queued(connection: Connection) -> bool:
    """Whether anything was put into the outbox by this connection since it was last asked: only then the sender is woken."""
    return bool(connection.info.pop(_QUEUED, False))


class OutboxSender:
    """Sends what is due. Start `run` as a task, give `wake` to the house, `await stop()` at the end."""

    def __init__(self, house: House, gateway: Gateway | None) -> None:
        """No gateway: rows wait in the outbox until one is set up; nothing is lost."""
        self._house, self._gateway = house, gateway
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._ending = False

    async def run(self) -> None:
        """Until `stop`. Sending happens in threads: a slow gateway never holds up a conversation."""
        self._loop = asyncio.get_running_loop()
        if self._gateway is None:
            log.warning("no sms gateway is set up; texts wait in the outbox")
        try:
            while not self._ending:
                self._woken.clear()
                await self._look()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), LOOK_EVERY)
        finally:
            self._ending = True  # cancelled: a pass under way in its thread ends after the texts in hand

    async def _look(self) -> None:
        if self._gateway is None:
            return
        try:
            await asyncio.to_thread(self.send_due)
        except Exception as error:  # the database may be away for a while; the task must outlive that
            log.error("outbox pass failed", error=type(error).__name__)

    def wake(self) -> None:
        """Rows are waiting; safe from any thread, before `run` and after `stop`."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def stop(self) -> None:
        """End after the texts in hand; what is left goes at the next start."""
        self._ending = True
        self._woken.set()

    def send_due(self, now: datetime | None = None) -> int:
        """Send what is due at `now` (the clock's time), oldest first for each person; how many were accepted."""
        if self._gateway is None:
            return 0
        now, accepted = now or clock.now(), 0
        while not self._ending:
            with reading(self._house.engine) as connection:
                queues = outbox_rows.due(connection, now)
            if not queues:
                break
            with ThreadPoolExecutor(min(WORKERS, len(queues))) as pool:
                results = list(pool.map(lambda queue: self._send_queue(queue, now), queues))
            accepted += sum(results)
            if sum(len(queue) for queue in queues) < outbox_rows.BATCH or not any(results):
                break
        return accepted

    def _send_queue(self, queue: list[outbox_rows.Due], now: datetime) -> int:
        """One person's texts in order. When one cannot go yet, those after it wait for the next look.

        Before a text that is due, an older one that waits for its retry gets a try that does not count: order
        is kept when the gateway is back, and one that keeps failing by itself holds nobody up.
        """
        accepted, early_failed = 0, False
        for due in queue:
            if due.early and early_failed:
                continue
            with transaction(self._house.engine) as connection:
                taken = outbox_rows.take(connection, due, now, self._hours_of)
            if taken == "busy":
                break
            if isinstance(taken, str):
                continue
            if self._send(taken, now):
                accepted += 1
            elif taken.early:
                early_failed = True
            else:
                break
        return accepted

    def _hours_of(self, practice: str | None) -> Hours:
        """When this practice's own texts may start; the usual hours without one."""
        known = self._house.programme.practices.get(practice or "")
        return known.texts_allowed if known else outbox_rows.usual_hours(practice)

    def _send(self, text: outbox_rows.Taken, now: datetime) -> bool:
        """Hand one text over and note what came of it."""
        assert self._gateway is not None
        error: Exception | None = None
        provider_id = ""
        try:
            provider_id = self._gateway.send(text.to, text.body, text.id, text.conversation_id)
        except Exception as caught:  # a fault of ours in a gateway's file must not lose the text either
            error = caught
            if not isinstance(caught, (GatewayDown, GatewayRefused)):
                log.error("gateway raised", error=type(caught).__name__)
        try:
            with transaction(self._house.engine) as connection:
                if error is None:
                    by_notify = self._house.settings.sms_provider == "notify"
                    billed = billed_segments(text.body) if by_notify else None
                    outbox_rows.settle_sent(connection, text, provider_id, now, billed)
                elif isinstance(error, NumberStopped):
                    outbox_rows.settle_stopped(connection, text)
                elif isinstance(error, GatewayRefused):
                    outbox_rows.settle_failed(connection, text, str(error))
                else:
                    outbox_rows.settle_down(connection, text, str(error) or type(error).__name__, now)
        except Unavailable:
            # The row stays 'sending'; when its lease ends it goes again under the same key.
            log.error("outcome of a text could not be noted", conversation=text.conversation_id)
            return False
        if text.conversation_id:
            self._house.notifier.nudge(text.conversation_id)
        return error is None
