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
    sa.Column("email", sa.String(254), unique=True),  # what an OpenID Connect issuer may know the person by
    sa.Column("oidc_subject", sa.String(400), unique=True),  # issuer and subject, bound at the first sign-in that way
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
    sa.Column("confirmed_at", UtcDateTime),  # password and code were last given; what is delicate asks again after a while
    sa.Column("via", sa.String(8)),  # oidc; empty: password and code
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

# In place of the one-time code when the phone is lost. The selector finds the one hash to compare; it is no secret.
staff_recovery_codes = sa.Table(
    "staff_recovery_codes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("staff_id", sa.String(36), nullable=False, index=True),
    sa.Column("selector", sa.String(4), nullable=False),
    sa.Column("code_hash", sa.String(200), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("used_at", UtcDateTime),
)

# A sign-in on its way to an OpenID Connect issuer and back: each comes back once, to the browser it left from.
oidc_tries = sa.Table(
    "oidc_tries",
    metadata,
    sa.Column("state_hash", sa.String(64), primary_key=True),
    sa.Column("nonce", sa.String(64), nullable=False),
    sa.Column("verifier", sa.String(128), nullable=False),
    sa.Column("session", sa.String(64)),  # of a confirmation: the hash of the sign-in it is for
    sa.Column("back", sa.String(500), nullable=False),
    sa.Column("begun_at", UtcDateTime, nullable=False),
)

# A practice's ready-made answers: put into the box for a reply, changed there as the navigator likes, then sent.
canned_replies = sa.Table(
    "canned_replies",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("title", sa.String(60), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("staff_id", sa.String(36), nullable=False),  # who wrote or last changed it
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("practice", "title"),
)

# How far each person of the team has read in each conversation.
read_marks = sa.Table(
    "read_marks",
    metadata,
    sa.Column("staff_id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.String(36), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Index("ix_read_marks_conversation_id", "conversation_id"),
)

# That somebody is writing just now, never what: over when `until` has passed.
typing = sa.Table(
    "typing",
    metadata,
    sa.Column("conversation_id", sa.String(36), primary_key=True),
    sa.Column("side", sa.String(8), primary_key=True),  # patient, staff
    sa.Column("until", UtcDateTime, nullable=False),
)
