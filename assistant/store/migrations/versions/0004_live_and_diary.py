"""ready-made replies, who has read how far, who is writing, and whether it is safe to ring"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("practice", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("practice", "title"),
    )
    with op.batch_alter_table("canned_replies") as batch_op:
        batch_op.create_index(batch_op.f("ix_canned_replies_practice"), ["practice"], unique=False)

    op.create_table(
        "read_marks",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id", "conversation_id"),
    )
    with op.batch_alter_table("read_marks") as batch_op:
        batch_op.create_index("ix_read_marks_conversation_id", ["conversation_id"], unique=False)

    op.create_table(
        "typing",
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "side"),
    )

    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("safe_to_ring", sa.Boolean(), nullable=True))
        batch_op.create_index(batch_op.f("ix_conversations_contact_number"), ["contact_number"], unique=False)
    # Who has booked a call was asked "What number should they ring?" and gave it.
    op.execute(
        "UPDATE conversations SET safe_to_ring = true WHERE contact_number IS NOT NULL "
        "AND id IN (SELECT conversation_id FROM callbacks)"
    )


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_contact_number"))
        batch_op.drop_column("safe_to_ring")
    op.drop_table("typing")
    op.drop_table("read_marks")
    op.drop_table("canned_replies")
