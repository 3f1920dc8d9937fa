"""the team's notes on patients and what was done to a case, how a patient is best reached, one signpost a press"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "patient_notes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("patient_notes") as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_notes_patient_id"), ["patient_id"], unique=False)

    op.create_table(
        "patient_changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("other_id", sa.String(length=36), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("patient_changes") as batch_op:
        batch_op.create_index(batch_op.f("ix_patient_changes_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_patient_changes_patient_id"), ["patient_id"], unique=False)

    with op.batch_alter_table("patients") as batch_op:
        batch_op.add_column(sa.Column("reach", sa.String(length=200), nullable=True))

    with op.batch_alter_table("signposts") as batch_op:
        batch_op.add_column(sa.Column("once", sa.String(length=40), nullable=True))
        batch_op.create_unique_constraint("uq_signposts_once", ["once"])


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("signposts") as batch_op:
        batch_op.drop_constraint("uq_signposts_once", type_="unique")
        batch_op.drop_column("once")

    with op.batch_alter_table("patients") as batch_op:
        batch_op.drop_column("reach")

    with op.batch_alter_table("patient_changes") as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_changes_patient_id"))
        batch_op.drop_index(batch_op.f("ix_patient_changes_other_id"))
    op.drop_table("patient_changes")

    with op.batch_alter_table("patient_notes") as batch_op:
        batch_op.drop_index(batch_op.f("ix_patient_notes_patient_id"))
    op.drop_table("patient_notes")
