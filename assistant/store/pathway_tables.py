"""Tables from the first call to the last session: patients, referrals, sessions, signposts, and who was told what."""

from __future__ import annotations

import sqlalchemy as sa

from assistant.store.tables import UtcDateTime, metadata

# A person the team looks after. Made when there is something to look after (a call, a handover, a referral), never by
# a mere chat; `conversations.patient_id` leads here, so a person who comes back keeps navigator and history.
patients = sa.Table(
    "patients",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("name", sa.String(120)),
    sa.Column("number", sa.String(20), index=True),  # E.164
    sa.Column("safe_to_ring", sa.Boolean),
    sa.Column("safe_to_text", sa.Boolean),
    sa.Column("safe_to_leave_message", sa.Boolean),
    sa.Column("navigator_id", sa.String(36), index=True),  # of staff; who has the case
    sa.Column("source", sa.String(16), nullable=False),  # self, clinician, reception, other
    sa.Column("referred_by", sa.String(120)),  # the name of whoever offered it
    sa.Column("referrer_contact", sa.String(200)),
    sa.Column("reason", sa.Text),  # why the referrer thought of it, in their words
    sa.Column("age_band", sa.String(16)),
    sa.Column("sex", sa.String(24)),
    sa.Column("ethnicity", sa.String(40)),
    sa.Column("outcode", sa.String(4)),
    sa.Column("access", sa.JSON, nullable=False, default=list),
    sa.Column("language", sa.String(40)),
    sa.Column("needs", sa.JSON, nullable=False, default=list),
    sa.Column("status", sa.String(10), nullable=False, index=True),  # open, closed
    sa.Column("ended", sa.String(32)),  # completed, disengaged, declined, moved, other; when closed
    sa.Column("end_reason", sa.String(32)),  # a disengage or decline reason of the taxonomy
    sa.Column("held", sa.Boolean, nullable=False, default=False),  # safeguarding hold: nothing of theirs is deleted
    sa.Column("held_why", sa.String(200)),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime),
    sa.Column("reach", sa.String(200)),  # how and when they are best reached, in plain words
)

referrals = sa.Table(
    "referrals",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("patient_id", sa.String(36), nullable=False, index=True),
    sa.Column("conversation_id", sa.String(36), index=True),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("listing_id", sa.String(100), nullable=False),
    sa.Column("service", sa.String(200), nullable=False),  # its name when referred
    sa.Column("provider", sa.String(200)),
    sa.Column("provider_contact", sa.String(200)),
    sa.Column("need", sa.String(40)),
    sa.Column("note", sa.Text),  # what the provider is told, agreed with the patient
    sa.Column("consent_at", UtcDateTime, nullable=False),
    sa.Column("consent_how", sa.String(16), nullable=False),  # phone, in_person, chat, text
    sa.Column("free_sessions", sa.Integer),
    sa.Column("made_by", sa.String(36), nullable=False),  # of staff
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("status", sa.String(12), nullable=False, index=True),  # sent, accepted, declined, attending, closed
    sa.Column("answer_by", UtcDateTime, nullable=False),  # silence after this moment is acted on
    sa.Column("answered_at", UtcDateTime),
    sa.Column("decline_reason", sa.String(200)),
    sa.Column("first_session_at", UtcDateTime),  # proposed or agreed
    sa.Column("who_meets", sa.String(120)),
    sa.Column("sessions_attended", sa.Integer, nullable=False, default=0),
    sa.Column("ended", sa.String(16)),  # completed, disengaged, cancelled
    sa.Column("stop_reason", sa.String(32)),  # a disengage reason of the taxonomy
    sa.Column("closed_at", UtcDateTime),
    sa.Column("link_version", sa.Integer, nullable=False, default=1),  # raised to make older links stop working
)

