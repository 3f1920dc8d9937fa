"""Tables of the conversation side: what was said, what is promised, what goes out. Staff tables: staff_tables.py."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData()


class UtcDateTime(TypeDecorator):
    """An instant: aware in Python, naive UTC in the database, so SQLite and PostgreSQL agree."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive times: which zone they meant cannot be known later."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone reached the database")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the zone back."""
        return value.replace(tzinfo=timezone.utc) if value is not None else None


conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("token_hash", sa.String(64)),
    sa.Column("channel", sa.String(8), nullable=False),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("state", sa.String(8), nullable=False, index=True),  # bot, waiting, live, closed
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False, default=0),
    sa.Column("phone", sa.String(20), index=True),  # E.164, of a conversation by text
    sa.Column("person_name", sa.String(120)),
    sa.Column("contact_number", sa.String(20), index=True),
    sa.Column("safe_to_text", sa.Boolean),
    sa.Column("safe_to_leave_message", sa.Boolean),
    sa.Column("staff_id", sa.String(36)),  # the navigator who has it, when live
    sa.Column("waiting_since", UtcDateTime),
    sa.Column("claimed_at", UtcDateTime),
    sa.Column("patient_id", sa.String(36), index=True),  # of pathway_tables; empty until there is something to look after
    sa.Column("safe_to_ring", sa.Boolean),  # said by giving a number to ring; empty: not asked
    sa.Column("safety", sa.JSON, nullable=False, default=dict),  # assistant.safety.mode's small state
    sa.Column("picture", sa.JSON, nullable=False, default=dict),  # needs, wishes, check-in: what the desk shows
)

messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(36), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("sender", sa.String(10), nullable=False),  # patient, bot, navigator, system
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("payload", sa.Text),  # what a chosen choice stands for; Rasa reads this instead of the text
    sa.Column("choices", sa.JSON),
    sa.Column("services", sa.JSON),
    sa.Column("extra", sa.JSON),  # topic, risks, contacts, understood, navigator's name
    sa.Column("client_message_id", sa.String(64)),
    sa.Column("provider_id", sa.String(80)),
    sa.Column("answered_at", UtcDateTime),  # of a patient's message: the turn that answered it committed
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("conversation_id", "client_message_id"),
    sa.UniqueConstraint("provider_id"),
)
sa.Index("ix_messages_unanswered", messages.c.sender, messages.c.answered_at)

tracker_events = sa.Table(
    "tracker_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sender_id", sa.String(36), nullable=False, index=True),
    sa.Column("data", sa.Text, nullable=False),
)

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("idempotency_key", sa.String(120), nullable=False, unique=True),
    sa.Column("conversation_id", sa.String(36), index=True),
    sa.Column("to", sa.String(20), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("segments", sa.Integer, nullable=False),
    sa.Column("reply", sa.Boolean, nullable=False),  # an answer goes at any hour; what we start keeps quiet hours
    sa.Column("status", sa.String(12), nullable=False, index=True),  # queued, sent, delivered, failed, stopped
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, nullable=False, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("provider_id", sa.String(80), index=True),
    sa.Column("last_error", sa.String(200)),
    sa.Column("message_seq", sa.Integer),  # the message of the conversation it carries, for the delivery shown beside it
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("conversation_id", sa.String(36), index=True),
    sa.Column("practice", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False, index=True),  # an id of taxonomy.yml's `events`
    sa.Column("data", sa.JSON, nullable=False, default=dict),
)

declines = sa.Table(
    "declines",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(36), nullable=False, index=True),
    sa.Column("practice", sa.String(64), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("stage", sa.String(32), nullable=False),
    sa.Column("reason", sa.String(32)),  # decline or disengage reason; empty until, or unless, told
    sa.Column("age_band", sa.String(16)),
    sa.Column("sex", sa.String(24)),
    sa.Column("ethnicity", sa.String(40)),
    sa.Column("outcode", sa.String(4)),
)

callbacks = sa.Table(
    "callbacks",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.String(36), nullable=False, index=True),
    sa.Column("practice", sa.String(64), nullable=False),
    sa.Column("navigator", sa.String(120), nullable=False),
    sa.Column("starts_at", UtcDateTime, nullable=False, index=True),
    sa.Column("purpose", sa.String(200), nullable=False),
    sa.Column("status", sa.String(10), nullable=False),  # booked, moved, cancelled, done, missed
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime),
    sa.Column("kind", sa.String(10), nullable=False, server_default="call"),  # call, meeting
    sa.Column("place", sa.String(120)),  # of a meeting
    sa.Column("patient_id", sa.String(36), index=True),
)
# One call at a time per navigator: a second booking of the same slot fails in the database itself.
sa.Index(
    "ux_callbacks_slot",
    callbacks.c.navigator,
    callbacks.c.starts_at,
    unique=True,
    sqlite_where=callbacks.c.status == "booked",
    postgresql_where=callbacks.c.status == "booked",
)

risk_flags = sa.Table(
    "risk_flags",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(36), nullable=False, index=True),
    sa.Column("practice", sa.String(64), nullable=False),
    sa.Column("message_seq", sa.Integer, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("risks", sa.JSON, nullable=False),
    sa.Column("acknowledged_by", sa.String(36)),
    sa.Column("acknowledged_at", UtcDateTime),
    sa.Column("duty_at", UtcDateTime),  # the duty number was told at once: it came out of hours
    sa.Column("alerted_at", UtcDateTime),  # nobody acknowledged it in time, and everybody was alerted again
)

saved_services = sa.Table(
    "saved_services",
    metadata,
    sa.Column("conversation_id", sa.String(36), primary_key=True),
    sa.Column("listing_id", sa.String(80), primary_key=True),
    sa.Column("at", UtcDateTime, nullable=False),
)

tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(36), index=True),
    sa.Column("practice", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),  # no_contact, feedback, appointment, message, call, unmet_need, erase
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("done_at", UtcDateTime),
    sa.Column("done_by", sa.String(36)),
    sa.Column("patient_id", sa.String(36), index=True),
    sa.Column("due_at", UtcDateTime),
    sa.Column("owner_id", sa.String(36)),  # of staff; empty: whoever comes first
)

wellbeing = sa.Table(
    "wellbeing",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(36), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("stage", sa.String(8), nullable=False),  # start, end
    sa.Column("answers", sa.JSON, nullable=False),  # ONS4 0-10, loneliness words; no total is ever made
    sa.Column("patient_id", sa.String(36), index=True),
)

opt_outs = sa.Table(  # append-only: the newest row for a number holds; deleting a chat does not clear it
    "opt_outs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("phone", sa.String(20), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("stopped", sa.Boolean, nullable=False),
)

# A way from texts back to the web chat: in a text, good once and for a short while. Only the link's hash is kept.
chat_links = sa.Table(
    "chat_links",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("conversation_id", sa.String(36), nullable=False, index=True),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
)
