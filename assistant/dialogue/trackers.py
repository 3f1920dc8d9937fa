"""Rasa's tracker store, inside our transaction: a turn's events are saved with its replies, or not at all.

Rasa's SQL store commits by itself and its fail-safe wrapper replies even when the save failed (facts/rasa.md, 1d).
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterable
from contextvars import ContextVar

import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from assistant.store.tables import tracker_events

# The turn's open transaction. Set by the agent around each message; there is no saving outside one.
current_connection: ContextVar[Connection] = ContextVar("current_connection")
_OF_SENDER = tracker_events.c.sender_id == sa.bindparam("sender")
_HOW_MANY = sa.select(sa.func.count()).select_from(tracker_events).where(_OF_SENDER)
_LAST_SESSION = sa.select(sa.func.max(tracker_events.c.id)).where(
    _OF_SENDER, tracker_events.c.data.like('%"event": "session_started"%')
)
_EVENTS = (
    sa.select(tracker_events.c.data)
    .where(_OF_SENDER, tracker_events.c.id >= sa.bindparam("first"))
    .order_by(tracker_events.c.id)
)
_INSERT = tracker_events.insert()
KEPT_IN_MEMORY = 500  # conversations whose tracker is kept, so that a turn does not replay the whole history


class TransactionTrackerStore(TrackerStore):
    """Reads and writes `tracker_events` through the turn's own connection."""

    def __init__(self, domain: Domain) -> None:
        """Keep an empty memory; the domain comes with the model."""
        super().__init__(domain)
        # The tracker, how many events the database holds, and how many of those lie before its session.
        self._known: OrderedDict[str, tuple[DialogueStateTracker, int, int]] = OrderedDict()
        # The transaction in which a tracker was last read or saved: it holds the lock, so nobody else can have added to it.
        self._sure: tuple[Connection, str] | None = None

    def counted(self, connection: Connection, sender_id: str, stored: int) -> None:
        """The turn has read how many events the database holds; where memory holds as many, it is not asked again."""
        if (known := self._known.get(sender_id)) and known[1] == stored:
            self._sure = (connection, sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker, from memory when the database holds just as many events."""
        connection, known = current_connection.get(), self._known.get(sender_id)
        if known and self._sure and self._sure[0] is connection and self._sure[1] == sender_id:
            return known[0]
        stored = connection.execute(_HOW_MANY, {"sender": sender_id}).scalar_one()
        if not stored:
            self._known.pop(sender_id, None)
            return None
        if known and known[1] == stored:
            self._sure = (connection, sender_id)
            return known[0]
        # From the newest session on, which begins with the slots carried over: a year of texts is not replayed.
        first = connection.execute(_LAST_SESSION, {"sender": sender_id}).scalar() or 0
        rows = connection.execute(_EVENTS, {"sender": sender_id, "first": first}).scalars()
        events = [event for event in (Event.from_parameters(json.loads(row)) for row in rows) if event]
        tracker = DialogueStateTracker.from_events(sender_id, evts=events, slots=self.domain.slots)
        self._remember(tracker, stored, stored - len(tracker.events))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the events that are not stored yet, in the turn's transaction."""
        connection = current_connection.get()
        known = self._known.get(tracker.sender_id)
        stored, before = known[1:] if known else (0, 0)
        new = list(tracker.events)[stored - before :]
        if new:
            connection.execute(
                _INSERT,
                [{"sender_id": tracker.sender_id, "data": json.dumps(event.as_dict())} for event in new],
            )
        self._remember(tracker, stored + len(new), before)

    def _remember(self, tracker: DialogueStateTracker, stored: int, before: int) -> None:
        self._known[tracker.sender_id] = (tracker, stored, before)
        self._sure = (current_connection.get(), tracker.sender_id)
        self._known.move_to_end(tracker.sender_id)
        if len(self._known) > KEPT_IN_MEMORY:
            self._known.popitem(last=False)

    def forget(self, sender_id: str) -> None:
        """Drop the tracker from memory: its turn was rolled back, or the conversation was erased."""
        self._known.pop(sender_id, None)

    async def keys(self) -> Iterable[str]:
        """All conversations with a tracker."""
        query = sa.select(tracker_events.c.sender_id).distinct()
        return list(current_connection.get().execute(query).scalars())
