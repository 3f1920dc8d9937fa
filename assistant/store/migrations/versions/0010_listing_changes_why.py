"""why a listing was changed

The directory's own tables are made by `create_all`, which adds no column to a table that stands already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. On an empty database `create_all` makes the table afterwards, column and all."""
    there = sa.inspect(op.get_bind())
    if not there.has_table("listing_changes") or "why" in {column["name"] for column in there.get_columns("listing_changes")}:
        return
    with op.batch_alter_table("listing_changes") as batch_op:
        batch_op.add_column(sa.Column("why", sa.String(length=300), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("listing_changes") as batch_op:
        batch_op.drop_column("why")
