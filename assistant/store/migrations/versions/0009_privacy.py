"""objections, safeguarding holds, runs of retention, and the marks of the flags' timer"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "objections",
        *_of_a_patient(),
        sa.Column("practice", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("noted_by", sa.String(length=36), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=36), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_objections_patient_id", "objections", ["patient_id"])
    op.create_table(
        "holds",
        *_of_a_patient(),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.Column("set_by", sa.String(length=36), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.String(length=36), nullable=True),
        sa.Column("lifted_why", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_holds_patient_id", "holds", ["patient_id"])
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=True),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day"),
    )
    op.add_column("risk_flags", sa.Column("duty_at", UtcDateTime(), nullable=True))
    op.add_column("risk_flags", sa.Column("alerted_at", UtcDateTime(), nullable=True))


def _of_a_patient() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
    ]


def downgrade() -> None:
    """Undo."""
    op.drop_column("risk_flags", "alerted_at")
    op.drop_column("risk_flags", "duty_at")
    for table in ("retention_runs", "holds", "objections"):
        op.drop_table(table)
