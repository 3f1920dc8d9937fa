"""patients, referrals, signposts, and who a conversation, a call, a task and an answer belong to"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "patients",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("practice", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("safe_to_ring", sa.Boolean(), nullable=True),
        sa.Column("safe_to_text", sa.Boolean(), nullable=True),
        sa.Column("safe_to_leave_message", sa.Boolean(), nullable=True),
        sa.Column("navigator_id", sa.String(length=36), nullable=True),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("referred_by", sa.String(length=120), nullable=True),
        sa.Column("referrer_contact", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("age_band", sa.String(length=16), nullable=True),
        sa.Column("sex", sa.String(length=24), nullable=True),
        sa.Column("ethnicity", sa.String(length=40), nullable=True),
        sa.Column("outcode", sa.String(length=4), nullable=True),
        sa.Column("access", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=True),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("ended", sa.String(length=32), nullable=True),
        sa.Column("end_reason", sa.String(length=32), nullable=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("held_why", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("patients") as batch_op:
        batch_op.create_index(batch_op.f("ix_patients_navigator_id"), ["navigator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patients_number"), ["number"], unique=False)
        batch_op.create_index(batch_op.f("ix_patients_practice"), ["practice"], unique=False)
        batch_op.create_index(batch_op.f("ix_patients_status"), ["status"], unique=False)

    op.create_table(
        "referral_steps",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("referral_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("mark", sa.String(length=60), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("referral_id", "mark"),
    )
    with op.batch_alter_table("referral_steps") as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_steps_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("practice", sa.String(length=64), nullable=False),
        sa.Column("listing_id", sa.String(length=100), nullable=False),
        sa.Column("service", sa.String(length=200), nullable=False),
        sa.Column("provider", sa.String(length=200), nullable=True),
        sa.Column("provider_contact", sa.String(length=200), nullable=True),
        sa.Column("need", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("consent_at", UtcDateTime(), nullable=False),
        sa.Column("consent_how", sa.String(length=16), nullable=False),
        sa.Column("free_sessions", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=36), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("answer_by", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("decline_reason", sa.String(length=200), nullable=True),
        sa.Column("first_session_at", UtcDateTime(), nullable=True),
        sa.Column("who_meets", sa.String(length=120), nullable=True),
        sa.Column("sessions_attended", sa.Integer(), nullable=False),
        sa.Column("ended", sa.String(length=16), nullable=True),
        sa.Column("stop_reason", sa.String(length=32), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("link_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("referrals") as batch_op:
        batch_op.create_index(batch_op.f("ix_referrals_conversation_id"), ["conversation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_practice"), ["practice"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrals_status"), ["status"], unique=False)

    op.create_table(
        "referrer_news",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("referral_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("turn", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("sent_by", sa.String(length=36), nullable=True),
        sa.Column("why_not", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("referral_id", "turn"),
    )
    with op.batch_alter_table("referrer_news") as batch_op:
        batch_op.create_index(batch_op.f("ix_referrer_news_patient_id"), ["patient_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_referrer_news_referral_id"), ["referral_id"], unique=False)

    op.create_table(
        "signposts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("practice", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("listings", sa.JSON(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("signposts") as batch_op:
        batch_op.create_index(batch_op.f("ix_signposts_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_signposts_practice"), ["practice"], unique=False)

    with op.batch_alter_table("callbacks") as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=10), server_default="call", nullable=False))
        batch_op.add_column(sa.Column("place", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("patient_id", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_callbacks_patient_id"), ["patient_id"], unique=False)

    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("patient_id", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_conversations_patient_id"), ["patient_id"], unique=False)

    with op.batch_alter_table("tasks") as batch_op:
        batch_op.add_column(sa.Column("patient_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_tasks_patient_id"), ["patient_id"], unique=False)

    with op.batch_alter_table("wellbeing") as batch_op:
        batch_op.add_column(sa.Column("patient_id", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_wellbeing_patient_id"), ["patient_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("wellbeing") as batch_op:
        batch_op.drop_index(batch_op.f("ix_wellbeing_patient_id"))
        batch_op.drop_column("patient_id")

    with op.batch_alter_table("tasks") as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_patient_id"))
        batch_op.drop_column("owner_id")
        batch_op.drop_column("due_at")
        batch_op.drop_column("patient_id")

    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_patient_id"))
        batch_op.drop_column("patient_id")

    with op.batch_alter_table("callbacks") as batch_op:
        batch_op.drop_index(batch_op.f("ix_callbacks_patient_id"))
        batch_op.drop_column("patient_id")
        batch_op.drop_column("place")
        batch_op.drop_column("kind")

    op.drop_table("signposts")
    op.drop_table("referrer_news")
    op.drop_table("referrals")
    op.drop_table("referral_steps")
    op.drop_table("patients")
