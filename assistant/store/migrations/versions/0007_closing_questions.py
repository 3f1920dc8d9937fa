"""the wellbeing questions at the end: who was offered them, which is asked, where the answers are"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "closing_questions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversation_id", sa.String(length=36), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=True),
        sa.Column("practice", sa.String(length=64), nullable=False),
        sa.Column("mark", sa.String(length=60), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("step", sa.String(length=24), nullable=True),
        sa.Column("asked_again", sa.Boolean(), nullable=False),
        sa.Column("wellbeing_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id", "mark"),
    )
    for column in ("conversation_id", "patient_id", "offered_at"):
        op.create_index(op.f(f"ix_closing_questions_{column}"), "closing_questions", [column])


def downgrade() -> None:
    """Take back."""
    op.drop_table("closing_questions")
