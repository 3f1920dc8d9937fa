"""Tables of the staff side: accounts, sign-ins, presence, private notes, editors' work, and the audit of every read and write."""

from __future__ import annotations

import sqlalchemy as sa

from assistant.store.tables import UtcDateTime, metadata

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("username", sa.String(80), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),  # receptionist, navigator, manager, editor
    sa.Column("practice", sa.String(64)),  # empty: every practice
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("totp_secret", sa.String(64), nullable=False),
    sa.Column("totp_last_step", sa.Integer, nullable=False, default=0),  # a code works once
    sa.Column("failed_sign_ins", sa.Integer, nullable=False, default=0),
    sa.Column("locked_until", UtcDateTime),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("disabled_at", UtcDateTime),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("staff_id", sa.String(36), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("last_seen_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
)

presence = sa.Table(
    "presence",
    metadata,
    sa.Column("staff_id", sa.String(36), primary_key=True),
    sa.Column("practice", sa.String(64)),
    sa.Column("seen_at", UtcDateTime, nullable=False),  # the console's heartbeat; older than 60 s is away
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("conversation_id", sa.String(36), nullable=False, index=True),
    sa.Column("staff_id", sa.String(36), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("staff_id", sa.String(36)),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(80)),
    sa.Column("previous", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)

# What editors made of messages the helper did not read well. `text` and `asked` are masked and go with the conversation
# when it is erased; `marks` are hashes of the messages it settles, so that they are not listed again.
editor_examples = sa.Table(
    "editor_examples",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("conversation_id", sa.String(36), index=True),
    sa.Column("staff_id", sa.String(36), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("label", sa.String(80), nullable=False),  # faq/cost, describe_need/money, talk_to_human
    sa.Column("marks", sa.JSON, nullable=False, default=list),
)

editor_answers = sa.Table(
    "editor_answers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("conversation_id", sa.String(36), index=True),
    sa.Column("staff_id", sa.String(36), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),  # the patient's words
    sa.Column("topic", sa.String(60), nullable=False),
    sa.Column("file", sa.String(60), nullable=False),  # of programme/answers/, without .yml
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("answer", sa.JSON, nullable=False),  # two ways to say it
    sa.Column("sms", sa.Text, nullable=False),
    sa.Column("marks", sa.JSON, nullable=False, default=list),
)

editor_ignored = sa.Table(
    "editor_ignored",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("staff_id", sa.String(36), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("marks", sa.JSON, nullable=False, default=list),
)