# Everything that happened to a referral, in order: made, sent, chased, told_silence, accepted, declined, proposed, asked,
# attended, missed, what_next, closed. `mark` makes each timed step happen once, however often a pass looks.
referral_steps = sa.Table(
    "referral_steps",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("referral_id", sa.String(36), nullable=False, index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("by", sa.String(36)),  # a staff id, 'provider', 'patient'; empty: the clock
    sa.Column("mark", sa.String(60)),
    sa.Column("data", sa.JSON, nullable=False, default=dict),
    sa.UniqueConstraint("referral_id", "mark"),
)

# What the referrer was told of their patient, once at each turn of the way; `why_not` where nobody could be told.
referrer_news = sa.Table(
    "referrer_news",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("patient_id", sa.String(36), nullable=False, index=True),
    sa.Column("referral_id", sa.String(36), index=True),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("turn", sa.String(12), nullable=False),  # accepted, declined, attended, closed
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("sent_by", sa.String(36)),
    sa.Column("why_not", sa.String(200)),
    sa.UniqueConstraint("referral_id", "turn"),
)

# Details given without a referral: 23 of 24 clinicians do it and no statistic counts it (Moore 2022). No patient named.
signposts = sa.Table(
    "signposts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("practice", sa.String(64), nullable=False, index=True),
    sa.Column("staff_id", sa.String(36)),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("how", sa.String(8), nullable=False),  # print, text
    sa.Column("listings", sa.JSON, nullable=False, default=list),
    sa.Column("needs", sa.JSON, nullable=False, default=list),
    sa.Column("once", sa.String(40), unique=True),  # one press of the button: a double click counts once
)

# The team's notes on a person; those on one conversation are in staff_tables.notes.
patient_notes = sa.Table(
    "patient_notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("patient_id", sa.String(36), nullable=False, index=True),
    sa.Column("staff_id", sa.String(36), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)

# What was done to a case: added, edited, assigned, handed_over, closed, reopened, merged, moved. `data` holds what an undo
# puts back (of a merge the whole other record), so it goes when the patient is erased.
patient_changes = sa.Table(
    "patient_changes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("patient_id", sa.String(36), nullable=False, index=True),
    sa.Column("other_id", sa.String(36), index=True),  # the record merged into this one, or the one a conversation came from
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("by", sa.String(36)),  # of staff; empty: the patient came back, or the clock
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("data", sa.JSON, nullable=False, default=dict),
    sa.Column("undone_at", UtcDateTime),
)

# What a person does not want: kept with who noted it, and when they took it back. `what`: texts, sharing, reports, all.
objections = sa.Table(
    "objections",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("patient_id", sa.String(36), nullable=False, index=True),
    sa.Column("practice", sa.String(64), nullable=False),
    sa.Column("what", sa.String(12), nullable=False),
    sa.Column("how", sa.String(12), nullable=False),  # phone, in_person, chat, text, letter
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("noted_by", sa.String(36), nullable=False),  # of staff
    sa.Column("withdrawn_at", UtcDateTime),
    sa.Column("withdrawn_by", sa.String(36)),
)

# Safeguarding holds, set and lifted; `patients.held` says whether one holds now.
holds = sa.Table(
    "holds",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("patient_id", sa.String(36), nullable=False, index=True),
    sa.Column("why", sa.String(200), nullable=False),
    sa.Column("set_at", UtcDateTime, nullable=False),
    sa.Column("set_by", sa.String(36), nullable=False),
    sa.Column("lifted_at", UtcDateTime),
    sa.Column("lifted_by", sa.String(36)),
    sa.Column("lifted_why", sa.String(200)),
)

# What was deleted by age, and when: counts only. `day` is set by the daily pass, one row a day however many processes.
retention_runs = sa.Table(
    "retention_runs",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("day", sa.String(10), unique=True),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("counts", sa.JSON, nullable=False, default=dict),
)

# The wellbeing questions at the end, in a chat or by text: offered once for each `mark` (a case or a referral that
# ended, a wish of the desk), asked one by one, each to be skipped. Answers go to `wellbeing` as they are given.
closing_questions = sa.Table(
    "closing_questions",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("conversation_id", sa.String(36), nullable=False, index=True),
    sa.Column("patient_id", sa.String(36), index=True),
    sa.Column("practice", sa.String(64), nullable=False),
    sa.Column("mark", sa.String(60), nullable=False),
    sa.Column("asked_by", sa.String(36)),  # of staff; empty: because a case or a referral ended
    sa.Column("status", sa.String(8), nullable=False),  # offered, asking, done, refused
    sa.Column("step", sa.String(24)),  # the question on the table, while asking
    sa.Column("asked_again", sa.Boolean, nullable=False, default=False),  # after an aside, once a question
    sa.Column("wellbeing_id", sa.Integer),  # the row the answers go to; empty until there is one
    sa.Column("offered_at", UtcDateTime, nullable=False, index=True),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("conversation_id", "mark"),
)

# What the provider is told beside the note, and what they told us back.
for _column in (
    sa.Column("first_name", sa.String(60)),
    sa.Column("reach_how", sa.String(8)),  # ring, text, surgery
    sa.Column("reach_number", sa.String(20)),  # E.164; shown to the provider once they have said yes
    sa.Column("place", sa.String(200)),
    sa.Column("bring", sa.String(8)),  # yes, no, ask: whether somebody can come along
):
    referrals.append_column(_column)

# Where news of a patient is POSTed to the referrer's own system: tries, the next one, and what went wrong.
for _column in (
    sa.Column("attempts", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("due_at", UtcDateTime),
    sa.Column("last_error", sa.String(200)),
):
    referrer_news.append_column(_column)
