"""examples, draft answers and put-aside messages of the editors"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from assistant.store.tables import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OF_A_CONVERSATION = ("editor_examples", "editor_answers")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "editor_examples",
        *_whose(),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "editor_answers",
        *_whose(),
        sa.Column("conversation_id", sa.String(length=36), nullable=True),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("file", sa.String(length=60), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("sms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table("editor_ignored", *_whose(), sa.PrimaryKeyConstraint("id"))
    for table in (*OF_A_CONVERSATION, "editor_ignored"):
        op.create_index(op.f(f"ix_{table}_practice"), table, ["practice"], unique=False)
    for table in OF_A_CONVERSATION:
        op.create_index(op.f(f"ix_{table}_conversation_id"), table, ["conversation_id"], unique=False)


def _whose() -> list[sa.Column]:
    """The columns all three have."""
    return [
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("practice", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
    ]


def downgrade() -> None:
    """Take back."""
    for table in ("editor_ignored", *OF_A_CONVERSATION):
        op.drop_table(table)
