"""how to reach a referred person, what the provider said, and tries of news to the referrer"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("referrals") as batch_op:
        batch_op.add_column(sa.Column("first_name", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("reach_how", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("reach_number", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("place", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("bring", sa.String(length=8), nullable=True))
    with op.batch_alter_table("referrer_news") as batch_op:
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("last_error", sa.String(length=200), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("referrer_news") as batch_op:
        for column in ("last_error", "due_at", "attempts"):
            batch_op.drop_column(column)
    with op.batch_alter_table("referrals") as batch_op:
        for column in ("bring", "place", "reach_number", "reach_how", "first_name"):
            batch_op.drop_column(column)
